"""Times that XML Schema allows but nobody expects: read rightly or refused in one sentence, and never left waiting."""

import re

import pytest
from lxml import etree

from engine.deviation.fields import FILE_NAME, MIME_TYPE
from engine.deviation.text import notat_of
from engine.deviation.xml import read_deviation, write_deviation
from engine.payload.attachment import Attachment
from engine.records.messages import Kind
from engine.schemas import DocumentKind
from engine.states.delivery import DeliveryState
from engine.states.inbound import InboundState
from tests.fakes.engines.pair import Pair
from tests.fakes.partners.documents import apprec, document
from tests.fakes.partners.forgery import Letter, altered, eb, payload_mail, resigned
from tests.fakes.world.parties import GP, GP_SERVICE, LEVANGER, LEVANGER_SERVICE, with_terms
from tests.fakes.world.surroundings import DEVIATION, SCHEMAS

READ = {
    "offset of 14 hours": "2026-03-02T23:15:30+14:00",
    "offset of -14 hours": "2026-03-01T10:15:30-14:00",
    "negative zero offset": "2026-03-02T10:15:30-00:00",
    "the end of a day": "2026-03-01T24:00:00+01:00",
    "the end of a day, 25 zeros": f"2026-03-01T24:00:00.{'0' * 25}Z",
    "the end of a month without zone": "2026-02-28T24:00:00",
    "one digit": "2026-03-02T10:15:30.5Z",
    "25 digits": f"2026-03-02T10:15:30.{'1' * 25}Z",
    "5 000 digits": f"2026-03-02T10:15:30.{'9' * 5_000}Z",
    "white space": b"\\n\\t 2026-03-02T10:15:30Z \\r\\n".decode("unicode_escape"),
    "an hour that Oslo has not": "2026-03-29T02:30:00",
    "an hour that Oslo has twice": "2025-10-26T02:30:00",
    "before Norway had a zone": "1890-06-01T00:00:00",
    "the first moment": "0001-01-01T00:00:00Z",
    "the last moment": "9999-12-31T23:59:59Z",
    "the last moment in Oslo": "9999-12-31T23:59:59",
}
"""What every place in a document may hold, and is read."""

REFUSED = {
    "year 10 000": "10000-01-01T00:00:00Z",
    "year 12 026": "12026-11-20T10:15:30+01:00",
    "before our era": "-0044-03-15T12:00:00Z",
    "before the first moment": "0001-01-01T00:00:00+14:00",
    "before the first moment, in Oslo": "0001-01-01T00:00:00",
    "after the last moment": "9999-12-31T23:59:59-14:00",
    "the end of the last day": "9999-12-31T24:00:00Z",
}
"""What XML Schema allows and no calendar of ours has."""

ALMOST = {
    "offset over 14 hours": "2026-03-02T10:15:30+14:01",
    "offset of 23 hours": "2026-03-02T10:15:30-23:59",
}
"""What XML Schema refuses, and who is lenient reads."""

VERSIONS = {
    "none, which is the fixed value": "",
    "a comment before it": "<!-- x -->v1.2 2006-05-24",
    "a comment in it": "v1.2<!-- x --> 2006-05-24",
    "an instruction in it": "v1.2 <?x y?>2006-05-24",
    "characters by number": "v1&#46;2&#x20;2006-05-24",
    "CDATA": "<![CDATA[v1.2 2006-05-24]]>",
}
"""How a MIGversion may be written: XML Schema gives an empty element its fixed value (part 1, 3.3.4)."""


WITH_TIME = DEVIATION.replace(b"<On>2026-11-13</On>", b"<At>2026-11-13T10:00:00Z</At>")


def put(data: bytes, name: str, text: str) -> bytes:
    """Return a document with another text in one element."""
    changed, count = re.subn(rf"<{name}>[^<]*<".encode(), f"<{name}>{text}<".encode(), data, count=1)
    assert count == 1
    return changed


@pytest.mark.parametrize("strict", [False, True])
@pytest.mark.parametrize("text", [*READ.values(), *ALMOST.values()], ids=[*READ, *ALMOST])
async def test_an_odd_time_of_a_document_is_read(text: str, strict: bool) -> None:
    """The document is taken and answered with AppRec 1, whose own times its schema accepts."""
    pair = Pair(with_terms(check_schema=strict))
    mail = await pair.municipal.take(payload_mail(Letter(), put(document(), "GenDate", text)))
    refused = strict and text in ALMOST.values()
    assert mail.state is (InboundState.AVVIST_APP if refused else InboundState.LEVERT_INTERNT), mail.reason
    assert [row.kind for row in await pair.municipal.outbound()] == [Kind.KVITTERING, Kind.APPREC]


@pytest.mark.parametrize("text", REFUSED.values(), ids=REFUSED)
async def test_a_time_that_no_calendar_has_is_refused_as_that(text: str) -> None:
    """AppRec 2 says that the time lies outside the years that we read, not that it is no time."""
    pair = Pair()
    mail = await pair.municipal.take(payload_mail(Letter(), put(document(), "GenDate", text)))
    assert mail.state is InboundState.AVVIST_APP
    assert "document.time_out_of_range" in mail.reason
    assert [row.kind for row in await pair.municipal.outbound()] == [Kind.KVITTERING, Kind.APPREC]


