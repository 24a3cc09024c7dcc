"""What an engine knows about parties: its register, whom it serves, whom it trusts, and its keys."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from engine.names import HerId
from engine.register.parties import Registry


@dataclass(frozen=True, slots=True)
class Known:
    """What an engine knows that a file does not say: its register, its parties, whom it trusts (DER), its keys.

    `holds_key` says whether the key of a certificate (DER) is here.
    """

    registry: Registry
    hosted: Sequence[HerId]
    anchors: Sequence[bytes]
    holds_key: Callable[[bytes], bool]

    def owner_of(self, her: HerId | None) -> HerId | None:
        """Return the hosted enterprise that a HER-id belongs to, None where it is not ours."""
        root = self.registry.root(her) if her else None
        return root if root in self.hosted else None
