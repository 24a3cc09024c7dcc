"""Rows as a page shows them: names, plain words beside state names, short ids, and how a state looks."""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from adapters.store.lists import made_at
from adapters.web.texts import Voice
from engine.case.record import Case
from engine.names import HerId
from engine.operations.overview import answer_is_late, waiting
from engine.records.log import Alarm, Event, Task
from engine.records.messages import IncomingMail, OutgoingMessage
from engine.register.parties import Registry
from engine.states.alarm import AlarmState
from engine.states.delivery import DeliveryState
from engine.states.inbound import InboundState

SHORT = 8
_GOOD: frozenset[StrEnum] = frozenset(
    {
        DeliveryState.LEVERT,
        DeliveryState.FULLFORT,
        DeliveryState.LEVERT_MANUELT,
        InboundState.KORRELERT,
        InboundState.LEVERT_INTERNT,
    }
)
"""Ends that are shown as good ones; any other end is shown plainly."""

_TOLD_ELSEWHERE = frozenset({"state", "name", "kind", "to"})
"""What an event tells that its line or its page shows already."""


@dataclass(frozen=True, slots=True)
class StateView:
    """A state: its word, what it means, how it looks (alarm, wait, good, rest), who must act, and by when."""

    word: str
    label: str
    tone: str
    owner: str
    deadline: datetime | None
    late: bool


@dataclass(frozen=True, slots=True)
class PartyView:
    """A party by name, with its HER-id and its enterprise; '' for what is unknown."""

    name: str
    her_id: str
    within: str = ""


@dataclass(frozen=True, slots=True)
class MessageView:
    """One message in a list."""

    id: UUID
    at: datetime
    out: bool
    kind: str
    sender: PartyView
    receiver: PartyView
    state: StateView

    @property
    def short(self) -> str:
        """The beginning of the id."""
        return str(self.id)[:SHORT]


@dataclass(frozen=True, slots=True)
class CaseView:
    """One case in a list, without any of its encrypted content."""

    case: Case
    ours: PartyView
    theirs: PartyView
    state: StateView
    answer_late: bool


@dataclass(frozen=True, slots=True)
class TaskView:
    """One open task, the page that it links to, and what it is about."""

    task: Task
    role: str
    late: bool
    case_number: str
    message: MessageView | None


@dataclass(frozen=True, slots=True)
class AlarmView:
    """One alarm: the partner, the cause, and its state."""

    alarm: Alarm
    party: PartyView
    cause: str
    state: StateView


@dataclass(frozen=True, slots=True)
class EntryView:
    """One line of a timeline. `about` is the related message that it happened to, None for the page's own subject."""

    at: datetime
    label: str
    action: str
    actor: str
    state: str
    details: tuple[tuple[str, str], ...]
    about: MessageView | None = None


class Views:
    """Makes views in one language, at one time, by one version of the register."""

    def __init__(self, voice: Voice, registry: Registry, now: datetime) -> None:
        self._voice = voice
        self._registry = registry
        self._now = now

    def party(self, her_id: str | None) -> PartyView:
        """Return a party by its HER-id."""
        found = self._registry.find(HerId(her_id)) if her_id else None
        if found is None:
            return PartyView(her_id or self._voice("unknown"), her_id or "")
        top = self._registry.line(found.her)[-1].name
        return PartyView(found.name, found.her, "" if top in found.name or found.name == top else top)

    def state(self, state: StrEnum, deadline: datetime | None) -> StateView:
        """Return a state with how it looks."""
        acts = waiting(state, deadline, self._now)
        calm = "wait" if acts.owner else "good" if state in _GOOD else "rest"
        owner = self._voice.word("owner", acts.owner) if acts.owner else ""
        label = self._voice.word("state", state.value)
        return StateView(state.value, label, "alarm" if acts.pressing else calm, owner, deadline, acts.late)

    def message(self, row: IncomingMail | OutgoingMessage) -> MessageView:
        """Return a message as a list shows it."""
        kind = self._voice.word("kind", row.kind.value if row.kind else "")
        sides = self.party(row.header.from_her), self.party(row.header.to_her)
        return MessageView(
            row.id, made_at(row), isinstance(row, OutgoingMessage), kind, *sides, self.state(row.state, row.deadline)
        )

    def case(self, case: Case) -> CaseView:
        """Return a case as a list shows it. A case whose answer is overdue looks late too."""
        shown = self.state(case.state, case.deadline)
        late = answer_is_late(case, self._now)
        if late:
            shown = replace(shown, tone="alarm")
        return CaseView(case, self.party(case.our_her), self.party(case.their_her), shown, late)

    def task(self, task: Task, case_number: str, message: MessageView | None) -> TaskView:
        """Return a task with what it is about."""
        role = self._voice.word("role", task.role)
        return TaskView(task, role, task.due <= self._now, case_number, message)

    def alarm(self, alarm: Alarm) -> AlarmView:
        """Return an alarm. An alarm without a partner is about our own way out."""
        party = self.party(alarm.partner) if alarm.partner else PartyView(self._voice("action.alarms.ours"), "")
        tone = "alarm" if alarm.state is AlarmState.APEN else "wait"
        label = self._voice.word("state", alarm.state)
        state = StateView(alarm.state, label, tone, self._voice.word("owner", "drift"), None, late=False)
        return AlarmView(alarm, party, self._voice.word("cause", alarm.cause), state)

    def entry(self, event: Event, about: MessageView | None = None) -> EntryView:
        """Return an event as a line of a timeline."""
        told = ((key, value) for key, value in event.data.items() if value and key not in _TOLD_ELSEWHERE)
        details = tuple((self._voice.word("detail", key), self._voice.said(value)) for key, value in told)
        label = self._voice.word("event", event.action)
        actor = self._actor(event.actor) + (f" ({event.data['name']})" if event.data.get("name") else "")
        return EntryView(event.at, label, event.action, actor, event.data.get("state", ""), details, about)

    def _actor(self, actor: str) -> str:
        """Return who acted: a partner by its name; a person or system by role, party and name."""
        who, _, name = actor.partition(" ")
        if who == "HER":
            return self.party(name).name
        role, _, her_id = who.partition("@")
        told = self._voice.word("owner", role) + (f", {self.party(her_id).name}" if her_id else "")
        return f"{told} ({name})" if name else told