@pytest.mark.parametrize("text", [*READ.values(), *ALMOST.values()], ids=[*READ, *ALMOST])
async def test_an_odd_time_of_a_receipt_is_read(text: str) -> None:
    """An AppRec 1 with such a time delivers our message, whatever it says of when."""
    pair = Pair()
    sent = await pair.submit(GP_SERVICE, LEVANGER_SERVICE)
    await pair.gp.work()
    data = put(apprec(str(sent.msg_id), LEVANGER_SERVICE, GP_SERVICE), "GenDate", text)
    mail = await pair.gp.take(payload_mail(Letter(LEVANGER_SERVICE, GP_SERVICE, LEVANGER, GP), data))
    assert mail.state is InboundState.KORRELERT, mail.reason
    assert (await pair.gp.message(sent.id)).state is DeliveryState.LEVERT


@pytest.mark.parametrize("strict", [False, True])
@pytest.mark.parametrize("text", VERSIONS.values(), ids=VERSIONS)
async def test_a_version_is_read_however_it_is_written(text: str, strict: bool) -> None:
    """The document is taken and answered with AppRec 1."""
    pair = Pair(with_terms(check_schema=strict))
    mail = await pair.municipal.take(payload_mail(Letter(), put(document(), "MIGversion", text)))
    assert mail.state is InboundState.LEVERT_INTERNT, mail.reason


@pytest.mark.parametrize("text", ["v1.1 2005-01-01", "1.2", "V1.2 2006-05-24", "v1.2"])
async def test_another_version_is_refused_as_that(text: str) -> None:
    """AppRec 2 says which version we read."""
    pair = Pair()
    mail = await pair.municipal.take(payload_mail(Letter(), put(document(), "MIGversion", text)))
    assert mail.state is InboundState.AVVIST_APP
    assert "document.other_version" in mail.reason
    assert [row.kind for row in await pair.municipal.outbound()] == [Kind.KVITTERING, Kind.APPREC]


@pytest.mark.parametrize("text", [*READ.values(), *REFUSED.values()], ids=[*READ, *REFUSED])
@pytest.mark.parametrize("place", ["At", "SentAt"])
async def test_an_odd_time_in_a_deviation_stops_no_message(place: str, text: str) -> None:
    """A verified deviation with such a time is taken and answered, as structure or as text alone."""
    data = put(WITH_TIME, place, text)
    mail = payload_mail(Letter(), document(attachments=(Attachment(FILE_NAME, MIME_TYPE, data),)))
    pair = Pair()
    taken = await pair.municipal.take(mail)
    assert taken.state in {InboundState.LEVERT_INTERNT, InboundState.AVVIST_APP}, taken.reason
    assert [row.kind for row in await pair.municipal.outbound()] == [Kind.KVITTERING, Kind.APPREC]


@pytest.mark.parametrize("text", READ.values(), ids=READ)
@pytest.mark.parametrize("place", ["At", "SentAt"])
def test_an_odd_time_in_a_deviation_can_be_shown(place: str, text: str) -> None:
    """Whoever looks at the case reads it, in each language, and what we write of it the schema accepts."""
    if not re.search(r"Z|[+-]\d\d:\d\d\s*$", text):
        text += "Z"  # our own schema wants a zone
    found = read_deviation(put(WITH_TIME, place, text))
    assert all(notat_of(found, language).text for language in ("nb", "nn", "en"))
    assert SCHEMAS.check(DocumentKind.DEVIATION, write_deviation(found)) == []


def stamped(text: str, data: bytes) -> bytes:
    """Return a verified mail of the GP's whose envelope has this Timestamp."""

    def change(root: etree._Element) -> None:
        next(root.iter(eb("Timestamp"))).text = text

    return altered(payload_mail(Letter(), data), lambda soap: resigned(soap, change))


STAMPS = {
    "no zone, now": ("2026-03-02T09:00:00", InboundState.LEVERT_INTERNT),
    "no zone, two days ahead": ("2026-03-04T12:00:00", InboundState.AVVIST_TRANSPORT),
    "no zone, long ago": ("2020-03-02T09:00:00", InboundState.KARANTENE),
    "year 10 000": ("10000-01-01T00:00:00Z", InboundState.AVVIST_TRANSPORT),
    "the end of the last day": ("9999-12-31T24:00:00Z", InboundState.AVVIST_TRANSPORT),
    "before our era": ("-0044-03-15T12:00:00Z", InboundState.KARANTENE),
    "before the first moment": ("0001-01-01T00:00:00+14:00", InboundState.KARANTENE),
}
"""When an envelope says that it was written, and what becomes of it: the bounds of days hold for every form."""


@pytest.mark.parametrize(("text", "state"), STAMPS.values(), ids=STAMPS)
async def test_no_form_of_a_timestamp_passes_its_bounds(text: str, state: InboundState) -> None:
    """A message from another day is refused or set aside, though its Timestamp has no zone or no year of ours."""
    assert (await Pair().municipal.take(stamped(text, document()))).state is state


@pytest.mark.parametrize("text", ["2026-03-02T09:00:00", "2026-03-02T09:00:00Z", "i dag", "2026-03-02"])
async def test_a_document_without_a_time_is_answered_by_the_envelope_s(text: str) -> None:
    """A GenDate that cannot be read is refused with AppRec 2, whatever the envelope says of its own time."""
    pair = Pair()
    mail = await pair.municipal.take(stamped(text, put(document(), "GenDate", "i dag")))
    assert mail.state is InboundState.AVVIST_APP, mail.reason
    assert [row.kind for row in await pair.municipal.outbound()] == [Kind.KVITTERING, Kind.APPREC]
