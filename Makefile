# The only commands to remember. `make` alone lists them.
SHELL := /bin/bash
.DEFAULT_GOAL := help
.PHONY: help demo demo-down test lint harness-backup bench pictures clean ready engine

# What the tests use: engines on played hosts, a browser with letters for every language, a checker of HTML.
PICTURE_PACKAGES := chromium fonts-noto-core fonts-noto-cjk
TEST_PACKAGES := curl openssh-client rsync dnsmasq-base iproute2 iptables docker.io mmdebstrap openjdk-17-jre-headless $(PICTURE_PACKAGES)
BENCH_PACKAGES := nghttp2-client docker-compose openssl
SHELL_SCRIPTS = git grep --untracked -lE '^(\#!/(usr/)?bin/(env )?(ba)?sh|\# shellcheck shell=)' -- ':!*.py' ':!*.md' ':!Makefile'

help:  ## list these commands
	@sed -n 's/^\([a-z-]*\):.*## /make \1\t/p' $(MAKEFILE_LIST) | expand -t 16

demo: ready engine  ## install what is missing and bring up a host with three partners on this machine
	@. ./activate && chm demo up

demo-down: ready  ## remove the demo; its data stays, or goes with DATA=delete
	@[[ "$(DATA)" =~ ^(delete)?$$ ]] || { echo "DATA should be delete or left out, is $(DATA)" >&2; exit 2; }
	@. ./activate && chm demo down $(if $(DATA),--delete-data)

test: ready  ## run every test: first those that need no engine, then the live ones
	@toolchain/packages $(TEST_PACKAGES)
	@toolchain/wordpress >/dev/null
	@toolchain/dokuwiki >/dev/null
	@. ./activate && \
	status=0; \
	python -m pytest -n auto -m "not live" || status=$$?; \
	python -m pytest -n 3 --dist loadscope -m live && exit $$status

lint: ready  ## ruff, mypy strict, shellcheck, go vet
	@. ./activate && \
	ruff check . && ruff format --check . && mypy && mypy -p tests.lab && \
	$(SHELL_SCRIPTS) | xargs shellcheck -x && \
	toolchain/vet

harness-backup: ready  ## inject 342 faults into backups; WRITE=1 keeps the table in docs/results
	@toolchain/packages $(TEST_PACKAGES)
	@. ./activate && python -m tests.harness.run $(if $(WRITE),--write)

bench: ready  ## run the side-by-side benchmarks
	@toolchain/packages $(TEST_PACKAGES) $(BENCH_PACKAGES)
	@. ./activate && for script in $(or $(wildcard bench/*.py),$(error bench/ holds no benchmark)); do echo "$$script" && python "$$script" || exit; done

pictures: ready  ## take the pictures of the standard site in docs/looks.md anew
	@toolchain/packages $(PICTURE_PACKAGES)
	@. ./activate && python docs/pictures/take.py

clean:  ## remove what can be made again; state, secrets and caches outside the checkout stay
	@rm -rf .venv .state/bin .state/pulumi-home .state/provider build .pytest_cache .mypy_cache .ruff_cache .hypothesis
	@find . -name __pycache__ -prune -exec rm -rf {} +

ready:
	@toolchain/setup

engine:
	@toolchain/engine
	@toolchain/base-image
