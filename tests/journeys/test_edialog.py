"""Shipments of an eDialog form in a folder: each opens one case to be judged, whatever else lies beside it."""

import asyncio
import json
import os
import shutil
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from adapters.folders import edialog as shipments_module
from adapters.folders.edialog import Shipments
from adapters.folders.edialog_folder import ShipmentFolder
from adapters.node import ticks
from adapters.settings import Edialog
from engine.case.channel import Channel
from engine.casework import steps
from engine.casework.originals import files_that_came
from engine.casework.reading import read_case
from engine.codes.case_task import CaseTaskCode
from engine.codes.statement import Statement
from engine.commit.actor import Person
from engine.deviation.fields import Answer
from engine.errors import Unavailable
from engine.names import OUTSIDE
from engine.operations.by_hand import deliver_otherwise
from engine.records.log import TaskCause
from engine.states.case import CaseState
from engine.states.role import Role
from tests.fakes.engines.pair import Pair
from tests.fakes.engines.running_node import Running, running
from tests.fakes.partners.edialog import NUMBER, failed, leave, metadata
from tests.fakes.waiting import comes
from tests.fakes.world.files import PDF, PNG, PROGRAM
from tests.fakes.world.parties import GP, KARI, LEVANGER, LEVANGER_SERVICE

HANDLER = Person(Role.SAKSBEHANDLER, LEVANGER_SERVICE, "Siri Berg")
CAME = date(2026, 2, 27)
MOST = 100_000


class Form:
    """A folder of shipments over the municipalities' engine in memory."""

    def __init__(self, home: Path) -> None:
        self.pair = Pair()
        self.home = home
        self.settings = Edialog(name="levanger", directory=home, party=LEVANGER_SERVICE)
        self.taker = self.node()
        self.taker.prepare()

    def node(self) -> Shipments:
        """Return what another node, or one that was started anew, has."""
        return Shipments([self.settings], lambda: self.pair.municipal.ports, MOST)

    async def cases(self) -> list:
        """Return Levanger's cases, oldest first."""
        return sorted(await self.pair.municipal.ports.store.list_cases(LEVANGER), key=lambda case: case.number)

    def left(self) -> list[str]:
        """Return what stands in in/."""
        return sorted(os.listdir(self.home / "in"))

    async def causes(self) -> list[str]:
        """Return the causes of operations' open tasks."""
        return sorted(task.cause for task in await self.pair.municipal.tasks())


@pytest.fixture
def form(tmp_path: Path) -> Form:
    """Give a folder of shipments."""
    return Form(tmp_path / "edialog")


async def test_a_shipment_becomes_a_case_to_be_judged(form: Form) -> None:
    """Its files are the case's, its clock runs from the day that the metadata says, and the folder is empty."""
    leave(form.home, files={"henvendelse.pdf": PDF, "bilde æ.png": PNG})
    await form.taker.look()
    (case,) = await form.cases()
    assert (case.state, case.channel, case.reporting) == (CaseState.TIL_VURDERING, Channel.EDIALOG, False)
    assert (case.our_her, case.their_her, case.first_msg_id) == (LEVANGER_SERVICE, GP, None)
    assert (case.start, case.due) == (CAME, CAME + timedelta(days=30))
    assert (form.left(), failed(form.home), await form.causes()) == ([], {}, [])
    ports = form.pair.municipal.ports
    read = await read_case(ports, HANDLER, case.number)
    assert read.deviation.title == "Manglende epikrise"
    assert "Namdalen legekontor" in read.deviation.contact
    assert sorted(name for name, _ in read.files) == ["bilde æ.png", "henvendelse.pdf"]
    came = dict(await files_that_came(ports, HANDLER, case.number, "lese"))
    assert json.loads(came["metadata.json"]) == metadata()
    assert came["02-henvendelse.pdf"] == PDF
    (task,) = await form.pair.municipal.tasks("saksbehandler")
    said = Statement.of(CaseTaskCode.MAY_BE_A_DEVIATION_OTHERWISE, number=case.number, channel=Channel.EDIALOG)
    assert task.text == str(said)


async def test_what_is_not_ready_is_left_alone(form: Form) -> None:
    """Without .ready a folder may still be filled, and a file in in/ is nobody's shipment."""
    (leave(form.home) / ".ready").unlink()
    (form.home / "in" / "los.pdf").write_bytes(PDF)
    await form.taker.look()
    assert (await form.cases(), form.left()) == ([], ["a", "los.pdf"])
    (form.home / "in" / "a" / ".ready").touch()
    await form.taker.look()
    assert (len(await form.cases()), form.left()) == (1, ["los.pdf"])


