"""What people write is where it belongs, and nowhere else: a marker is looked for in every other place."""

import asyncio
import os
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import httpx
import psycopg
import pytest

from adapters.demo import network as net
from adapters.node import ticks
from adapters.postgres.embedded import EmbeddedPostgres
from engine.casework import steps
from engine.commit.actor import Person
from engine.delivery.send import submit
from engine.deviation.fields import Answer
from engine.deviation.xml import read_deviation
from engine.names import OPERATOR
from engine.records.messages import OutgoingMessage
from engine.states.delivery import DeliveryState
from engine.states.role import Role
from tests.fakes.engines.running_node import ADDRESS, LEVANGER, LEVANGER_SERVICE, VERDAL_SERVICE, Running, running
from tests.fakes.partners import edialog
from tests.fakes.partners.edialog import metadata
from tests.fakes.partners.wire import dialled
from tests.fakes.record_systems.hooks import HookServer
from tests.fakes.tools.pg_dump import dump
from tests.fakes.waiting import comes, until
from tests.fakes.world.files import PDF

MARK = "HEMMELIGMERKE"
NUMBER = "26819012393"
PLAIN = f"Subject: {MARK}\r\nContent-Type: text/plain; name={MARK}\r\n\r\n{MARK} {NUMBER}".encode()
BROKEN = f"Content-Type: text/xml\r\n\r\n<{MARK}>{NUMBER}<{MARK}>".encode()
ENTITY = f"Content-Type: text/xml\r\n\r\n<!DOCTYPE {MARK} [<!ENTITY a '{NUMBER}'>]><{MARK}>&a;</{MARK}>".encode()
FORMS = [word.encode(form) for word in (MARK, NUMBER) for form in ("utf-8", "utf-16-le")]


@pytest.fixture
async def here(tmp_path: Path, pg_url: str, quick_keys: Path) -> AsyncIterator[Running]:
    """Give a running node that has seen marked content in every way: delivered, refused, quarantined."""
    async with running(tmp_path / "motor", pg_url, quick_keys) as found:
        await found.reaches(await marked(found), DeliveryState.LEVERT)
        found.network.next_time(net.is_message, net.tampered)
        await found.reaches(await marked(found), DeliveryState.TRANSPORTFEIL)
        for mail in (PLAIN, BROKEN, ENTITY):
            async with dialled(found.node.port) as line:
                assert await line.mail(ADDRESS, mail) == 250
        await seen(found)
        yield found


async def marked(here: Running) -> OutgoingMessage:
    """Queue a deviation with the marker in every free text and in a file; a draft has it in a file's name too."""
    deviation = read_deviation((here.project.folder / "avvik.xml").read_bytes())
    text = f"{MARK} {NUMBER}"
    deviation = replace(deviation, case_number=text, title=text, description=text, consequence=text, department=text)
    file = PDF + text.encode()
    draft = [(f"{MARK}.pdf", file)]
    await steps.new(
        here.other.ports, Person(Role.MELDER, VERDAL_SERVICE, "Mette Moe"), deviation, LEVANGER_SERVICE, draft
    )
    return await submit(here.other.ports, deviation, VERDAL_SERVICE, LEVANGER_SERVICE, [("funn.pdf", file)])


async def seen(here: Running) -> None:
    """Wait until no mail is left to process."""
    async with await psycopg.AsyncConnection.connect(here.url, autocommit=True) as connection:
        waits = "SELECT 1 FROM work WHERE kind IN ('motta', 'innboks') OR lease IS NOT NULL"

        async def none_waits() -> bool:
            return not await (await connection.execute(waits)).fetchone()

        await comes(none_waits)
        await connection.execute("CHECKPOINT")


def marks(data: bytes) -> list[bytes]:
    """Return the forms of the marker that stand in some bytes."""
    return [form for form in FORMS if form in data]


def read_now(path: Path) -> bytes:
    """Return what a file holds; nothing where the running server or node has removed it since it was listed."""
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return b""


async def test_the_delivery_has_the_text(here: Running) -> None:
    """The receiver's folder holds the document with its text: that is the point of it all."""
    (document,) = (here.project.folder / "inbox" / LEVANGER_SERVICE / "in").glob("*/document.xml")
    assert len(marks(document.read_bytes())) == 2
    (file,) = document.parent.glob("attachments/*funn.pdf")
    assert len(marks(file.read_bytes())) == 2


