"""What an import would change, as lines that a person reads before confirming it."""

from collections.abc import Iterator
from dataclasses import fields

from engine.agreements.kept_cpas import KeptCpa
from engine.agreements.terms import Agreement, Terms
from engine.codes.register import RegisterCode
from engine.codes.statement import Statement
from engine.register.parties import Party, Registry


def difference(old: Registry | None, new: Registry) -> list[Statement]:
    """Return a line for each party and agreement that is new (+), gone (-) or changed (~), in the file's order."""
    return [*_parties(old, new), *_agreements(old, new), *_defaults(old, new), *_cpas(old, new)]


def _parties(old: Registry | None, new: Registry) -> Iterator[Statement]:
    before = {party.her: party for party in old.all()} if old else {}
    after = {party.her: party for party in new.all()}
    for her_id, party in after.items():
        if her_id not in before:
            yield Statement.of(RegisterCode.PARTY_ADDED, her_id=her_id, name=party.name, kind=party.kind)
        elif before[her_id] != party:
            changes = list(_changes(before[her_id], party))
            yield Statement.of(RegisterCode.PARTY_CHANGED, her_id=her_id, name=party.name, changes=changes)
    for her_id, party in before.items():
        if her_id not in after:
            yield Statement.of(RegisterCode.PARTY_REMOVED, her_id=her_id, name=party.name, kind=party.kind)


def _changes(old: Party, new: Party) -> Iterator[Statement]:
    for field in fields(Party):
        was, now = getattr(old, field.name), getattr(new, field.name)
        if was == now:
            continue
        if field.name == "certificates":
            yield Statement.of(RegisterCode.CERTIFICATES_CHANGED, before=len(was), now=len(now))
        else:
            yield _field(field.name, _shown(was), _shown(now))


def _field(name: str, was: object, now: object) -> Statement:
    return Statement.of(RegisterCode.FIELD_CHANGED, field=name, before=str(was), now=str(now))


def _shown(value: object) -> str:
    if isinstance(value, frozenset):
        return "/".join(sorted(str(each) for each in value)) or "-"
    return "-" if value in (None, "") else str(value)


def _agreements(old: Registry | None, new: Registry) -> Iterator[Statement]:
    before = {_key(agreement): agreement for agreement in old.agreements()} if old else {}
    after = {_key(agreement): agreement for agreement in new.agreements()}
    for key, agreement in after.items():
        first, second, start, end = key
        if key not in before:
            yield Statement.of(RegisterCode.AGREEMENT_ADDED, first=first, second=second, start=start, end=end)
        elif before[key] != agreement:
            changes = _terms(before[key].terms, agreement.terms)
            yield Statement.of(
                RegisterCode.AGREEMENT_CHANGED, first=first, second=second, start=start, end=end, changes=changes
            )
    for first, second, start, end in (key for key in before if key not in after):
        yield Statement.of(RegisterCode.AGREEMENT_REMOVED, first=first, second=second, start=start, end=end)


def _key(agreement: Agreement) -> tuple[str, str, str, str]:
    """Return what identifies an agreement: its two parties and its dates."""
    between = sorted(agreement.between)
    return between[0], between[-1], str(agreement.valid_from), str(agreement.valid_to)


def _defaults(old: Registry | None, new: Registry) -> Iterator[Statement]:
    if old is not None and old.defaults() != new.defaults():
        yield Statement.of(RegisterCode.DEFAULTS_CHANGED, changes=_terms(old.defaults(), new.defaults()))


def _terms(old: Terms, new: Terms) -> list[Statement]:
    values = ((field.name, getattr(old, field.name), getattr(new, field.name)) for field in fields(Terms))
    return [_field(name, was, now) for name, was, now in values if was != now]


def _cpas(old: Registry | None, new: Registry) -> Iterator[Statement]:
    before = {(each.cpa.id, each.added_at): each for each in old.cpas()} if old else {}
    after = {(each.cpa.id, each.added_at): each for each in new.cpas()}
    for key, kept in after.items():
        id, first, second = _names(kept)
        start, end = kept.cpa.start, kept.ends
        if key not in before:
            yield Statement.of(RegisterCode.CPA_ADDED, id=id, first=first, second=second, start=start, end=end)
        elif before[key].ends != kept.ends:
            yield Statement.of(RegisterCode.CPA_SUPERSEDED, id=id, first=first, second=second, end=end)
    for id, first, second in (_names(kept) for key, kept in before.items() if key not in after):
        yield Statement.of(RegisterCode.CPA_REMOVED, id=id, first=first, second=second)


def _names(kept: KeptCpa) -> tuple[str, str, str]:
    return kept.cpa.id, *kept.hers
