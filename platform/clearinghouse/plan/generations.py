"""Which generation of each data volume a partner uses, and whose data its database's is."""

from collections.abc import Mapping
from dataclasses import dataclass, field

GENERATIONS = "generations"
"""The key of a stack's configuration for the numbers, by role."""
DATABASE = "database"
"""And the one for the database server."""


@dataclass(frozen=True, slots=True)
class Generations:
    """What a stack's configuration says of its data.

    Attributes:
        numbers: the generation of each data volume by role; 1 where none is named.
        database: the database server that the data is of, such as `mariadb-11.8`; nothing where it was never
            upgraded.
    """

    numbers: Mapping[str, int] = field(default_factory=dict)
    database: str = ""

    def but(self, others: "Generations") -> "Generations":
        """What is not as in others."""
        numbers = {
            role: number for role, number in self.numbers.items() if number != others.numbers.get(role)
        }
        return Generations(numbers, self.database if self.database != others.database else "")


FIRST = Generations()
"""Before anything was restored or upgraded."""
