"""A plain message with a patient, through a running node: where the patient stands afterwards, and who sees."""

import asyncio
import json
import re
import stat
from collections.abc import AsyncIterator
from dataclasses import dataclass
from getpass import getuser
from pathlib import Path

import psycopg
import pytest

from engine.msh.writing import Addressing
from engine.names import ConversationId, MsgId
from engine.outbound.deliveries import queue
from engine.outbound.outgoing import draft_document
from engine.payload.msghead import read_msghead
from tests.fakes.engines.project import Answer
from tests.fakes.engines.running_node import LEVANGER_SERVICE, VERDAL, VERDAL_SERVICE, Running, running
from tests.fakes.partners.epj import FAMILY_NAME, NUMBER, plain_document
from tests.fakes.tools.pg_dump import dump
from tests.fakes.waiting import until

HANDLER = f"saksbehandler@{LEVANGER_SERVICE}"
TEXT = "Vi fikk ingen epikrise etter utskrivningen."


@dataclass
class Case:
    """A running node with the case that a plain message opened."""

    here: Running
    number: str

    async def samvik(self, *words: str) -> Answer:
        """Run a command beside the node."""
        return await asyncio.to_thread(self.here.project.samvik, *words)

    async def original(self, *words: str, who: str = HANDLER) -> Answer:
        """Ask for the case's original."""
        return await self.samvik("case", "original", self.number, "--as", who, *words)

    async def looks(self) -> list[tuple[str, str, dict[str, str]]]:
        """Return who looked at the original or wanted to, from the database."""
        query = "SELECT action, actor, data FROM event WHERE action LIKE '%original%' ORDER BY id"
        async with await psycopg.AsyncConnection.connect(self.here.url) as connection:
            return [tuple(row) for row in await (await connection.execute(query)).fetchall()]


@pytest.fixture
async def case(tmp_path: Path, pg_url: str, quick_keys: Path) -> AsyncIterator[Case]:
    """Give a node that took a plain message with a patient to Levanger's deviation service."""
    async with running(tmp_path / "motor", pg_url, quick_keys) as here:
        await _delivered(here)
        listed = await asyncio.to_thread(here.project.samvik, "case", "list", "--as", HANDLER, "--json")
        (row,) = listed.json
        yield Case(here, row["number"])


async def _delivered(here: Running) -> None:
    ports = here.other.ports
    now, register = ports.clock.now(), ports.policy.registry
    document = plain_document(VERDAL_SERVICE, LEVANGER_SERVICE, TEXT, at=now, register=register)
    to = Addressing(
        from_her=VERDAL_SERVICE,
        to_her=LEVANGER_SERVICE,
        from_role="sender",
        to_role="receiver",
        cpa_id=register.defaults().cpa_id,
        conversation_id=ConversationId("samtale-epj"),
        service="S-DIALOG_NOTAT",
        action="DIALOG_NOTAT",
    )
    draft = draft_document(
        ports, VERDAL, to, document, MsgId("epj-1"), (VERDAL_SERVICE, LEVANGER_SERVICE), now, shown=False
    )
    async with here.other.store.begin() as uow:
        sent = await queue(uow, ports.policy, draft, now)
    await here.reaches(sent)


def named(text: str) -> list[str]:
    """Return what of the patient stands in a text."""
    return [word for word in (FAMILY_NAME, NUMBER) if word in text]


async def test_no_command_but_the_one_for_it_shows_the_patient(case: Case) -> None:
    """Cases, tasks, messages and timelines show the text at most, to people and to programs."""
    told = [await case.samvik("case", "show", case.number, "--as", HANDLER, *words) for words in ([], ["--json"])]
    assert all(TEXT in answer.out for answer in told)
    for words in (["case", "list", "--as", HANDLER], ["task", "list"], ["messages"]):
        told += [await case.samvik(*words), await case.samvik(*words, "--json")]
    for row in (await case.samvik("messages", "--json")).json:
        told.append(await case.samvik("message", "show", row["id"]))
    assert all(answer.code == 0 for answer in told)
    assert not named("".join(answer.out + answer.err for answer in told))


async def test_the_database_has_the_patient_only_encrypted(case: Case) -> None:
    """A dump holds neither name nor number, after the original was read too."""
    assert (await case.original("--reason", "Må svare")).code == 0
    found = await dump(case.here.url)
    assert b"looked at original" in found
    assert not named(found.decode("utf-8", "replace"))


