"""What a record system's AppRec, or its silence, does to the mail that the document came with."""

from datetime import timedelta

import pytest

from engine.payload.apprec import ApprecError
from engine.record_system.word import WordResult
from engine.record_system.words_on_mail import decide_silence, decide_word
from engine.records.messages import IncomingMail
from engine.states.apprec import ApprecState
from engine.states.inbound import InboundState
from tests.fakes.store.rows import decided
from tests.fakes.world.clock import START

ERROR = [ApprecError("E35", "Pasienten er ikke hos oss.")]


def waiting(**changed: object) -> IncomingMail:
    """Return a mail whose document waits for the record system's AppRec."""
    return decided(state=InboundState.RUTET, apprec=ApprecState.VENTER_EPJ, deadline=START, **changed)


@pytest.mark.parametrize(
    ("status", "state", "apprec"),
    [
        (1, InboundState.LEVERT_INTERNT, ApprecState.SENDT_OK),
        (2, InboundState.AVVIST_APP, ApprecState.SENDT_AVVIST),
        (3, InboundState.LEVERT_INTERNT, ApprecState.SENDT_FEIL_I_DEL),
    ],
)
def test_the_first_word_is_sent_and_moves_the_mail(status: int, state: InboundState, apprec: ApprecState) -> None:
    """The mail then waits for nobody, and says the code of the first error, not its text."""
    move = decide_word(waiting(), status, [] if status == 1 else ERROR, START)
    assert move.mail is not None
    assert (move.result, move.task) == (WordResult.SENT, None)
    assert (move.mail.state, move.mail.apprec, move.mail.deadline) == (state, apprec, None)
    said = "" if status == 1 else f'record_system.apprec_says {{"status": "{status}", "fault": "E35"}}'
    assert move.mail.reason == said
    assert move.line.data == {"state": str(state), **({"reason": said} if said else {})}


def test_a_word_without_an_error_keeps_the_reason_that_stands() -> None:
    """A note of the addressing is not lost with a plain AppRec 1."""
    move = decide_word(waiting(reason="note"), 1, [], START)
    assert move.mail is not None
    assert move.mail.reason == "note"


@pytest.mark.parametrize(
    ("told", "status"), [(ApprecState.SENDT_OK, 1), (ApprecState.SENDT_AVVIST, 2), (ApprecState.SENDT_FEIL_I_DEL, 3)]
)
def test_the_same_word_again_is_only_logged(told: ApprecState, status: int) -> None:
    """Nothing is sent twice, and nobody is called."""
    move = decide_word(decided(apprec=told), status, ERROR if status > 1 else [], START)
    assert (move.result, move.mail, move.task) == (WordResult.ALREADY_KNOWN, None, None)
    assert move.line.data == {"apprec": told}


@pytest.mark.parametrize(("told", "status"), [(ApprecState.SENDT_OK, 2), (ApprecState.SENDT_AVVIST, 1)])
def test_a_word_against_what_was_told_calls_a_person(told: ApprecState, status: int) -> None:
    """Nothing is sent; the task says both words, and is due in a day."""
    move = decide_word(decided(apprec=told), status, ERROR if status > 1 else [], START)
    assert (move.result, move.mail) == (WordResult.NEEDS_PERSON, None)
    assert move.task is not None
    assert str(move.task.said) == f'record_system.contradicts {{"status": "{status}", "told": "{told}"}}'
    assert move.task.due == START + timedelta(hours=24)


def test_the_engine_answers_for_a_silent_record_system() -> None:
    """The document is in the engine's own inbox, the sender has AppRec 1, and a person is told to read it."""
    move = decide_silence(waiting(), START)
    assert move.mail is not None
    assert (move.mail.state, move.mail.apprec) == (InboundState.LEVERT_INTERNT, ApprecState.SENDT_OK)
    assert move.mail.deadline is None
    assert move.task is not None
    assert (move.task.cause, move.task.said.code) == ("silent record system", "record_system.silent")
