"""Files and the virus scanner: what is infected goes nowhere, and what nobody could look at waits."""

import base64
from collections.abc import AsyncIterator
from dataclasses import replace

import pytest

from adapters.virus.clamd import ClamdScanner
from engine.casework import steps
from engine.deviation.fields import Answer
from engine.errors import Refused
from engine.payload.attachment import Attachment
from engine.record_system.taking import take_word
from engine.states.case import CaseState
from engine.states.inbound import InboundState
from tests.fakes.engines.attaching import FILES, HANDLER, SECRET, letter, sent_with, told
from tests.fakes.engines.reporting import case_of
from tests.fakes.partners.documents import reply
from tests.fakes.partners.forgery import Letter, payload_mail
from tests.fakes.servers.clamd import Clamd, clamd
from tests.fakes.world.files import EICAR, PDF, VIRUS_NAME
from tests.fakes.world.parties import GP, GP_SERVICE, LEVANGER, LEVANGER_SERVICE


@pytest.fixture
async def scanner(pair) -> AsyncIterator[Clamd]:
    """Give both engines a scanner."""
    async with clamd() as server:
        for side in (pair.municipal, pair.gp):
            side.ports = replace(side.ports, scanner=ClamdScanner(server.address, 20.0))
        yield server


INFECTED = Attachment(f"{SECRET}.pdf", "application/pdf", PDF + EICAR)


async def test_clean_files_pass_the_scanner_on_both_sides(pair, scanner):
    """Each file is looked at when it is attached and when it comes; a clean message is delivered as ever."""
    assert (await sent_with(pair, FILES)).state is CaseState.LEVERT
    for _, content in FILES:
        assert scanner.seen.count(content) == 2


async def test_an_infected_file_is_refused_to_the_sender_and_never_delivered(pair, scanner):
    """AppRec 2 names the file; our own log does not. The mail is kept, encrypted, and a person is called."""
    side = pair.municipal
    row = await side.take(letter(Attachment("a.pdf", "application/pdf", PDF), INFECTED))
    assert row.state is InboundState.AVVIST_APP
    words = f"Vedlegg 2, {SECRET}.pdf, har virus ({VIRUS_NAME}). Meldingen er ikke levert. (/MsgHead/Document[3])"
    assert await told(side) == (2, [("X99", words)])
    assert await side.inbox(LEVANGER) == []
    (task,) = await side.tasks()
    assert (task.cause, VIRUS_NAME in task.text) == ("infected", True)
    events = [each.event for each in await side.ports.store.timeline(LEVANGER, row.id)]
    assert VIRUS_NAME in row.reason
    assert SECRET not in repr((row, task, events))
    assert side.ports.store.tables.inbound[row.id][1] == letter(Attachment("a.pdf", "application/pdf", PDF), INFECTED)


async def test_the_same_document_without_the_virus_is_taken(pair, scanner):
    """A refused document leaves no claim: cleaned, it comes under the same MsgId and is delivered."""
    side = pair.municipal
    await side.take(letter(INFECTED))
    row = await side.take(letter(replace(INFECTED, content=PDF), number=2))
    assert row.state is InboundState.LEVERT_INTERNT


async def test_a_message_waits_while_the_scanner_is_down(pair, scanner):
    """Nothing is answered and nothing lost: the mail waits with a task, and is delivered when the scanner is back."""
    side = pair.municipal
    await scanner.stop()
    row = await side.take(letter(Attachment("a.pdf", "application/pdf", PDF)))
    assert (row.state, await side.outbound(), await side.inbox(LEVANGER)) == (InboundState.VENTER, [], [])
    assert [task.cause for task in await side.tasks()] == ["VENTER"]
    await scanner.start()
    side.ports = replace(side.ports, scanner=ClamdScanner(scanner.address, 20.0))
    pair.clock.advance(minutes=5)
    await side.work()
    assert (await side.mail(row.id)).state is InboundState.LEVERT_INTERNT
    assert await side.tasks() == []


