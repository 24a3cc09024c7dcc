"""What an import would change, in lines that a person reads before saying yes."""

from collections.abc import Iterator
from dataclasses import fields

from engine.agreements.kept_cpas import KeptCpa
from engine.agreements.terms import Agreement, Terms
from engine.register.parties import Party, Registry


def difference(old: Registry | None, new: Registry) -> list[str]:
    """Return a line for each party and agreement that is new (+), gone (-) or changed (~), in the file's order."""
    return [*_parties(old, new), *_agreements(old, new), *_defaults(old, new), *_cpas(old, new)]


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
    before = {_name(agreement): agreement for agreement in old.agreements()} if old else {}
    after = {_name(agreement): agreement for agreement in new.agreements()}
    for name, agreement in after.items():
        if name not in before:
            yield f"+ {name}"
        elif before[name] != agreement:
            yield f"~ {name}: {_terms(before[name].terms, agreement.terms)}"
    for name in before:
        if name not in after:
            yield f"- {name}"


def _name(agreement: Agreement) -> str:
    between = " and ".join(sorted(agreement.between))
    return f"agreement between {between} from {agreement.valid_from} to {agreement.valid_to}"


def _defaults(old: Registry | None, new: Registry) -> Iterator[str]:
    if old is not None and old.defaults() != new.defaults():
        yield f"~ defaults: {_terms(old.defaults(), new.defaults())}"


def _terms(old: Terms, new: Terms) -> str:
    return ", ".join(
        f"{field.name} {getattr(old, field.name)} -> {getattr(new, field.name)}"
        for field in fields(Terms)
        if getattr(old, field.name) != getattr(new, field.name)
    )


def _cpas(old: Registry | None, new: Registry) -> Iterator[str]:
    before = {(each.cpa.id, each.added_at): each for each in old.cpas()} if old else {}
    after = {(each.cpa.id, each.added_at): each for each in new.cpas()}
    for key, kept in after.items():
        if key not in before:
            yield f"+ {_cpa(kept)} from {kept.cpa.start:%Y-%m-%d %H:%M} to {kept.ends:%Y-%m-%d %H:%M} UTC"
        elif before[key].ends != kept.ends:
            yield f"~ {_cpa(kept)} ends {kept.ends:%Y-%m-%d %H:%M} UTC, superseded"
    for key, kept in before.items():
        if key not in after:
            yield f"- {_cpa(kept)}, whose parties are not in the file any more"


def _cpa(kept: KeptCpa) -> str:
    return f"CPA {kept.cpa.id} between {' and '.join(kept.hers)}"
