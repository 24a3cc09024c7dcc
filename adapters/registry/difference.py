"""What an import would change, in lines that a person reads before saying yes."""

from collections.abc import Iterator
from dataclasses import fields

from engine.msh.agreement import Agreement
from engine.routing.parties import Party, Registry


def difference(old: Registry | None, new: Registry) -> list[str]:
    """Return a line for each party and agreement that is new (+), gone (-) or changed (~), in the file's order."""
    return [*_parties(old, new), *_agreements(old, new)]


def _parties(old: Registry | None, new: Registry) -> Iterator[str]:
    before = {party.her: party for party in old.all()} if old else {}
    after = {party.her: party for party in new.all()}
    for her, party in after.items():
        if her not in before:
            yield f"+ {her} {party.name} ({party.kind})"
        elif before[her] != party:
            yield f"~ {her} {party.name}: {', '.join(_changes(before[her], party))}"
    for her, party in before.items():
        if her not in after:
            yield f"- {her} {party.name} ({party.kind})"


def _changes(old: Party, new: Party) -> Iterator[str]:
    for field in fields(Party):
        was, now = getattr(old, field.name), getattr(new, field.name)
        if was == now:
            continue
        if field.name == "certificates":
            yield f"certificates ({len(was)} before, {len(now)} now)"
        else:
            yield f"{field.name} {_shown(was)} -> {_shown(now)}"


def _shown(value: object) -> str:
    if isinstance(value, frozenset):
        return "/".join(sorted(str(each) for each in value)) or "none"
    return "none" if value in (None, "") else str(value)


def _agreements(old: Registry | None, new: Registry) -> Iterator[str]:
    before, after = set(old.agreements()) if old else set(), set(new.agreements())
    for agreement in new.agreements():
        if agreement not in before:
            yield f"+ {_agreement(agreement)}"
    for agreement in old.agreements() if old else ():
        if agreement not in after:
            yield f"- {_agreement(agreement)}"


def _agreement(agreement: Agreement) -> str:
    between = " and ".join(sorted(agreement.between))
    return f"agreement between {between} from {agreement.valid_from} to {agreement.valid_to}"
