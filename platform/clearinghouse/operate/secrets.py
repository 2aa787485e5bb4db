"""Secrets of a stack: made where they are missing, kept where they are there."""

import secrets as random
import string

from clearinghouse.errors import Trouble
from clearinghouse.operate import pulumi
from clearinghouse.operate.authority import make_authority
from clearinghouse.plan.plan import Plan, Secret

_ALPHABET = string.ascii_letters + string.digits
_LENGTH = 40


def missing(plan: Plan) -> tuple[Secret, ...]:
    """The secrets of a plan that its stack's configuration does not hold."""
    present = pulumi.configuration(plan.stack)
    return tuple(secret for secret in plan.secrets if secret.name not in present)


def make_missing(plan: Plan) -> tuple[str, ...]:
    """Make a stack, and the secrets that it lacks.

    Returns:
        The names of those made; existing ones stay as they are.

    Raises:
        Trouble: Pulumi refuses (no passphrase, a stack that cannot be opened).
    """
    lacking = missing(plan)
    pulumi.ensure_stack(plan.stack)
    if any(secret.kind.startswith("ca-") for secret in lacking):
        _make_authority(plan.stack)
    for secret in lacking:
        if secret.kind == "given":
            raise Trouble(
                f"stack {plan.stack}: its secret {secret.name} is given by a person;"
                f" `pulumi config set --secret {secret.name} -s {plan.stack}` takes it"
            )
        if value := _value(plan, secret):
            pulumi.set_config(plan.stack, secret.name, value, is_secret=True)
    return tuple(secret.name for secret in lacking)


def _value(plan: Plan, secret: Secret) -> str | None:
    """That of a secret that is made alone."""
    match secret.kind:
        case "password":
            return _password()
        case "hosts":
            return _of_host(plan, secret)
        case "installation":
            other = _other_host(plan.stack, secret.name)
            return pulumi.get_config(other, secret.name) if other else _password()
        case _:
            return None


def _of_host(plan: Plan, secret: Secret) -> str:
    stack = f"host-{plan.host}"
    if secret.name not in pulumi.configuration(stack):
        raise Trouble(f"stack {stack} has no secret {secret.name}; run `chm up {stack}` first")
    return pulumi.get_config(stack, secret.name)


def _password() -> str:
    return "".join(random.choice(_ALPHABET) for _ in range(_LENGTH))


def _make_authority(stack: str) -> None:
    """One root for the installation: a host takes it over from one that has it."""
    if other := _other_host(stack, "ca-key", "ca-certificate"):
        certificate = str(pulumi.configuration(other)["ca-certificate"])
        key = pulumi.get_config(other, "ca-key") + "\n"
    else:
        certificate, key = make_authority()
    pulumi.set_config(stack, "ca-key", key, is_secret=True)
    pulumi.set_config(stack, "ca-certificate", certificate, is_secret=False)


def _other_host(stack: str, *names: str) -> str | None:
    """The stack of another host that has what is the installation's."""
    for file in sorted(pulumi.config_file(stack).parent.glob("Pulumi.host-*.yaml")):
        other = file.name.removeprefix("Pulumi.").removesuffix(".yaml")
        if other != stack and set(names) <= set(pulumi.configuration(other)):
            return other
    return None
