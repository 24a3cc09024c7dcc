"""`samvik inbox feedback` beside a running node, on the real store: what it refuses, sends, and says afterwards."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import psycopg
import pytest

from engine.records.messages import OutgoingMessage
from tests.fakes.engines.project import Answer
from tests.fakes.engines.running_node import LEVANGER_SERVICE, VERDAL_SERVICE, Running, running
from tests.fakes.waiting import comes

HANDLER = f"saksbehandler@{LEVANGER_SERVICE}"
WORDS = "Pasienten bor i Verdal."


@pytest.fixture
async def here(tmp_path: Path, pg_url: str, quick_keys: Path) -> AsyncIterator[Running]:
    """Give a running node."""
    async with running(tmp_path / "motor", pg_url, quick_keys) as found:
        yield found


async def samvik(here: Running, *words: str) -> Answer:
    """Run a command beside the node."""
    return await asyncio.to_thread(here.project.samvik, *words)


async def feedback(here: Running, id: str, *words: str) -> Answer:
    """Send a message back as Levanger's handler."""
    return await samvik(here, "inbox", "feedback", id, "--as", HANDLER, "--code", "wrong-addressee", *words)


async def test_a_message_is_sent_back_once_and_both_sides_see_it(here: Running) -> None:
    """The words are asked for once, from a file or as text; then both timelines tell, and the database has no words."""
    sent = await here.submit(VERDAL_SERVICE, LEVANGER_SERVICE)
    await here.reaches(sent)
    (item,) = (await samvik(here, "inbox", "list", "--as", HANDLER, "--json")).json
    for words, told in (
        ([], "--text or --file"),
        (["--text", "a", "--file", "avvik.xml"], "one of them"),
        (["--file", "borte.txt"], "cannot be read"),
        (["--file", "bilde.bin"], "not UTF-8"),
    ):
        here.project.put("bilde.bin", b"\xff\xfe\xff")
        refused = await feedback(here, item["id"], *words)
        assert (refused.code, told in refused.sentence) == (1, True), refused.err
    here.project.put("ord.txt", WORDS)
    done = await feedback(here, item["id"][:8], "--file", "ord.txt", "--json")
    assert (done.code, done.err, done.json["action"]) == (0, "", "DIALOG_AVVIK")
    assert "once is enough" in (await feedback(here, item["id"], "--text", WORDS)).sentence
    (case,) = (await samvik(here, "case", "list", "--as", HANDLER, "--json")).json
    assert case["state"] == "FORKASTET"

    async def told() -> bool:
        return bool(await _told(here, sent))

    await comes(told)
    assert WORDS in (await _told(here, sent))[0]["partner_word"]
    async with await psycopg.AsyncConnection.connect(here.url) as connection:
        rows = await (await connection.execute("SELECT data::text FROM event UNION SELECT text FROM task")).fetchall()
    assert not [row for row in rows if WORDS in row[0]]


async def _told(here: Running, sent: OutgoingMessage) -> list[dict[str, object]]:
    shown = (await samvik(here, "message", "show", str(sent.id), "--json")).json
    return [row for row in shown if any(event["action"] == "feedback on a message" for event in row["events"])]
