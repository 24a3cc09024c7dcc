"""What a stranger's mail costs grows with its size and no faster: twenty families, each at n, 2n and 4n."""

from collections.abc import Callable, Sequence
from functools import partial
from itertools import pairwise

import pytest

from engine.msh import constants as c
from engine.verdict.mail import verdict_on
from tests.fakes.engines.pair import Pair
from tests.fakes.growth import least_costs
from tests.fakes.partners.documents import document
from tests.fakes.partners.forgery import Letter, payload_mail
from tests.fakes.world.clock import START

PORTS = Pair().municipal.ports
MOST_GROWTH = 2.3
"""How much dearer twice the input may be."""

NOISE = 0.02
"""Seconds of processor time that a mail of no size may cost on a busy machine."""

MOST_SECONDS = 0.5
"""Processor time that no mail of these may cost: ten times what the dearest took on a calm machine."""

Family = Callable[[int], bytes]


def _put(before: bytes, made: Callable[[int], bytes]) -> Family:
    """Return mails with something put before a closing tag of the envelope; its signature is then not valid."""
    return lambda n: payload_mail(Letter(), document(), lambda soap: soap.replace(before, made(n) + before, 1))


def _declared(count: int, prefix: int = 1) -> bytes:
    return b" ".join(b'xmlns:%s%d="u:%d"' % (b"p" * prefix, number, number) for number in range(count))


def _nested(depth: int, inside: bytes, attributes: bytes = b"") -> bytes:
    return b"<a %s>" % attributes * depth + inside + b"</a>" * depth


def _headed(lines: Callable[[int], bytes]) -> Family:
    return lambda n: lines(n) + payload_mail(Letter(), document())


def _parted(part: Callable[[int], bytes]) -> Family:
    end = b"--grense-1--"
    return lambda n: payload_mail(Letter(), document()).replace(end, part(n) + end)


HEADER, BODY, INFO = b"</SOAP:Header>", b"</SOAP:Body>", b"</ds:SignedInfo>"
NEXT = b'<a xmlns:S="%s" S:actor="%s"/>' % (c.SOAP.encode(), c.ACTOR_NEXT.encode())

FAMILIES: dict[str, tuple[Family, int]] = {
    "leaves": (_put(BODY, lambda n: b"<a>" + b"<b/>" * n + b"</a>"), 330),
    "leaves under declarations": (_put(BODY, lambda n: _nested(1, b"<b/>" * n, _declared(26))), 320),
    "declarations over leaves": (_put(BODY, lambda n: _nested(1, b"<b/>" * 1_200, _declared(n))), 6),
    "declarations inside one another": (_put(BODY, lambda n: _nested(n, b"<b/>" * 1_200, _declared(1))), 4),
    "long prefixes": (_put(BODY, lambda n: _nested(1, b"<b/>" * 1_200, _declared(20, n))), 12),
    "depth": (_put(BODY, lambda n: _nested(n, b"")), 4),
    "blocks in the header": (_put(HEADER, lambda n: b"<b/>" * n), 330),
    "blocks for the next hop": (_put(HEADER, lambda n: NEXT * n), 6),
    "references": (_put(INFO, lambda n: b'<ds:Reference URI="cid:a"/>' * n), 160),
    "party ids": (_put(b"</eb:From>", lambda n: b'<eb:PartyId eb:type="HER">1</eb:PartyId>' * n), 160),
    "attachments in the Manifest": (_put(b"</eb:Manifest>", lambda n: b'<eb:Reference xlink:href="cid:a"/>' * n), 160),
    "certificates": (_put(b"</ds:X509Data>", lambda n: b"<ds:X509Certificate>AAAA</ds:X509Certificate>" * n), 320),
    "text": (_put(BODY, lambda n: b"<a>" + b"x" * n + b"</a>"), 400_000),
    "character references": (_put(BODY, lambda n: b"<a>" + b"&#65;" * n + b"</a>"), 80_000),
    "comments": (_put(BODY, lambda n: b"<a>" + b"x<!--y-->" * n + b"</a>"), 330),
    "header lines": (_headed(lambda n: b"X-Line: x\r\n" * n), 60),
    "a long header line": (_headed(lambda n: b"X-Line: " + b"x" * n + b"\r\n"), 10_000),
    "parts": (_parted(lambda n: b"--grense-1\r\nContent-Type: text/plain\r\n\r\nx\r\n" * n), 12),
    "lines of base64": (
        _parted(lambda n: b"--grense-1\r\nContent-Transfer-Encoding: base64\r\n\r\n" + b"QUJD\r\n" * n),
        100_000,
    ),
    "soft line breaks": (
        _parted(lambda n: b"--grense-1\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n" + b"=\r\n" * n),
        200_000,
    ),
}


def grows_with_its_input(costs: Sequence[float]) -> bool:
    """Say whether twice the input is nowhere much more than twice as dear, and the largest not dear at all."""
    pairs = pairwise(costs)
    return all(larger <= MOST_GROWTH * smaller + NOISE for smaller, larger in pairs) and costs[-1] < MOST_SECONDS


@pytest.mark.parametrize("name", FAMILIES)
def test_twice_the_mail_costs_about_twice(name: str, record_property: Callable[[str, object], None]) -> None:
    """No family grows faster than its input, and none of its mails costs half a second."""
    family, n = FAMILIES[name]
    costs = least_costs(
        [partial(verdict_on, family(n * times), PORTS, START) for times in (1, 2, 4)], grows_with_its_input
    )
    record_property("milliseconds", [round(each * 1_000, 1) for each in costs])
    assert grows_with_its_input(costs), costs


def test_there_are_twenty_families() -> None:
    """The list is as long as it says."""
    assert len(FAMILIES) == 20
