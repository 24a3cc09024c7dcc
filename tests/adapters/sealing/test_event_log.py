"""The event log's seals: every tampering with rows, seals or the anchor file is named, and honest work is not."""

import asyncio
from datetime import timedelta
from pathlib import Path

import psycopg
import pytest

from adapters.keys.at_rest import AtRest
from adapters.sealing import anchor, event_log
from adapters.sealing.event_log import EventLog
from adapters.store.partitions import drop_months
from adapters.store.postgres import PostgresStore
from adapters.words.language import Language
from adapters.words.speaking import sentence
from engine.errors import OwnFault
from tests.fakes.store.rows import OURS, THEIRS, event
from tests.fakes.world.clock import START

NEXT_MONTH = START + timedelta(days=31)


@pytest.fixture
def log(pg_url: str, at_rest: AtRest, tmp_path: Path) -> EventLog:
    """Give the event log of the test's database, anchored in the test's folder."""
    return EventLog(pg_url, at_rest, tmp_path / "seals.log")


async def _write(store: PostgresStore, *numbers: int) -> None:
    async with store.begin() as unit:
        for number in numbers:
            await unit.log(OURS, event(number))


@pytest.fixture
async def sealed(real: PostgresStore, log: EventLog) -> PostgresStore:
    """Give a store whose events 1-3 and 4-6 stand under two seals."""
    await _write(real, 1, 2, 3)
    assert await log.seal_events(START) == 3
    await _write(real, 4, 5, 6)
    assert await log.seal_events(START) == 3
    return real


def _tamper(url: str, *statements: str) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        for text in statements:
            connection.execute(text.encode())


async def _findings(log: EventLog) -> list[str]:
    """Return what is wrong with the log, as a person reads it."""
    return [sentence(finding, Language.NB) for finding in await log.verify_log()]


async def test_an_honest_log_is_in_order(sealed: PostgresStore, log: EventLog) -> None:
    """Sealed and not yet sealed events, also with texts that no database takes as they are, give no finding."""
    async with sealed.begin() as unit:
        await unit.log(THEIRS, event(7, action="a\x00b", data={"æ\ud800": "\x00ø", "b": "", "a": '"'}))
    assert await _findings(log) == []
    assert await log.seal_events(START) == 1
    assert await log.seal_events(START) == 0
    assert await _findings(log) == []


async def test_an_empty_log_is_in_order(log: EventLog, real: PostgresStore) -> None:
    """A log without events is sealed and verified without a finding."""
    assert await log.seal_events(START) == 0
    assert await _findings(log) == []


@pytest.mark.parametrize(
    "change",
    [
        "action = 'annet'",
        "actor = 'noen'",
        "owner = '200'",
        "data = '{}'",
        "subject = gen_random_uuid()",
        "at = at + interval '1 microsecond'",
    ],
)
async def test_a_changed_event_is_named(sealed: PostgresStore, log: EventLog, pg_url: str, change: str) -> None:
    """A sealed event with any one field changed is named, and no other."""
    _tamper(pg_url, f"UPDATE event SET {change} WHERE id = 2")
    assert await _findings(log) == ["Hendelse 2 er endret (forsegling 1)."]


async def test_a_removed_event_is_named(sealed: PostgresStore, log: EventLog, pg_url: str) -> None:
    """A sealed event that is gone is named."""
    _tamper(pg_url, "DELETE FROM event WHERE id = 5")
    assert await _findings(log) == ["Hendelse 5 er fjernet (forsegling 2)."]


@pytest.mark.parametrize("seal", ["NULL", "1", "9"])
async def test_an_inserted_event_is_named(sealed: PostgresStore, log: EventLog, pg_url: str, seal: str) -> None:
    """An event that the engine did not write is named, whatever seal it says it stands under, also once sealed."""
    columns = "owner, at, subject, action, actor, data, mac"
    copied = f"SELECT 99, {seal}, {columns} FROM event WHERE id = 2"
    _tamper(pg_url, f"INSERT INTO event (id, seal, {columns}) {copied}")
    assert any(finding.startswith("Hendelse 99 ") for finding in await _findings(log))
    await log.seal_events(START)
    assert all(finding.startswith("Hendelse 99 ") for finding in await _findings(log))
    assert await _findings(log) != []


async def test_an_event_copied_under_its_own_id_is_named(sealed: PostgresStore, log: EventLog, pg_url: str) -> None:
    """A second row under the id of a sealed event is named."""
    columns = "id, owner, subject, action, actor, data, mac, seal"
    copied = f"SELECT at + interval '1 h', {columns} FROM event WHERE id = 2"
    _tamper(pg_url, f"INSERT INTO event (at, {columns}) {copied}")
    assert await _findings(log) == ["Hendelse 2 er satt inn: forsegling 1 kjenner den ikke."]


