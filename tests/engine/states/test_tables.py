"""The state machines are total, and nothing from outside can make one raise."""

from dataclasses import dataclass
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.case.roles import MAY
from engine.errors import Refused
from engine.states import apprec, case, delivery, inbound
from engine.states.alarm import ALARM, AlarmEvent, AlarmState
from engine.states.apprec import APPREC, ApprecEvent, ApprecState
from engine.states.case import CASE, CaseEvent, CaseState
from engine.states.delivery import DELIVERY, DeliveryEvent, DeliveryState
from engine.states.inbound import INBOUND, InboundEvent, InboundState
from engine.states.role import Role, SystemRole
from engine.states.table import IGNORE, REFUSE, TASK, Otherwise, advance, check_total


@dataclass(frozen=True)
class Machine:
    """A table with its enums, the state that it starts in and the events that people alone cause."""

    table: Any
    states: Any
    events: Any
    start: Any
    by_people: frozenset[Any]


E = DeliveryEvent
MACHINES = {
    "delivery": Machine(
        DELIVERY,
        DeliveryState,
        DeliveryEvent,
        DeliveryState.KO,
        frozenset({E.HOLD, E.RELEASE, E.RESEND, E.CANCEL, E.DELIVERED_OTHERWISE}),
    ),
    "inbound": Machine(
        INBOUND,
        InboundState,
        InboundEvent,
        InboundState.MOTTATT,
        frozenset({InboundEvent.RETURNED, InboundEvent.RELEASE, InboundEvent.DISCARD}),
    ),
    "apprec": Machine(APPREC, ApprecState, ApprecEvent, ApprecState.INGEN, frozenset()),
    "case": Machine(CASE, CaseState, CaseEvent, CaseState.KLADD, frozenset(MAY)),
    "alarm": Machine(ALARM, AlarmState, AlarmEvent, AlarmState.LUKKET, frozenset({AlarmEvent.SETTLED})),
}
machines = pytest.mark.parametrize("machine", MACHINES.values(), ids=MACHINES)


@machines
def test_a_table_answers_every_event_in_every_state(machine):
    """No state is silent about any event."""
    assert check_total(machine.table, machine.states, machine.events) == []
    assert set(machine.table) == set(machine.states)


def test_a_gap_in_a_table_is_named():
    """The check names state and event of each gap, so that it cannot pass on an empty table."""
    broken = {**APPREC, ApprecState.INGEN: {}}
    assert len(check_total(broken, ApprecState, ApprecEvent)) == len(ApprecEvent)
    assert "INGEN says nothing of the same document again" in check_total(broken, ApprecState, ApprecEvent)


@machines
def test_only_people_are_refused(machine):
    """Whatever partners, timers and mail servers do, in whatever state, gives a step; people alone can be refused."""
    for state in machine.states:
        for event in machine.events:
            if machine.table[state][event] is REFUSE:
                assert event in machine.by_people, f"{state} refuses {event}"
                with pytest.raises(Refused):
                    advance(machine.table, state, event)
            else:
                assert advance(machine.table, state, event).state in machine.states


@machines
@settings(max_examples=25)  # every state meets every event above; this walks on from there
@given(data=st.data())
def test_any_sequence_of_events_leads_from_state_to_state(machine, data):
    """However events follow each other, the machine stands in a state of its own and says whether it moved."""
    state = machine.start
    for event in data.draw(st.lists(st.sampled_from(list(machine.events)), max_size=40)):
        if machine.table[state][event] is REFUSE:
            with pytest.raises(Refused, match=state):
                advance(machine.table, state, event)
            continue
        step = advance(machine.table, state, event)
        assert step.moved == (step.state != state)
        assert not (step.moved and step.task)
        state = step.state


@machines
def test_every_state_can_be_reached(machine):
    """No state of the enum is left over from an older design."""
    reached = {machine.start} | ({CaseState.TIL_VURDERING} if machine.table is CASE else set())
    todo = list(reached)
    while todo:
        for target in machine.table[todo.pop()].values():
            if not isinstance(target, Otherwise) and target not in reached:
                reached.add(target)
                todo.append(target)
    assert reached == set(machine.states)


def test_every_delivery_that_is_not_final_has_an_owner():
    """A message that is not at rest waits for somebody; one at rest waits for nobody."""
    assert set(delivery.OWNER_OF) == set(DeliveryState) - delivery.FINAL_STATES
    assert set(delivery.OWNER_OF.values()) <= {SystemRole.MOTOR, SystemRole.MOTPART, Role.DRIFT}


def test_a_final_delivery_never_moves_again():
    """Nothing that anybody says moves a message out of a final state."""
    for state in delivery.FINAL_STATES:
        assert all(isinstance(target, Otherwise) for target in DELIVERY[state].values()), state


@pytest.mark.parametrize("module", [delivery, inbound])
def test_what_needs_action_has_people_for_owner(module):
    """Every state that alarms belongs to the operations desk."""
    assert module.NEEDS_ACTION
    assert all(module.OWNER_OF[state] == "drift" for state in module.NEEDS_ACTION)


def test_a_mail_without_owner_has_nothing_left_to_do():
    """A mail's state without an owner moves by people alone, or not at all."""
    for state in set(InboundState) - set(inbound.OWNER_OF):
        moving = {event for event, target in INBOUND[state].items() if not isinstance(target, Otherwise)}
        assert moving <= MACHINES["inbound"].by_people, state


