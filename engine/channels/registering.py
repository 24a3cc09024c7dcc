"""Cases that came by another channel than messages: registered by a person, or opened from a shipment (process.md R14).

The clock runs from the Oslo day of receipt, whenever it is registered (process.md 2.5).
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from uuid import UUID

from engine.case.calendar import oslo_date
from engine.case.channel import Channel
from engine.case.record import Case
from engine.case.roles import check_may
from engine.casework.apply import apply
from engine.casework.decide import opening_state
from engine.casework.gather import next_number
from engine.casework.opening import received_case
from engine.casework.step_decisions import check_private
from engine.codes.channel import ChannelCode
from engine.commit.actor import Person, owner_of
from engine.commit.commit import Commit
from engine.commit.ports import Ports
from engine.deviation.fields import Deviation, DeviationKind, free_texts
from engine.deviation.labels import SENTENCES
from engine.deviation.xml import write_deviation
from engine.errors import Refused
from engine.names import OUTSIDE, HerId
from engine.outbound.attachments import as_case_file, attach
from engine.payload.attachment import Attachment
from engine.records.log import Action
from engine.states.case import CaseEvent

UNNAMED = SENTENCES["unknown_sender"]["nb"]


async def register_received(
    ports: Ports,
    who: Person,
    channel: Channel,
    received: date,
    sender: HerId,
    told: tuple[str, str],
    files: Sequence[tuple[str, bytes]] = (),
) -> Case:
    """Register a deviation that came by another channel on a day in Oslo.

    `told` is its title and text; `sender` may be OUTSIDE. It is in treatment at once, for a person has judged it.
    Raises Refused for a role that may not, a day that has not come, a sender that no register has, a national number
    in a text, and a file that may not be kept.
    """
    check_may(CaseEvent.REGISTER, who.role)
    owner, now = owner_of(ports.policy, who), ports.clock.now()
    if received > oslo_date(now):
        raise Refused(ChannelCode.DAY_NOT_COME, day=received)
    party = ports.policy.registry.find(sender)
    if party is None and sender != OUTSIDE:
        raise Refused(ChannelCode.NO_SUCH_SENDER, her_id=sender)
    deviation = Deviation(DeviationKind.AVVIK, "-", party.name if party else UNNAMED, False, *told)
    check_private(free_texts(deviation))
    attached = await attach(ports, who.her_id, sender, files, now)
    async with ports.store.begin() as uow:
        commit, parties = Commit(uow, ports, now, who), (owner, who.her_id, sender)
        return await open_received(
            commit, parties, channel, deviation, received, attached, judged=True, id=ports.ids.new()
        )


async def open_received(
    commit: Commit,
    parties: tuple[HerId, HerId, HerId],
    channel: Channel,
    deviation: Deviation,
    received: date,
    files: Sequence[Attachment],
    *,
    judged: bool,
    id: UUID,
) -> Case:
    """Open a case that came by another channel, with its files; `parties` are the owner, our side and theirs.

    Its clock runs from the day of receipt. `judged` is True where a person has said that it is a deviation.
    """
    owner, our_her, their_her = parties
    number = await next_number(commit, owner)
    state, kind = opening_state(reporting=False, judged=judged), DeviationKind.AVVIK.value
    case = Case(id, owner, number, kind, False, our_her, their_her, state, commit.now, None, channel=channel)
    content = write_deviation(replace(deviation, case_number=number))
    data = {"channel": channel.value, "received": received.isoformat()}
    kept = tuple(as_case_file(each) for each in files)
    move = received_case(
        commit.ports.policy,
        case,
        content,
        received,
        commit.now,
        action=Action.RECEIVED_OTHERWISE,
        data=data,
        files=kept,
    )
    return await apply(commit, move)
