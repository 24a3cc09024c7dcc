"""What is written of a move, seen by a unit of work that only notes what it is asked to do."""

from dataclasses import replace
from types import SimpleNamespace
from typing import Any
from uuid import UUID

import pytest

from engine.casework.apply import apply, take_reminder
from engine.casework.decide import advance_case, open_case, wait_until
from engine.casework.move import FollowUpToSend, Move
from engine.commit.actor import ENGINE
from engine.commit.commit import Commit
from engine.deviation.follow_up import FollowUpKind
from engine.errors import OwnFault, Refused
from engine.records.channels import CaseFile
from engine.records.log import Action
from engine.states.case import CaseEvent, CaseState
from tests.fakes.decisions.casework import NOW, STARTED, reported

S = CaseState


class Notes:
    """A unit of work that notes each call by its name, and answers what it was told to."""

    def __init__(self, **answers: Any) -> None:
        self.calls: list[str] = []
        self.given: dict[str, tuple[Any, ...]] = {}
        self._answers = {"settle_case": True, "claim_reminder": True, "reminder_of": None, **answers}

    def __getattr__(self, name: str) -> Any:
        async def call(*given: Any, **named: Any) -> Any:
            self.calls.append(name)
            self.given[name] = (*given, *named.values())
            return self._answers.get(name)

        return call


def commit(uow: Notes) -> Commit:
    """Return a transaction of the engine's own."""
    return Commit(uow, SimpleNamespace(ids=SimpleNamespace(new=lambda: UUID(int=7)), policy=None), NOW, ENGINE)  # type: ignore[arg-type]


async def test_a_move_is_written_in_order() -> None:
    """Log, row guarded by the old state, timer, old tasks closed, new tasks opened."""
    uow = Notes()
    move = advance_case(reported(S.KLADD), CaseEvent.SUBMIT, NOW)
    assert await apply(commit(uow), move) == move.case
    assert uow.calls == ["log", "settle_case", "add_work", "close_tasks_of", "open_task"]
    assert uow.given["settle_case"][1:] == (move.case, S.KLADD)
    assert uow.given["add_work"][-1] == move.case.deadline


async def test_an_ignored_event_writes_its_line_alone() -> None:
    """Nothing has changed, so no row is written and no timer set."""
    uow = Notes()
    await apply(commit(uow), advance_case(reported(S.UNDER_BEHANDLING), CaseEvent.CONFIRMED, NOW))
    assert uow.calls == ["log"]


async def test_a_case_that_moved_meanwhile_is_a_fault() -> None:
    """The transaction then rolls back, and the work is done again."""
    with pytest.raises(OwnFault, match=r"case\.moved_meanwhile"):
        await apply(commit(Notes(settle_case=False)), wait_until(reported(), NOW))


async def test_a_case_that_waits_for_nobody_has_no_timer() -> None:
    """At the end its timer is dropped."""
    uow = Notes()
    await apply(commit(uow), advance_case(reported(S.BESVART), CaseEvent.CLOSE, NOW))
    assert ("drop_work" in uow.calls, "add_work" in uow.calls) == (True, False)


async def test_an_opened_case_is_added_with_content_and_files() -> None:
    """There is no old row to guard."""
    uow, file = Notes(), CaseFile("brev.pdf", "application/pdf", b"%PDF-")
    move = open_case(reported(S.KLADD), b"draft", Action.NEW, NOW, data={}, files=(file,))
    await apply(commit(uow), move)
    assert uow.calls == ["log", "add_case", "add_case_files", "add_work"]
    assert (uow.given["add_case"][-1], uow.given["add_case_files"][-1]) == (b"draft", (file,))


async def test_new_content_is_kept_with_the_step() -> None:
    """A corrected draft takes the place of the old one."""
    uow = Notes()
    move = replace(advance_case(reported(S.KLADD), CaseEvent.SUBMIT, NOW), content=b"corrected")
    await apply(commit(uow), move)
    assert uow.given["keep_case_content"][-1] == b"corrected"


async def test_the_one_reminder_is_taken_or_it_is_a_fault() -> None:
    """Whoever finds it taken must not send another (promise 6)."""
    uow = Notes()
    case = reported(S.LEVERT, **STARTED, sending_number=2)
    await take_reminder(commit(uow), case, UUID(int=9))
    assert uow.given["claim_reminder"] == (case.owner, case.id, 2, NOW, UUID(int=9))
    with pytest.raises(OwnFault, match=r"case\.reminder_taken"):
        await take_reminder(commit(Notes(claim_reminder=False)), case, UUID(int=9))


async def test_a_message_that_cannot_go_is_refused_or_makes_another_move() -> None:
    """Without a thread no message can go: the step is refused, unless the move says what happens then."""
    case = reported(S.KLADD, first_msg_id=None)
    move = Move(case=case, was=case).sending(FollowUpToSend(FollowUpKind.TRUKKET))
    uow = Notes()
    with pytest.raises(Refused, match=r"case\.no_thread"):
        await apply(commit(uow), move)
    assert uow.calls == []
    other = advance_case(case, CaseEvent.WITHDRAW, NOW)
    assert await apply(commit(uow), replace(move, if_refused=lambda _: other)) == other.case


async def test_a_reminder_that_is_not_there_is_not_recalled() -> None:
    """Where the row of the reminder has gone, the case still says that it was reminded."""
    uow = Notes()
    case = reported(S.PURRET, reminded_at=NOW)
    after = await apply(commit(uow), advance_case(case, CaseEvent.ANSWERED, NOW))
    assert (after.reminded_at, "recall_reminder" in uow.calls) == (NOW, False)
