"""Whether a CPA may be taken into use, and what it takes the place of. Only what cannot be used is refused."""

from collections.abc import Sequence
from datetime import datetime

from engine.errors import Refused, Severity
from engine.msh.cpa import Cpa
from engine.msh.cpa_check import check_cpa
from engine.names import HerId
from engine.routing.cpas import KeptCpa
from engine.routing.parties import Registry


def accept_cpa(registry: Registry, hosted: Sequence[HerId], cpa: Cpa, at: datetime) -> KeptCpa:
    """Return a CPA as it is kept from now on; it may begin later.

    Raises Refused with every reason why it cannot be used: what is missing in it, whom the register does not know, or
    that none of its parties is ours.
    """
    wrong = [f"{each.place}: {each.text}" for each in check_cpa(cpa, max(at, cpa.start)) if each.severity is _ERROR]
    wrong += [f"HER-id {her} is not in the parties file." for her in _unknown(registry, cpa)]
    if wrong:
        raise Refused(f"CPA {cpa.id} cannot be used. {' '.join(wrong)}")
    first, second = (registry.root(party.her) if party.her else None for party in cpa.parties)
    if first is None or second is None or first == second:
        raise Refused(f"CPA {cpa.id} is between a party and itself. Ask the other side for the right file.")
    if first not in hosted and second not in hosted:
        raise Refused(f"CPA {cpa.id} is between HER-id {first} and {second}, and neither is served by this engine.")
    new = KeptCpa(cpa, (first, second), at, cpa.end)
    if any(each.cpa == cpa and each.ends == cpa.end for each in registry.cpas()):
        raise Refused(f"CPA {cpa.id} is kept already, word for word.")
    return new


_ERROR = Severity.ERROR


def _unknown(registry: Registry, cpa: Cpa) -> list[HerId]:
    return [party.her for party in cpa.parties if party.her is not None and party.her not in registry]


def standing(kept: KeptCpa, at: datetime) -> str:
    """Return how a CPA stands at a time: 'planned', 'in force', 'late messages' or 'over'."""
    if at < kept.cpa.start:
        return "planned" if kept.ends > kept.cpa.start else "over"
    if kept.holds_at(at):
        return "in force"
    return "late messages" if kept.vouches_at(at) else "over"
