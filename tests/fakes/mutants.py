"""What a mutant is: one change of the code that a test must notice."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Mutant:
    """One change of the code: in `file`, `there` (which stands there exactly once) becomes `instead`.

    `tests` is the path that must fail under it.
    """

    name: str
    file: str
    there: str
    instead: str
    tests: str
