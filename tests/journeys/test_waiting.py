"""Mails that cannot be decided now, or by nobody but a person: waiting, quarantine, release and discard."""

from datetime import timedelta

import pytest

from engine.agreements.purpose import Purpose
from engine.codes.mail import MailCode
from engine.codes.xml import XmlCode
from engine.errors import Refused
from engine.operations.by_hand import cancel, release
from engine.records.work import WorkKind
from engine.register.parties_file import registry_from
from engine.states.inbound import InboundState
from tests.fakes.partners.documents import document
from tests.fakes.partners.forgery import Letter, mail_of, payload_mail
from tests.fakes.store.due_work import next_due
from tests.fakes.world.clock import START
from tests.fakes.world.parties import KARI, STRANGER, inline, registry, table, test_keys

GENUINE = payload_mail(Letter(), document())


def with_stranger():
    """Return a register that holds one enterprise more."""
    changed = table()
    held = [inline(test_keys().der(STRANGER, purpose), purpose) for purpose in Purpose]
    changed["party"].append(
        {
            "her": STRANGER,
            "name": "Ny part",
            "kind": "enterprise",
            "edi_address": "ny@example.test",
            "certificates": held,
        }
    )
    return registry_from(changed)


async def test_a_message_older_than_the_ledgers_memory_waits_for_an_operator(pair):
    """Duplicates of a message from before the ledger's memory could not be told, so a person decides."""
    letter = Letter(at=START - timedelta(days=401))
    row = await pair.municipal.take(payload_mail(letter, document()))
    assert row.state is InboundState.KARANTENE
    assert row.reason == 'inbound.too_old {"days": "400"}'
    assert await pair.municipal.outbound() == []


async def test_a_mail_waits_while_revocation_is_out_of_reach_and_is_taken_later(pair):
    """An unreachable revocation list is a waiting state with a task, no rejection; it resolves by itself."""
    side = pair.municipal
    pair.revocation.silent = True
    row = await side.take(GENUINE)
    assert (row.state, bool(row.deadline), await side.outbound()) == (InboundState.VENTER, True, [])
    assert [task.cause for task in await side.tasks()] == ["VENTER"]
    pair.revocation.silent = False
    pair.clock.advance(minutes=5)
    await side.work()
    assert (await side.mail(row.id)).state is InboundState.LEVERT_INTERNT
    assert await side.tasks() == []


async def test_a_waiting_mail_is_tried_less_and_less_often(pair):
    """While something stays out of reach, the pauses grow, and the deadline of the first wait stands."""
    side = pair.municipal
    pair.revocation.silent = True
    row = await side.take(GENUINE)
    pauses = []
    for _ in range(8):
        due = await next_due(side.ports.store, list(WorkKind))
        pauses.append(due - pair.clock.now())
        pair.clock.set(due)
        await side.work()
    assert pauses == [timedelta(minutes=5)] * 3 + [timedelta(minutes=15)] * 3 + [timedelta(hours=1)] * 2
    assert (await side.mail(row.id)).deadline == row.deadline
    assert len(await side.tasks()) == 1


async def test_a_refused_message_is_taken_after_the_register_was_corrected(pair):
    """Once the sender's certificate is imported, an operator releases the mail and it is delivered."""
    side = pair.municipal
    letter = Letter(sender=STRANGER, signer=STRANGER)
    row = await side.take(payload_mail(letter, document(STRANGER)))
    assert row.state is InboundState.KARANTENE
    pair.use(with_stranger())
    assert await release(side.ports, KARI, row.id, "registeret er rettet") == InboundState.MOTTATT
    await side.work()
    assert (await side.mail(row.id)).state is InboundState.LEVERT_INTERNT
    assert await side.tasks() == []


