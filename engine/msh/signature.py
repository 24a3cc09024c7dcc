"""XML signatures over the envelope: who signed what, and the bytes that were signed (transport.md C.1, C.4).

`verify` returns the canonical bytes of the envelope as they were signed; header, manifest and acknowledgment are read
from those bytes alone. The profile is checked first, on structure only; signxml then does the mathematics, in a
subclass that applies the XPath transform exactly, since signxml would skip it in silence.
"""

import base64
import binascii
import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.serialization import Encoding
from lxml import etree
from signxml.algorithms import DigestAlgorithm, SignatureMethod
from signxml.exceptions import SignXMLException
from signxml.verifier import SignatureConfiguration, XMLVerifier

from engine.codes.signature import SignatureCode
from engine.errors import Finding
from engine.msh import constants as c
from engine.msh.mime import Part, content_id_of
from engine.msh.rules import fault, finding

_ACTORS = (c.ACTOR_NEXT_MSH, c.ACTOR_NEXT)
_ACTOR = f"{{{c.SOAP}}}actor"
_XML = "{http://www.w3.org/XML/1998/namespace}"
_SIGNATURE_CHILDREN = ("SignedInfo", "SignatureValue", "KeyInfo")
_BLANKS = re.compile(r"\s+")
_SHA2_METHODS = frozenset({SignatureMethod.RSA_SHA256, SignatureMethod.RSA_SHA384, SignatureMethod.RSA_SHA512})
_SHA2_DIGESTS = frozenset({DigestAlgorithm.SHA256, DigestAlgorithm.SHA384, DigestAlgorithm.SHA512})


@dataclass(frozen=True, slots=True)
class Reference:
    """One ds:Reference of a verified signature: its URI, its digest as base64 text, and its element as bytes."""

    uri: str
    digest: str
    element: bytes


@dataclass(frozen=True, slots=True)
class Signed:
    """What a valid signature covers.

    `envelope` is the canonical XML that was signed. `certificate` (DER) is who the signer claims to be, which the trust
    rules must still confirm. `digest` identifies everything signed, attachments included, in 32 bytes.
    """

    envelope: bytes
    references: tuple[Reference, ...]
    certificate: bytes
    digest: bytes
    warnings: tuple[Finding, ...]


def verify(soap: bytes, root: etree._Element, parts: tuple[Part, ...] | None, *, allow_sha1: bool = False) -> Signed:
    """Return what the one signature of an envelope covers.

    `root` is `soap` parsed with comments kept; `parts` is None where nobody has the attachments, whose digests then
    are not checked: never to take a message, only to judge an envelope. Raises PartnerFault with SecurityFailure for
    anything but exactly one signature of the profile, valid by its own certificate, over the envelope and every part.
    """
    signature = _the_signature(root)
    warnings = _check_nothing_hidden(root, signature)
    attachments = None if parts is None else _attachments(parts)
    references, contents = _check_profile(signature, attachments)
    certificate = _certificate(signature)
    warnings += _check_root_transforms(references[0])
    canonical = _check_mathematics(soap, contents, certificate, len(references), allow_sha1=allow_sha1)
    signed_info = _one(signature, "SignedInfo")
    warnings += _weak(signed_info)
    return Signed(
        canonical,
        tuple(_describe(reference) for reference in references),
        certificate.public_bytes(Encoding.DER),
        hashlib.sha256(canonical_fragment(signed_info)).digest(),
        warnings,
    )


def canonical_fragment(element: etree._Element) -> bytes:
    """Return the canonical bytes of an element that stands inside a document, as a signer made them.

    Its ancestors' xml: attributes (xml:lang, xml:space, xml:base) stand on it: inclusive canonicalisation of a part
    brings them along (Canonical XML 1.0, 2.4).
    """
    return _canonical(_with_inherited(element))


def _with_inherited(element: etree._Element) -> etree._Element:
    """Return a copy of an element as the root of its own document, with the xml: attributes of its ancestors."""
    alone = _cut_out(element)
    for name, value in _inherited(element).items():
        if alone.get(name) is None:
            alone.set(name, value)
    return alone


def _cut_out(element: etree._Element) -> etree._Element:
    """Return a copy of an element as the root of its own document.

    Serialised and parsed again: canonicalising it in place writes empty namespace declarations that nobody signed
    (transport.md C.4.1).
    """
    return etree.fromstring(etree.tostring(element, with_tail=False), etree.XMLParser(resolve_entities=False))


