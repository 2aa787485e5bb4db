"""`chm up`, `chm down`, `chm secrets`: stacks, hosts first."""

from clearinghouse.cli.saving import saved_afterwards
from clearinghouse.cli.screen import console, step
from clearinghouse.declare.host import Host
from clearinghouse.declare.load import Declaration, declare
from clearinghouse.declare.partner import Partner
from clearinghouse.engine import connect
from clearinghouse.errors import Trouble
from clearinghouse.installation import ensure_name, root
from clearinghouse.operate import preview as previews
from clearinghouse.operate import secrets, stacks
from clearinghouse.operate.helper import refuse_while_restored
from clearinghouse.plan.plan import Plan


def up(names: list[str]) -> None:
    """Bring the named stacks up, all that are declared when none is named."""
    declaration = declared() if names else all_well(declared())
    order = stacks.in_order(declaration, names)
    for name in order:
        stacks.plan_of(declaration, name)
    with saved_afterwards(declaration):
        for name in order:
            _refuse_while_restored(declaration, name)
            with step(f"up {name}") as told:
                told(stacks.up(declaration, name))


def preview(names: list[str]) -> None:
    """Say what an `up` of the named stacks would do, of all that are declared when none is named."""
    declaration = declared() if names else all_well(declared())
    for name in stacks.in_order(declaration, names):
        plan, host = stacks.plan_of(declaration, name)
        with console.status(f"preview {name} …"):
            told = previews.preview(plan, host)
        for sentence in told:
            console.print(f"{name}: {sentence}")


def down(names: list[str], *, is_data_deleted: bool) -> None:
    """Take the named stacks down, partners first."""
    declaration = declared()
    if not names:
        raise Trouble("name the stacks to take down, such as `chm down cd`")
    with saved_afterwards(declaration):
        for name in reversed(stacks.in_order(declaration, names)):
            if name in declaration.partners:
                _refuse_while_restored(declaration, name)
            with step(f"down {name}") as told:
                told(stacks.down(declaration, name, is_data_deleted=is_data_deleted))


def _refuse_while_restored(declaration: Declaration, name: str) -> None:
    plan, host = stacks.plan_of(declaration, name)
    if plan.owner:
        refuse_while_restored(connect(host), plan.owner)


def make_secrets(name: str) -> None:
    """Make the secrets that a stack lacks."""
    ensure_name()
    plan, _ = stacks.plan_of(declared(), name)
    with step(f"secrets {name}") as told:
        told(f"made {', '.join(made)}" if (made := secrets.make_missing(plan)) else "none is missing")


def standard_site(code: str) -> tuple[Host, Partner]:
    """A partner whose site the platform builds, and its host.

    Raises:
        Trouble: there is none of that code, or its tier is another.
    """
    declaration = declared()
    _, host = stacks.plan_of(declaration, code)
    partner = declaration.partners.get(code)
    if partner is None or partner.tier != "standard-site":
        raise Trouble(f"stack {code}: its site is not one that the platform builds (tier: standard-site)")
    return host, partner


def site_of(declaration: Declaration, code: str) -> tuple[Partner, Host, Plan]:
    """A partner, its host and its plan.

    Raises:
        Trouble: the stack is not declared well, or it is a host's.
    """
    plan, host = stacks.plan_of(declaration, code)
    if code not in declaration.partners:
        raise Trouble(f"stack {code} has no site; name a partner")
    return declaration.partners[code], host, plan


def declared() -> Declaration:
    """What is declared, problems included: only the stacks that have them are refused."""
    return declare(root() / "stacks")


def all_well(declaration: Declaration) -> Declaration:
    """The same, when it is about every stack.

    Raises:
        Trouble: something is declared wrongly; all problems are in the message.
    """
    if declaration.problems:
        raise Trouble("\n".join(str(problem) for problem in declaration.problems))
    return declaration
