"""Sign an envelope the way the profile wants it (transport.md C.1); everything signed here is verified elsewhere.

signxml cannot write `URI=""` with the XPath transform, nor `cid:`, so this small builder does.
"""

import base64
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass

from lxml import etree

from engine.msh import constants as c
from engine.msh.signature import canonical_fragment
from engine.ports import KeyStore


@dataclass(frozen=True, slots=True)
class SignedEnvelope:
    """An envelope ready to send: its bytes, and the digest (base64) of each reference to compare an ack with."""

    soap: bytes
    digests: dict[str, str]


def sign(
    envelope: etree._Element, attachments: Mapping[str, bytes], certificate: bytes, keys: KeyStore
) -> SignedEnvelope:
    """Sign the envelope and every attachment with RSA-SHA256; the Signature becomes the header's last child.

    `attachments` maps Content-ID to the bytes as sent, `certificate` is our signing certificate (DER). Raises OwnFault
    where its key is not in the key store.
    """
    root_digest = _digest(etree.tostring(envelope, method="c14n", exclusive=False, with_comments=False))
    digests = {"": root_digest} | {f"cid:{name}": _digest(data) for name, data in attachments.items()}
    header = envelope.find(f"{{{c.SOAP}}}Header")
    assert header is not None  # noqa: S101 the envelope is our own
    signature = etree.SubElement(header, _ds("Signature"), nsmap={"ds": c.DS})
    info = _signed_info(signature, digests)
    value = keys.sign(certificate, canonical_fragment(info))
    etree.SubElement(signature, _ds("SignatureValue")).text = base64.b64encode(value).decode()
    data = etree.SubElement(etree.SubElement(signature, _ds("KeyInfo")), _ds("X509Data"))
    etree.SubElement(data, _ds("X509Certificate")).text = base64.b64encode(certificate).decode()
    return SignedEnvelope(etree.tostring(envelope, xml_declaration=True, encoding="UTF-8"), digests)


def _signed_info(signature: etree._Element, digests: Mapping[str, str]) -> etree._Element:
    info = etree.SubElement(signature, _ds("SignedInfo"))
    etree.SubElement(info, _ds("CanonicalizationMethod"), Algorithm=c.C14N)
    etree.SubElement(info, _ds("SignatureMethod"), Algorithm=c.RSA_SHA256)
    for uri, digest in digests.items():
        reference = etree.SubElement(info, _ds("Reference"), URI=uri)
        if not uri:
            _root_transforms(reference)
        etree.SubElement(reference, _ds("DigestMethod"), Algorithm=c.SHA256)
        etree.SubElement(reference, _ds("DigestValue")).text = digest
    return info


def _root_transforms(reference: etree._Element) -> None:
    transforms = etree.SubElement(reference, _ds("Transforms"))
    etree.SubElement(transforms, _ds("Transform"), Algorithm=c.ENVELOPED)
    filtering = etree.SubElement(transforms, _ds("Transform"), Algorithm=c.XPATH)
    etree.SubElement(filtering, _ds("XPath"), nsmap={"SOAP": c.SOAP}).text = c.ACTOR_FILTER
    etree.SubElement(transforms, _ds("Transform"), Algorithm=c.C14N)


def _digest(data: bytes) -> str:
    return base64.b64encode(hashlib.sha256(data).digest()).decode()


def _ds(name: str) -> str:
    return f"{{{c.DS}}}{name}"
