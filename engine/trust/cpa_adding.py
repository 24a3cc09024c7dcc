"""Whether a CPA may be taken into use, and how one stands. Only what cannot be used is refused."""

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime

from cryptography import x509

from engine.agreements.cpa import Cpa, CpaParty
from engine.agreements.cpa_check import check_cpa, place_of
from engine.agreements.kept_cpas import KeptCpa, address_of, certificates_of
from engine.agreements.purpose import Purpose
from engine.codes.agreement import AgreementCode
from engine.codes.statement import Statement
from engine.errors import Refused, Severity
from engine.names import HerId
from engine.register.parties import Registry
from engine.trust.certificates import chain_of, why_unfit


def accept_cpa(
    registry: Registry,
    hosted: Sequence[HerId],
    anchors: Sequence[bytes],
    holds_key: Callable[[bytes], bool],
    cpa: Cpa,
    at: datetime,
) -> KeptCpa:
    """Return a CPA as it is kept from now on; it may begin later.

    A CPA in force decides alone, so it must be able to carry messages. Raises Refused with every reason why it cannot:
    what is missing in it, a party without an address or a good certificate for each purpose, whom the register does not
    know, a key of ours that is not here, or that none of its parties is ours.
    """
    begins = max(at, cpa.start)
    wrong = [each.with_place for each in check_cpa(cpa, begins) if each.severity is Severity.ERROR]
    hers = [party.her for party in cpa.parties if party.her is not None]
    wrong += [Statement.of(AgreementCode.UNKNOWN_PARTY, her_id=her_id) for her_id in hers if her_id not in registry]
    ours = [registry.root(her_id) in hosted for her_id in hers]
    for party, is_ours in zip(cpa.parties, ours, strict=False):
        wrong += _unusable(party, anchors, holds_key if is_ours else None, begins)
    if wrong:
        raise Refused(AgreementCode.NOT_USABLE, id=cpa.id, wrong=wrong)
    first, second = hers
    if registry.root(first) == registry.root(second):
        raise Refused(AgreementCode.WITH_ITSELF, id=cpa.id)
    if not any(ours):
        raise Refused(AgreementCode.NOBODY_OF_OURS, id=cpa.id, first=first, second=second)
    if any(each.cpa == cpa and each.ends == cpa.end for each in registry.cpas()):
        raise Refused(AgreementCode.KEPT_ALREADY, id=cpa.id)
    return KeptCpa(cpa, (first, second), at, cpa.end)


def _unusable(
    party: CpaParty, anchors: Sequence[bytes], holds_key: Callable[[bytes], bool] | None, at: datetime
) -> Iterator[Statement]:
    """Yield why nothing can be sent to a party, or read that it sends."""
    if not address_of(party):
        yield _at(party, Statement.of(AgreementCode.NO_MAIL_ADDRESS))
    for purpose in Purpose:
        found = certificates_of(party, purpose)
        good = [der for der in found if _is_good(der, purpose, anchors, at)]
        if not good:
            yield _at(party, Statement.of(AgreementCode.NO_USABLE_CERTIFICATE, purpose=purpose))
        elif holds_key is not None and not any(holds_key(der) for der in good):
            yield _at(party, Statement.of(AgreementCode.KEY_MISSING, purpose=purpose))


def _at(party: CpaParty, what: Statement) -> Statement:
    return Statement.of(AgreementCode.WRONG_AT, place=place_of(party), what=what)


def _is_good(der: bytes, purpose: Purpose, anchors: Sequence[bytes], at: datetime) -> bool:
    certificate = x509.load_der_x509_certificate(der)
    return not why_unfit(certificate, purpose, at) and chain_of(certificate, anchors, at) is not None


def standing(kept: KeptCpa, at: datetime) -> str:
    """Return how a CPA stands at a time: 'planned', 'in force', 'late messages' or 'over'."""
    if at < kept.cpa.start:
        return "planned" if kept.cpa.start < kept.ends else "over"
    if kept.holds_at(at):
        return "in force"
    return "late messages" if kept.vouches_at(at) else "over"
