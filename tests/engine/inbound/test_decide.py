"""What follows for a mail that came in, decided from its verdict and what the store knows: no database, no keys."""

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest

from engine.agreements.terms import ApprecBy
from engine.inbound.decide import MOST_WARNINGS, decide
from engine.inbound.decision import Facts, Pong, Refuse, Repeat, RepeatApprec, SendApprec
from engine.names import OPERATOR, HerId
from engine.records.log import Action, TaskCause
from engine.records.messages import Answering, Claim, ClaimOutcome, Header, Kind
from engine.states.apprec import ApprecState
from engine.states.inbound import InboundEvent
from engine.states.role import Role
from engine.verdict.kinds import ApprecReceived, ApprecUnreadable, Quarantine, Returned, Wait
from tests.fakes.decisions.policies import policy
from tests.fakes.decisions.verdicts import (
    ANSWER,
    FAULT,
    FINDING,
    HEADER,
    READING,
    SIGNED,
    WARNING,
    envelope,
    ping,
    refused,
    rule_broken,
    signal,
    taken,
    unverified,
    waiting_mail,
)
from tests.fakes.world.clock import START
from tests.fakes.world.parties import GP, LEVANGER, LEVANGER_WARD, STRANGER

NEW, SAME, OTHER = (Claim(outcome, ANSWER) for outcome in ClaimOutcome)
POLICY = policy()


def decided(verdict, facts=None, **terms):
    """Return the decision on a verdict."""
    chosen = policy(**terms) if terms else POLICY
    return decide(waiting_mail(), verdict, facts or Facts(claim=NEW), chosen, START)


@pytest.mark.parametrize("owner", [None, LEVANGER])
def test_what_nobody_may_answer_is_quarantined(owner):
    """A quarantined mail is its addressee's where there is one, else the operator's, and gets no answer."""
    found = decided(Quarantine("inbound.unreadable", HEADER, owner))
    assert (found.outcome.event, found.outcome.owner) == (InboundEvent.UNREADABLE, owner or OPERATOR)
    assert (found.replies, found.acknowledged, found.received) == ((), False, False)


def test_what_cannot_be_decided_now_waits():
    """A mail that must wait stays with whoever has it, with the reason."""
    found = decided(Wait("inbound.waits", HEADER))
    assert (found.outcome.event, found.outcome.owner, found.outcome.reason) == (
        InboundEvent.POSTPONED,
        OPERATOR,
        "inbound.waits",
    )


def test_an_unverified_message_is_refused_once_more():
    """Its claimed sender is told the finding, from the party that it was addressed to."""
    found = decided(unverified(), Facts(answering=Answering.DUE))
    assert found.outcome.event is InboundEvent.REFUSED
    assert found.replies == (Refuse(LEVANGER, replace(HEADER, vouched=False), LEVANGER, FINDING),)


@pytest.mark.parametrize(
    ("header", "facts", "code"),
    [
        (HEADER, Facts(claim=SAME, answering=Answering.DUE), "inbound.acknowledged_before"),
        (HEADER, Facts(), "inbound.refused_enough"),
        (replace(HEADER, from_her=None), Facts(answering=Answering.DUE), "SecurityFailure"),
        (replace(HEADER, to_her=None), Facts(answering=Answering.DUE), "SecurityFailure"),
        (replace(HEADER, message_id=None), Facts(answering=Answering.DUE), "SecurityFailure"),
    ],
)
def test_an_unverified_message_is_not_answered(header: Header, facts: Facts, code: str):
    """Not where its id was acknowledged, the hour's answers are used up, or it does not say from whom to whom."""
    found = decided(unverified(header), facts)
    assert (found.outcome.event, found.replies) == (InboundEvent.UNREADABLE, ())
    assert code in found.outcome.reason


def test_a_broken_rule_is_answered_and_leaves_no_claim():
    """The MessageError comes from the party addressed; where that is not ours, from the first that we serve."""
    found = decided(rule_broken(), Facts(answering=Answering.DUE))
    assert found.outcome.event is InboundEvent.REFUSED
    assert found.replies == (Refuse(LEVANGER, envelope().header, LEVANGER, FINDING),)
    elsewhere = decided(rule_broken_for(STRANGER), Facts(answering=Answering.DUE))
    assert [reply.answer_as for reply in elsewhere.replies] == [LEVANGER]


def rule_broken_for(her: HerId):
    """Return a broken message that is addressed to somebody else."""
    broken = rule_broken()
    return replace(broken, envelope=replace(broken.envelope, to_her=her))


def test_a_broken_rule_under_an_acknowledged_id_is_not_answered():
    """No MessageError follows for an id that was acknowledged: a conflict for a person (promise 3)."""
    found = decided(rule_broken(), Facts(claim=SAME))
    assert (found.outcome.event, found.replies) == (InboundEvent.CONFLICT, ())


