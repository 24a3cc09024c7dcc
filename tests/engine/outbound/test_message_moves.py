"""What each event does to an outgoing message: row, timers, tasks, log line and alarms."""

from datetime import timedelta

import pytest

from engine.errors import Refused
from engine.outbound.message_moves import MessageMove, deadline_event, decide, recall_event, timers_of
from engine.records.log import Cause
from engine.records.work import WorkKind
from engine.states.delivery import DELIVERY, DeliveryEvent, DeliveryState
from engine.states.table import REFUSE
from tests.fakes.decisions.plain_policy import plain_policy
from tests.fakes.store.rows import THEIRS, message
from tests.fakes.world.clock import START

S, E = DeliveryState, DeliveryEvent
HOUR = timedelta(hours=1)
NOW = START + 10 * HOUR
TERMS = {"resend_interval": 3_600, "resend_limit": 2, "apprec_deadline": 7_200}


def decided(state: DeliveryState, event: DeliveryEvent, reason: str = "", **changed: object) -> MessageMove:
    """Return what an event does to a message with hourly resends, two of them, and two hours for its AppRec."""
    data = {"reason": reason} if reason else {}
    return decide(plain_policy(), message(state=state, **TERMS, **changed), event, NOW, data)


@pytest.mark.parametrize("event", [E.HANDED_OVER, E.LOST_AFTER_DATA])
def test_a_try_is_counted_and_the_next_one_is_an_interval_later(event: DeliveryEvent) -> None:
    """What a mail server took, or may have, counts as a try, and is sent again after the agreed interval."""
    move = decided(S.KO, event)
    assert (move.message.attempts, move.message.sent_at) == (1, NOW)
    assert move.timers == {WorkKind.SEND: NOW + HOUR}
    assert move.message.deadline == NOW + HOUR


def test_after_the_last_resend_only_the_alarm_is_left() -> None:
    """Three tries were made of one and two resends: an interval later the message is given up."""
    move = decided(S.KO, E.HANDED_OVER, attempts=2)
    assert move.timers == {WorkKind.FRIST: NOW + HOUR}
    assert decided(S.KO, E.HANDED_OVER, attempts=1).timers == {WorkKind.SEND: NOW + HOUR}


def test_a_message_in_the_queue_is_given_up_as_late_as_an_unacknowledged_one() -> None:
    """A message that no mail server takes leaves now, and alarms after all its intervals."""
    assert timers_of(message(**TERMS), NOW) == {WorkKind.SEND: NOW, WorkKind.FRIST: NOW + 3 * HOUR}
    assert timers_of(message(**TERMS, attempts=2), NOW)[WorkKind.FRIST] == NOW + HOUR


def test_an_acknowledgment_starts_the_time_for_the_apprec() -> None:
    """Nothing is sent again; the AppRec must come within the agreed time."""
    move = decided(S.SENDT, E.ACKNOWLEDGED, attempts=1, sent_at=START)
    assert move.timers == {WorkKind.FRIST: NOW + 2 * HOUR}
    assert (move.message.attempts, move.message.sent_at) == (1, START)


@pytest.mark.parametrize("event", [E.RESEND, E.RELEASE])
def test_a_person_who_sends_again_gives_all_tries_again(event: DeliveryEvent) -> None:
    """The tries are counted from none."""
    state = S.UBEKREFTET if event is E.RESEND else S.STOPPET
    assert decided(state, event, attempts=3).message.attempts == 0


def test_a_resend_by_the_timer_gives_no_tries_again() -> None:
    """The engine's own resend keeps the count, so that it ends."""
    assert decided(S.SENDT, E.RESEND_DUE, attempts=2).message.attempts == 2


NEEDS_A_PERSON = {
    (S.SENDT, E.GIVEN_UP): "message.unconfirmed",
    (S.KO, E.REJECTED): "message.transport_failed",
    (S.SENDT, E.APPREC_REFUSED): "message.refused_by_receiver",
    (S.TRANSPORTKVITTERT, E.APPREC_OVERDUE): "message.no_apprec",
    (S.KO, E.HOLD): "message.stopped",
}


@pytest.mark.parametrize(("state", "event"), NEEDS_A_PERSON)
def test_a_state_that_alarms_calls_the_desk_within_a_day(state: DeliveryState, event: DeliveryEvent) -> None:
    """The task names the receiver, is due in a day, and no timer is left."""
    move = decided(state, event)
    (task,) = move.tasks
    assert (task.cause, str(task.said)) == (move.message.state, f'{NEEDS_A_PERSON[state, event]} {{"her_id": "200"}}')
    assert (task.role, task.due) == ("drift", NOW + timedelta(hours=24))
    assert (move.message.deadline, move.timers, move.at_rest) == (NOW + timedelta(hours=24), {}, False)


