"""Changes of the pure code about messages, alarms, operations and record systems, with the test that notices each."""

from tests.fakes.mutants import Mutant

_MOVES = "engine/outbound/message_moves.py"
_ALARMS = "engine/outbound/alarm_moves.py"
_SLOTS = "engine/outbound/partner_slots.py"
_MOVING = "engine/delivery/moving.py"
_SEND = "engine/delivery/send.py"
_WORDS = "engine/record_system/words_on_mail.py"
_WATCH = "engine/operations/trust_watch.py"
_TEST_MOVES = "tests/engine/outbound/test_message_moves.py"
_TEST_ALARMS = "tests/engine/outbound/test_alarm_moves.py"
_TEST_SLOTS = "tests/engine/outbound/test_dead_partners.py"
_TEST_MOVING = "tests/engine/delivery/test_moving.py"
_TEST_WORDS = "tests/engine/record_system/test_words_on_mail.py"
_TEST_HAND = "tests/engine/operations/test_steps_by_hand.py"
_TEST_WATCH = "tests/engine/operations/test_certificate_warnings.py"
_TEST_NOTICES = "tests/engine/inbox/test_notices.py"

MUTANTS: list[Mutant] = [
    # the ones that survived: mutants.txt 13 and 17
    Mutant(
        "an answered message is sent again",
        _SEND,
        "return message.kind is Kind.MELDING and message.state not in _UNDER_WAY",
        "return False",
        _TEST_MOVING,
    ),
    Mutant("dead after thirty failures", _SLOTS, "DEAD_AFTER = 3\n", "DEAD_AFTER = 30\n", _TEST_SLOTS),
    Mutant(
        "an alarm is repeated every four days",
        _ALARMS,
        "REPEAT_EVERY = timedelta(hours=4)",
        "REPEAT_EVERY = timedelta(days=4)",
        _TEST_ALARMS,
    ),
    # messages
    Mutant("a resend keeps the count of tries", _MOVES, "attempts=0 if event", "attempts=9 if event", _TEST_MOVES),
    Mutant("a try is not counted", _MOVES, "message.attempts + tried,", "message.attempts,", _TEST_MOVES),
    Mutant(
        "a try has no time", _MOVES, "sent_at=now if tried else message.sent_at", "sent_at=message.sent_at", _TEST_MOVES
    ),
    Mutant(
        "a message at rest keeps its tasks",
        _MOVES,
        "at_rest=step.moved and after.state in FINAL_STATES",
        "at_rest=False",
        _TEST_MOVES,
    ),
    Mutant(
        "the AppRec is waited for twice as long",
        _MOVES,
        "now + timedelta(seconds=message.apprec_deadline)",
        "now + 2 * timedelta(seconds=message.apprec_deadline)",
        _TEST_MOVES,
    ),
    Mutant(
        "one resend too many",
        _MOVES,
        "interval * (message.resend_limit + 1 - message.attempts)",
        "interval * (message.resend_limit - message.attempts)",
        _TEST_MOVES,
    ),
    Mutant(
        "a message that left is cancelled",
        _MOVES,
        "fresh = message.sent_at is None and message.state",
        "fresh = message.state",
        _TEST_MOVES,
    ),
    Mutant(
        "a deadline that was replaced still counts",
        _MOVES,
        "if message.deadline is not None and message.deadline > now:",
        "if message.deadline is None:",
        _TEST_MOVES,
    ),
    Mutant(
        "what was put off does not say why",
        _MOVES,
        "if event is _E.POSTPONED else message",
        "if False else message",
        _TEST_MOVES,
    ),
    Mutant("a trouble is not counted", _MOVES, "if trouble is not None else []", "if False else []", _TEST_MOVES),
    Mutant("a contradiction calls nobody", _MOVES, "    if unexpected:\n", "    if False:\n", _TEST_MOVES),
    # what cases hear
    Mutant(
        "a case does not hear of a cancelled delivery", _MOVING, "    DeliveryState.KANSELLERT,\n", "", _TEST_MOVING
    ),
    Mutant(
        "a bounce that moves nothing is news",
        _MOVING,
        "(event in _REPORTS and before is after)",
        "(False)",
        _TEST_MOVING,
    ),
    Mutant(
        "a lost signal is sent again",
        _SEND,
        "taken if last else DeliveryEvent.LOST_AFTER_DATA",
        "DeliveryEvent.LOST_AFTER_DATA",
        _TEST_MOVING,
    ),
    # alarms
    Mutant(
        "an alarm is over at once", _ALARMS, "CALM_FOR = timedelta(minutes=15)", "CALM_FOR = timedelta(0)", _TEST_ALARMS
    ),
    Mutant("one failure is enough", _ALARMS, "alarm.count >= terms.least and ", "", _TEST_ALARMS),
    Mutant(
        "a closed alarm counts on",
        _ALARMS,
        "counted = replace(counted, count=1,",
        "counted = replace(counted,",
        _TEST_ALARMS,
    ),
    Mutant(
        "a repeat is not remembered",
        _ALARMS,
        "replace(alarm, told_at=now), event, action",
        "alarm, event, action",
        _TEST_ALARMS,
    ),
    Mutant(
        "a success has no time",
        _ALARMS,
        "replace(alarm, last_at=now), AlarmEvent.WORKED",
        "alarm, AlarmEvent.WORKED",
        _TEST_ALARMS,
    ),
    # record systems and webhooks
    Mutant("a contradicting AppRec calls nobody", _WORDS, "    if not step.task:\n", "    if True:\n", _TEST_WORDS),
    Mutant(
        "a plain AppRec takes the reason away",
        _WORDS,
        "_reason(status, errors) or mail.reason",
        "_reason(status, errors)",
        _TEST_WORDS,
    ),
    Mutant(
        "a silent record system refuses", _WORDS, "(ApprecEvent.EPJ_SILENT,", "(ApprecEvent.EPJ_REFUSED,", _TEST_WORDS
    ),
    Mutant(
        "a webhook calls a person at the first failure",
        "engine/inbox/notices.py",
        "TROUBLE_TRIES = 5",
        "TROUBLE_TRIES = 1",
        _TEST_NOTICES,
    ),
    Mutant(
        "any reply takes a notice",
        "engine/inbox/notices.py",
        "200 <= reply.status < 300",
        "200 <= reply.status",
        _TEST_NOTICES,
    ),
    # operations
    Mutant(
        "a signal is in doubt after a restore",
        "engine/operations/restore.py",
        "if message.kind not in _SIGNALS",
        "if message.kind",
        _TEST_HAND,
    ),
    Mutant(
        "what may leave is delivered otherwise",
        "engine/operations/by_hand.py",
        "if message.state is DeliveryState.KO:",
        "if message.state is DeliveryState.SENDT:",
        _TEST_HAND,
    ),
    Mutant(
        "a released mail has no deadline",
        "engine/operations/by_hand.py",
        "now + TIME_TO_READ if again else None",
        "None",
        _TEST_HAND,
    ),
    Mutant(
        "a partner's certificate is ours to renew", _WATCH, "elif each.owner == OPERATOR:", "elif False:", _TEST_WATCH
    ),
    Mutant(
        "a key is missed after its certificate ended",
        _WATCH,
        "each.key_here is False and each.until > now",
        "each.key_here is False",
        _TEST_WATCH,
    ),
    Mutant(
        "a planned successor does not calm",
        _WATCH,
        "None if each.replaced else each.threshold(now)",
        "each.threshold(now)",
        _TEST_WATCH,
    ),
]
