"""One-line changes of pure code that a test must notice."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Mutant:
    """A change that breaks the code: `there` occurs exactly once in `file`, `tests` is what must fail under it."""

    name: str
    file: str
    there: str
    instead: str
    tests: str
