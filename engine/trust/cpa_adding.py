"""Whether a CPA may be taken into use, and how one stands. Only what cannot be used is refused."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from cryptography import x509

from engine.agreements.cpa import Cpa, CpaParty
from engine.agreements.cpa_check import CpaFinding, check_cpa, error, place_of
from engine.agreements.kept_cpas import KeptCpa, certificates_of
from engine.agreements.purpose import Purpose
from engine.codes.agreement import AgreementCode
from engine.errors import Refused, Severity
from engine.trust.certificates import chain_of, why_unfit
from engine.trust.known import Known


def judge_cpa(cpa: Cpa, at: datetime, known: Known | None = None) -> list[CpaFinding]:
    """Return what there is to say about a CPA that is to be used from `at` on, or from its Start, the gravest first.

    Without `known` it is judged by its file alone. An Error keeps it from being used: it decides alone once it is in
    force, so it must be able to carry messages.
    """
    found = [*check_cpa(cpa, at), *(each for party in cpa.parties for each in _unusable(party, cpa, at, known))]
    if known is not None:
        found += _not_for_us(cpa, known)
    return sorted(found, key=lambda each: each.severity is not Severity.ERROR)


def accept_cpa(known: Known, cpa: Cpa, at: datetime) -> KeptCpa:
    """Return a CPA as it is kept from now on; it may begin later.

    Raises Refused with every reason why it cannot be used: those of `judge_cpa`.
    """
    wrong = [each.with_place for each in judge_cpa(cpa, at, known) if each.severity is Severity.ERROR]
    first, second = cpa.parties
    if wrong or first.her is None or second.her is None:
        raise Refused(AgreementCode.NOT_USABLE, id=cpa.id, wrong=wrong)
    return KeptCpa(cpa, (first.her, second.her), at, cpa.end)


def _not_for_us(cpa: Cpa, known: Known) -> Iterator[CpaFinding]:
    """Yield why the register has no use for a CPA."""
    sides = [(place_of(party), party.her) for party in cpa.parties if party.her is not None]
    for place, her_id in sides:
        if her_id not in known.registry:
            yield error(place, AgreementCode.UNKNOWN_PARTY, her_id=her_id)
    roots = [known.registry.root(her_id) for _, her_id in sides if her_id in known.registry]
    if len(roots) == 2 and roots[0] == roots[1] and sides[0] != sides[1]:
        yield error(sides[0][0], AgreementCode.WITH_ITSELF, id=cpa.id)
    if len(roots) == 2 and not set(roots) & set(known.hosted):
        yield error("PartyInfo", AgreementCode.NOBODY_OF_OURS, id=cpa.id, first=sides[0][1], second=sides[1][1])
    if any(each.cpa == cpa and each.ends == cpa.end for each in known.registry.cpas()):
        yield error("cpaid", AgreementCode.KEPT_ALREADY, id=cpa.id)


def _unusable(party: CpaParty, cpa: Cpa, at: datetime, known: Known | None) -> Iterator[CpaFinding]:
    """Yield for what purpose a party has no certificate that can be used from the CPA's begin on."""
    begins, place = max(at, cpa.start), place_of(party)
    ours = known is not None and party.her is not None and known.registry.root(party.her) in known.hosted
    for purpose in Purpose:
        found = certificates_of(party, purpose)
        good = [der for der in found if _is_good(der, purpose, known.anchors if known else None, begins)]
        if not good:
            yield error(place, AgreementCode.NO_USABLE_CERTIFICATE, purpose=purpose)
        elif known is not None and ours and not any(known.holds_key(der) for der in good):
            yield error(place, AgreementCode.KEY_MISSING, purpose=purpose)


def _is_good(der: bytes, purpose: Purpose, anchors: Sequence[bytes] | None, at: datetime) -> bool:
    certificate = x509.load_der_x509_certificate(der)
    if why_unfit(certificate, purpose, at):
        return False
    return anchors is None or chain_of(certificate, anchors, at) is not None
