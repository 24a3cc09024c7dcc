"""Files on the command line: attached to drafts, answers and messages, and written out of the inbox, never opened."""

import asyncio
import os
import shutil
from pathlib import Path

import pytest

from tests.fakes.engines.project import Project
from tests.fakes.engines.running_node import LEVANGER_SERVICE, VERDAL_SERVICE, running, unsaid
from tests.fakes.waiting import comes
from tests.fakes.world.files import PAGE, PDF, PNG, PROGRAM

WAY = ("--as", f"melder@{VERDAL_SERVICE}", "--to", LEVANGER_SERVICE)


def test_a_draft_with_files_is_opened(project: Project) -> None:
    """`case new --attach` takes several files, each named."""
    project.put("funn.pdf", PDF)
    project.put("bilde.png", PNG)
    opened = project.samvik("case", "new", "avvik.xml", *WAY, "--attach", "funn.pdf", "--attach", "bilde.png")
    assert (opened.code, opened.err) == (0, "")
    assert "KLADD" in opened.out
    shown = project.samvik("case", "show", opened.out.split()[0], "--as", f"saksbehandler@{VERDAL_SERVICE}")
    assert "Attachment: funn.pdf (application/pdf)" in shown.out
    assert "Attachment: bilde.png (image/png)" in shown.out


REFUSED = {
    "a program": (PROGRAM, "f.pdf is a program, and its name says that it is a PDF."),
    "a page": (PAGE, "f.pdf is a web page or XML, and its name says that it is a PDF."),
}


@pytest.mark.parametrize(("content", "words"), REFUSED.values(), ids=REFUSED)
def test_a_file_that_is_not_what_it_says_is_refused(project: Project, content: bytes, words: str) -> None:
    """One sentence names the file and what it is; no case is opened and no message queued."""
    project.put("f.pdf", content)
    for command in (("case", "new", "avvik.xml", *WAY), ("send", "avvik.xml", "--from", VERDAL_SERVICE, *WAY[2:])):
        refused = project.samvik(*command, "--attach", "f.pdf")
        assert (refused.code, refused.out) == (1, "")
        assert words in refused.sentence
    assert project.samvik("case", "list", *WAY[:2], "--json").json == []
    assert project.samvik("messages", "--json").json == []


def test_a_file_that_is_far_too_large_is_never_read(project: Project) -> None:
    """Two gigabytes with nothing in them are refused by their size alone."""
    with (project.folder / "ct.tif").open("wb") as file:
        os.truncate(file.fileno(), 2_000_000_000)
    refused = project.samvik("case", "new", "avvik.xml", *WAY, "--attach", "ct.tif")
    assert refused.code == 1
    assert "ct.tif has 2000000000 bytes; the agreement takes at most 18000000 a file." in refused.sentence


def test_only_files_can_be_attached(project: Project) -> None:
    """A folder, a pipe and what is not there are refused, and nobody waits for a pipe to speak."""
    os.mkfifo(project.folder / "ror.pdf")
    for name, words in (("pki", "is no file"), ("ror.pdf", "is no file"), ("borte.pdf", "cannot be read")):
        refused = project.samvik("case", "new", "avvik.xml", *WAY, "--attach", name)
        assert (refused.code, words in refused.sentence) == (1, True)


async def test_what_came_is_written_out_as_what_it_is(tmp_path: Path, pg_url: str, quick_keys: Path) -> None:
    """`inbox show --out` makes a folder for its owner alone with each file under a safe name; it says what each is."""
    async with running(tmp_path / "motor", pg_url, quick_keys, change=unsaid) as here:
        samvik = here.project.samvik
        here.project.put("funn.pdf", PDF)
        words = ("send", "avvik.xml", "--from", VERDAL_SERVICE, "--to", LEVANGER_SERVICE, "--attach", "funn.pdf")
        sent = await asyncio.to_thread(samvik, *words, "--json")
        assert (sent.code, sent.err) == (0, "")

        async def arrived() -> bool:
            return bool(await here.other.store.list_inbox("8090100"))

        await comes(arrived)
        show = ("inbox", "show", sent.json["msg_id"], "--as", f"saksbehandler@{LEVANGER_SERVICE}", "--out", "ut")
        shown = await asyncio.to_thread(samvik, *show)
        assert (shown.code, shown.err) == (0, "")
        assert f"Attachment 3: funn.pdf, a PDF, {len(PDF)} bytes" in shown.out
        out = here.project.folder / "ut"
        assert sorted(path.name for path in out.iterdir()) == ["01-avvik.xml", "02-avvik.pdf", "03-funn.pdf"]
        assert (out / "03-funn.pdf").read_bytes() == PDF
        assert out.stat().st_mode & 0o777 == 0o700
        assert {path.stat().st_mode & 0o777 for path in out.iterdir()} == {0o600}
        again = await asyncio.to_thread(samvik, *show)
        assert "ut exists already" in again.sentence
        shutil.rmtree(out)
        unknown = await asyncio.to_thread(samvik, "inbox", "show", "ukjent-id", *show[3:])
        assert (unknown.code, out.exists()) == (1, False)


async def test_the_pdf_that_a_sender_left_out_is_written_out_too(tmp_path: Path, pg_url: str, quick_keys: Path) -> None:
    """Who has sent a deviation of Samvik's gets one without a PDF, and `inbox show --out` makes it as 00-avvik.pdf."""
    async with running(tmp_path / "motor", pg_url, quick_keys, change=unsaid) as here:
        samvik, store = here.project.samvik, here.other.store
        for sender, receiver, owner in (
            (VERDAL_SERVICE, LEVANGER_SERVICE, "8090100"),
            (LEVANGER_SERVICE, VERDAL_SERVICE, "8090200"),
        ):
            sent = await asyncio.to_thread(samvik, "send", "avvik.xml", "--from", sender, "--to", receiver, "--json")
            assert (sent.code, sent.err) == (0, "")

            async def arrived(owner: str = owner) -> bool:
                return bool(await store.list_inbox(owner))

            await comes(arrived)
            as_whom = ("--as", f"saksbehandler@{receiver}", "--out", owner)
            shown = await asyncio.to_thread(samvik, "inbox", "show", sent.json["msg_id"], *as_whom)
            assert (shown.code, shown.err) == (0, "")
        with_it, without = (here.project.folder / owner for owner in ("8090100", "8090200"))
        assert sorted(path.name for path in with_it.iterdir()) == ["01-avvik.xml", "02-avvik.pdf"]
        assert sorted(path.name for path in without.iterdir()) == ["00-avvik.pdf", "01-avvik.xml"]
        assert (without / "00-avvik.pdf").read_bytes().startswith(b"%PDF-")