async def test_a_shipment_opens_one_case_however_often_it_comes(form: Form) -> None:
    """The same again is taken in silence and uses no number; other content under its id is set aside."""
    for name in ("a", "b"):
        leave(form.home, name)
        await form.taker.look()
    leave(form.home, "c", files={"annet.pdf": PDF})
    leave(form.home, "d", metadata("forsendelse-2"))
    await form.taker.look()
    assert [case.number for case in await form.cases()] == ["AVVIK-2026-000001", "AVVIK-2026-000002"]
    assert form.left() == []
    assert list(failed(form.home)) == ["c"]
    assert "samme id" in failed(form.home)["c"]
    assert await form.causes() == [TaskCause.BAD_SHIPMENT]


async def test_a_crash_after_the_commit_opens_no_second_case(form: Form, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where deleting fails after the commit, the next node finds the same shipment, and only deletes it."""
    leave(form.home)
    with monkeypatch.context() as patched:
        patched.setattr(ShipmentFolder, "remove", lambda *_: (_ for _ in ()).throw(OSError("strømmen gikk")))
        await form.taker.look()
    assert (len(await form.cases()), form.left()) == (1, ["a"])
    assert await form.causes() == [TaskCause.SHIPMENT_WAITS]
    await form.node().look()
    assert (len(await form.cases()), form.left()) == (1, [])


async def test_a_crash_while_deleting_leaves_nothing(form: Form, monkeypatch: pytest.MonkeyPatch) -> None:
    """A shipment that was half deleted is never read as one; the next look deletes the rest."""
    leave(form.home)
    with monkeypatch.context() as patched:
        patched.setattr(shutil, "rmtree", lambda *_, **__: (_ for _ in ()).throw(OSError("strømmen gikk")))
        await form.taker.look()
    (left,) = form.left()
    assert left.startswith(".taken-")
    await form.node().look()
    assert (form.left(), len(await form.cases()), failed(form.home)) == ([], 1, {})


def broken(home: Path) -> dict[str, str]:
    """Leave every sort of shipment that cannot be used; return its name and a word of the reason."""
    leave(home, "uten-metadata", b"")
    leave(home, "ikke-json", b"{HEMMELIG")
    leave(home, "dyp", b"[" * 200_000)
    leave(home, "liste", ["HEMMELIG"])
    leave(home, "uten-id", metadata(id=""))
    leave(home, "id-objekt", metadata(id={"HEMMELIG": 1}))
    leave(home, "uten-tid", metadata("2", date=None))
    leave(home, "tull-tid", metadata("2", date="i går HEMMELIG"))
    leave(home, "stor-tid", metadata("2", date=10**30))
    leave(home, "fremtid", metadata("2", date="2031-01-01T12:00:00Z"))
    leave(home, "oldtid", metadata("2", date=0))
    leave(home, "kontroll", metadata("2", tittel="a\x07b"))
    leave(home, "halvt-tegn-id", metadata("2\ud800"))
    leave(home, "halvt-tegn", metadata("2", eksternRef="a\ud800b"))
    leave(home, "uten-pdf", metadata("2"), {"bilde.png": PNG})
    leave(home, "tom", metadata("2"), {})
    leave(home, "tom-fil", metadata("2"), {"a.pdf": PDF, "b.pdf": b""})
    leave(home, "program", metadata("2"), {"a.pdf": PDF, "b.pdf": PROGRAM})
    leave(home, "stor", metadata("2"), {"a.pdf": PDF + bytes(MOST)})
    leave(home, "mange", metadata("2"), {f"{number}.pdf": PDF for number in range(51)})
    leave(home, "stor-metadata", metadata("2", tittel="x" * 1_000_001))
    (leave(home, "lenke-fil", metadata("2")) / "passord.pdf").symlink_to("/etc/passwd")
    (leave(home, "mappe", metadata("2")) / "under").mkdir()
    leave(home, "apen", metadata("2")).chmod(0o777)
    os.mkfifo(leave(home, "ror", metadata("2")) / "ror.pdf")
    elsewhere = home.parent / "annet"
    elsewhere.mkdir()
    (elsewhere / ".ready").touch()
    (home / "in" / "lenke").symlink_to(elsewhere)
    return {
        "uten-metadata": "mangler metadata.json",
        "ikke-json": "JSON",
        "dyp": "JSON",
        "liste": "objekt",
        "uten-id": "(id)",
        "id-objekt": "(id)",
        "uten-tid": "(date)",
        "tull-tid": "(date)",
        "stor-tid": "(date)",
        "fremtid": "ikke kommet",
        "oldtid": "(date)",
        "kontroll": "tegn",
        "halvt-tegn-id": "(id)",
        "halvt-tegn": "(eksternRef)",
        "uten-pdf": "ingen PDF",
        "tom-fil": "Fil 2 er tom",
        "tom": "ingen PDF",
        "program": "et program",
        "stor": "for stor",
        "mange": "for mange",
        "stor-metadata": "for stor",
        "lenke-fil": "lenke",
        "apen": "Alle kan skrive",
        "mappe": "vanlige filer",
        "ror": "vanlige filer",
        "lenke": "lenke",
    }


async def test_what_cannot_be_used_is_set_aside_and_the_rest_goes_on(form: Form) -> None:
    """Each broken shipment stands in failed/ with a sentence and a task, repeats nothing, and keeps nobody waiting."""
    wanted = broken(form.home)
    leave(form.home, "zz-god")
    for _ in range(3):
        await form.taker.look()
    found = failed(form.home)
    assert set(found) == set(wanted)
    for name, word in wanted.items():
        assert word in found[name], (name, found[name])
    assert form.left() == []
    assert len(await form.cases()) == 1
    tasks = await form.pair.municipal.tasks()
    assert {task.cause for task in tasks} == {TaskCause.BAD_SHIPMENT}
    assert len(tasks) == len(wanted)
    assert "HEMMELIG" not in repr(tasks) + repr(found)
    assert (form.home.parent / "annet" / ".ready").exists()


async def test_a_name_leads_nowhere(form: Form) -> None:
    """Names of strangers are made harmless in failed/ and in the case, however they are written."""
    nasty = "-%2f..$(id) \u202efdp"
    leave(form.home, nasty, b"")
    leave(form.home, "b", files={"-rf ~ \u202efdp.pdf": PDF})
    await form.taker.look()
    assert all(path.parent == form.home / "failed" for path in (form.home / "failed").iterdir())
    (case,) = await form.cases()
    ((name, _),) = (await read_case(form.pair.municipal.ports, HANDLER, case.number)).files
    assert not {"\u202e", "/", "~"} & set(name[:1] + name[-4:])


@pytest.mark.parametrize("written", ["999 000 037", "NO999000037MVA", "no 999.000.037 mva", " 999000037 "])
async def test_a_number_in_groups_or_for_vat_is_the_sender_s(form: Form, written: str) -> None:
    """People and programs write the number of an enterprise in several ways; the sender is known by each."""
    leave(form.home, said=metadata(svarSendesTil={"navn": "Namdalen legekontor", "orgnr": written}))
    await form.taker.look()
    (case,) = await form.cases()
    assert case.their_her == GP


async def test_what_windows_puts_into_folders_is_no_part_of_a_shipment(form: Form) -> None:
    """Thumbs.db and desktop.ini fail no shipment, are no files of the case, and are gone with the rest."""
    leave(form.home, files={"a.pdf": PDF, "Thumbs.db": PROGRAM, "desktop.ini": b"[x]"})
    await form.taker.look()
    (case,) = await form.cases()
    read = await read_case(form.pair.municipal.ports, HANDLER, case.number)
    assert [name for name, _ in read.files] == ["a.pdf"]
    assert (form.left(), failed(form.home)) == ([], {})


async def test_a_sender_that_no_register_has_opens_a_case_all_the_same(form: Form) -> None:
    """Whoever wrote, somebody judges it: the name stands in the case, and no party is invented."""
    leave(form.home, said=metadata(svarSendesTil={"navn": "Ukjent lege", "orgnr": "123456789"}))
    leave(form.home, "b", metadata("2", svarSendesTil=None, tittel=None))
    await form.taker.look()
    first, second = await form.cases()
    assert (first.their_her, second.their_her) == (OUTSIDE, OUTSIDE)
    read = await read_case(form.pair.municipal.ports, HANDLER, first.number)
    assert read.deviation.contact == "Ukjent lege (org.nr. 123456789)"
    assert (await steps.register(form.pair.municipal.ports, HANDLER, second.number)).state is CaseState.UNDER_BEHANDLING


async def test_the_keys_are_those_of_the_configuration(tmp_path: Path) -> None:
    """Another program's names for the same things are a matter of settings, and times may be written as text."""
    form = Form(tmp_path / "edialog")
    keys = {
        "shipment": "shipmentId",
        "received": "meta.mottatt",
        "title": "",
        "sender_number": "fra",
        "sender_name": "",
    }
    form.settings = Edialog(name="x", directory=form.home, party=LEVANGER_SERVICE, keys=keys)
    leave(form.home, said={"shipmentId": 17, "meta": {"mottatt": "2026-02-28T00:30:00"}, "fra": NUMBER})
    await form.node().look()
    (case,) = await form.cases()
    assert (case.start, case.their_her) == (date(2026, 2, 28), GP)


@pytest.mark.parametrize("mode", [0o777, 0o702])
async def test_a_folder_that_all_may_write_in_is_not_read(form: Form, mode: int) -> None:
    """Where anybody may leave a shipment nothing is taken, with one task; when that is cured it goes on."""
    leave(form.home)
    (form.home / "in").chmod(mode)
    for _ in range(2):
        await form.taker.look()
    assert (await form.cases(), await form.causes()) == ([], [TaskCause.SHIPMENT_WAITS])
    (form.home / "in").chmod(0o770)
    await form.taker.look()
    assert (len(await form.cases()), await form.causes()) == (1, [])


class NoScanner:
    """A virus scanner that cannot be reached, then finds or does not."""

    found: tuple[int, str] | None = None
    silent = True

    async def scan(self, contents):
        """See the port."""
        if self.silent:
            raise Unavailable("no connection")
        return self.found


async def test_a_shipment_waits_for_the_scanner(form: Form) -> None:
    """While nobody can look into the files it stays where it is, with a task; then it is taken, and the task closed."""
    scanner = NoScanner()
    form.pair.municipal.ports = replace(form.pair.municipal.ports, scanner=scanner)
    leave(form.home)
    for _ in range(2):
        await form.taker.look()
    assert (await form.cases(), form.left(), await form.causes()) == ([], ["a"], [TaskCause.SHIPMENT_WAITS])
    scanner.silent = False
    form.pair.clock.advance(minutes=1)
    await form.taker.look()
    assert (len(await form.cases()), form.left(), await form.causes()) == (1, [], [])


async def test_a_shipment_with_a_virus_is_set_aside(form: Form) -> None:
    """What the scanner finds something in opens no case."""
    scanner = NoScanner()
    scanner.silent, scanner.found = False, (1, "Eicar-Test")
    form.pair.municipal.ports = replace(form.pair.municipal.ports, scanner=scanner)
    leave(form.home)
    await form.taker.look()
    assert (await form.cases(), "Eicar-Test" in failed(form.home)["a"]) == ([], True)


async def test_many_shipments_are_taken_a_share_at_a_time(form: Form) -> None:
    """One look takes a bounded number, the next looks the rest, each once, also with two nodes at it."""
    for number in range(45):
        leave(form.home, f"{number:02d}", metadata(str(number)))
    await form.taker.look()
    assert len(await form.cases()) == shipments_module.MOST_AT_ONCE
    await asyncio.gather(form.taker.look(), form.node().look())
    await asyncio.gather(form.taker.look(), form.node().look())
    assert (len(await form.cases()), form.left(), failed(form.home)) == (45, [], {})


# With a real node


@pytest.fixture
async def here(
    tmp_path: Path, pg_url: str, quick_keys: Path, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Running]:
    """Give a node with a folder of shipments that it looks into all the time."""
    monkeypatch.setattr(ticks, "OUT_SECONDS", 0.05)
    more = '[[edialog]]\nname = "levanger"\ndirectory = "edialog"\nparty = "8090101"\n'
    async with running(tmp_path / "motor", pg_url, quick_keys, more) as found:
        yield found


async def test_a_node_takes_shipments_and_puts_answers_back(here: Running) -> None:
    """From folder to case to answer to folder over PostgreSQL; the answer is a PDF that names what it answers."""
    home = here.project.folder / "edialog"
    leave(home)

    async def opened() -> bool:
        return bool(await here.other.store.list_cases(LEVANGER))

    await comes(opened)
    (case,) = await here.other.store.list_cases(LEVANGER)
    assert (case.state, case.channel, case.their_her) == (CaseState.TIL_VURDERING, Channel.EDIALOG, GP)
    ports = here.other.ports
    await steps.register(ports, HANDLER, case.number)
    for text, final in (("Vi ser på det.", False), ("Vi beklager.", True)):
        await steps.answer(ports, HANDLER, case.number, Answer(text), final=final)

    async def posted() -> bool:
        letters = (await read_case(ports, HANDLER, case.number)).letters
        return len(letters) == 2 and all(letter.exported_at for letter in letters)

    await comes(posted)
    first, second = sorted(path for path in (home / "out").iterdir())
    assert (first.name, second.name.startswith("forsendelse-1~")) == ("forsendelse-1", True)
    for folder in (first, second):
        assert sorted(os.listdir(folder)) == [".ready", "metadata.json", "svar.pdf"]
        assert (folder / "svar.pdf").read_bytes().startswith(b"%PDF-")
        told = json.loads((folder / "metadata.json").read_text("utf-8"))
        assert (told["answers_shipment"], told["reply_to"]) == ("forsendelse-1", "svar-lenke-7")
        assert (told["receiver_number"], told["case_number"]) == (NUMBER, case.number)
    assert await here.other.store.list_outbound(LEVANGER) == []
    for letter in (await read_case(ports, HANDLER, case.number)).letters:
        today = here.node.ports.clock.now().date()
        await deliver_otherwise(ports, KARI, letter.id, Channel.EDIALOG, today, "sendt")
    assert [t.cause for t in await here.other.store.list_tasks(LEVANGER) if t.cause == "answer to send"] == []
