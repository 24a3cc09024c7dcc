"""Cases that came by another channel than messages: registered by a person, or opened from a shipment (process.md R14).

The clock runs from the Oslo day of receipt, whenever it is registered (process.md 2.5).
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime

from engine.case.calendar import oslo_date
from engine.case.channel import NORWEGIAN, Channel
from engine.case.deadlines import deadline_of
from engine.case.record import Case
from engine.case.roles import check_may
from engine.casework.moves import call, clock_of, next_number, set_timer
from engine.commit.actor import Person, owner_of
from engine.commit.ports import Ports
from engine.deviation.fields import Deviation, DeviationKind, free_texts
from engine.deviation.xml import write_deviation
from engine.errors import Refused
from engine.names import OUTSIDE, HerId
from engine.outbound.attachments import as_case_file, attach
from engine.payload.attachment import Attachment
from engine.payload.national_numbers import fields_with_numbers
from engine.ports import UnitOfWork
from engine.records.log import Event
from engine.states.case import CaseEvent, CaseState

UNNAMED = "Ukjent avsender"
_TEXT = {
    CaseState.UNDER_BEHANDLING: "Et avvik er mottatt ({way}) og skal besvares samme vei.",
    CaseState.TIL_VURDERING: "En henvendelse ({way}) kan være et avvik. Registrer den som sak, eller avvis den.",
}


async def register_received(
    ports: Ports,
    who: Person,
    channel: Channel,
    received: date,
    sender: HerId,
    told: tuple[str, str],
    files: Sequence[tuple[str, bytes]] = (),
) -> Case:
    """Register a deviation that came by another channel on a day in Oslo; `told` is its title and text, `sender` may be
    OUTSIDE.

    It is in treatment at once, for a person has judged it. Raises Refused for a role that may not, a day that has not
    come, a sender that no register has, a national number in a text, and a file that may not be kept.
    """
    check_may(CaseEvent.REGISTER, who.role)
    owner, now = owner_of(ports.policy, who), ports.clock.now()
    if received > oslo_date(now):
        raise Refused(f"{received} has not come yet. Name the day that it was received.")
    party = ports.policy.registry.find(sender)
    if party is None and sender != OUTSIDE:
        raise Refused(f"HER-id {sender} is not in the parties file. Name the party that it came from, - for none.")
    deviation = Deviation(DeviationKind.AVVIK, "-", party.name if party else UNNAMED, False, *told)
    fields = fields_with_numbers(free_texts(deviation))
    if fields:
        raise Refused(f"A national identity number stands in: {', '.join(fields)}. Take it out.")
    attached = await attach(ports, who.her_id, sender, files, now)
    async with ports.store.begin() as uow:
        case = await new_case(uow, ports, (owner, who.her_id, sender), CaseState.UNDER_BEHANDLING, channel, now)
        return await open_received(uow, ports, case, deviation, received, attached, str(who))


async def new_case(
    uow: UnitOfWork,
    ports: Ports,
    parties: tuple[HerId, HerId, HerId],
    state: CaseState,
    channel: Channel,
    now: datetime,
) -> Case:
    """Return a case of an owner between our side and theirs that is to be opened, with a number of its own."""
    owner, ours, theirs = parties
    number = await next_number(uow, owner, now)
    kind = DeviationKind.AVVIK.value
    return Case(ports.ids.new(), owner, number, kind, False, ours, theirs, state, now, None, channel=channel)


async def open_received(
    uow: UnitOfWork,
    ports: Ports,
    case: Case,
    deviation: Deviation,
    received: date,
    files: Sequence[Attachment],
    actor: str,
) -> Case:
    """Keep a case that came by another channel with its files, let its clock run, and call who treats it."""
    now = case.opened_at
    case = replace(case, **clock_of(ports.policy, case, received, now))
    case = replace(case, deadline=deadline_of(case, now))
    await uow.add_case(case.owner, case, write_deviation(replace(deviation, case_number=case.number)))
    await uow.add_case_files(case.owner, case.id, [as_case_file(each) for each in files])
    channel = case.channel or Channel.POST
    data = {"number": case.number, "state": case.state, "channel": channel.value, "received": received.isoformat()}
    await uow.log(case.owner, Event(now, case.id, "received by another channel", actor, data))
    await set_timer(uow, case)
    await call(uow, ports, case, now, case.state, _TEXT[case.state].format(way=NORWEGIAN[channel]))
    return case
