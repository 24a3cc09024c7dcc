"""Another implementation of XML signatures, libxmlsec, as a partner that signs and verifies what we do."""

import base64
import io
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

import xmlsec
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from lxml import etree

from engine.msh import constants as c
from tests.fakes.partners.forgery import ds


def verifies(soap: bytes, parts: Mapping[str, bytes], certificate: bytes) -> bool:
    """Say whether libxmlsec finds the signature of an envelope valid by this certificate (DER)."""
    context = xmlsec.SignatureContext()
    context.key = xmlsec.Key.from_memory(certificate, xmlsec.KeyFormat.CERT_DER)
    with _attachments(parts):
        try:
            context.verify(next(etree.fromstring(soap).iter(ds("Signature"))))
        except xmlsec.Error:
            return False
    return True


def signs(
    envelope: etree._Element,
    parts: Mapping[str, bytes],
    certificate: bytes,
    key: RSAPrivateKey,
    *,
    sha1: bool = False,
    prefix: str | None = "ds",
) -> bytes:
    """Return the envelope signed by libxmlsec in the profile of transport.md C.1."""
    root = etree.fromstring(with_template(envelope, parts, certificate, sha1=sha1, prefix=prefix))
    return signed_template(root, parts, key)


def signed_template(envelope: etree._Element, parts: Mapping[str, bytes], key: RSAPrivateKey) -> bytes:
    """Return an envelope with the values filled into its template."""
    context = xmlsec.SignatureContext()
    pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    context.key = xmlsec.Key.from_memory(pem, xmlsec.KeyFormat.PEM)
    with _attachments(parts):
        context.sign(next(envelope.iter(ds("Signature"))))
    return etree.tostring(envelope, xml_declaration=True, encoding="UTF-8")


def with_template(
    envelope: etree._Element,
    parts: Mapping[str, bytes],
    certificate: bytes,
    *,
    sha1: bool = False,
    prefix: str | None = "ds",
) -> bytes:
    """Return the envelope with a signature in it that has no values yet."""
    # Put in as text: appending an element would take away the XPath's own prefix where its namespace is known above.
    template = _template(parts, certificate, sha1=sha1, prefix=prefix)
    return etree.tostring(envelope).replace(b"</SOAP:Header>", template + b"</SOAP:Header>")


def _template(parts: Mapping[str, bytes], certificate: bytes, *, sha1: bool, prefix: str | None) -> bytes:
    """Return a signature without values, pretty-printed like some vendors' and with the prefix that they use."""
    at = f"{prefix}:" if prefix else ""
    name = f"xmlns:{prefix}" if prefix else "xmlns"
    digest, method = (c.SHA1, c.RSA_SHA1) if sha1 else (c.SHA256, c.RSA_SHA256)
    expression = c.ACTOR_FILTER.replace("SOAP:", "SOAP-ENV:").replace("not(", "not (")
    transforms = (
        f'<{at}Transforms><{at}Transform Algorithm="{c.ENVELOPED}"/><{at}Transform Algorithm="{c.XPATH}">'
        f'<{at}XPath xmlns:SOAP-ENV="{c.SOAP}">{expression}\n</{at}XPath></{at}Transform>'
        f'<{at}Transform Algorithm="{c.C14N}"/></{at}Transforms>'
    )
    references = "".join(
        f'<{at}Reference URI="{uri}">{inner}<{at}DigestMethod Algorithm="{digest}"/>'
        f"<{at}DigestValue/>\n</{at}Reference>"
        for uri, inner in [("", transforms), *((f"cid:{part}", "") for part in parts)]
    )
    return (
        f'<{at}Signature {name}="{c.DS}">\n<{at}SignedInfo><{at}CanonicalizationMethod Algorithm="{c.C14N}"/>\n'
        f'<{at}SignatureMethod Algorithm="{method}"/>{references}</{at}SignedInfo><{at}SignatureValue/>'
        f"<{at}KeyInfo><{at}X509Data><{at}X509Certificate>{base64.b64encode(certificate).decode()}</{at}X509Certificate>"
        f"</{at}X509Data></{at}KeyInfo></{at}Signature>"
    ).encode()


@contextmanager
def _attachments(parts: Mapping[str, bytes]) -> Iterator[None]:
    """Let libxmlsec find `cid:` references among the parts; its callbacks are global, so they are put back after."""
    xmlsec.cleanup_callbacks()
    xmlsec.register_callbacks(
        lambda name: name.startswith(b"cid:"),
        lambda name: io.BytesIO(parts[name.removeprefix(b"cid:").decode()]),
        lambda stream, buffer: stream.readinto(buffer),
        lambda stream: stream.close(),
    )
    try:
        yield
    finally:
        xmlsec.cleanup_callbacks()
        xmlsec.register_default_callbacks()
