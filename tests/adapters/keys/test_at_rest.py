"""Content encrypted at rest opens in its own place, under a key of the ring, and nowhere else."""

import json
from pathlib import Path

import psycopg
import pytest

from adapters.keys.at_rest import AtRest
from adapters.postgres.embedded import EmbeddedPostgres
from adapters.store.postgres import PostgresStore
from engine.errors import OwnFault
from engine.names import OPERATOR
from engine.states.inbound import InboundState
from tests.fakes.store.rows import OURS, decided, item, mail, message

MARK = b"MERKET INNHOLD 7f3a"


@pytest.fixture
def ring_path(tmp_path: Path) -> Path:
    """Give the path of a new key ring."""
    path = tmp_path / "ring.json"
    AtRest.create(path)
    return path


@pytest.mark.parametrize("content", [b"", b"x", MARK * 1000])
def test_content_opens_in_its_place(ring_path: Path, content: bytes) -> None:
    """What was sealed opens to the same bytes, with the ring as it is read from its file."""
    ring = AtRest.load(ring_path)
    sealed = ring.seal(content, "100", "row", "column")
    assert AtRest.load(ring_path).open(sealed, "100", "row", "column") == content
    assert len(content) < len(MARK) or content not in sealed
    assert ring.seal(content, "100", "row", "column") != sealed


@pytest.mark.parametrize(
    "place", [("200", "row", "column"), ("100", "rov", "column"), ("100", "row", "other"), ("100r", "ow", "column")]
)
def test_content_opens_in_no_other_place(ring_path: Path, place: tuple[str, str, str]) -> None:
    """Sealed bytes moved to another owner, row or column do not open."""
    ring = AtRest.load(ring_path)
    sealed = ring.seal(MARK, "100", "row", "column")
    with pytest.raises(OwnFault):
        ring.open(sealed, *place)


@pytest.mark.parametrize("size", [999_999, 1_000_000, 2_000_001])
def test_large_content_is_sealed_as_small_content_is(at_rest: AtRest, size: int) -> None:
    """What is sealed in place opens to the same bytes in its place, and nowhere else."""
    content = bytes(range(256)) * (size // 256) + b"x" * (size % 256)
    sealed = bytes(at_rest.seal(content, "8090100", "row", "column"))
    assert at_rest.open(sealed, "8090100", "row", "column") == content
    with pytest.raises(OwnFault):
        at_rest.open(sealed, "8090200", "row", "column")


def test_changed_bytes_do_not_open(ring_path: Path) -> None:
    """Sealed bytes with any one bit turned, or cut short anywhere, give one and the same error."""
    ring = AtRest.load(ring_path)
    sealed = ring.seal(b"abc", "100", "row", "column")
    turned = [sealed[:at] + bytes([sealed[at] ^ 1]) + sealed[at + 1 :] for at in range(len(sealed))]
    told = set()
    for changed in [*turned, *(sealed[:length] for length in range(len(sealed)))]:
        with pytest.raises(OwnFault) as caught:
            ring.open(changed, "100", "row", "column")
        told.add(str(caught.value))
    assert len(told) == 1


def test_a_rotated_ring_opens_the_old_and_seals_with_the_new(ring_path: Path) -> None:
    """After rotation old content opens and new content has the new key.

    A ring in use reads the new key from its file; one that has not the file stays without it.
    """
    before = AtRest.load(ring_path)
    copy = ring_path.with_name("copy")
    copy.write_bytes(ring_path.read_bytes())
    copy.chmod(0o600)
    old = before.seal(MARK, "100", "row", "column")
    after = AtRest.rotate(ring_path)
    new = after.seal(MARK, "100", "row", "column")
    assert after.open(old, "100", "row", "column") == MARK
    assert after.open(new, "100", "row", "column") == MARK
    assert (after.is_active(old), after.is_active(new)) == (False, True)
    assert after.log_key() == before.log_key()
    assert ring_path.stat().st_mode & 0o777 == 0o600
    assert before.open(new, "100", "row", "column") == MARK
    with pytest.raises(OwnFault):
        AtRest.load(copy).open(new, "100", "row", "column")


def test_a_ring_is_never_written_over(ring_path: Path) -> None:
    """Making a ring where one stands is refused."""
    with pytest.raises(OwnFault, match=r"key\.ring_exists"):
        AtRest.create(ring_path)


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o660])
def test_a_ring_that_others_can_read_is_refused(ring_path: Path, mode: int) -> None:
    """A ring open to a group or to all is not used."""
    ring_path.chmod(mode)
    with pytest.raises(OwnFault, match=r"key\.ring_read_by_others"):
        AtRest.load(ring_path)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"[]",
        b"{}",
        b'{"log": "AA==", "keys": []}',
        b'{"log": 1, "keys": 2}',
        b"\xff",
        b'{"keys":[{"id":"zz"}]}',
        b" " * 70_000,
    ],
)
def test_a_ring_that_is_not_whole_is_refused(ring_path: Path, content: bytes) -> None:
    """Anything that is not a whole key ring gives one clear error, which repeats none of it."""
    ring_path.write_bytes(content)
    with pytest.raises(OwnFault, match=r"key\.ring_not_whole"):
        AtRest.load(ring_path)


