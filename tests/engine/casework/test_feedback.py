"""What is decided about messages that were faulty: theirs that we send back, and ours that they report."""

from dataclasses import replace

import pytest

from engine.casework.feedback_received import feedback_task, unmatched_feedback
from engine.casework.feedback_sent import check_may_go_back, check_text, ends_case
from engine.codes.case_task import CaseTaskCode
from engine.errors import Refused
from engine.names import MsgId
from engine.payload.feedback_code import FeedbackCode
from engine.records.log import TaskCause
from engine.states.apprec import ApprecState
from engine.states.inbound import InboundState
from engine.states.role import Role
from tests.fakes.decisions.casework import NOW, received, reported
from tests.fakes.store import rows
from tests.fakes.world.parties import GP_SERVICE, LEVANGER_SERVICE

WRONG, OTHER = FeedbackCode.WRONG_ADDRESSEE, FeedbackCode.OTHER
ITEM = rows.item(msg_id=MsgId("first"), sender=GP_SERVICE)
MAIL = rows.decided(apprec=ApprecState.SENDT_OK)


def test_only_what_was_receipted_goes_back_and_once() -> None:
    """AppRec 1, and not sent back before."""
    check_may_go_back(ITEM, MAIL)
    with pytest.raises(Refused, match=r"send_back\.already"):
        check_may_go_back(ITEM, replace(MAIL, state=InboundState.RETURNERT))
    for apprec in set(ApprecState) - {ApprecState.SENDT_OK}:
        with pytest.raises(Refused, match=r"send_back\.not_receipted"):
            check_may_go_back(ITEM, replace(MAIL, apprec=apprec))


@pytest.mark.parametrize(
    ("text", "code"),
    [("", "no_text"), (" \n", "no_text"), ("x" * 30_001, "too_long"), ("Gjelder 15820250068", "number_in_text")],
)
def test_the_other_side_is_told_why(text: str, code: str) -> None:
    """A text is needed, at most 30 000 characters, without a national number."""
    check_text("x" * 30_000)
    with pytest.raises(Refused, match=rf"send_back\.{code}"):
        check_text(text)


def test_only_the_wrong_addressee_ends_the_case_that_the_message_opened() -> None:
    """Another fault, another message of the thread, and a case of ours go on."""
    assert ends_case(received(), ITEM, WRONG)
    assert not ends_case(received(), ITEM, OTHER)
    assert not ends_case(received(first_msg_id=MsgId("other")), ITEM, WRONG)
    assert not ends_case(received(their_her=LEVANGER_SERVICE), ITEM, WRONG)
    assert not ends_case(reported(their_her=GP_SERVICE), ITEM, WRONG)


def test_who_is_called_about_a_fault_in_our_message() -> None:
    """Who works with the case: the quality assurer of ours, the case worker of theirs; else operations."""
    found = [feedback_task(case, OTHER, NOW) for case in (reported(), received(), None)]
    assert [task.role for task in found] == [Role.KVALITETSSIKRER, Role.SAKSBEHANDLER, Role.DRIFT]
    assert [task.said.code for task in found] == [
        CaseTaskCode.FEEDBACK_IN_CASE,
        CaseTaskCode.FEEDBACK_IN_CASE,
        CaseTaskCode.FEEDBACK,
    ]
    assert {task.cause for task in found} == {TaskCause.FEEDBACK}


def test_a_report_that_counts_for_nothing_is_shown_to_operations() -> None:
    """From a stranger about a message of ours, or about none."""
    stranger = unmatched_feedback(GP_SERVICE, NOW, names_ours=True)
    nothing = unmatched_feedback(GP_SERVICE, NOW, names_ours=False)
    assert (stranger.cause, nothing.cause) == (TaskCause.FEEDBACK_FROM_A_STRANGER, TaskCause.FEEDBACK_ON_NOTHING)
    assert (stranger.role, nothing.role) == (Role.DRIFT, Role.DRIFT)
