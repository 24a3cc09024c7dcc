"""A partner's number for a case stands in clear and goes out again only where it is plainly a code."""

from dataclasses import replace
from uuid import UUID

import pytest

from engine.case.record import Case
from engine.casework import steps
from engine.deviation.fields import FILE_NAME, MIME_TYPE, Answer
from engine.deviation.follow_up import FOLLOW_UP_FILE, FollowUp, FollowUpKind, follow_up_in, write_follow_up
from engine.deviation.text import notat_of
from engine.deviation.xml import read_deviation, write_deviation
from engine.names import MsgId
from engine.payload.attachment import Attachment
from engine.payload.msghead import build_msghead, read_msghead
from tests.fakes.engines.history import HANDLER, begin, our_case
from tests.fakes.engines.pair import Pair
from tests.fakes.engines.reporting import case_of, sent_documents
from tests.fakes.partners.documents import party, reply
from tests.fakes.partners.forgery import Letter, payload_mail
from tests.fakes.world.clock import START
from tests.fakes.world.parties import GP, GP_SERVICE, LEVANGER, LEVANGER_SERVICE
from tests.fakes.world.surroundings import CARRIERS, DEVIATION

FREE = [
    "Ola Nordmann 17",
    "15820250068",
    "158202-50068",
    "158202.50068",
    "Ola-Nordmann",
    "a" * 40 + "1",
    "AVVIK 2026/17",
    "2026/17\n",
    "\u0661\u0665",
    "x\u200b1",
]
CODES = ["AVVIK-2026-000042", "2026/1234", "S_17.b", "7", "ÆØÅ-1", "a" * 39 + "1"]


async def received(pair: Pair, number: str) -> Case:
    """Let the GP's engine report a deviation under a number of its own; return the municipality's case."""
    deviation = replace(read_deviation(DEVIATION), case_number=number)
    written = build_msghead(
        CARRIERS["samvik-1"],
        msg_id=MsgId(str(UUID(int=1, version=4))),
        gen_date=START,
        sender=party(GP_SERVICE),
        receiver=party(LEVANGER_SERVICE),
        conversation=None,
        notat=notat_of(deviation, "nb"),
        attachments=[Attachment(FILE_NAME, MIME_TYPE, write_deviation(deviation))],
        test=True,
    )
    await pair.municipal.take(payload_mail(Letter(), written))
    return await case_of(pair.municipal, LEVANGER)


@pytest.mark.parametrize("number", FREE)
async def test_a_number_that_is_no_code_stays_in_the_content(pair: Pair, number: str) -> None:
    """Names, blanks and national numbers are in no row, and what we send names our own number instead."""
    case = await received(pair, number)
    assert case.partner_number == ""
    _, content = pair.municipal.ports.store.tables.cases[case.id]
    assert read_deviation(content).case_number == number
    await steps.answer(pair.municipal.ports, HANDLER, case.number, Answer("Vi beklager."), final=True)
    ((_, sent),) = await sent_documents(pair.municipal)
    head = read_msghead(sent)
    follow_up = follow_up_in(head.attachments)
    assert follow_up is not None
    assert follow_up.case_number == case.number
    assert head.dialog.tema.endswith(case.number)
    assert number.strip().encode() not in sent


@pytest.mark.parametrize("number", CODES)
async def test_a_code_is_kept_and_named(pair: Pair, number: str) -> None:
    """What a case system would call a case is shown, and named in what we send."""
    case = await received(pair, number)
    assert case.partner_number == number
    await steps.answer(pair.municipal.ports, HANDLER, case.number, Answer("Vi beklager."), final=True)
    ((_, sent),) = await sent_documents(pair.municipal)
    assert read_msghead(sent).dialog.tema.endswith(number)


@pytest.mark.parametrize("number", FREE[:3])
async def test_the_number_in_a_follow_up_is_in_no_row(pair: Pair, number: str) -> None:
    """What an answer calls the case is read by whoever may read the document, and by nobody else."""
    await begin(pair)
    await pair.settle()
    ours = await our_case(pair)
    follow_up = FollowUp(FollowUpKind.SVAR, number, "Saksbehandling", "", Answer("Vi beklager."))
    file = Attachment(FOLLOW_UP_FILE, MIME_TYPE, write_follow_up(follow_up))
    written = reply(str(ours.first_msg_id), str(UUID(int=2, version=4)), attachments=[file])
    letter = Letter(sender=LEVANGER, receiver=GP, signer=LEVANGER, readable_by=GP, at=pair.clock.now())
    await pair.gp.take(payload_mail(letter, written))
    tables = pair.gp.ports.store.tables
    rows = [tables.events, tables.tasks, [case for case, _ in tables.cases.values()]]
    assert str((await our_case(pair)).state) == "BESVART"
    assert number not in repr(rows)