@pytest.mark.parametrize(("state", "event"), [(S.SENDT, E.APPREC_OK), (S.SENDT, E.ACKNOWLEDGED_LAST), (S.KO, E.CANCEL)])
def test_a_message_at_rest_waits_for_nobody(state: DeliveryState, event: DeliveryEvent) -> None:
    """It has no deadline and no timers, and what was open about it closes."""
    move = decided(state, event)
    assert (move.message.deadline, move.timers, move.tasks, move.at_rest) == (None, {}, (), True)


def test_a_word_that_contradicts_calls_a_person_and_moves_nothing() -> None:
    """A refusal after a delivery: the row, its deadline and its timers stay."""
    move = decided(S.LEVERT, E.APPREC_REFUSED, reason="E21")
    assert (move.message, move.timers, move.at_rest) == (move.before, None, False)
    (task,) = move.tasks
    assert str(task.said) == 'message.unexpected_word {"her_id": "200", "event": "AppRec 2"}'
    (task,) = decided(S.LEVERT, E.RETURNED).tasks
    assert task.said.code == "message.returned_though_delivered"


def test_a_stale_event_is_only_logged() -> None:
    """A timer that has nothing left to say: a line, and nothing else."""
    move = decided(S.LEVERT, E.APPREC_OVERDUE)
    assert (move.message, move.timers, move.tasks, move.at_rest) == (move.before, None, (), False)
    assert (move.line.action, move.line.data) == (E.APPREC_OVERDUE, {"state": "LEVERT"})


def test_a_message_that_is_put_off_says_why_and_keeps_its_timers() -> None:
    """The queue pauses the work itself; the row only says what the mail server said."""
    move = decided(S.KO, E.POSTPONED, reason="450 later")
    assert (move.message.state, move.message.reason, move.timers) == (S.KO, "450 later", None)
    assert move.message.attempts == 0


def test_the_reason_of_an_event_stands_on_the_row_and_in_the_log() -> None:
    """What moves a message says why, and a move without a reason takes the old one away."""
    move = decided(S.KO, E.REJECTED, reason="550 no")
    assert move.message.reason == "550 no"
    assert move.line.data == {"reason": "550 no", "state": "TRANSPORTFEIL"}
    assert decided(S.UBEKREFTET, E.RESEND, reason="").message.reason == ""


def test_what_a_message_meets_counts_for_and_against_its_partner() -> None:
    """A receipt ends causes; a state that alarms, and a try that was put off, are failures."""
    signs = decided(S.SENDT, E.ACKNOWLEDGED).signs
    assert (signs.partner, signs.failed) == (THEIRS, ())
    assert signs.over == {Cause.INGEN_KVITTERING, Cause.AVVIST_TRANSPORT}
    assert decided(S.KO, E.REJECTED).signs.failed == (Cause.AVVIST_TRANSPORT,)
    assert decided(S.LEVERT, E.APPREC_REFUSED).signs.failed == (), "nothing was entered"
    put_off = decide(plain_policy(), message(), E.POSTPONED, NOW, {}, Cause.UTSATT)
    assert put_off.signs.failed == (Cause.UTSATT,)


@pytest.mark.parametrize(
    ("state", "sent", "event"),
    [
        (S.KO, False, E.CANCEL),
        (S.STOPPET, False, E.CANCEL),
        (S.KO, True, E.OVERTAKEN),
        (S.SENDT, True, E.OVERTAKEN),
        (S.UBEKREFTET, False, E.OVERTAKEN),
    ],
)
def test_a_recalled_message_is_cancelled_only_where_no_server_had_it(
    state: DeliveryState, sent: bool, event: DeliveryEvent
) -> None:
    """What is out is out: it is only not tried again."""
    assert recall_event(message(state=state, sent_at=START if sent else None)) is event


def test_a_deadline_does_what_its_state_waits_for() -> None:
    """Without an AppRec the desk is told; without an Acknowledgment the message is given up."""
    assert deadline_event(message(state=S.TRANSPORTKVITTERT, deadline=NOW), NOW) is E.APPREC_OVERDUE
    assert deadline_event(message(state=S.SENDT, deadline=NOW), NOW) is E.GIVEN_UP
    assert deadline_event(message(state=S.KO, deadline=NOW), NOW) is E.GIVEN_UP
    assert deadline_event(message(state=S.SENDT, deadline=NOW + timedelta(seconds=1)), NOW) is None
    assert deadline_event(message(state=S.SENDT, deadline=None), NOW) is E.GIVEN_UP


@pytest.mark.parametrize("state", S)
def test_every_event_in_every_state_is_decided(state: DeliveryState) -> None:
    """Nothing from outside raises: only what our caller may not ask is refused, and the log always says the state."""
    for event in E:
        if DELIVERY[state][event] is REFUSE:
            with pytest.raises(Refused, match=r"operations\.not_possible"):
                decided(state, event)
        else:
            move = decided(state, event)
            assert move.line.data["state"] == move.message.state
