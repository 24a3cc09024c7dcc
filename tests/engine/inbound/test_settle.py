"""How a mail leaves its state: deadlines, tasks and waits, decided without a database."""

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest

from engine.commit.mail import Outcome
from engine.errors import OwnFault
from engine.inbound.settle import conclude, deadly, failed, settle
from engine.names import OPERATOR
from engine.records.log import TaskCause
from engine.records.work import Work, WorkKind
from engine.states.inbound import InboundEvent, InboundState
from engine.states.role import Role
from tests.fakes.decisions.verdicts import HEADER, waiting_mail
from tests.fakes.world.clock import START
from tests.fakes.world.parties import LEVANGER

WAITS = Outcome(OPERATOR, InboundEvent.POSTPONED, "inbound.waits")


def work(kind: WorkKind = WorkKind.MOTTA, attempts: int = 0, deaths: int = 0) -> Work:
    """Return a piece of work."""
    return Work(kind, OPERATOR, UUID(int=1), "", START, attempts, UUID(int=2), deaths)


def test_a_mail_becomes_its_owners_with_what_it_is():
    """A stored mail has its owner, header and kind, waits for nobody and calls nobody."""
    settled = settle(waiting_mail(), Outcome(LEVANGER, InboundEvent.STORED, "note", HEADER), START)
    assert (settled.mail.state, settled.mail.owner, settled.mail.header) == (
        InboundState.LEVERT_INTERNT,
        LEVANGER,
        HEADER,
    )
    assert (settled.mail.deadline, settled.task, settled.look_at) == (None, None, None)
    assert settled.line.data == {"state": InboundState.LEVERT_INTERNT, "reason": "note"}


@pytest.mark.parametrize(
    ("event", "code"),
    [(InboundEvent.UNREADABLE, "inbound.quarantined"), (InboundEvent.POSTPONED, "inbound.waits")],
)
def test_what_needs_a_person_calls_one_for_a_day(event: InboundEvent, code: str):
    """Quarantine and waiting call operations, with a day to act."""
    settled = settle(waiting_mail(), Outcome(LEVANGER, event), START)
    assert settled.task is not None
    assert (str(settled.task.said), settled.task.role) == (code, Role.DRIFT)
    assert settled.task.due == settled.mail.deadline == START + timedelta(days=1)


def test_a_mail_that_waits_on_keeps_its_deadline():
    """Waiting once more moves nothing and gives no new deadline."""
    waits = waiting_mail(state=InboundState.VENTER, deadline=START + timedelta(hours=2))
    assert settle(waits, WAITS, START).mail.deadline == START + timedelta(hours=2)


def test_a_record_system_is_looked_after():
    """A mail that waits for a record system is looked at when its deadline comes."""
    outcome = Outcome(LEVANGER, InboundEvent.HANDED_OVER, deadline=timedelta(hours=4))
    settled = settle(waiting_mail(), outcome, START)
    assert settled.mail.state is InboundState.RUTET
    assert settled.look_at == settled.mail.deadline == START + timedelta(hours=4)


def test_what_is_decided_is_not_tried_again():
    """An outcome that is no wait stays as it is."""
    outcome = replace(WAITS, event=InboundEvent.STORED)
    assert conclude(outcome, 3, START) == (outcome, None)


def test_a_wait_is_tried_again_until_its_day_is_over():
    """A mail that waits is tried again within the day, then quarantined with what it waited for."""
    outcome, due = conclude(WAITS, 0, START)
    assert outcome is WAITS
    assert due is not None
    assert START < due <= START + timedelta(hours=1)
    late, never = conclude(WAITS, 1_000, START)
    assert (late.event, never) == (InboundEvent.UNREADABLE, None)
    assert late.reason.startswith("inbound.waited_too_long")
    assert "inbound.waits" in late.reason


@pytest.mark.parametrize(
    ("deaths", "state", "is_deadly"),
    [(5, InboundState.MOTTATT, True), (4, InboundState.MOTTATT, False), (9, InboundState.VENTER, False)],
)
def test_a_mail_that_nodes_die_of_is_quarantined(deaths: int, state: InboundState, is_deadly: bool):
    """After five deaths an unread mail is set aside; a mail that only waits killed nobody."""
    found = deadly(waiting_mail(state=state), work(deaths=deaths))
    assert (found is not None) is is_deadly
    if found is not None:
        assert (found.event, '"count": "5"' in found.reason) == (InboundEvent.UNREADABLE, True)
    assert deadly(None, work(deaths=deaths)) is None


@pytest.mark.parametrize(("attempts", "calls"), [(5, False), (6, True)])
def test_other_work_calls_a_person_after_six_tries(attempts: int, calls: bool):
    """Work that fails is put back; from the seventh try on a person is told what fails and why."""
    due, task = failed(work(WorkKind.SEND, attempts), OwnFault("no key"), START)
    assert START < due <= START + timedelta(days=1)
    assert (task is not None) is calls
    if task is not None:
        assert (task.cause, task.said.params) == (TaskCause.WORK_FAILS, {"work": "send", "error": "no key"})