def test_a_bounce_is_left_to_delivery():
    """What a mail server says of a message of ours is decided where deliveries are."""
    assert decided(Returned(LEVANGER, UUID(int=4), None)).outcome is None


@pytest.mark.parametrize("verdict", [signal(), ping(), taken(), refused()], ids=lambda each: type(each).__name__)
def test_another_message_under_a_used_id_gets_no_answer(verdict):
    """Other bytes under the same MessageId: a conflict, whatever it is (promise 2)."""
    found = decided(verdict, Facts(claim=OTHER, answering=Answering.DUE))
    assert found.outcome.event is InboundEvent.CONFLICT
    assert (found.replies, found.acknowledged, found.received, found.warnings) == ((), False, False, ())


def test_a_duplicate_gets_the_stored_acknowledgment():
    """The same bytes again: the stored answer goes out again, and nothing is taken twice."""
    found = decided(taken(), Facts(claim=SAME))
    assert (found.outcome.event, found.outcome.kind) == (InboundEvent.DUPLICATE, Kind.MELDING)
    assert (found.replies, found.received, found.acknowledged) == ((Repeat(ANSWER),), False, False)


@pytest.mark.parametrize(
    "facts",
    [
        Facts(claim=SAME, just_answered=True),
        Facts(claim=SAME, copies_answered=True),
        Facts(claim=Claim(ClaimOutcome.SAME, None)),
    ],
    ids=["just", "enough", "none"],
)
def test_a_duplicate_without_an_answer_to_give(facts: Facts):
    """What was answered a moment ago, or often this hour, gets no more; what never had an answer has none to repeat."""
    found = decided(taken(), facts)
    assert (found.outcome.event, found.replies) == (InboundEvent.DUPLICATE, ())


@pytest.mark.parametrize(
    ("verdict", "kind"),
    [
        (ping(), Kind.KVITTERING),
        (signal(action="Acknowledgment"), Kind.KVITTERING),
        (signal(action="MessageError"), Kind.FEIL),
        (ApprecUnreadable(LEVANGER, READING, SIGNED, envelope(), FAULT), Kind.APPREC),
        (refused(), Kind.MELDING),
    ],
)
def test_a_duplicate_keeps_its_kind(verdict, kind: Kind):
    """The log shows of each duplicate what it is a duplicate of."""
    assert decided(verdict, Facts(claim=SAME, answering=Answering.GIVEN)).outcome.kind is kind


def test_a_ping_gets_a_pong():
    """A Ping that the agreement has answered gets a Pong, and no Acknowledgment."""
    found = decided(ping(), Facts(claim=NEW, answering=Answering.DUE))
    assert (found.outcome.event, found.replies, found.acknowledged) == (InboundEvent.PINGED, (Pong(),), False)


def test_a_ping_is_answered_once_and_not_too_often():
    """A copy of a Ping is a duplicate without an answer; one over the hourly limit is set aside, and claims nothing."""
    copy = decided(ping(), Facts(claim=SAME, answering=Answering.GIVEN))
    assert (copy.outcome.event, copy.replies) == (InboundEvent.DUPLICATE, ())
    one_more = decided(ping(), Facts(answering=Answering.ENOUGH))
    assert (one_more.outcome.event, one_more.replies) == (InboundEvent.UNREADABLE, ())


@pytest.mark.parametrize(
    ("answering", "event"),
    [(Answering.GIVEN, InboundEvent.REFUSED), (Answering.ENOUGH, InboundEvent.UNREADABLE)],
)
def test_a_broken_rule_is_answered_once_and_not_too_often(answering: Answering, event: InboundEvent):
    """A copy of a refused message is refused in silence; one over the hourly limit is shown to a person."""
    found = decided(rule_broken(), Facts(answering=answering))
    assert (found.outcome.event, found.replies) == (event, ())


def test_signals_are_left_to_delivery():
    """An Acknowledgment is never acknowledged, an AppRec is where that is asked for; both move deliveries."""
    assert decided(signal()).outcome is None
    assert not decided(signal()).acknowledged
    for asked in (True, False):
        apprec = ApprecReceived(LEVANGER, READING, SIGNED, envelope(ack_requested=asked), None)
        assert (decided(apprec).outcome, decided(apprec).acknowledged) == (None, asked)


def test_departures_are_warnings_on_the_timeline():
    """Each departure that is not refused is a line with its rule, at most twenty of them."""
    found = decided(replace(signal(), notes=(WARNING,) * (MOST_WARNINGS + 5)))
    assert len(found.warnings) == 20
    assert (found.warnings[0].action, found.warnings[0].data["rule"]) == (Action.WARNING, "4")


