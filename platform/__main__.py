"""The Pulumi program of every stack: partners (`cd`) and hosts (`host-local`)."""

from clearinghouse.provision.program import run

run()