async def test_what_has_no_files_does_not_wait_for_the_scanner(pair, scanner):
    """A message of text alone, a receipt, and a copy of what was taken before need no scanner."""
    side = pair.municipal
    with_file = letter(Attachment("a.pdf", "application/pdf", PDF))
    assert (await side.take(with_file)).state is InboundState.LEVERT_INTERNT
    await scanner.stop()
    assert (await side.take(letter(msg_id="svar-2", number=2))).state is InboundState.LEVERT_INTERNT
    pair.clock.advance(minutes=11)
    assert (await side.take(with_file)).state is InboundState.DUPLIKAT


async def test_nobody_scans_what_no_verified_sender_wrote(pair, scanner):
    """A message whose signature fails is decrypted by nobody, so that no scanner sees it."""
    written = reply("traad-1", sender=GP_SERVICE, receiver=LEVANGER_SERVICE, attachments=[INFECTED])
    forged = payload_mail(Letter(signer=LEVANGER), written)
    assert (await pair.municipal.take(forged)).state is InboundState.AVVIST_TRANSPORT
    assert scanner.seen == []


async def test_an_infected_file_is_not_sent(pair, scanner):
    """The caller is told the file and the virus; no draft is opened, no answer queued, nothing on its way."""
    words = rf"file\.infected .*{SECRET}\.pdf.*{VIRUS_NAME}"
    files = [(INFECTED.name, INFECTED.content)]
    with pytest.raises(Refused, match=words):
        await sent_with(pair, files)
    await sent_with(pair, [])
    before = len(await pair.municipal.outbound())
    theirs = await case_of(pair.municipal, LEVANGER)
    with pytest.raises(Refused, match=words):
        await steps.answer(pair.municipal.ports, HANDLER, theirs.number, Answer("Se fil."), final=True, files=files)
    assert len(await pair.municipal.outbound()) == before


async def test_nothing_is_sent_unscanned(pair, scanner):
    """While the scanner is out of reach whoever sends a file is told what to do; what has no file goes."""
    await scanner.stop()
    with pytest.raises(Refused, match=r"file\.no_scanner"):
        await sent_with(pair, FILES)
    assert (await sent_with(pair, [])).state is CaseState.SENDES
    assert [row.state for row in await pair.municipal.inbound()] == [InboundState.VENTER]


async def test_a_record_systems_file_is_scanned_too(pair, scanner):
    """An infected file in a reply of the record system is refused by its number: the sentence is kept in clear."""
    await sent_with(pair, [])
    conversation = str((await case_of(pair.gp, GP)).first_msg_id)
    with pytest.raises(Refused, match=rf"file\.infected_number.*{VIRUS_NAME}") as caught:
        await take_word(pair.municipal.ports, LEVANGER_SERVICE, reply(conversation, attachments=[INFECTED]))
    assert SECRET not in str(caught.value)


def _pointing_elsewhere_too() -> bytes:
    text = reply("traad-1", "svar-1", sender=GP_SERVICE, receiver=LEVANGER_SERVICE, attachments=[INFECTED])
    return text.replace(
        b"</Content></RefDoc></Document></", b"</Content><FileReference>x</FileReference></RefDoc></Document></"
    )


def _in_a_wrapper() -> bytes:
    text = reply("traad-1", "svar-1", sender=GP_SERVICE, receiver=LEVANGER_SERVICE)
    hidden = (
        b'<x:Wrap xmlns:x="urn:annen"><Document xmlns="http://www.kith.no/xmlstds/msghead/2006-05-24"><RefDoc><Content>'
        b'<Base64Container xmlns="http://www.kith.no/xmlstds/base64container">'
        + base64.b64encode(EICAR)
        + b"</Base64Container></Content></RefDoc></Document></x:Wrap>"
    )
    head, _, tail = text.rpartition(b"</")
    return head + hidden + b"</" + tail


@pytest.mark.parametrize("written", [_pointing_elsewhere_too(), _in_a_wrapper()], ids=["pointing", "wrapped"])
async def test_no_file_is_delivered_that_the_scanner_has_not_seen(pair, scanner, written):
    """A file beside an address, or in an element that nobody reads, is refused with the message that holds it."""
    side = pair.municipal
    row = await side.take(payload_mail(Letter(), written))
    assert row.state is InboundState.AVVIST_APP
    assert await side.inbox(LEVANGER) == []