def _inherited(element: etree._Element) -> dict[str, str]:
    """Return the xml: attributes of an element's ancestors, each of the nearest that has it."""
    found: dict[str, str] = {}
    for ancestor in element.iterancestors():
        for name, value in ancestor.attrib.items():
            if str(name).startswith(_XML):
                found.setdefault(str(name), str(value))
    return found


def _canonical(root: etree._Element) -> bytes:
    """Return the canonical bytes of a whole tree. Raises PartnerFault where it has none (relative namespaces)."""
    try:
        return etree.tostring(root, method="c14n", exclusive=False, with_comments=False)
    except etree.C14NError:
        raise fault("signature", SignatureCode.NO_CANONICAL_FORM) from None


def has_signature(root: etree._Element) -> bool:
    """Say whether there is any XML signature in the envelope, valid or not."""
    return next(root.iter(_ds("Signature")), None) is not None


def uses_sha1(root: etree._Element) -> bool:
    """Return true when a signature or a digest below an element names SHA-1 as its algorithm."""
    used = {element.get("Algorithm") for element in root.iter(_ds("SignatureMethod"), _ds("DigestMethod"))}
    return bool(used & {c.SHA1, c.RSA_SHA1})


def remove_other_actors(root: etree._Element) -> None:
    """Apply the profile's XPath transform: take away what is for the next hop and so not signed."""
    doomed = [element for element in root.iter(etree.Element) if element.get(_ACTOR) in _ACTORS]
    for element in doomed:
        _remove_keeping_tail(element)


def _the_signature(root: etree._Element) -> etree._Element:
    found = list(root.iter(_ds("Signature")))
    if not found:
        raise fault("signature", SignatureCode.ABSENT)
    if len(found) > 1:
        raise fault("signature", SignatureCode.SEVERAL)
    parent = found[0].getparent()
    if parent is None or parent.tag != f"{{{c.SOAP}}}Header" or parent.getparent() is not root:
        raise fault("signature", SignatureCode.NOT_IN_HEADER)
    return found[0]


def _check_nothing_hidden(root: etree._Element, signature: etree._Element) -> tuple[Finding, ...]:
    """Refuse ebXML elements that the signature does not cover, and two of what must be single.

    What is addressed to the next hop is left out of the signature; of that, one SyncReply is tolerated and never read.
    """
    for name in ("MessageHeader", "Manifest"):
        if len(list(root.iter(f"{{{c.EB}}}{name}"))) > 1:
            raise fault("signature", SignatureCode.DOUBLED, f"//{name}", element=name)
    if {child.tag for child in signature.iterchildren(etree.Element)} - {_ds(name) for name in _SIGNATURE_CHILDREN}:
        raise fault("signature", SignatureCode.UNCOVERED_CONTENT)
    uncovered = [signature, *(block for block in root.iter(etree.Element) if block.get(_ACTOR) in _ACTORS)]
    hidden = [found for block in uncovered for found in block.iter(f"{{{c.EB}}}*")]
    if not hidden:
        return ()
    if len(hidden) > 1 or hidden[0].tag != f"{{{c.EB}}}SyncReply" or hidden[0].get(_ACTOR) != c.ACTOR_NEXT:
        raise fault("signature", SignatureCode.UNSIGNED_ELEMENTS, "//Header")
    return (finding("unsigned block", SignatureCode.SYNC_REPLY),)


def _attachments(parts: tuple[Part, ...]) -> dict[str, bytes]:
    """Return the parts by Content-ID; one without a name, or two with the same, can be covered by no signature."""
    named: dict[str, bytes] = {}
    for part in parts:
        if not part.content_id:
            raise fault("coverage", SignatureCode.NO_CONTENT_ID, "cid:")
        if part.content_id in named:
            raise fault("coverage", SignatureCode.SAME_CONTENT_ID, "cid:" + part.content_id)
        named[part.content_id] = part.data
    return named


def _check_profile(
    signature: etree._Element, attachments: Mapping[str, bytes] | None
) -> tuple[list[etree._Element], dict[str, bytes] | None]:
    """Return the references, and the attachment that each URI names; None for those that nobody has."""
    info = _one(signature, "SignedInfo")
    if _one(info, "CanonicalizationMethod").get("Algorithm") != c.C14N:
        raise fault("signature", SignatureCode.CANONICALISATION)
    if _elements(_one(info, "CanonicalizationMethod")):
        raise fault("signature", SignatureCode.CANONICALISATION_PARAMETERS)
    references = info.findall(_ds("Reference"))
    uris = [reference.get("URI") for reference in references]
    if uris[:1] != [""] or uris.count("") != 1:
        raise fault("signature", SignatureCode.NOT_WHOLE_ENVELOPE)
    contents = _check_coverage([uri or "" for uri in uris[1:]], attachments)
    if any(reference.find(_ds("Transforms")) is not None for reference in references[1:]):
        raise fault("signature", SignatureCode.TRANSFORMED_ATTACHMENT)
    return references, contents


