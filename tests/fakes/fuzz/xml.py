"""XML made to cost: deep, wide, endless, referring to itself, or in an odd encoding."""

import zlib
from collections.abc import Callable, Mapping

from engine.payload.elements import BASE64
from tests.fakes.partners.documents import document
from tests.fakes.partners.forgery import Letter, payload

LARGE = 5_000_000
"""Bytes of a large document: many times what a real one has."""


def soap() -> bytes:
    """Return a genuine signed envelope."""
    return payload(Letter(), document()).soap


def costly_xml() -> Mapping[str, Callable[[], bytes]]:
    """Return what makes each hostile input of this kind, by name."""
    words = "<a>æ</a>"
    return {
        "deep": lambda: b"<a>" * (LARGE // 3),
        "deep to the limit": lambda: _filled(b"<a>" * 50 + b"</a>" * 50),
        "wide": lambda: b"<a>" + b"<b/>" * (LARGE // 4),
        "wide to the limit": lambda: _filled(b"<b/>" * 49_000),
        "wide in the envelope": lambda: soap().replace(b"</eb:MessageHeader>", b"<b/>" * 1_350 + b"</eb:MessageHeader>"),
        "many references": lambda: soap().replace(b"</ds:SignedInfo>", b'<ds:Reference URI="cid:a"/>' * 1_350 + b"</ds:SignedInfo>"),
        "many party ids": lambda: soap().replace(b"</eb:From>", b'<eb:PartyId eb:type="HER">1</eb:PartyId>' * 1_350 + b"</eb:From>"),
        "many manifests": lambda: soap().replace(b"</eb:Manifest>", b'<eb:Reference xlink:href="cid:a"/>' * 1_350 + b"</eb:Manifest>"),
        "many next hops": lambda: soap().replace(b"</SOAP:Header>", b'<a SOAP:actor="http://schemas.xmlsoap.org/soap/actor/next">x</a>y' * 1_350 + b"</SOAP:Header>"),
        "a huge attribute": lambda: b'<a b="' + b"x" * LARGE + b'"/>',
        "attributes to the limit": lambda: _filled((b"<a " + b" ".join(b'a%d=""' % n for n in range(32)) + b"/>") * 20_000),
        "namespaces": lambda: _filled(b"".join(b'<n%d:a xmlns:n%d="u:%d"/>' % (n, n, n) for n in range(49_000))),
        "namespaces inside one another": lambda: _filled(b"".join(b'<a xmlns:n%d="u:%d">' % (n, n) for n in range(55)) + b"<b/>" * 20_000 + b"</a>" * 55),
        "namespaces on one element": lambda: soap().replace(b"<SOAP:Header>", b"<SOAP:Header " + b" ".join(b'xmlns:n%d="u:%d"' % (n, n) for n in range(20_000)) + b">"),
        "a huge text": lambda: _filled(b"x" * LARGE),
        "character references": lambda: _filled(b"&#65;" * (LARGE // 5)),
        "line breaks": lambda: _filled(b"\r\n" * (LARGE // 2)),
        "sections": lambda: _filled(b"<![CDATA[x]]>" * (LARGE // 13)),
        "comments": lambda: b"<a>" + b"<!---->" * (LARGE // 7),
        "comments to the limit": lambda: _filled(b"x<!---->" * 49_000),
        "instructions": lambda: b"<a>" + b"<?a?>" * (LARGE // 5),
        "a long name": lambda: b"<" + b"a" * LARGE + b"/>",
        "a long id": lambda: document().replace(b"dokument-1", b"9" * 1_000_000),
        "a long date": lambda: document().replace(b"2026-", b"2" * 200_000 + b"-"),
        "base64 that is none": lambda: _attachment(b"A = " * (LARGE // 4)),
        "base64 of one line inside": lambda: _attachment(b"A" * LARGE),
        "billion laughs": lambda: b'<!DOCTYPE a [<!ENTITY b "' + b"x" * 1_000 + b'"><!ENTITY c "' + b"&b;" * 9_999 + b'">]><a>&c;</a>',
        "quadratic entity": lambda: b'<!DOCTYPE a [<!ENTITY b "' + b"x" * 100_000 + b'">]><a>' + b"&b;" * 100_000 + b"</a>",
        "parameter entities": lambda: b'<!DOCTYPE a [<!ENTITY % b SYSTEM "file:///etc/passwd">%b;%b;]><a/>',
        "an attribute list": lambda: b"<!DOCTYPE a [<!ATTLIST a " + b"b CDATA 'x' " * 100_000 + b">]><a/>",
        "UTF-16": lambda: words.encode("utf-16"),
        "UTF-16 named UTF-8": lambda: ('<?xml version="1.0" encoding="UTF-8"?>' + words).encode("utf-16"),
        "UTF-8 named UTF-16": lambda: b'<?xml version="1.0" encoding="UTF-16"?><a/>',
        "UTF-7": lambda: b'<?xml version="1.0" encoding="UTF-7"?>+ADw-a/+AD4-',
        "UTF-32": lambda: words.encode("utf-32"),
        "EBCDIC": lambda: '<?xml version="1.0" encoding="cp037"?><a/>'.encode("cp037"),
        "a codec of Python's": lambda: b'<?xml version="1.0" encoding="zlib_codec"?><a/>',
        "lone surrogates": lambda: b"<a>\xed\xa0\x80&#xD800;</a>",
        "half a surrogate": lambda: b"\xff\xfe<\x00a\x00>\x00\x00\xd8<\x00/\x00a\x00>\x00",
        "overlong": lambda: b"<a>\xc0\xbc\xe0\x80\xbc</a>",
        "NULs": lambda: b"<a>\x00</a>" + b"\x00" * 100_000,
        "half a document": lambda: document()[: len(document()) // 2],
    }  # fmt: skip


def _filled(inside: bytes) -> bytes:
    """Put something into the text of a genuine document."""
    return document().replace(b"</TekstNotatInnhold>", inside + b"</TekstNotatInnhold>")


def _attachment(text: bytes) -> bytes:
    """Put a file into a genuine document, its base64 as it is given."""
    container = b'<Base64Container xmlns="' + BASE64.encode() + b'">' + text + b"</Base64Container>"
    reference = b'<RefDoc><MsgType V="A" DN="Vedlegg"/><Content>' + container + b"</Content></RefDoc>"
    connection = b'<Document><DocumentConnection V="V" DN="Vedlegg"/>'
    return document().replace(b"</MsgHead>", connection + reference + b"</Document></MsgHead>")


def zeros_packed(size: int) -> bytes:
    """Return so many zeros as gzip packs them best."""
    packer = zlib.compressobj(9, wbits=31)
    return b"".join(packer.compress(bytes(1_000_000)) for _ in range(size // 1_000_000)) + packer.flush()


def packed(data: bytes) -> bytes:
    """Return data as gzip."""
    packer = zlib.compressobj(1, wbits=31)
    return packer.compress(data) + packer.flush()