async def test_an_event_changed_before_it_was_sealed_is_named(
    sealed: PostgresStore, log: EventLog, pg_url: str
) -> None:
    """An event changed between writing and sealing is named before the seal and after it."""
    await _write(sealed, 7)
    _tamper(pg_url, "UPDATE event SET actor = 'noen' WHERE id = 7")
    assert await _findings(log) == ["Hendelse 7 er endret eller satt inn: den er ikke skrevet av motoren."]
    await log.seal_events(START)
    assert await _findings(log) == ["Hendelse 7 ble endret eller satt inn før den ble forseglet (forsegling 3)."]


async def test_an_unmarked_event_is_named(sealed: PostgresStore, log: EventLog, pg_url: str) -> None:
    """A sealed event whose note of its seal was taken away is named."""
    _tamper(pg_url, "UPDATE event SET seal = NULL WHERE id = 2")
    assert await _findings(log) == ["Hendelse 2 viser ikke lenger til forsegling 1."]


async def test_a_cut_off_end_is_named_event_by_event(sealed: PostgresStore, log: EventLog, pg_url: str) -> None:
    """The last seal removed together with its events is missed, by the anchor file, and stays missed later."""
    _tamper(pg_url, "DELETE FROM event WHERE seal = 2", "DELETE FROM seal WHERE id = 2")
    cut = [
        "Forsegling 2 er forankret, men mangler: loggen er kuttet.",
        *(f"Hendelse {number} er kuttet bort sammen med forsegling 2." for number in (4, 5, 6)),
    ]
    assert await _findings(log) == cut
    await _write(sealed, 8)
    await log.seal_events(START)
    assert await _findings(log) == [*cut, "Forsegling 2 mangler."]


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ("made_at = now()", "Forsegling 1 er endret."),
        ("hashes[2] = '\\x00'", "Forsegling 1 er endret."),
        ("events = events[1:2]", "Forsegling 1 er endret."),
        ("hash = '\\x00'", "Forsegling 1 er endret."),
        ("previous = '\\x00'", "Forsegling 1 følger ikke på forseglingen foran."),
    ],
)
async def test_a_changed_seal_is_named(
    sealed: PostgresStore, log: EventLog, pg_url: str, change: str, told: str
) -> None:
    """A seal with anything in it changed is named."""
    _tamper(pg_url, f"UPDATE seal SET {change} WHERE id = 1")
    assert told in await _findings(log)


async def test_a_seal_taken_out_of_the_middle_is_named(sealed: PostgresStore, log: EventLog, pg_url: str) -> None:
    """A seal removed from the middle is missed by its number, by its successor and by its events."""
    _tamper(pg_url, "DELETE FROM seal WHERE id = 1")
    found = await _findings(log)
    assert "Forsegling 1 mangler." in found
    assert "Forsegling 2 følger ikke på forseglingen foran." in found
    assert {f"Hendelse {id} viser til forsegling 1, som mangler." for id in (1, 2, 3)} <= set(found)


async def test_a_seal_made_with_another_key_is_named(
    sealed: PostgresStore, log: EventLog, pg_url: str, tmp_path: Path
) -> None:
    """Whoever rewrites log and seals without our key is found out."""
    other = EventLog(pg_url, AtRest.create(tmp_path / "other.json"), tmp_path / "other.log")
    _tamper(pg_url, "DELETE FROM seal", "UPDATE event SET seal = NULL, actor = 'noen'")
    await other.seal_events(START)
    found = await _findings(log)
    assert "Forsegling 1 er endret." in found
    assert "Forsegling 1 er en annen enn den som er forankret." in found
    assert sum(finding.startswith("Hendelse ") for finding in found) >= 6


async def test_months_that_retention_dropped_are_not_missed(
    sealed: PostgresStore, log: EventLog, at_rest: AtRest
) -> None:
    """Events whose month was dropped are no finding; their seals stay and hold the chain."""
    await sealed.ensure_partitions(START)
    async with sealed.begin() as unit:
        await unit.log(OURS, event(at=NEXT_MONTH))
    await log.seal_events(NEXT_MONTH)
    async with sealed._connection() as connection:
        dropped = await drop_months(connection, "event", NEXT_MONTH, NEXT_MONTH, at_rest.log_key())
    assert dropped == ["event_2026_03"]
    assert await sealed.timeline(OURS, event().subject) == (await sealed.timeline(OURS, event().subject))[-1:]
    assert await _findings(log) == []