async def test_a_message_refused_at_transport_can_be_released_too(pair):
    """A message that was refused for a certificate missing in the register is taken once it is there."""
    side = pair.municipal
    row = await side.take(payload_mail(Letter(signer=STRANGER), document()))
    assert row.state is InboundState.AVVIST_TRANSPORT
    held = [inline(test_keys().der(STRANGER, purpose), purpose) for purpose in Purpose]
    pair.use(registry(her_8090300={"certificates": held}))
    await release(side.ports, KARI, row.id, "sertifikatet er registrert")
    await side.work()
    assert (await side.mail(row.id)).state is InboundState.LEVERT_INTERNT


async def test_a_mail_in_quarantine_can_be_thrown_away_with_a_reason(pair):
    """Cancel discards a quarantined mail, closes its task and keeps the row with the reason."""
    side = pair.municipal
    row = await side.take(b"no mail at all")
    assert await cancel(side.ports, KARI, row.id, "søppel") == InboundState.FORKASTET
    found = await side.mail(row.id)
    assert (found.state, found.reason, await side.tasks()) == (InboundState.FORKASTET, "søppel", [])
    with pytest.raises(Refused):
        await release(side.ports, KARI, row.id, "angret")


NOT_EBXML = {
    "no bytes": (b"", MailCode.NO_CONTENT_TYPE),
    "no mail": (b"Hei, hvordan gaar det?", MailCode.NO_CONTENT_TYPE),
    "an ordinary mail": (b"Content-Type: text/plain\r\n\r\nHei", MailCode.NOT_MULTIPART),
    "a bounce": (b'Content-Type: multipart/report; boundary="b"\r\n\r\n--b\r\n\r\n--b--', MailCode.NOT_MULTIPART),
    "no boundary": (b"Content-Type: multipart/related\r\n\r\n", MailCode.NO_BOUNDARY),
    "no parts": (b'Content-Type: multipart/related; boundary="b"\r\n\r\nintet', MailCode.NO_PARTS),
    "no XML": (mail_of(b"<unfinished", {}), XmlCode.NOT_WELL_FORMED),
    "a document type": (mail_of(b"<!DOCTYPE x [<!ENTITY e 'e'>]><x>&e;</x>", {}), XmlCode.DTD),
    "another XML": (mail_of(b"<x/>", {}), MailCode.NOT_AN_ENVELOPE),
    "SOAP without ebXML": (
        mail_of(b'<e:Envelope xmlns:e="http://schemas.xmlsoap.org/soap/envelope/"/>', {}),
        MailCode.NOT_AN_ENVELOPE,
    ),
}


@pytest.mark.parametrize(("mail", "reason"), NOT_EBXML.values(), ids=NOT_EBXML)
async def test_what_is_no_ebxml_is_quarantined_with_its_reason_and_never_answered(pair, mail, reason):
    """Unreadable mail is kept whole, says why, calls a person, and gets no answer."""
    side = pair.municipal
    row = await side.take(mail)
    assert row.state is InboundState.KARANTENE
    assert reason in row.reason
    assert side.ports.store.tables.inbound[row.id][1] == mail
    assert [task.latest for task in await side.tasks()] == [row.id]
    assert await side.outbound() == []


async def test_a_mail_that_waits_in_vain_ends_in_quarantine(pair):
    """When every try within a day has failed, the mail goes to quarantine with what it waited for."""
    side = pair.municipal
    pair.revocation.silent = True
    row = await side.take(GENUINE)
    while due := await next_due(side.ports.store, [WorkKind.MOTTA]):
        pair.clock.set(due)
        await side.work(WorkKind.MOTTA)
    found = await side.mail(row.id)
    assert found.state is InboundState.KARANTENE
    assert "out of reach" in found.reason
    assert [task.cause for task in await side.tasks()] == ["KARANTENE"]
    pair.revocation.silent = False
    await release(side.ports, KARI, row.id, "listen er tilbake")
    await side.work()
    assert (await side.mail(row.id)).state is InboundState.LEVERT_INTERNT
