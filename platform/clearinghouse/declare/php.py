"""The settings of PHP that a partner may choose, and what each may be."""

import re
from collections.abc import Mapping
from typing import Annotated, Literal

from clearinghouse.declare.form import Form
from clearinghouse.declare.should import should_be

PhpSetting = Literal[
    "memory_limit",
    "upload_max_filesize",
    "post_max_size",
    "max_execution_time",
    "max_input_vars",
    "max_input_time",
    "date.timezone",
    "session.gc_maxlifetime",
]
_SIZE = (r"[1-9][0-9]{0,3}[KMG]", "a size such as 64M")
_SECONDS = (r"[1-9][0-9]{0,3}", "a number of seconds from 1 to 9999")
_FORMS: Mapping[str, tuple[str, str]] = {
    "memory_limit": _SIZE,
    "upload_max_filesize": _SIZE,
    "post_max_size": _SIZE,
    "max_execution_time": _SECONDS,
    "max_input_vars": (r"[1-9][0-9]{2,4}", "a number from 100 to 99999"),
    "max_input_time": _SECONDS,
    "date.timezone": (
        r"UTC|[A-Z][A-Za-z]{2,20}(/[A-Z][A-Za-z_-]{1,30}){1,2}",
        "a time zone such as Africa/Kinshasa",
    ),
    "session.gc_maxlifetime": (r"[1-9][0-9]{1,6}", "a number of seconds from 10"),
}


def wanted(setting: str, value: str) -> str | None:
    """What a setting's value should be, or None where it is well."""
    pattern, expected = _FORMS[setting]
    return None if re.fullmatch(pattern, value) else expected


def _value(value: object) -> str:
    if type(value) is int or (isinstance(value, str) and re.fullmatch(r"[A-Za-z0-9/_-]{1,64}", value)):
        return str(value)
    raise should_be("a number, a size or a time zone")


PhpValue = Annotated[str, Form(_value, {"type": ["string", "integer"]})]
