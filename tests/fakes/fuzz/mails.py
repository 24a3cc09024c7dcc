"""Mails made to cost: endless headers, millions of parts, and transfer encodings that are none."""

from collections.abc import Callable, Mapping

from tests.fakes.fuzz.xml import soap
from tests.fakes.partners.forgery import mail_of

MOST = 48_000_000
"""Bytes of the largest inputs: just below the 51 200 000 that a mail may have."""

RELATED = b'Content-Type: multipart/related; boundary="b"\r\n\r\n'
SOAP_PART = b"--b\r\nContent-Type: text/xml\r\n\r\n"
XML_MAIL = b"Content-Type: text/xml\r\n\r\n"


def costly_mails() -> Mapping[str, Callable[[], bytes]]:
    """Return what makes each hostile input of this kind, by name."""
    return {
        "nothing": lambda: b"",
        "zeros": lambda: bytes(MOST),
        "line breaks alone": lambda: b"\r\n" * (MOST // 2),
        "one header without end": lambda: b"Content-Type: " + b"a" * MOST,
        "a million headers": lambda: b"X: y\r\n" * 1_000_000 + b"\r\n",
        "headers to the limit": lambda: XML_MAIL[:-2] + b"X: y\r\n" * 10_000 + b"\r\n<a/>",
        "folds to the limit": lambda: XML_MAIL[:-4] + b"\r\n " * 20_000 + b"\r\n\r\n<a/>",
        "colons": lambda: b":" * 60_000 + b"\r\n\r\n",
        "parameters to the limit": lambda: b"Content-Type: multipart/related" + b";a=b" * 490 + b"\r\n\r\n--b",
        "parameters continued": lambda: b"Content-Type: multipart/related" + b"".join(b";a*%d*=%%41" % n for n in range(190)) + b"\r\n\r\n",
        "quotes": lambda: b"Content-Type: multipart/related; boundary=" + b'"\\' * 900 + b"\r\n\r\n",
        "encoded words": lambda: XML_MAIL[:-2] + b"Message-ID: " + b"=?utf-8?q?=41?= " * 4_000 + b"\r\n\r\n<a/>",
        "comments in a header": lambda: XML_MAIL[:-2] + b"Content-Transfer-Encoding: " + b"(" * 60_000 + b"\r\n\r\n<a/>",
        "millions of parts": lambda: RELATED + b"--b\r\n\r\n" * (MOST // 7),
        "parts that never begin": lambda: RELATED + b"--b " * (MOST // 4),
        "boundaries with blanks": lambda: RELATED + (b"--b" + b" " * 1_000_000 + b"x\r\n") * 40,
        "dashes": lambda: RELATED + b"\r\n--" * (MOST // 4),
        "fifty large parts": lambda: RELATED + SOAP_PART + b"<a/>\r\n" + (b"--b\r\nContent-ID: <a>\r\n\r\n" + b"x" * 900_000 + b"\r\n") * 49,
        "base64 garbage": lambda: XML_MAIL[:-2] + b"Content-Transfer-Encoding: base64\r\n\r\n" + b"\xff!A" * (MOST // 3),
        "base64 of one line": lambda: XML_MAIL[:-2] + b"Content-Transfer-Encoding: base64\r\n\r\n" + b"A" * MOST,
        "padding alone": lambda: XML_MAIL[:-2] + b"Content-Transfer-Encoding: base64\r\n\r\n" + b"=" * MOST,
        "quoted-printable": lambda: XML_MAIL[:-2] + b"Content-Transfer-Encoding: quoted-printable\r\n\r\n" + b"=41" * (MOST // 3),
        "soft line breaks": lambda: XML_MAIL[:-2] + b"Content-Transfer-Encoding: quoted-printable\r\n\r\n" + b"=\r\n" * (MOST // 3),
        "percent signs": lambda: mail_of(soap().replace(b"cid:vedlegg", b"cid:" + b"%41" * 30_000), {"vedlegg@example.test": b"x"}),
        "a content type in UTF-7": lambda: b"Content-Type: text/xml; charset=utf-7\r\n\r\n+ADw-a/+AD4-",
    }  # fmt: skip