def test_a_document_is_taken_and_receipted():
    """It goes to its inbox with Acknowledgment and AppRec 1 from the party addressed, which a copy gets again."""
    found = decided(taken())
    assert (found.received, found.acknowledged) == (True, True)
    assert (found.outcome.event, found.outcome.apprec) == (InboundEvent.STORED, ApprecState.SENDT_OK)
    (reply,) = found.replies
    assert (reply.status, reply.errors, reply.kept, reply.version) == (1, (), True, "1.1")
    assert reply.sender == taken().destination.addressed_to
    assert reply.original == (taken().head.msg_id, taken().head.type, taken().head.gen_date)
    assert found.tasks == ()


def test_an_old_dialog_gets_an_old_apprec():
    """A dialog 1.0 is receipted with AppRec 1.0."""
    (reply,) = decided(taken(carrier="dialog-1.0")).replies
    assert reply.version == "1.0"


def test_a_record_system_gives_the_apprec_itself():
    """Where the agreement says so and the reader has a record system, the engine waits for it, with its deadline."""
    found = decided(taken(), apprec_by="epj", apprec_deadline_minutes=180)
    assert (found.received, found.replies) == (True, ())
    assert (found.outcome.event, found.outcome.apprec) == (InboundEvent.HANDED_OVER, ApprecState.VENTER_EPJ)
    assert found.outcome.deadline == timedelta(hours=3)
    without = decided(taken(receiver=LEVANGER_WARD), apprec_by=ApprecBy.EPJ.value)
    assert without.outcome.event is InboundEvent.STORED


def test_a_document_that_went_elsewhere_calls_a_person():
    """A document that is read by others than it was addressed to is a task with the note."""
    (task,) = decided(taken(note="party.note")).tasks
    assert (task.cause, task.said, task.role) == (TaskCause.ADDRESSED_ELSEWHERE, "party.note", Role.DRIFT)
    assert task.due == START + timedelta(days=1)


def test_the_same_document_again_gets_its_apprec_again():
    """The same document under a new MessageId: acknowledged, its AppRec again, and no second inbox item."""
    found = decided(taken(), Facts(claim=NEW, document=SAME))
    assert (found.received, found.acknowledged) == (False, True)
    assert found.replies == (RepeatApprec(ANSWER, taken().head.msg_id),)
    assert (found.outcome.event, found.outcome.apprec) == (InboundEvent.DOCUMENT_DUPLICATE, ApprecState.INGEN)
    waits = decided(taken(), Facts(claim=NEW, document=Claim(ClaimOutcome.SAME, None)))
    assert waits.replies == ()


def test_another_document_under_a_used_msgid_is_refused():
    """Other content under a used MsgId: AppRec 2 with E10, nothing taken, and a task (promise 2)."""
    found = decided(taken(), Facts(claim=NEW, document=OTHER))
    (reply,) = found.replies
    assert (reply.status, [error.code for error in reply.errors], reply.kept) == (2, ["E10"], False)
    assert (found.received, found.outcome.event) == (False, InboundEvent.DOCUMENT_REFUSED)
    assert [task.cause for task in found.tasks] == [TaskCause.MSGID_USED_BEFORE]


def test_a_refused_document_gets_apprec_2():
    """The sender in the document is told what is wrong and where; nothing is taken, and no MsgId is claimed."""
    found = decided(refused())
    (reply,) = found.replies
    assert isinstance(reply, SendApprec)
    assert (reply.status, reply.kept, reply.sender) == (2, False, LEVANGER)
    ((code, told),) = [(error.code, error.detail) for error in reply.errors]
    assert (code, "/MsgHead/MsgInfo" in told) == ("T02", True)
    assert (found.received, found.acknowledged) == (False, True)
    assert (found.outcome.event, found.outcome.apprec) == (InboundEvent.DOCUMENT_REFUSED, ApprecState.SENDT_AVVIST)


def test_an_unreadable_document_is_refused_to_the_envelopes_sender():
    """Where the document does not tell its sender, the AppRec goes to the enterprise that signed."""
    (reply,) = decided(refused(readable=False)).replies
    assert (reply.receiver.her, reply.receiver.unit) == (GP, None)


def test_a_sender_that_the_envelope_does_not_cover_is_told_nothing():
    """A document that names a sender outside the envelope's tree is refused to the envelope's sender."""
    verdict = refused()
    foreign = replace(verdict, envelope=replace(verdict.envelope, from_her=LEVANGER))
    (reply,) = decided(foreign).replies
    assert reply.receiver.her == LEVANGER


def test_a_virus_calls_a_person_and_names_the_file_to_the_sender_alone():
    """The sender reads the file's name, the stored reason does not have it, and a person is called."""
    found = decided(refused(task="inbound.infected_task", told="Vedlegg 1, hemmelig.pdf, har virus."))
    ((told,),) = [[error.detail for error in reply.errors] for reply in found.replies]
    assert "hemmelig.pdf" in told
    assert "hemmelig" not in found.outcome.reason
    assert [task.cause for task in found.tasks] == [TaskCause.INFECTED]
