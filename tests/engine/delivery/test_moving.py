"""What a case hears of the delivery of its deviation, and what a mail server's reply means."""

import pytest

from engine.delivery.moving import FOLLOWED, is_news
from engine.delivery.send import is_stale, smtp_event
from engine.ports import SmtpOutcome
from engine.records.messages import Kind
from engine.states.delivery import DELIVERY, DeliveryEvent, DeliveryState
from engine.states.table import advance
from tests.fakes.store.rows import message

S, E = DeliveryState, DeliveryEvent


def test_a_case_follows_what_was_delivered_needs_a_person_or_was_cancelled() -> None:
    """While a message is only under way its case hears nothing."""
    under_way = {S.KO, S.SENDT, S.SENDT_UKJENT, S.TRANSPORTKVITTERT, S.FULLFORT}
    assert set(S) - FOLLOWED == under_way


@pytest.mark.parametrize("event", [E.RETURNED, E.NOTICED])
def test_a_report_that_moves_nothing_is_no_news(event: DeliveryEvent) -> None:
    """Anybody can write a bounce: only where it moved the message its case hears of it."""
    assert not is_news(event, S.LEVERT, S.LEVERT)
    assert is_news(event, S.SENDT, S.TRANSPORTFEIL)


def test_a_partners_word_is_news_though_nothing_moved() -> None:
    """A second AppRec still starts a clock that was never started."""
    assert is_news(E.APPREC_OK, S.LEVERT, S.LEVERT)
    assert not is_news(E.ACKNOWLEDGED, S.SENDT, S.TRANSPORTKVITTERT)


UNDER_WAY = {S.KO, S.SENDT, S.SENDT_UKJENT}


@pytest.mark.parametrize("state", S)
def test_a_business_message_that_has_its_answer_is_never_sent_again(state: DeliveryState) -> None:
    """Only what is under way is sent."""
    assert is_stale(message(kind=Kind.MELDING, state=state)) is (state not in UNDER_WAY)


@pytest.mark.parametrize("kind", sorted(set(Kind) - {Kind.MELDING}))
def test_a_receipt_is_sent_again_for_each_duplicate(kind: Kind) -> None:
    """A partner who asks again has not got it."""
    assert not is_stale(message(kind=kind, state=S.FULLFORT))


@pytest.mark.parametrize("kind", Kind)
def test_a_mail_servers_reply_becomes_an_event(kind: Kind) -> None:
    """Nobody confirms a signal: taken is its end, and so is a line that was lost after the mail."""
    last = kind in {Kind.KVITTERING, Kind.FEIL}
    taken = E.HANDED_OVER_LAST if last else E.HANDED_OVER
    sent = message(kind=kind)
    assert {outcome: smtp_event(sent, outcome) for outcome in SmtpOutcome} == {
        SmtpOutcome.TAKEN: taken,
        SmtpOutcome.UNKNOWN: taken if last else E.LOST_AFTER_DATA,
        SmtpOutcome.POSTPONED: E.POSTPONED,
        SmtpOutcome.UNREACHED: E.POSTPONED,
        SmtpOutcome.REJECTED: E.REJECTED,
    }


def test_a_receipt_that_is_handed_over_after_its_deadline_is_finished() -> None:
    """Its deadline passed while the last try was under way: it has arrived, and nobody needs to ring."""
    assert advance(DELIVERY, S.UBEKREFTET, E.HANDED_OVER_LAST).state is S.FULLFORT
    assert advance(DELIVERY, S.UBEKREFTET, E.HANDED_OVER).state is S.UBEKREFTET
