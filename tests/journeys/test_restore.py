"""A backup that is older than receipts, reminders and cases: after the restore nothing is sent twice as new."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from adapters import backup
from adapters.keys.at_rest import AtRest
from engine.case.record import Case
from engine.casework import steps
from engine.codes.log import LogCode
from engine.commit.actor import Person
from engine.errors import OwnFault, Refused
from engine.names import OPERATOR, HerId
from engine.operations.restore import SKIPPED_NUMBERS, what_is_held
from engine.states.case import CaseState
from engine.states.delivery import DeliveryState
from engine.states.role import Role
from tests.fakes.engines.history import GP_HANDLER
from tests.fakes.engines.real_pair import real_pair
from tests.fakes.engines.reporting import report
from tests.fakes.engines.restoring import Here
from tests.fakes.world.parties import GP, GP_SERVICE, LEVANGER, LEVANGER_SERVICE

_S = DeliveryState


@pytest.fixture
async def here(urls: tuple[str, str], at_rest: AtRest, tmp_path: Path) -> AsyncIterator[Here]:
    """Give two engines over real SMTP, and a folder for backups."""
    async with real_pair(urls, at_rest) as (pair, _):
        yield Here(pair, urls[1], at_rest, tmp_path)


async def the_case(here: Here, owner: HerId = GP) -> Case:
    """Return the only case of an enterprise."""
    side = here.pair.gp if owner == GP else here.pair.municipal
    (case,) = await side.ports.store.list_cases(owner)
    return case


async def test_acknowledged_is_never_sent_again_and_in_flight_goes_out_with_the_same_bytes(here: Here) -> None:
    """Of three messages the backup knew one acknowledged, one sent and one queued; all are acknowledged after it."""
    known = await here.receipt_less()
    await here.pair.settle()
    sent = await here.receipt_less()
    await here.pair.gp.one()
    queued = await here.receipt_less()
    assert await here.states() == [_S.LEVERT, _S.SENDT, _S.KO]
    await here.back_up()
    await here.pair.settle()
    assert await here.states() == [_S.LEVERT] * 3
    before = {row.header.message_id: row.sha256 for row in await here.arrived()}
    assert await here.restore() == 2
    assert await here.states() == [_S.LEVERT, _S.SENDT_UKJENT, _S.SENDT_UKJENT]
    held, doubtful = await what_is_held(here.pair.gp.ports)
    assert (held.restored_by, {row.id for row in doubtful}) == ("kari", {sent.id, queued.id})
    here.pair.clock.advance(days=1)
    await here.pair.settle()
    assert len(await here.arrived()) == 3
    assert set(await here.release()) == {sent.header.message_id, queued.header.message_id}
    await here.pair.settle()
    # The partner's AppRecs were ours already, so it sends none again: a person asks for what is missing.
    assert await here.states() == [_S.LEVERT, _S.TRANSPORTKVITTERT, _S.TRANSPORTKVITTERT]
    again = (await here.arrived())[3:]
    assert {row.header.message_id for row in again} == {sent.header.message_id, queued.header.message_id}
    assert known.header.message_id in before
    assert len(await here.pair.municipal.inbox(LEVANGER)) == 3
    with pytest.raises(Refused, match=r"operations\.nothing_held"):
        await here.release()
    here.pair.clock.advance(days=1)
    await here.pair.settle()
    assert await here.states() == [_S.LEVERT, _S.MANGLER_APPREC, _S.MANGLER_APPREC]
    assert {task.subject for task in await here.pair.gp.tasks()} == {sent.id, queued.id, held.id}


async def test_the_envelope_that_goes_out_again_is_the_same(here: Here) -> None:
    """What left before the backup's engine was lost and what leaves after the release have the same MIME entity."""
    sent = await here.receipt_less()
    await here.back_up()
    async with here.pair.gp.ports.store.begin() as unit:
        before = await unit.mime(GP, sent.id)
    await here.pair.settle()
    await here.restore()
    await here.release()
    await here.pair.settle()
    store = here.pair.municipal.ports.store
    async with store.begin() as unit:
        raws = [await unit.raw(row.owner, row.id) for row in await here.arrived()]
    assert len(raws) == 2
    body = before.partition(b"\r\n\r\n")[2]
    assert all(raw.partition(b"\r\n\r\n")[2].rstrip() == body.rstrip() for raw in raws)


