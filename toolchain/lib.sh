# shellcheck shell=bash
# What the scripts of this folder share; each sources it first. It changes nothing by itself.

shopt -s inherit_errexit

# shellcheck disable=SC2034  # the scripts use these two
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd -P)
cache=${XDG_CACHE_HOME:-${HOME:-/root}/.cache}/clearinghouse

# Messages go to stderr: stdout belongs to answers, such as the folder that `wordpress` names.
say() { printf '%s\n' "$*" >&2; }

# fail SENTENCE: ends the script; the sentence names the thing and the next step.
fail() {
    say "${0##*/}: $*"
    exit 1
}

# lasted SECONDS: "8 s", "2 m 17 s".
lasted() {
    if (($1 < 60)); then printf '%d s' "$1"; else printf '%d m %d s' $(($1 / 60)) $(($1 % 60)); fi
}

# timed WHAT COMMAND...: runs a long step and says how long it took; its output shows only when it fails.
timed() {
    timed_what=$1 timed_log=$(mktemp)
    local began=$SECONDS counter=
    shift
    trap show_failed_step EXIT
    if [[ -t 2 ]]; then
        count_seconds "$timed_what" &
        counter=$!
    else
        printf '%s … ' "$timed_what" >&2
    fi
    "$@" >"$timed_log" 2>&1 </dev/null
    end_line "$counter" "$(lasted $((SECONDS - began)))"
    rm -f "$timed_log"
    trap - EXIT
}

# The counter ends by itself when the step's script is gone, also after kill -9.
count_seconds() {
    local began=$SECONDS
    while kill -0 $$ 2>/dev/null; do
        printf '\r%s … %s ' "$1" "$(lasted $((SECONDS - began)))" >&2
        sleep 1
    done
}

# end_line COUNTER RESULT
end_line() {
    if [[ -z $1 ]]; then
        say "$2"
    else
        kill "$1" 2>/dev/null || true
        wait "$1" 2>/dev/null || true
        printf '\r\033[K%s … %s\n' "$timed_what" "$2" >&2
    fi
}

show_failed_step() {
    local status=$?
    jobs -p | xargs -r kill 2>/dev/null || true
    say "failed:"
    sed 's/^/    /' "$timed_log" >&2
    rm -f "$timed_log"
    say "${0##*/}: $timed_what did not work; the lines above say why"
    exit $((status == 0 ? 1 : status))
}

# need_packages NAME...: installs what is missing of these Debian packages.
need_packages() {
    local missing
    missing=$(missing_packages "$@")
    [[ -n $missing ]] || return 0
    command -v apt-get >/dev/null || fail "missing: $missing; install them (there is no apt-get here)"
    ((EUID == 0)) || fail "missing packages: run as root: apt-get install --no-install-recommends $missing"
    # shellcheck disable=SC2086  # the names are words
    timed "installing $missing" install_packages $missing
}

missing_packages() {
    local name names=()
    for name in "$@"; do
        dpkg-query -W -f '${db:Status-Status}' "$name" 2>/dev/null | grep -qx installed || names+=("$name")
    done
    printf '%s' "${names[*]}"
}

# A fresh machine has no package lists and an old one lists what the archive no longer has.
install_packages() {
    local -x DEBIAN_FRONTEND=noninteractive
    apt-get install -y --no-install-recommends "$@" && return
    apt-get update
    apt-get install -y --no-install-recommends "$@"
}

# find_python: the path of a Python 3.11 or newer, installed when there is none.
find_python() {
    new_enough python3.11 || new_enough python3 || {
        need_packages python3 python3-venv
        new_enough python3 || fail "Python 3.11 or newer is needed; this machine's packages have only $(python3 -V)"
    }
}

new_enough() {
    "$1" -c 'import sys; sys.version_info < (3, 11) and sys.exit(1); print(sys.executable)' 2>/dev/null
}

# locked NAME COMMAND...: one run at a time, on this machine, of what makes the cached thing NAME.
locked() {
    local lock=$cache/$1.lock
    shift
    mkdir -p "${lock%/*}"
    (
        flock -n 9 || { say "waiting for another run that makes the same ($lock)" && flock 9; }
        "$@"
    ) 9>"$lock"
}
