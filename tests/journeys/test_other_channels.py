"""Cases that came by post, phone or a form: registered by a person, answered by a letter, never by mail."""

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest

from adapters.pdf.renderer import PdfPages
from engine.case.calendar import oslo_date
from engine.case.channel import Channel
from engine.casework import steps
from engine.casework.letters import read_letter
from engine.casework.originals import files_that_came, original
from engine.casework.reading import read_case
from engine.channels.registering import register_received
from engine.commit.actor import Person
from engine.deviation.fields import Answer
from engine.errors import Refused
from engine.names import OUTSIDE, HerId
from engine.operations.by_hand import deliver_otherwise
from engine.states.case import CaseState
from engine.states.role import Role
from tests.fakes.world.clock import START
from tests.fakes.world.files import PDF, PROGRAM
from tests.fakes.world.parties import GP_SERVICE, KARI, LEVANGER, LEVANGER_SERVICE, VERDAL_SERVICE

HANDLER = Person(Role.SAKSBEHANDLER, LEVANGER_SERVICE, "Siri Berg")
TODAY = oslo_date(START)
TOLD = ("Manglende epikrise", "Epikrisen kom ikke.")


class Pages:
    """Renders as in service, and remembers what was to stand on the pages."""

    said = ""

    def render(self, title, sections, made_at):
        """See the port."""
        self.said += repr((title, sections))
        return PdfPages().render(title, sections, made_at)


async def registered(pair, channel=Channel.POST, received=TODAY, **how):
    """Register a case that came from the GP."""
    files = how.pop("files", [("brev.pdf", PDF)])
    return await register_received(pair.municipal.ports, HANDLER, channel, received, GP_SERVICE, TOLD, files)


@pytest.mark.parametrize("channel", list(Channel))
async def test_a_case_counts_from_the_day_of_receipt(pair, channel):
    """It is in treatment at once with its files, its clock began when it came, and who treats it is called."""
    received = TODAY - timedelta(days=10)
    case = await registered(pair, channel, received)
    assert (case.state, case.channel, case.reporting) == (CaseState.UNDER_BEHANDLING, channel, False)
    assert (case.start, case.due, case.first_msg_id) == (received, received + timedelta(days=30), None)
    (task,) = await pair.municipal.tasks("saksbehandler")
    assert (task.subject, task.due) == (case.id, case.deadline)
    read = await read_case(pair.municipal.ports, HANDLER, case.number)
    assert (read.deviation.title, read.deviation.description, read.deviation.case_number) == (*TOLD, case.number)
    assert read.files == (("brev.pdf", "application/pdf"),)


async def test_a_case_that_came_late_is_called_for_again(pair):
    """One whose time is out when it is registered calls a person, and waits silently for nobody."""
    case = await registered(pair, received=TODAY - timedelta(days=100))
    assert case.deadline > pair.clock.now()
    pair.clock.set(case.deadline)
    await pair.municipal.work()
    causes = {task.cause for task in await pair.municipal.tasks("saksbehandler")}
    assert causes == {"UNDER_BEHANDLING", "deadline passed"}


async def test_the_answer_is_a_letter_and_never_a_mail(pair):
    """The answer is kept as a PDF with a task to send it; nothing is queued, and its delivery ends the task."""
    case = await registered(pair)
    pages = Pages()
    pair.municipal.ports = replace(pair.municipal.ports, pdf=pages)
    ports = pair.municipal.ports
    answered = await steps.answer(ports, HANDLER, case.number, Answer("Vi beklager.", "Feil", "Ny rutine"), final=True)
    assert answered.state is CaseState.BESVART
    await pair.settle()
    assert await pair.municipal.outbound() == []
    (letter,) = (await read_case(ports, HANDLER, case.number)).letters
    (task,) = [task for task in await pair.municipal.tasks("saksbehandler") if task.cause == "answer to send"]
    assert (task.subject, str(letter.id) in task.text, "post" in task.text) == (letter.id, True, True)
    pdf = await read_letter(ports, HANDLER, letter.id)
    for text in ("Vi beklager.", "Feil", "Ny rutine", case.number):
        assert text in pages.said
    assert pdf.startswith(b"%PDF-")
    pair.clock.advance(days=1)
    await deliver_otherwise(ports, KARI, letter.id, Channel.POST, TODAY + timedelta(days=1), "sendt")
    assert await pair.municipal.tasks("saksbehandler") == []
    (letter,) = (await read_case(ports, HANDLER, case.number)).letters
    assert letter.delivered_on == TODAY + timedelta(days=1)
    actions = [each.event.action for each in await ports.store.timeline(LEVANGER, case.id)]
    assert {"answer written", "looked at answer", "answer delivered"} <= set(actions)
    for on in (TODAY, TODAY + timedelta(days=9)):
        with pytest.raises(Refused, match=r"channel\.delivered_already"):
            await deliver_otherwise(ports, KARI, letter.id, Channel.POST, on, "sendt")


