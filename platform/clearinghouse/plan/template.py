"""Configuration texts from templates that lie beside the modules that fill them."""

from functools import cache

from jinja2 import Environment, PackageLoader, StrictUndefined


def render(name: str, /, **values: object) -> str:
    """Fill a template of this package; a value that it names and does not get is an error."""
    return _environment().get_template(name).render(**values)


@cache
def _environment() -> Environment:
    # Not HTML; every value is of a form that no configuration can be broken by (names, paths, numbers).
    return Environment(
        loader=PackageLoader("clearinghouse.plan", "."),
        autoescape=False,
        undefined=StrictUndefined,
        keep_trailing_newline=True,
    )