async def test_a_forged_record_of_a_dropped_month_is_named(sealed: PostgresStore, log: EventLog, pg_url: str) -> None:
    """Removing events and writing that their month was dropped, without our key, hides nothing."""
    _tamper(
        pg_url,
        "DELETE FROM event WHERE id = 2",
        "INSERT INTO dropped_month VALUES ('event', '2026-03-01', '2026-04-01', now(), '\\x00')",
    )
    assert await _findings(log) == [
        "Måneden fra 2026-03 er meldt slettet, men ikke av motoren.",
        "Hendelse 2 er fjernet (forsegling 1).",
    ]


async def test_a_seal_that_a_crash_kept_from_the_anchor_is_anchored_later(
    sealed: PostgresStore, log: EventLog, tmp_path: Path
) -> None:
    """A seal missing from the anchor file, also half written there, is no finding, and is anchored by the next call."""
    path = tmp_path / "seals.log"
    lines = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(lines[0] + lines[1][:10])
    assert await _findings(log) == []
    assert await log.seal_events(START) == 0
    assert path.read_bytes().splitlines(keepends=True) == lines


async def test_a_missing_or_spoiled_anchor_is_named(sealed: PostgresStore, log: EventLog, tmp_path: Path) -> None:
    """An anchor file that is gone or holds something else is told of, and never written on from."""
    path = tmp_path / "seals.log"
    path.write_bytes(b"ikke et anker\n")
    assert await _findings(log) == ["Linje 1 i ankerfilen kan ikke leses."]
    with pytest.raises(OwnFault, match=r"log\.last_line"):
        await log.seal_events(START)
    path.unlink()
    assert await _findings(log) == ["Ankerfilen seals.log mangler, enda hendelsesloggen er forseglet."]


async def test_an_event_that_commits_late_is_sealed_later(real: PostgresStore, log: EventLog) -> None:
    """A transaction that took a low event id and commits after a seal was made is taken by the next seal."""
    async with real.begin() as unit:
        await unit.log(OURS, event(1))
        await _write(real, 2)
        assert await log.seal_events(START) == 1
    assert await log.seal_events(START) == 1
    assert await _findings(log) == []


async def test_nodes_that_seal_at_once_make_one_chain(real: PostgresStore, log: EventLog) -> None:
    """Of several nodes that seal together each event is sealed by one, and the chain holds."""
    await _write(real, *range(20))
    assert sum(await asyncio.gather(*(log.seal_events(START) for _ in range(4)))) == 20
    assert await _findings(log) == []


def test_event_ids_are_anchored_as_ranges(tmp_path: Path) -> None:
    """The anchor's ranges give back exactly the ids that they were made from."""
    path = tmp_path / "seals.log"
    for number, ids in enumerate(([1], [2, 3, 4], [5, 7, 8, 11]), 1):
        made = anchor.anchored(number, ids, b"\x01")
        anchor.append(path, [made])
        assert list(made.events()) == ids
        assert anchor.last_seal(path) == number
    length = anchor.whole_length(path)
    assert length == path.stat().st_size
    assert [list(found.events()) for found in anchor.read(path, length) if isinstance(found, anchor.Anchored)] == [
        [1],
        [2, 3, 4],
        [5, 7, 8, 11],
    ]


async def test_rows_with_numbers_that_the_engine_never_gives_are_named(
    sealed: PostgresStore, log: EventLog, pg_url: str
) -> None:
    """A seal and events numbered below 1 are named, and do not keep the log from being sealed and checked."""
    columns = "owner, at, subject, action, actor, data, mac"
    _tamper(
        pg_url,
        *(f"ALTER TABLE {table} DROP CONSTRAINT {table}_numbered" for table in ("event", "seal")),
        "INSERT INTO seal VALUES (-1, now(), '{}', '{}', '{}', '', '')",
        f"INSERT INTO event (id, seal, {columns}) SELECT 1000, -1, {columns} FROM event LIMIT 1",
        f"INSERT INTO event (id, seal, {columns}) SELECT -7, NULL, {columns} FROM event LIMIT 1",
    )
    await _write(sealed, 8)
    assert await log.seal_events(START) == 1
    findings = " ".join(await _findings(log))
    assert "Hendelse 1000" in findings
    assert "Hendelse -7" in findings
    assert "Forsegling -1" in findings


