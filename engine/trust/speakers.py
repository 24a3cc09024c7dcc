"""Who may speak for whom on the wire (design.md 4). One function a row; each has a spoof test.

The certificate inside a message is never a source of trust: it must be one that the register holds for the sender.
"""

from collections.abc import Sequence
from datetime import datetime

from cryptography import x509

from engine.agreements.purpose import Purpose
from engine.codes.certificate import CertificateCode
from engine.codes.statement import Statement
from engine.errors import OwnFault
from engine.msh.envelope import Envelope
from engine.msh.rules import fault
from engine.names import HerId, same_id
from engine.ports import KeyStore, RevocationSource
from engine.records.messages import OutgoingMessage
from engine.register.parties import RegisteredCertificate, Registry
from engine.trust.certificates import BadCertificate, check, why_unfit


def check_signer(
    certificate: bytes,
    names: Envelope,
    registry: Registry,
    anchors: Sequence[bytes],
    revocation: RevocationSource,
    at: datetime,
) -> None:
    """Accept a signer whose certificate the register, or the CPA named, holds for the envelope's From at this time.

    Raises PartnerFault with SecurityFailure (rule 17) otherwise, Unavailable when revocation cannot be known.
    """
    from_her = names.from_her
    known = registry.certificates_named(from_her, names.to_her, names.cpa_id, at)
    held = [found for found in known if found.der == certificate]
    if not any(found.holds_at(at) for found in held):
        serial = x509.load_der_x509_certificate(certificate).serial_number
        reason = CertificateCode.NOT_REGISTERED_NOW if held else CertificateCode.NOT_REGISTERED
        raise fault("certificate", BadCertificate(from_her, serial, Purpose.SIGNING, reason).statement)
    try:
        check(certificate, from_her, Purpose.SIGNING, anchors, revocation, at)
    except BadCertificate as error:
        raise fault("certificate", error.statement) from None


def choose_certificate(
    held: Sequence[RegisteredCertificate],
    her_id: HerId,
    purpose: Purpose,
    anchors: Sequence[bytes],
    revocation: RevocationSource,
    at: datetime,
) -> bytes:
    """Return the newest certificate (DER) of a partner that is registered for a purpose now, and good.

    Raises OwnFault that tells what is wrong with the newest, Unavailable when its revocation cannot be known.
    """
    wrong: Statement | None = None
    for found in held:
        if not found.holds_at(at):
            continue
        try:
            check(found.der, her_id, purpose, anchors, revocation, at)
            return found.der
        except BadCertificate as error:
            wrong = wrong or error.statement
    raise OwnFault(CertificateCode.ASK_PARTY, why=wrong or _none_registered(her_id, purpose))


def choose_own(
    held: Sequence[RegisteredCertificate], her_id: HerId, purpose: Purpose, keys: KeyStore, at: datetime
) -> bytes:
    """Return the newest certificate (DER) of a party of ours that is registered now, valid, and whose key is here.

    Raises OwnFault where there is none.
    """
    for found in held:
        fit = not why_unfit(x509.load_der_x509_certificate(found.der), purpose, at)
        if found.holds_at(at) and fit and keys.holds(found.der):
            return found.der
    raise OwnFault(CertificateCode.NONE_OF_OURS, why=_none_registered(her_id, purpose))


def _none_registered(her_id: HerId, purpose: Purpose) -> Statement:
    return Statement.of(CertificateCode.NONE, her_id=her_id, purpose=purpose)


def receipt_counts(receipt: Envelope, original: OutgoingMessage) -> bool:
    """Say whether an Acknowledgment or MessageError may move `original`.

    Its RefToMessageId, its From (whom we sent to) and its To (us) must all agree; its signature has been checked.
    """
    sent, block = original.header, receipt.acknowledgment
    if block is not None and not same_id(block.ref_to, sent.message_id):
        return False
    return (
        same_id(receipt.ref_to, sent.message_id) and receipt.from_her == sent.to_her and receipt.to_her == sent.from_her
    )


def apprec_counts(sender: HerId, original: OutgoingMessage, registry: Registry) -> bool:
    """Say whether an AppRec from `sender` may move `original`.

    The sender must be the original receiver, its parent, its child or its successor; the OriginalMsgId and the
    envelope's signature have been checked.
    """
    receiver = original.receiver_her or original.header.to_her
    return receiver is not None and (sender == receiver or registry.is_related(sender, receiver))


def same_digests(copied: dict[str, str], sent: dict[str, str]) -> bool:
    """Say whether the digests that an Acknowledgment copied are ones that we sent; a subset will do (B.3)."""
    return all(sent.get(uri) == digest for uri, digest in copied.items())
