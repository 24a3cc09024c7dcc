"""What those who watch a node see of it: two addresses, and a line of the log for each message and failed try."""

import json
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest
from structlog.testing import capture_logs

from adapters.machine.message_log import tell
from engine.codes.mail_server import MailServerCode
from engine.codes.statement import Statement
from engine.names import HerId
from engine.records.log import Event
from engine.states.delivery import DeliveryEvent
from tests.fakes.engines.running_node import LEVANGER_SERVICE, VERDAL, VERDAL_SERVICE, Running, running
from tests.fakes.store.rows import START, mail

NAME = "Kari Nordmann 01018012345"


@pytest.fixture
async def here(tmp_path: Path, pg_url: str, quick_keys: Path) -> AsyncIterator[Running]:
    """Give a running node."""
    async with running(tmp_path / "motor", pg_url, quick_keys) as found:
        yield found


async def test_a_message_leaves_one_line_at_each_end(here: Running) -> None:
    """A deviation that goes out and comes in is two lines for it, with ids and states and nothing of its content."""
    with capture_logs() as lines:
        sent = await here.submit(VERDAL_SERVICE, LEVANGER_SERVICE)
        await here.reaches(sent)
    out = [line for line in lines if line.get("subject") == str(sent.id)]
    assert [(line["event"], line["owner"], line["reply"]) for line in out] == [("message_sent", VERDAL, "250")]
    decided = [line for line in lines if line.get("happened") == "in the inbox"]
    assert [line["state"] for line in decided] == ["LEVERT_INTERNT"]
    assert "Kartlegging" not in json.dumps(lines, default=str)


@pytest.mark.parametrize(
    ("said", "reply"),
    [(f"550 5.1.1 no {NAME}", "550"), (NAME, ""), (str(Statement.of(MailServerCode.SILENT)), MailServerCode.SILENT)],
)
def test_a_failed_try_is_a_line_without_the_servers_words(said: str, reply: str) -> None:
    """What a mail server says may repeat anything: its code alone is logged."""
    event = Event(START, mail().id, DeliveryEvent.REJECTED, "HER 1", {"smtp": said, "reason": said, "state": "KO"})
    with capture_logs() as lines:
        tell(HerId("8090100"), event)
    (line,) = lines
    assert (line["event"], line["log_level"], line["reply"]) == ("message_try_failed", "warning", reply)
    assert "Kari" not in json.dumps(line)


async def test_a_node_says_that_it_lives_and_is_ready(here: Running, monkeypatch: pytest.MonkeyPatch) -> None:
    """/livez answers as long as the loop runs; /readyz tells in a word why no work should come here."""
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{here.node.web_port}") as asking:
        for path, word in (("/livez", "alive"), ("/readyz", "ready")):
            answer = await asking.get(path)
            assert (answer.status_code, answer.json()) == (200, {"status": word})
        monkeypatch.setattr(type(here.node), "clock_is_off", True)
        answer = await asking.get("/readyz")
        assert (answer.status_code, answer.json()) == (503, {"status": "clock"})
        monkeypatch.undo()
        await here.engine.store.close()
        answer = await asking.get("/readyz")
        assert (answer.status_code, answer.json()) == (503, {"status": "database"})
        assert (await asking.get("/livez")).status_code == 200