async def test_nothing_else_on_disk_has_it(here: Running) -> None:
    """Apart from inbox items no file of the engine holds the marker: not seals, keys, configuration or names."""
    for path in here.project.folder.rglob("*"):
        assert not marks(str(path).encode())
        if path.is_file() and "inbox" not in path.parts:
            assert not marks(read_now(path)), path
    for path in (here.project.folder / "inbox").rglob("metadata.json"):
        assert not marks(path.read_bytes())


async def test_the_database_has_it_only_encrypted(here: Running, pg_server: EmbeddedPostgres) -> None:
    """Neither a dump nor a file of the server, its write-ahead log included, holds the marker in clear."""
    dumped = await dump(here.url)
    assert b"INSERT INTO" in dumped
    assert not marks(dumped)
    found = 0
    for folder, _, names in os.walk(Path(f"/proc/{pg_server.pid}/cwd")):
        for name in names:
            content = read_now(Path(folder) / name)
            found += bool(content)
            assert not marks(content), name
    assert found > 100


async def test_no_column_outside_the_encrypted_ones_has_it(here: Running) -> None:
    """Events, tasks, reasons and ids hold our own words alone, read as the engine itself reads them."""
    store, rows = here.other.store, []
    for owner in (*here.other.ports.policy.hosted, OPERATOR):
        rows += [await store.list_inbound(owner), await store.list_outbound(owner), await store.list_tasks(owner)]
    everything = repr(rows)
    assert "TRANSPORTFEIL" in everything
    assert not marks(everything.encode())
    async with await psycopg.AsyncConnection.connect(here.url) as connection:
        events = await (await connection.execute("SELECT event::text FROM event")).fetchall()
    assert len(events) > 10
    assert not marks(repr(events).encode())


async def test_no_command_shows_it(here: Running) -> None:
    """The delivery log, every message's timeline and the tasks show it neither to people nor to programs."""
    samvik = here.project.samvik
    listed = await asyncio.to_thread(samvik, "messages", "--json")
    told = [listed, await asyncio.to_thread(samvik, "messages")]
    assert {"KARANTENE", "TRANSPORTFEIL", "LEVERT"} <= {row["state"] for row in listed.json}
    for row in listed.json:
        told.append(await asyncio.to_thread(samvik, "message", "show", row["id"]))
    told.append(await asyncio.to_thread(samvik, "message", "show", listed.json[-1]["id"], "--json"))
    told.append(await asyncio.to_thread(samvik, "task", "list", "--json"))
    assert all(answer.code == 0 for answer in told)
    assert not marks("".join(answer.out + answer.err for answer in told).encode())