@pytest.mark.parametrize("number", [-(2**63), -(2**62) - 1, -(2**62), 0])
async def test_any_number_that_a_row_may_have_is_read(
    sealed: PostgresStore, log: EventLog, pg_url: str, number: int
) -> None:
    """An event that names a fake seal of its own is named, however low both are numbered."""
    columns = "owner, at, subject, action, actor, data, mac"
    _tamper(
        pg_url,
        *(f"ALTER TABLE {table} DROP CONSTRAINT {table}_numbered" for table in ("event", "seal")),
        f"INSERT INTO seal VALUES ({number}, now(), '{{99}}', '{{2026-03-02}}', '{{\\x00}}', '', '')",
        f"INSERT INTO event (id, seal, {columns}) SELECT 99, {number}, {columns} FROM event LIMIT 1",
        f"INSERT INTO event (id, seal, {columns}) SELECT {number}, NULL, {columns} FROM event LIMIT 1",
    )
    findings = " ".join(await _findings(log))
    assert "Hendelse 99 " in findings
    assert f"Hendelse {number} " in findings
    assert f"Forsegling {number} " in findings


async def test_the_database_takes_no_number_that_the_engine_never_gives(sealed: PostgresStore, pg_url: str) -> None:
    """Neither an event nor a seal below 1 can be put in without changing the tables."""
    columns = "owner, at, subject, action, actor, data, mac"
    for text in (
        "INSERT INTO seal VALUES (0, now(), '{}', '{}', '{}', '', '')",
        f"INSERT INTO event (id, {columns}) SELECT -7, {columns} FROM event LIMIT 1",
    ):
        with pytest.raises(psycopg.errors.CheckViolation):
            _tamper(pg_url, text)


async def test_two_rows_of_one_number_are_read_across_a_page(
    real: PostgresStore, log: EventLog, pg_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A forged row under the number of the last row of a page is named."""
    monkeypatch.setattr(event_log, "_EVENTS_A_SEAL", 2)
    await _write(real, 1, 2, 3)
    columns = "id, owner, subject, action, actor, data, mac, seal"
    _tamper(pg_url, f"INSERT INTO event (at, {columns}) SELECT at + interval '1 h', {columns} FROM event WHERE id = 2")
    assert await _findings(log) == ["Hendelse 2 er endret eller satt inn: den er ikke skrevet av motoren."]


async def test_an_anchor_file_that_is_gone_is_not_made_anew(
    sealed: PostgresStore, log: EventLog, pg_url: str, tmp_path: Path
) -> None:
    """An end cut off together with the file stays told: events are sealed, nothing is anchored, a person is needed."""
    (tmp_path / "seals.log").unlink()
    _tamper(pg_url, "DELETE FROM event WHERE seal = 2", "DELETE FROM seal WHERE id = 2")
    for _ in range(2):
        await _write(sealed, 7)
        with pytest.raises(OwnFault, match=r"log\.anchor_gone"):
            await log.seal_events(START)
        assert not (tmp_path / "seals.log").exists()
        assert "Ankerfilen seals.log mangler, enda hendelsesloggen er forseglet." in await _findings(log)
    assert await log.begin_anchor(START) == 3
    await _write(sealed, 8)
    assert await log.seal_events(START) == 1
    assert await _findings(log) == []


async def test_an_emptied_anchor_file_is_one_that_is_gone(sealed: PostgresStore, log: EventLog, tmp_path: Path) -> None:
    """A file without a whole line is as good as none."""
    (tmp_path / "seals.log").write_bytes(b"")
    with pytest.raises(OwnFault, match=r"log\.anchor_gone"):
        await log.seal_events(START)


async def test_a_new_place_begins_its_own_anchor(
    sealed: PostgresStore, log: EventLog, pg_url: str, at_rest: AtRest, tmp_path: Path
) -> None:
    """One more machine knows the log from where it began, and both check it."""
    (tmp_path / "other").mkdir()
    other = EventLog(pg_url, at_rest, tmp_path / "other" / "seals.log")
    assert await other.seal_events(START) == 0
    assert (other.begun_after, log.begun_after) == (2, 0)
    await _write(sealed, 7)
    assert await other.seal_events(START) == 1
    assert await log.seal_events(START) == 0
    assert (await _findings(log), await _findings(other)) == ([], [])


async def test_a_forged_beginning_is_named(sealed: PostgresStore, log: EventLog, tmp_path: Path) -> None:
    """Whoever writes that the file begins later, without our key, hides nothing."""
    (tmp_path / "seals.log").write_text(f"begun 2 {START.isoformat()} 00\n", "utf-8")
    told = "Ankerfilen sier at den begynner etter forsegling 2, men motoren har ikke skrevet det."
    assert told in await _findings(log)