def _check_coverage(uris: list[str], attachments: Mapping[str, bytes] | None) -> dict[str, bytes] | None:
    if not all(uri.startswith("cid:") for uri in uris):
        raise fault("signature", SignatureCode.OTHER_REFERENCE)
    named = [content_id_of(uri) if attachments is None else _resolve(uri, attachments) for uri in uris]
    if len(set(named)) != len(named):
        raise fault("signature", SignatureCode.COVERED_TWICE)
    for content_id in attachments or ():
        if content_id not in named:
            raise fault("coverage", SignatureCode.UNSIGNED_ATTACHMENT, "cid:" + content_id)
    return None if attachments is None else {uri: attachments[id] for uri, id in zip(uris, named, strict=True)}


def _resolve(uri: str, attachments: Mapping[str, bytes]) -> str:
    """Return the Content-ID of a `cid:` URI; the literal name goes before the percent-decoded one."""
    names = {name for name in (uri.removeprefix("cid:"), content_id_of(uri)) if name in attachments}
    if not names:
        raise fault("manifest", SignatureCode.MISSING_ATTACHMENT, uri)
    if len(names) > 1:
        raise fault("signature", SignatureCode.TWO_ATTACHMENTS, uri)
    return names.pop()


def _check_root_transforms(reference: etree._Element) -> tuple[Finding, ...]:
    """Accept enveloped, XPath, C14N in this order; without the XPath all is signed, which only gets a Warning."""
    transforms = reference.findall(f"{_ds('Transforms')}/{_ds('Transform')}")
    names = [transform.get("Algorithm") for transform in transforms]
    if any(_elements(transform) for transform in transforms if transform.get("Algorithm") != c.XPATH):
        raise fault("signature", SignatureCode.TRANSFORM_PARAMETERS)
    if names == [c.ENVELOPED, c.C14N]:
        return (finding("signature, lenient", SignatureCode.WITHOUT_XPATH),)
    if names != [c.ENVELOPED, c.XPATH, c.C14N]:
        raise fault("signature", SignatureCode.TRANSFORMS)
    _check_xpath(transforms[1])
    return ()


def _weak(signed_info: etree._Element) -> tuple[Finding, ...]:
    """SHA-1 was agreed on, or the signature would not have been valid; it is weak all the same."""
    return (finding("weak, agreed", SignatureCode.SHA1),) if uses_sha1(signed_info) else ()


def _check_xpath(transform: etree._Element) -> None:
    expression = _one(transform, "XPath")
    # Comments are no part of an expression: whoever verifies it leaves them out.
    written = "".join([expression.text or "", *(each.tail or "" for each in expression)])
    prefixes = [prefix for prefix, uri in expression.nsmap.items() if uri == c.SOAP and prefix]
    wanted = {_BLANKS.sub("", c.ACTOR_FILTER.replace("SOAP:", f"{prefix}:")) for prefix in prefixes}
    others = [*_elements(transform), *_elements(expression)]
    if _BLANKS.sub("", written) not in wanted or others != [expression]:
        raise fault("signature", SignatureCode.XPATH)


def _certificate(signature: etree._Element) -> x509.Certificate:
    data = signature.findall(f"{_ds('KeyInfo')}/{_ds('X509Data')}")
    certificates = [found for group in data for found in group.findall(_ds("X509Certificate"))]
    if len(data) != 1 or len(certificates) != 1:
        raise fault("signature", SignatureCode.NOT_ONE_CERTIFICATE)
    try:
        found = x509.load_der_x509_certificate(base64.b64decode(_BLANKS.sub("", _text(certificates[0])), validate=True))
        dated = found.not_valid_before_utc <= found.not_valid_after_utc
        usable = dated and isinstance(found.public_key(), RSAPublicKey)
    except (ValueError, UnsupportedAlgorithm, x509.InvalidVersion):
        usable = False
    if not usable:
        raise fault("signature", SignatureCode.CERTIFICATE)
    return found