def test_a_short_key_is_refused(ring_path: Path) -> None:
    """A key of another length than 32 bytes is refused, without the key in the error."""
    ring = json.loads(ring_path.read_text())
    ring["keys"][0]["key"] = "c2hvcnQ="
    ring_path.write_text(json.dumps(ring))
    with pytest.raises(OwnFault) as caught:
        AtRest.load(ring_path)
    assert "c2hv" not in str(caught.value)


def test_a_missing_ring_is_our_own_fault(tmp_path: Path) -> None:
    """A ring that is not there is named."""
    with pytest.raises(OwnFault, match=r"key\.ring_not_read"):
        AtRest.load(tmp_path / "none")


async def test_content_moved_between_rows_does_not_open(pg_url: str, at_rest: AtRest) -> None:
    """Bytes copied in the database from one mail to another are refused, not shown under the wrong mail."""
    store = PostgresStore(pg_url, at_rest)
    await store.open()
    async with store.begin() as unit:
        await unit.add_inbound(OURS, decided(1), b"one")
        await unit.add_inbound(OURS, decided(2), b"two")
    with psycopg.connect(pg_url, autocommit=True) as connection:
        connection.execute("UPDATE inbound SET raw = (SELECT raw FROM inbound WHERE mail_id LIKE '<1@%')")
    async with store.begin() as unit:
        assert await unit.raw(OURS, decided(1).id) == b"one"
        with pytest.raises(OwnFault):
            await unit.raw(OURS, decided(2).id)
    await store.close()


async def test_content_is_nowhere_in_clear(pg_server: EmbeddedPostgres, pg_url: str, at_rest: AtRest) -> None:
    """Bytes given to the store are found in clear in no file of the server, the log of changes included."""
    store = PostgresStore(pg_url, at_rest)
    await store.open()
    async with store.begin() as unit:
        await unit.add_inbound(OPERATOR, mail(), MARK * 100)
        await unit.settle_inbound(OPERATOR, decided(reason="SYNLIG GRUNN 51c2"), InboundState.MOTTATT)
        await unit.add_outbound(OURS, message(), MARK, MARK)
        await unit.add_inbox_item(OURS, item(), MARK)
    await store.close()
    with psycopg.connect(pg_url, autocommit=True) as connection:
        connection.execute("CHECKPOINT")
        row = connection.execute("SHOW data_directory").fetchone()
    assert row is not None
    files = [path for path in Path(row[0]).parents[1].rglob("*") if path.is_file()]
    contents = [path.read_bytes() for path in files]
    assert any(b"SYNLIG GRUNN 51c2" in content for content in contents)
    assert not any(MARK in content for content in contents)
