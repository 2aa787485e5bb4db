"""A key of a partner's backups on paper: for the partner's own custody, away from every machine of ours."""

import secrets

_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"
"""Without those that look alike on paper."""
_GROUPS, _LENGTH = 6, 5
"""30 characters of 31 letters: 148 bits."""


def make() -> str:
    """A new password that can be typed from paper, such as `kz4qp-…`."""
    return "-".join("".join(secrets.choice(_LETTERS) for _ in range(_LENGTH)) for _ in range(_GROUPS))


def sheet(code: str, password: str) -> str:
    """What is to be printed and put away."""
    return f"""
Key of the backups of {code}. Print this, put it in a safe, and keep it in no computer.

    {password}

With the folder of the repository and restic 0.18 (https://restic.net), nothing else is needed:

    restic -r FOLDER snapshots
    restic -r FOLDER restore latest --tag files --target SITE
    restic -r FOLDER dump latest --tag database /database.sql > database.sql
"""