def _check_mathematics(
    soap: bytes, contents: Mapping[str, bytes] | None, certificate: x509.Certificate, count: int, *, allow_sha1: bool
) -> bytes:
    config = SignatureConfiguration(
        expect_references=count,
        signature_methods=_SHA2_METHODS | {SignatureMethod.RSA_SHA1} if allow_sha1 else _SHA2_METHODS,
        digest_algorithms=_SHA2_DIGESTS | {DigestAlgorithm.SHA1} if allow_sha1 else _SHA2_DIGESTS,
        # KeyValue is ignored: the certificate alone says whose key it is (transport.md C.1).
        ignore_ambiguous_key_info=True,
        # The trust rules judge the certificate at the time that counts; here only the mathematics does.
        verification_time=certificate.not_valid_before_utc,
    )
    verifier = _EnvelopeVerifier() if contents is None else _ProfileVerifier()
    try:
        results = verifier.verify(
            soap,
            x509_cert=certificate,
            validate_schema=False,
            parser=_parser(),
            uri_resolver=(contents or {}).__getitem__,
            expect_config=config,
        )
    except (SignXMLException, ValueError, TypeError, AttributeError, binascii.Error) as error:
        raise fault(*_explain(error)) from None
    first = results[0] if isinstance(results, list) else results
    return bytes(first.signed_data)


def _explain(error: Exception) -> tuple[str, SignatureCode]:
    """Return the rule and our own code: signxml's sentences may quote what was in the message."""
    name = type(error).__name__
    if name == "InvalidDigest":
        return "signature", SignatureCode.CHANGED
    if "forbidden by configuration" in str(error):
        return "weak", SignatureCode.ALGORITHM
    return "signature", SignatureCode.INVALID


class _ProfileVerifier(XMLVerifier):
    """signxml with the cures that real traffic needs: exact XPath filtering, and C14N of fragments as it was signed."""

    def _get_signature(self, root: Any) -> Any:
        return root.find(f"{{{c.SOAP}}}Header/{_ds('Signature')}")

    def _tostring(self, xml_node: Any, **kwargs: Any) -> Any:
        # The Signature is cut out of its document here, and what its SignedInfo inherits would be lost.
        alone = xml_node if xml_node.getparent() is None else _with_inherited(xml_node)
        return etree.tostring(alone, with_tail=False, **kwargs)

    def _c14n(self, nodes: Any, algorithm: Any, inclusive_ns_prefixes: Any = None) -> bytes:
        return canonical_fragment(nodes)

    def _apply_transforms(self, payload: Any, *, transforms_node: Any, signature: Any) -> Any:
        if transforms_node is None:
            return payload
        names = [transform.get("Algorithm") for transform in transforms_node]
        _remove_keeping_tail(signature)
        if c.XPATH in names:
            remove_other_actors(payload)
        return _canonical(payload)


class _EnvelopeVerifier(_ProfileVerifier):
    """Leaves the digests of attachments alone, which nobody has; the first reference is always the envelope's."""

    def _verify_reference(self, reference: Any, index: Any, *others: Any, **named: Any) -> Any:
        if index == 0:
            return super()._verify_reference(reference, index, *others, **named)
        self.check_digest_alg_expected(DigestAlgorithm(self._find(reference, "DigestMethod").get("Algorithm")))
        return None


def _parser() -> etree.XMLParser:
    # The bytes have passed engine.xml.parse; comments stay, since canonicalisation is what leaves them out.
    return etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=True)


def _remove_keeping_tail(element: etree._Element) -> None:
    parent = element.getparent()
    if parent is None:
        raise fault("signature", SignatureCode.ROOT_FOR_OTHERS)
    before = element.getprevious()
    if element.tail:
        if before is None:
            parent.text = (parent.text or "") + element.tail
        else:
            before.tail = (before.tail or "") + element.tail
    parent.remove(element)


def _describe(reference: etree._Element) -> Reference:
    digest = _BLANKS.sub("", _text(_one(reference, "DigestValue")))
    return Reference(reference.get("URI") or "", digest, _canonical(_cut_out(reference)))


def _one(parent: etree._Element, name: str) -> etree._Element:
    found = parent.findall(_ds(name))
    if len(found) != 1:
        raise fault("signature", SignatureCode.NOT_ONE, element=name)
    return found[0]


def _text(element: etree._Element) -> str:
    if len(element):
        raise fault("signature", SignatureCode.NOT_ONLY_TEXT)
    return element.text or ""


def _elements(parent: etree._Element) -> list[etree._Element]:
    return list(parent.iterchildren(etree.Element))


def _ds(name: str) -> str:
    return f"{{{c.DS}}}{name}"
