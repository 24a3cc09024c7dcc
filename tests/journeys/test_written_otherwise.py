"""What partners write in another way than we do, and mean the same."""

from dataclasses import replace

import pytest

from engine.deviation.fields import FILE_NAME, MIME_TYPE
from engine.errors import EbxmlCode, Finding, Severity
from engine.names import HerId
from engine.payload.attachment import Attachment
from engine.records.log import TaskCause
from engine.records.messages import Kind
from engine.states.case import CaseState
from engine.states.delivery import DeliveryState
from engine.states.inbound import InboundState
from tests.fakes.engines.attaching import told
from tests.fakes.engines.reporting import case_of, report
from tests.fakes.partners.documents import apprec, reply
from tests.fakes.partners.forgery import Letter, acknowledgment_mail, altered, eb, error_mail, payload_mail, resigned
from tests.fakes.world.clock import FakeIds
from tests.fakes.world.parties import GP, GP_SERVICE, LEVANGER, LEVANGER_SERVICE
from tests.fakes.world.surroundings import DEVIATION

FROM_LEVANGER = Letter(LEVANGER_SERVICE, GP_SERVICE, LEVANGER, GP, message_id="signal-1")
FORMS = {
    "upper case": str.upper,
    "braces": lambda id: f"{{{id}}}",
    "upper case in braces": lambda id: f"{{{id.upper()}}}",
    "a URN": lambda id: f"urn:uuid:{id}",
}
WARNING = Finding("15", EbxmlCode.UNKNOWN, Severity.WARNING, "//Header", "Mind this.")
FOREIGN = DEVIATION.replace(b"<Kind>", b"<q:Kind xmlns:q='urn:q'/><Kind>", 1)


@pytest.fixture
async def sent(pair):
    """The delivery of a case of the GP's office to Levanger; nobody has acknowledged it."""
    pair.gp.ports = replace(pair.gp.ports, ids=FakeIds(0xABCDEF))
    await report(pair.gp, GP_SERVICE, LEVANGER_SERVICE)
    await pair.gp.work()
    pair.gp.sent.clear()
    (found,) = [row for row in await pair.gp.outbound() if row.kind is Kind.MELDING]
    return found


@pytest.mark.parametrize("write", FORMS.values(), ids=FORMS)
async def test_an_id_of_ours_is_known_in_whatever_form_it_comes_back(pair, sent, write):
    """Acknowledgment, AppRec and answer count where they give our UUIDs back in other letters."""
    letter = replace(FROM_LEVANGER, ref_to=write(sent.header.message_id))
    row = await pair.gp.take(acknowledgment_mail(letter, sent.reference_digests))
    assert (row.state, (await pair.gp.message(sent.id)).state) == ("KORRELERT", DeliveryState.TRANSPORTKVITTERT)
    receipt = apprec(write(sent.msg_id), LEVANGER_SERVICE, GP_SERVICE)
    row = await pair.gp.take(payload_mail(replace(letter, readable_by=GP, message_id="kvittering-1"), receipt))
    assert (row.state, (await pair.gp.message(sent.id)).state) == ("KORRELERT", DeliveryState.LEVERT)
    assert (await case_of(pair.gp, GP)).due is not None
    answer = reply(write(sent.msg_id), "svar-1")
    await pair.gp.take(payload_mail(replace(letter, readable_by=GP, message_id="svar-1", ref_to=None), answer))
    assert (await case_of(pair.gp, GP)).state is CaseState.SVAR_IKKE_VURDERT


async def test_an_apprec_that_fits_nothing_calls_a_person(pair, sent):
    """An AppRec about no message of ours moves nothing; a task says that a message may lack a receipt."""
    letter = replace(FROM_LEVANGER, readable_by=GP, message_id="kvittering-1")
    row = await pair.gp.take(payload_mail(letter, apprec("ukjent", LEVANGER_SERVICE, GP_SERVICE)))
    assert row.state is InboundState.UKORRELERT
    assert [task.cause for task in await pair.gp.tasks()] == [TaskCause.APPREC_FITS_NOTHING]
    assert await pair.gp.message(sent.id) == sent


async def test_a_warning_moves_nothing_with_its_attributes_written_without_a_prefix(pair, sent):
    """A MessageError that only warns is a Warning whether its attributes bear the ebXML prefix or none."""

    def bare(root):
        for element in root.iter(eb("ErrorList"), eb("Error")):
            for name in ("highestSeverity", "severity", "errorCode", "location"):
                if (value := element.attrib.pop(eb(name), None)) is not None:
                    element.set(name, value)

    mail = error_mail(replace(FROM_LEVANGER, ref_to=sent.header.message_id), WARNING)
    row = await pair.gp.take(altered(mail, lambda soap: resigned(soap, bare, LEVANGER)))
    assert (row.state, (await pair.gp.message(sent.id)).state) == ("KORRELERT", DeliveryState.SENDT)


@pytest.mark.parametrize("content", [FOREIGN, FOREIGN.replace(b"q:Kind", b"a:b"), b"<x", b"", b"\x00" * 40])
async def test_a_structured_attachment_that_cannot_be_read_stops_no_message(pair, content):
    """Whatever avvik.xml holds, the message gets its Acknowledgment and AppRec 1, and stands in the inbox."""
    file = Attachment(FILE_NAME, MIME_TYPE, content)
    written = reply("traad-1", "avvik-1", sender=GP_SERVICE, receiver=LEVANGER_SERVICE, attachments=[file])
    row = await pair.municipal.take(payload_mail(Letter(message_id="melding-1"), written))
    assert row.state is InboundState.LEVERT_INTERNT
    assert {each.kind for each in await pair.municipal.outbound()} == {Kind.KVITTERING, Kind.APPREC}
    assert (await told(pair.municipal))[0] == 1
    assert len(await pair.municipal.inbox(HerId(LEVANGER))) == 1