async def test_the_http_door_keeps_it_to_the_document(
    tmp_path: Path, pg_url: str, quick_keys: Path, capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    """A record system gets the text in the document alone: no list, notice, error, log line, event or task has it."""
    caplog.set_level("DEBUG")

    def by_api(text: str) -> str:
        return text.replace('inbox = "folder"', 'inbox = "api"')

    opening = running(tmp_path / "motor", pg_url, quick_keys, "[api]\nenabled = true\n", by_api)
    with HookServer().running() as hooks:
        async with opening as here, httpx.AsyncClient() as http:
            added = await asyncio.to_thread(here.project.samvik, "client", "add", "epj", "--party", LEVANGER_SERVICE)
            hook = await asyncio.to_thread(here.project.samvik, "client", "webhook", "epj", "--url", hooks.url)
            await here.reaches(await marked(here), DeliveryState.LEVERT)
            await until(lambda: bool(hooks.came))
            token, secret = added.out.strip(), hook.out.strip()
            home, who = f"http://127.0.0.1:{here.node.web_port}/api/v1", {"authorization": f"Bearer {token}"}
            listed = await http.get(f"{home}/inbox", headers=who)
            one = f"{home}/inbox/{listed.json()['items'][0]['item_id']}"
            document = await http.get(f"{one}/document", headers=who)
            quiet = [
                listed,
                await http.post(f"{one}/take", headers=who),
                await http.post(f"{one}/reply", headers=who, content=f"<{MARK}>{NUMBER}</{MARK}>"),
                await http.post(f"{one}/reply", headers=who, content=document.content),
                await http.post(f"{one}/apprec", headers=who, json={"status": 2, "errors": [{"code": MARK}]}),
                await http.post(f"{one}/apprec", headers=who, json={MARK: NUMBER}),
                await http.post(f"{one}/apprec", headers=who, content=MARK),
                await http.get(f"{home}/inbox?after={NUMBER}&{MARK}=1", headers=who),
                await http.get(f"{home}/inbox/{MARK}", headers=who),
                await http.get(f"{home}/{MARK}/{NUMBER}", headers=who),
                await http.get(f"{home}/inbox", headers={"authorization": f"Bearer {MARK}{NUMBER}"}),
            ]
            assert len(marks(document.content)) == 2
            async with await psycopg.AsyncConnection.connect(here.url) as connection:
                tables = "event", "task", "notice", "client", "work", "web_attempt"
                rows = [await (await connection.execute(f"SELECT {t}::text FROM {t}")).fetchall() for t in tables]
    out, err = capfd.readouterr()
    logged = [record.getMessage() for record in caplog.records if record.name != "httpx"]
    told = [each.text for each in quiet] + [repr(came) for came in hooks.came] + [out, err, repr(rows), *logged]
    assert not marks("".join(told).encode())
    assert token not in "".join([out, err, repr(rows), *logged])
    assert secret not in "".join([out, err, repr(rows), *logged])


async def test_the_folder_of_shipments_keeps_it_to_the_case(
    tmp_path: Path,
    pg_url: str,
    quick_keys: Path,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
    caplog: pytest.LogCaptureFixture,
) -> None:
    """What an eDialog says, its file names and the answer to it stand encrypted in the database, and in no log line."""
    caplog.set_level("DEBUG")
    monkeypatch.setattr(ticks, "OUT_SECONDS", 0.05)
    more = '[[edialog]]\nname = "levanger"\ndirectory = "edialog"\nparty = "8090101"\n'
    handler, text = Person(Role.SAKSBEHANDLER, LEVANGER_SERVICE, "Siri Berg"), f"{MARK} {NUMBER}"
    async with running(tmp_path / "motor", pg_url, quick_keys, more) as here:
        home = here.project.folder / "edialog"
        said = metadata(tittel=text, eksternRef=text, svarSendesTil={"navn": text, "orgnr": text})
        edialog.leave(home, "god", said, {f"{MARK}.pdf": PDF + text.encode()})
        edialog.leave(home, f"{MARK}", metadata("2", date=text), {f"{MARK}.txt": text.encode()})

        async def taken() -> bool:
            return bool(await here.other.store.list_cases(LEVANGER)) and not list((home / "in").iterdir())

        await comes(taken)
        (case,) = await here.other.store.list_cases(LEVANGER)
        await steps.register(here.other.ports, handler, case.number)
        await steps.answer(here.other.ports, handler, case.number, Answer(MARK), final=True)
        await until(lambda: bool(list((home / "out").glob("*/.ready"))))
        (reason,) = (home / "failed").glob("*.reason.txt")
        tables = "event", "task", "case_file", "case_attachment", "shipment", "letter", "work"
        async with await psycopg.AsyncConnection.connect(here.url) as connection:
            rows = [await (await connection.execute(f"SELECT {t}::text FROM {t}")).fetchall() for t in tables]
    out, err = capfd.readouterr()
    logged = [record.getMessage() for record in caplog.records]
    assert all(rows[:6])
    assert not marks("".join([out, err, repr(rows), *logged, reason.read_text("utf-8")]).encode())


async def test_no_log_line_has_it(
    tmp_path: Path, pg_url: str, quick_keys: Path, capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    """Through delivery, refusal and quarantine no logger of ours or of a library, at any level, says a word of it."""
    caplog.set_level("DEBUG")
    async with running(tmp_path / "motor", pg_url, quick_keys) as found:
        await found.reaches(await marked(found), DeliveryState.LEVERT)
        found.network.next_time(net.is_message, net.tampered)
        await found.reaches(await marked(found), DeliveryState.TRANSPORTFEIL)
        caplog.set_level("CRITICAL", logger="mail.log")
        for mail in (PLAIN, BROKEN, ENTITY):
            async with dialled(found.node.port) as line:
                assert await line.mail(ADDRESS, mail) == 250
        await seen(found)
    out, err = capfd.readouterr()
    assert not marks((out + err).encode())
    assert not [record for record in caplog.records if marks(record.getMessage().encode())]
