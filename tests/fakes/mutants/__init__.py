"""Small changes to the code, each of which a test must notice."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Mutant:
    """One change: `there`, which stands once in `file`, becomes `instead`; the pytest path `tests` must then fail."""

    name: str
    file: str
    there: str
    instead: str
    tests: str
