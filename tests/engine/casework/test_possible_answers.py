"""Which undecided mails hold a reminder back."""

from dataclasses import replace
from datetime import timedelta

import pytest

from engine.agreements.services import Route, ServiceTable
from engine.casework.possible_answers import PossibleAnswer, judge_mails, may_answer
from engine.msh import constants as c
from engine.names import OPERATOR, HerId
from engine.records.messages import Header, IncomingMail
from engine.states.inbound import InboundState
from tests.fakes.decisions.casework import NOW, reported
from tests.fakes.decisions.policies import policy
from tests.fakes.store import rows
from tests.fakes.world.parties import GP, GP_SERVICE, LEVANGER, LEVANGER_SERVICE, VERDAL

SERVICE = "S-DIALOG_HELSEFAGLIG"
ROUTE = Route(SERVICE, "DIALOG_HELSEFAGLIG", "sender", "receiver", "APPREC")
OURS = replace(policy((GP,)), services=ServiceTable({"DIALOG_HELSEFAGLIG": ROUTE}))
ANSWER = replace(rows.HEADER, from_her=LEVANGER, to_her=GP, service=SERVICE, action="DIALOG_HELSEFAGLIG")
CASE = reported()


def mail(minutes: int = 0, **changed: object) -> IncomingMail:
    """Return a mail that came some minutes after the case was opened."""
    return rows.mail(**{"received_at": NOW + timedelta(minutes=minutes), **changed})


@pytest.mark.parametrize(
    ("header", "answers"),
    [
        (ANSWER, True),
        (replace(ANSWER, from_her=LEVANGER_SERVICE, to_her=GP_SERVICE), True),
        (replace(ANSWER, from_her=None), False),
        (replace(ANSWER, from_her=VERDAL), False),
        (replace(ANSWER, from_her=HerId("999")), False),
        (replace(ANSWER, to_her=LEVANGER), False),
        (replace(ANSWER, service=c.MSH_SERVICE), False),
        (replace(ANSWER, service=None), False),
        (replace(ANSWER, action="APPREC"), False),
        (replace(ANSWER, service="S-UKJENT", action="APPREC"), True),
    ],
)
def test_a_message_from_the_other_side_to_us_may_answer(header: Header, answers: bool) -> None:
    """Receipts, strangers, and mails to others do not; a service that nobody knows may hide an answer."""
    assert may_answer(OURS, CASE, mail(), header) is answers


@pytest.mark.parametrize(("owner", "answers"), [(GP, False), (OPERATOR, True)])
def test_quarantine_counts_after_a_wait_alone(owner: HerId, answers: bool) -> None:
    """What was put there for its addressee has been decided; what belongs to nobody yet has waited."""
    assert may_answer(OURS, CASE, mail(owner=owner, state=InboundState.KARANTENE), ANSWER) is answers


@pytest.mark.parametrize(
    ("minutes", "found"),
    [([], PossibleAnswer.NONE), ([60], PossibleAnswer.NEW), ([45], PossibleAnswer.OLD), ([60, 45], PossibleAnswer.OLD)],
)
def test_a_person_is_called_once_it_is_old(minutes: list[int], found: PossibleAnswer) -> None:
    """Fifteen minutes after it came; the oldest of them counts."""
    mails = [(mail(each), ANSWER) for each in minutes]
    assert judge_mails(OURS, CASE, mails, NOW + timedelta(minutes=60)) is found


def test_what_answers_nothing_holds_nothing() -> None:
    """A mail from somebody else does not keep the reminder."""
    mails = [(mail(), replace(ANSWER, from_her=VERDAL))]
    assert judge_mails(OURS, CASE, mails, NOW + timedelta(days=1)) is PossibleAnswer.NONE