async def test_an_interim_answer_leaves_the_case_open(pair):
    """An interim answer is a letter of its own, and the final one another; the clock goes on between."""
    case = await registered(pair)
    ports = pair.municipal.ports
    interim = await steps.answer(ports, HANDLER, case.number, Answer("Vi ser på det."), final=False)
    assert (interim.state, interim.due) == (CaseState.UNDER_BEHANDLING, case.due)
    await steps.answer(ports, HANDLER, case.number, Answer("Ferdig."), final=True)
    assert len((await read_case(ports, HANDLER, case.number)).letters) == 2


async def test_no_message_can_go_in_such_a_case(pair):
    """It cannot be confirmed, answered with files, or answered with a national number; nothing is written then."""
    case = await registered(pair)
    ports = pair.municipal.ports
    with pytest.raises(Refused, match=r"case\.no_message_can_go"):
        await steps.confirm(ports, HANDLER, case.number)
    with pytest.raises(Refused, match=r"case\.letter_without_files"):
        await steps.answer(ports, HANDLER, case.number, Answer("Ja"), final=True, files=[("a.pdf", PDF)])
    with pytest.raises(Refused, match=r"case\.number_in_text.*Answer/Assessment"):
        await steps.answer(ports, HANDLER, case.number, Answer("15820250068"), final=True)
    with pytest.raises(Refused, match=r"case\.came_otherwise"):
        await original(ports, HANDLER, case.number, "lese")
    assert (await read_case(ports, HANDLER, case.number)).letters == ()


async def test_what_came_is_read_like_an_original(pair):
    """Files are for who treats the case, with a reason that is logged first; another enterprise has no such case."""
    case = await registered(pair)
    ports = pair.municipal.ports
    assert await files_that_came(ports, HANDLER, case.number, "lese brevet") == [("01-brev.pdf", PDF)]
    for who, told in (
        (Person(Role.SEKRETARIAT, LEVANGER, "Stein Lie"), r"case\.may_not.*read originals"),
        (Person(Role.SAKSBEHANDLER, VERDAL_SERVICE, "Siri Berg"), r"case\.not_found"),
    ):
        with pytest.raises(Refused, match=told):
            await files_that_came(ports, who, case.number, "lese")
    with pytest.raises(Refused, match=r"case\.no_reason"):
        await files_that_came(ports, HANDLER, case.number, "")
    actions = [each.event.action for each in await ports.store.timeline(LEVANGER, case.id)]
    assert actions.count("looked at original") == 1
    assert actions.count("original not shown") == 1


async def test_a_sender_without_a_her_id(pair):
    """A letter from somebody whom no register has is a case all the same; who it was stands in its text."""
    ports = pair.municipal.ports
    case = await register_received(ports, HANDLER, Channel.POST, TODAY, OUTSIDE, TOLD)
    assert (case.their_her, case.due) == (OUTSIDE, TODAY + timedelta(days=30))
    assert (await steps.answer(ports, HANDLER, case.number, Answer("Ja"), final=True)).state is CaseState.BESVART


WRONG = [
    ({"received": TODAY + timedelta(days=1)}, r"channel\.day_not_come"),
    ({"sender": HerId("999")}, r"channel\.no_such_sender"),
    ({"told": ("Tittel", "Gjelder 15820250068")}, r"case\.number_in_text"),
    ({"told": ("", "Tekst")}, r"deviation\.missing.*Title"),
    ({"told": ("Tittel", "a\x00")}, r"document\.not_writable"),
    ({"files": [("brev.pdf", PROGRAM)]}, "brev.pdf"),
    ({"who": Person(Role.MELDER, LEVANGER_SERVICE, "Mette Moe")}, r"case\.may_not"),
    ({"who": Person(Role.SAKSBEHANDLER, GP_SERVICE, "Siri Berg")}, r"party\.not_served"),
]


@pytest.mark.parametrize(("change", "told"), WRONG, ids=range(len(WRONG)))
async def test_a_case_that_cannot_be_registered(pair, change, told):
    """What cannot be a case is refused with a sentence, and no number is used."""
    said = {"who": HANDLER, "received": TODAY, "sender": GP_SERVICE, "told": TOLD, "files": []} | change
    with pytest.raises(Refused, match=told):
        await register_received(
            pair.municipal.ports,
            said["who"],
            Channel.PHONE,
            said["received"],
            said["sender"],
            said["told"],
            said["files"],
        )
    assert await pair.municipal.ports.store.list_cases(LEVANGER) == []
    assert (await registered(pair)).number == "AVVIK-2026-000001"


async def test_a_letter_of_another_enterprise_is_nothing(pair):
    """Who may not see the case may not read its answer either, nor one that is not there."""
    case = await registered(pair)
    await steps.answer(pair.municipal.ports, HANDLER, case.number, Answer("Ja"), final=True)
    (letter,) = (await read_case(pair.municipal.ports, HANDLER, case.number)).letters
    for who, id in (
        (Person(Role.SAKSBEHANDLER, VERDAL_SERVICE, "Siri Berg"), letter.id),
        (Person(Role.DRIFT, LEVANGER, "Dag Dahl"), letter.id),
        (HANDLER, UUID(int=9)),
    ):
        with pytest.raises(Refused):
            await read_letter(pair.municipal.ports, who, id)