async def test_a_reminder_that_fell_due_meanwhile_becomes_a_task(here: Here) -> None:
    """The reminder left after the backup; the restored engine sends none by itself, and a person may."""
    await report(here.pair.gp, GP_SERVICE, LEVANGER_SERVICE)
    await here.pair.settle()
    await here.back_up()
    case = await the_case(here)
    here.pair.clock.set(case.reminder_at)
    await here.pair.settle()
    assert (await the_case(here)).state is CaseState.PURRET
    assert len(await here.arrived()) == 2
    here.pair.clock.advance(hours=2)
    await here.restore()
    await here.release()
    for _ in range(3):
        await here.pair.settle()
        here.pair.clock.advance(days=1)
    assert (await the_case(here)).state is CaseState.LEVERT
    assert len(await here.arrived()) == 2
    tasks = [task for task in await here.pair.gp.tasks("saksbehandler") if task.cause == "reminder in doubt"]
    assert [task.subject for task in tasks] == [case.id]
    with pytest.raises(Refused, match=r"case\.may_not"):
        await steps.remind(here.pair.gp.ports, Person(Role.MELDER, GP_SERVICE, "Mette Moe"), case.number)
    await steps.remind(here.pair.gp.ports, GP_HANDLER, case.number)
    await here.pair.settle()
    assert (await the_case(here)).state is CaseState.PURRET
    assert len(await here.arrived()) == 3
    with pytest.raises(Refused, match=r"case\.no_reminder_in_doubt"):
        await steps.remind(here.pair.gp.ports, GP_HANDLER, case.number)


async def test_a_reminder_of_a_later_case_is_sent_by_itself(here: Here) -> None:
    """Only what fell due before the restore is in doubt."""
    await report(here.pair.gp, GP_SERVICE, LEVANGER_SERVICE)
    await here.pair.settle()
    await here.back_up()
    await here.restore()
    await here.release()
    here.pair.clock.set((await the_case(here)).reminder_at)
    await here.pair.settle()
    assert (await the_case(here)).state is CaseState.PURRET


async def test_no_case_number_is_given_twice(here: Here) -> None:
    """A case opened after the backup is gone, but its partner knows its number: the next one is far from it."""
    await here.back_up()
    lost = await report(here.pair.gp, GP_SERVICE, LEVANGER_SERVICE)
    await here.restore()
    fresh = await report(here.pair.gp, GP_SERVICE, LEVANGER_SERVICE)
    assert int(fresh.number.rpartition("-")[2]) == int(lost.number.rpartition("-")[2]) + SKIPPED_NUMBERS


async def test_operations_is_told_and_the_log_is_whole(here: Here) -> None:
    """A task says from when what is missing; the event log verifies, though seals went with the restore."""
    await here.receipt_less()
    await here.back_up()
    await here.pair.settle()
    await here.restore()
    await here.receipt_less()
    await here.log.seal_events(here.pair.clock.now())
    assert await here.log.verify_log() == []
    missing, task = sorted(await here.pair.gp.tasks(), key=lambda task: task.cause)
    assert (missing.owner, task.owner) == (GP, OPERATOR)
    assert missing.text.startswith("operations.missing_since ")
    await here.release()
    # What is missing is a person's to ask for: that does not end with the release.
    assert [task.cause for task in await here.pair.gp.tasks()] == ["missing after a restore"]
    actions = [row.event.action for row in await here.pair.gp.ports.store.timeline(OPERATOR, task.subject)]
    assert actions == ["restored", "sending released"]