async def test_the_folder_names_the_patient_in_the_document_alone(case: Case) -> None:
    """The record system's folder has the document, and its metadata say nothing of a patient."""
    folder = case.here.project.folder / "inbox" / LEVANGER_SERVICE / "in"
    await until(lambda: bool(list(folder.glob("*/metadata.json"))))
    (metadata,) = folder.glob("*/metadata.json")
    assert json.loads(metadata.read_text("utf-8"))
    assert not named(metadata.read_text("utf-8"))


async def test_the_original_is_shown_as_its_text(case: Case) -> None:
    """Without --out the terminal gets subject and text, and nothing of the head; the look is logged before."""
    shown = await case.original("--reason", "Må svare")
    assert (shown.code, shown.err) == (0, "")
    assert TEXT in shown.out
    assert not named(shown.out)
    assert await case.looks() == [("looked at original", f"{HANDLER} {getuser()}", {"reason": "Må svare"})]


async def test_the_original_goes_to_a_new_file_for_its_reader_alone(case: Case) -> None:
    """With --out the whole document is written with mode 0600, and never over a file or through a link."""
    file = case.here.project.folder / "original.xml"
    written = await case.original("--reason", "Må svare", "--out", "original.xml")
    assert (written.code, stat.S_IMODE(file.stat().st_mode)) == (0, 0o600)
    assert read_msghead(file.read_bytes()).has_patient
    assert not named(written.out + written.err)
    file.write_text("mitt", "utf-8")
    (case.here.project.folder / "lenke.xml").symlink_to(case.here.project.folder / "borte.xml")
    for name in ("original.xml", "lenke.xml"):
        refused = await case.original("--reason", "Må svare", "--out", name)
        assert refused.code == 1
        assert "exists already" in refused.sentence
    assert file.read_text("utf-8") == "mitt"
    assert not (case.here.project.folder / "borte.xml").exists()
    assert len(await case.looks()) == 1
    assert "cannot be written" in (await case.original("--reason", "Må svare", "--out", "ingen/slik.xml")).sentence


async def test_a_refused_look_leaves_no_file(case: Case) -> None:
    """Wrong role, other owner, no reason, a number in the reason: one sentence, no file, and no content anywhere."""
    asked = [
        (["--reason", "Må svare"], f"melder@{LEVANGER_SERVICE}", "case worker"),
        (["--reason", "Må svare"], "drift@8090100", "case worker"),
        (["--reason", "Må svare"], f"saksbehandler@{VERDAL_SERVICE}", "There is no case"),
        ([], HANDLER, "A reason is needed"),
        (["--reason", f"Gjelder {NUMBER}"], HANDLER, "national identity number"),
    ]
    for words, who, says in asked:
        refused = await case.original(*words, "--out", "original.xml", who=who)
        assert (refused.code, refused.out) == (1, "")
        assert says in refused.sentence
        assert not named(refused.err)
        assert not (case.here.project.folder / "original.xml").exists()
    assert [(action, data) for action, _, data in await case.looks()] == [("original not shown", {})] * 2


async def test_both_sides_numbers_have_names_of_their_own(case: Case) -> None:
    """case show calls our number ours and the partner's theirs; a plain message has no number to show."""
    shown = (await case.samvik("case", "show", case.number, "--as", HANDLER)).out
    assert f"Our case number: {case.number}" in shown
    assert "Case number of the other party" not in shown
    sent = await case.here.submit(VERDAL_SERVICE, LEVANGER_SERVICE)
    await case.here.reaches(sent)
    rows = (await case.samvik("case", "list", "--as", HANDLER, "--json")).json
    newer = next(row for row in rows if row["number"] != case.number)
    shown = (await case.samvik("case", "show", newer["number"], "--as", HANDLER)).out
    assert f"Our case number: {newer['number']}" in shown
    assert f"Case number of the other party: {newer['partner_number']}" in shown
    assert "  Case number:" not in shown


async def test_a_case_is_confirmed_by_command_once(case: Case) -> None:
    """case confirm says where the case stands; out of turn and the second time it says why not."""
    sent = await case.here.submit(VERDAL_SERVICE, LEVANGER_SERVICE)
    await case.here.reaches(sent)
    assert "TIL_VURDERING" in (await case.samvik("case", "confirm", case.number, "--as", HANDLER)).sentence
    rows = (await case.samvik("case", "list", "--as", HANDLER, "--json")).json
    newer = next(row["number"] for row in rows if row["number"] != case.number)
    done = await case.samvik("case", "confirm", newer, "--as", HANDLER)
    assert done.code == 0
    assert re.fullmatch(rf"{newer} is now UNDER_BEHANDLING\. The answer is due \d{{4}}-\d\d-\d\d\.\n", done.out)
    assert "once is enough" in (await case.samvik("case", "confirm", newer, "--as", HANDLER)).sentence