def test_a_record_system_that_took_it_says_nothing_new_of_what_is_in_the_inbox_or_was_sent_back():
    """Its AppRec 1 may come late, after a person has read the message or sent it back."""
    for state in (InboundState.LEVERT_INTERNT, InboundState.RETURNERT):
        assert INBOUND[state][InboundEvent.EPJ_TOOK_IT] is IGNORE


def test_what_failed_at_transport_can_come_again():
    """Quarantine and refusal are never the last word: a corrected register and a person bring the mail back."""
    for state in (InboundState.KARANTENE, InboundState.AVVIST_TRANSPORT):
        assert advance(INBOUND, state, InboundEvent.RELEASE).state is InboundState.MOTTATT


WORDS = {
    "late acknowledgment": (DeliveryState.UBEKREFTET, E.ACKNOWLEDGED, DeliveryState.TRANSPORTKVITTERT),
    "late AppRec": (DeliveryState.MANGLER_APPREC, E.APPREC_OK, DeliveryState.LEVERT),
    "AppRec first": (DeliveryState.SENDT, E.APPREC_OK, DeliveryState.LEVERT),
    "acknowledged after all": (DeliveryState.TRANSPORTFEIL, E.ACKNOWLEDGED, DeliveryState.TRANSPORTKVITTERT),
    "acknowledged after delivery": (DeliveryState.LEVERT, E.ACKNOWLEDGED, IGNORE),
    "refused after delivery": (DeliveryState.LEVERT, E.APPREC_REFUSED, TASK),
    "error after acknowledgment": (DeliveryState.TRANSPORTKVITTERT, E.MESSAGE_ERROR, TASK),
    "receipt of a cancelled message": (DeliveryState.KANSELLERT, E.APPREC_OK, TASK),
    "resend of a refused document": (DeliveryState.AVVIST, E.RESEND, REFUSE),
}


@pytest.mark.parametrize(("state", "event", "follows"), WORDS.values(), ids=WORDS)
def test_late_and_crossing_words_do_what_the_process_says(state, event, follows):
    """The rows that partners' disorder meets most often stand as process.md 2.4 wants them."""
    assert DELIVERY[state][event] is follows


def test_one_apprec_is_the_last_word_about_a_document():
    """Whatever is told first stays told; a contradicting word is shown to a person."""
    told = set(ApprecState) - {ApprecState.INGEN, ApprecState.VENTER_EPJ}
    for state in told:
        assert all(isinstance(target, Otherwise) for target in apprec.APPREC[state].values())


def test_every_open_case_has_an_owner_and_only_a_final_one_waits_for_nobody():
    """OPEN names an owner and a deadline for each state that is not final."""
    assert set(case.OPEN) == set(CaseState) - case.FINAL_STATES


C = CaseEvent
MISADDRESSED = {
    CaseState.KLADD: TASK,
    CaseState.TIL_KVALITETSSIKRING: TASK,
    CaseState.RETURNERT: TASK,
    CaseState.GODKJENT: TASK,
    CaseState.SENDES: CaseState.FEILADRESSERT,
    CaseState.LEVERT: CaseState.FEILADRESSERT,
    CaseState.UNDER_BEHANDLING: CaseState.FEILADRESSERT,
    CaseState.PURRET: CaseState.FEILADRESSERT,
    CaseState.OVER_FRIST: CaseState.FEILADRESSERT,
    CaseState.SVAR_IKKE_VURDERT: CaseState.FEILADRESSERT,
    CaseState.BESVART: TASK,
    CaseState.ORIENTERT: TASK,
    CaseState.FEILADRESSERT: IGNORE,
    CaseState.TIL_VURDERING: TASK,
    CaseState.LUKKET: TASK,
    CaseState.TRUKKET: TASK,
    CaseState.FORKASTET: TASK,
}


@pytest.mark.parametrize("state", CaseState)
def test_wrong_addressee_gives_back_what_the_other_side_has_and_contradicts_what_is_over(state):
    """process.md A18, late and crossing ones too: a person sees what cannot move, a second one is only logged."""
    assert CASE[state][C.MISADDRESSED] is MISADDRESSED[state]


def test_what_went_astray_waits_for_us_and_is_never_reminded_of():
    """In FEILADRESSERT only a final answer, a plain reply, sending and withdrawing move the case; none remind."""
    row = CASE[CaseState.FEILADRESSERT]
    moves = {event: target for event, target in row.items() if not isinstance(target, Otherwise)}
    assert moves == {
        C.SEND: CaseState.SENDES,
        C.WITHDRAW: CaseState.TRUKKET,
        C.WITHDRAWN: CaseState.TRUKKET,
        C.ANSWERED: CaseState.BESVART,
        C.REPLIED: CaseState.SVAR_IKKE_VURDERT,
    }
    assert CASE[CaseState.SVAR_IKKE_VURDERT][C.ASSESS_INTERIM_FEILADRESSERT] is CaseState.FEILADRESSERT


def test_what_we_send_back_is_no_case_of_ours_unless_we_have_answered():
    """A received case ends, one that has ended stays so, and an answer of ours stands against it."""
    treated = {CaseState.TIL_VURDERING, CaseState.UNDER_BEHANDLING, CaseState.PURRET, CaseState.OVER_FRIST}
    for state in CaseState:
        over = state in case.FINAL_STATES | {CaseState.ORIENTERT}
        wanted = CaseState.FORKASTET if state in treated else IGNORE if over else REFUSE
        assert CASE[state][C.SEND_BACK] is wanted, state