async def test_seals_that_are_gone_without_a_restore_are_told(here: Here) -> None:
    """Nobody can pass a cut-off log for a restored one without the log key."""
    await here.receipt_less()
    await here.back_up()
    await here.pair.settle()
    await here.restore()
    async with here.pair.gp.ports.store._connection() as connection:
        await connection.execute("UPDATE restoration SET last_seal = last_seal + 1")
    findings = await here.log.verify_log()
    assert LogCode.RESTORE_NOT_OURS in {finding.code for finding in findings}


async def test_a_damaged_or_foreign_backup_changes_nothing(here: Here, tmp_path: Path) -> None:
    """A file that is cut, changed, of another key ring, another engine or no backup is refused, and nothing is lost."""
    await here.receipt_less()
    await here.back_up()
    whole = here.file.read_bytes()
    await here.pair.settle()
    for name, damaged in {
        "cut": whole[: len(whole) // 2],
        "piece": whole[:-1],
        "bit": whole[:500] + bytes([whole[500] ^ 1]) + whole[501:],
        "more": whole + b"x",
        "other": b"PGDMP" + whole,
        "empty": b"",
    }.items():
        file = tmp_path / name
        file.write_bytes(damaged)
        with pytest.raises(OwnFault):
            backup.check(file, here.at_rest)
        await here.pair.gp.stop()
        with pytest.raises(OwnFault):
            await backup.restore(here.site, file, "kari", lambda _: None, replace=True)
        await here.pair.gp.start(here.pair.gp._relay_port)
    with pytest.raises(OwnFault, match=r"key\.not_opened"):
        backup.check(here.file, AtRest.create(tmp_path / "ring"))
    await here.pair.gp.stop()
    for other in ({"environment": "production"}, {"parties": ("8090100",)}):
        with pytest.raises(OwnFault, match=r"backup\.other_engine"):
            await backup.restore(replace(here.site, **other), here.file, "kari", lambda _: None, replace=True)
    await here.pair.gp.start(here.pair.gp._relay_port)
    assert await here.states() == [_S.LEVERT]
    assert await what_is_held(here.pair.gp.ports) is None


async def test_a_database_in_use_is_not_replaced(here: Here) -> None:
    """While a node is connected, or nobody said that what the database holds may go, it stays."""
    await here.back_up()
    with pytest.raises(Refused, match=r"backup\.in_use"):
        await backup.restore(here.site, here.file, "kari", lambda _: None, replace=True)
    await here.pair.gp.stop()
    with pytest.raises(Refused, match=r"backup\.not_empty"):
        await backup.restore(here.site, here.file, "kari", lambda _: None, replace=False)
    await here.pair.gp.start(here.pair.gp._relay_port)
    with pytest.raises(OwnFault, match=r"disk\.exists"):
        await backup.back_up(here.site, here.file, lambda _: None)


async def test_nothing_of_the_content_stands_in_a_backup(here: Here) -> None:
    """Not even what the database holds in clear, such as party ids, can be read in the file."""
    await here.receipt_less()
    await here.back_up()
    content = here.file.read_bytes()
    assert here.file.stat().st_mode & 0o077 == 0
    for mark in (GP, LEVANGER_SERVICE, "queued", "MessageHeader"):
        assert mark.encode() not in content
    header, size = backup.check(here.file, here.at_rest)
    assert (header.environment, header.parties, size > 10_000) == ("test", [GP], True)


async def test_two_restores_follow_each_other(here: Here) -> None:
    """The same backup may be restored again, before and after the release; sending is held by one of them at a time."""
    await here.receipt_less()
    await here.back_up()
    await here.restore()
    await here.restore()
    await here.release()
    await here.pair.settle()
    here.pair.clock.set(here.pair.clock.now() + timedelta(minutes=1))
    assert await here.restore() == 1
    assert await here.log.verify_log() == []
