"""What every declared value has in common: it never changes, and knows no key but its own."""

from pydantic import BaseModel, ConfigDict


class Value(BaseModel):
    """A frozen value; unknown keys are refused. What checks it is made when it is first used."""

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)
