"""Who may speak for whom on the wire (design.md 4). One function a row; each has a spoof test.

The certificate inside a message is never a source of trust: it must be one that the register holds for the sender.
"""

from collections.abc import Sequence
from datetime import datetime

from engine.msh.certificates import BadCertificate, Purpose, check
from engine.msh.envelope import Envelope
from engine.msh.rules import fault
from engine.names import HerId
from engine.ports import RevocationSource
from engine.records import Outbound
from engine.routing.parties import Registry


def check_signer(
    certificate: bytes,
    from_her: HerId,
    registry: Registry,
    anchors: Sequence[bytes],
    revocation: RevocationSource,
    at: datetime,
) -> None:
    """Accept a signer whose certificate the register holds for the envelope's From at this time.

    Raises PartnerFault with SecurityFailure (rule 17) otherwise, Unavailable when revocation cannot be known.
    """
    held = [found for found in registry.certificates(from_her, Purpose.SIGNING) if found.der == certificate]
    if not any(found.holds_at(at) for found in held):
        raise fault("certificate", f"The certificate is not registered for signing by HER-id {from_her}.")
    try:
        check(certificate, from_her, Purpose.SIGNING, anchors, revocation, at)
    except BadCertificate as error:
        raise fault("certificate", f"{error}.") from None


def receipt_counts(receipt: Envelope, original: Outbound) -> bool:
    """Say whether an Acknowledgment or MessageError may move `original`.

    Its RefToMessageId, its From (whom we sent to) and its To (us) must all agree; its signature has been checked.
    """
    sent, block = original.header, receipt.acknowledgment
    if block is not None and block.ref_to != sent.message_id:
        return False
    return receipt.ref_to == sent.message_id and receipt.from_her == sent.to_her and receipt.to_her == sent.from_her


def apprec_counts(sender: HerId, original: Outbound, registry: Registry) -> bool:
    """Say whether an AppRec from `sender` may move `original`.

    The sender must be the original receiver, its parent, its child or its successor; the OriginalMsgId and the
    envelope's signature have been checked.
    """
    receiver = original.receiver_her or original.header.to_her
    return receiver is not None and (sender == receiver or registry.is_related(sender, receiver))


def same_digests(copied: dict[str, str], sent: dict[str, str]) -> bool:
    """Say whether the digests that an Acknowledgment copied are ones that we sent; a subset will do (B.3)."""
    return all(sent.get(uri) == digest for uri, digest in copied.items())
