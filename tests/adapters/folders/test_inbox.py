"""The inbox folder: each item once, whole or not at all, and no name of a partner's choosing leads anywhere."""

import json
import os
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import quote
from uuid import UUID

import pytest

from adapters.folders import inbox as module
from adapters.folders.inbox import LONGEST_NAME, InboxFolder
from engine.deviation.fields import MIME_TYPE
from engine.deviation.text import notat_of
from engine.deviation.xml import read_deviation
from engine.files.kind import OPAQUE
from engine.inbox.repeats import Repeat
from engine.names import HerId, MsgId
from engine.payload.attachment import Attachment
from engine.payload.msghead import build_msghead
from engine.records.inbox import ReceivedDocument
from tests.fakes.partners.documents import party
from tests.fakes.store.rows import item
from tests.fakes.world.clock import START
from tests.fakes.world.files import JPEG, PAGE, PDF, PROGRAM
from tests.fakes.world.parties import GP_SERVICE, LEVANGER, LEVANGER_SERVICE
from tests.fakes.world.surroundings import CARRIERS, DEVIATION

NAMES = ("avvik.xml", "bilde æøå.png")


def document(*names: str) -> bytes:
    """Return a document with attachments of these names, each holding its number."""
    return with_attachments(*(Attachment(name, OPAQUE, b"%d" % each) for each, name in enumerate(names, 1)))


def with_attachments(*attachments: Attachment) -> bytes:
    """Return a document with these attachments."""
    return build_msghead(
        CARRIERS["samvik-1"],
        msg_id=MsgId("dokument-1"),
        gen_date=START,
        sender=party(GP_SERVICE),
        receiver=party(LEVANGER_SERVICE),
        conversation=None,
        notat=notat_of(read_deviation(DEVIATION), "nb"),
        attachments=attachments,
        test=True,
    )


def received(number: int = 301, **changed: Any) -> ReceivedDocument:
    """Return an item in the inbox of Levanger's service."""
    plain = {"owner": LEVANGER, "receiver": LEVANGER_SERVICE, "addressed_to": LEVANGER_SERVICE, "sender": GP_SERVICE}
    return item(number, **{**plain, **changed})


@pytest.fixture
def inbox(tmp_path: Path) -> InboxFolder:
    """Give an inbox folder below the test's own."""
    return InboxFolder(tmp_path / "inn")


def everything(root: Path) -> dict[str, bytes]:
    """Return every file below a folder by its path, hidden ones too."""
    return {str(path.relative_to(root)): path.read_bytes() for path in root.rglob("*") if path.is_file()}


def test_an_item_is_a_folder_with_three_things(inbox: InboxFolder, tmp_path: Path) -> None:
    """document.xml as it came, attachments/ by number and name, and metadata.json; nothing else is left."""
    document_bytes = document(*NAMES)
    where = inbox.write(received(), document_bytes)
    assert where == tmp_path / "inn" / LEVANGER_SERVICE / "in" / "document-1"
    found = everything(where)
    assert found.pop("document.xml") == document_bytes
    assert found.pop("metadata.json")
    assert found == {"attachments/01-avvik.xml.bin": b"1", "attachments/02-bilde_æøå.png.bin": b"2"}
    assert [path.name for path in where.parent.iterdir()] == ["document-1"]


def test_the_metadata_has_the_documented_keys(inbox: InboxFolder) -> None:
    """metadata.json holds the keys that the module documents, no more and no less, with the item's values."""
    conversation = {"conversation": MsgId("samtale-1"), "parent": MsgId("forrige-1"), "note": "for postmottaket"}
    where = inbox.write(received(**conversation), document(*NAMES))
    kept = json.loads((where / "metadata.json").read_text("utf-8"))
    opaque = {"mime_type": OPAQUE, "type": OPAQUE, "size": 1, "made": False}
    assert kept == {
        "item_id": str(UUID(int=301)),
        "msg_id": "document-1",
        "message_type": "DIALOG_HELSEFAGLIG",
        "sender_her": GP_SERVICE,
        "receiver_her": LEVANGER_SERVICE,
        "addressed_to_her": LEVANGER_SERVICE,
        "conversation": "samtale-1",
        "parent": "forrige-1",
        "received_at": received().received_at.isoformat(),
        "note": "for postmottaket",
        "repeat": "no",
        "repeat_of": None,
        "attachments": [
            {"file": "01-avvik.xml.bin", "name": "avvik.xml", **opaque},
            {"file": "02-bilde_æøå.png.bin", "name": NAMES[1], **opaque},
        ],
    }
    for key in (*kept, *kept["attachments"][0]):
        assert f"`{key}`" in (module.__doc__ or ""), key


KINDS = [
    (Attachment("faktura.pdf", "application/pdf", PDF), "01-faktura.pdf", "application/pdf"),
    (Attachment("faktura.exe", "application/x-msdownload", PDF), "01-faktura.exe.pdf", "application/pdf"),
    (Attachment("faktura.pdf", "application/pdf", PROGRAM), "01-faktura.pdf.bin", OPAQUE),
    (Attachment("side.html", "text/html", PAGE), "01-side.html.bin", OPAQUE),
    (Attachment("avvik.xml", MIME_TYPE, DEVIATION), "01-avvik.xml", MIME_TYPE),
    (Attachment("avvik.xml", MIME_TYPE, PAGE), "01-avvik.xml.bin", OPAQUE),
    (Attachment("bilde.JPG", "image/jpg", JPEG), "01-bilde.JPG", "image/jpeg"),
]


@pytest.mark.parametrize(("attachment", "file", "shown"), KINDS, ids=range(len(KINDS)))
def test_a_file_is_kept_as_what_it_is(inbox: InboxFolder, attachment: Attachment, file: str, shown: str) -> None:
    """Type and ending come from the bytes, whatever name and type the sender gave; what is unknown ends in .bin."""
    where = inbox.write(received(), with_attachments(attachment))
    (kept,) = json.loads((where / "metadata.json").read_text("utf-8"))["attachments"]
    assert (kept["file"], kept["type"]) == (file, shown)
    assert (kept["name"], kept["mime_type"]) == (attachment.name, attachment.mime_type)
    assert (where / "attachments" / file).read_bytes() == attachment.content


def test_first_messages_have_null_for_their_thread(inbox: InboxFolder) -> None:
    """A first message has neither conversation nor parent, and no attachments is an empty list."""
    kept = json.loads((inbox.write(received(), document()) / "metadata.json").read_text("utf-8"))
    assert (kept["conversation"], kept["parent"], kept["attachments"], kept["note"]) == (None, None, [], "")


def test_writing_again_changes_nothing(inbox: InboxFolder, tmp_path: Path) -> None:
    """The same item twice is one folder, untouched since the first time."""
    where = inbox.write(received(), document(*NAMES))
    before = {path: path.stat().st_mtime_ns for path in (tmp_path / "inn").rglob("*")}
    assert inbox.write(received(), document(*NAMES)) == where
    assert {path: path.stat().st_mtime_ns for path in (tmp_path / "inn").rglob("*")} == before


class Crash(Exception):
    """Stands for the power going out."""


@pytest.mark.parametrize("step", range(12))
def test_a_crash_at_any_step_leaves_all_or_nothing(
    inbox: InboxFolder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: int
) -> None:
    """Wherever the writing stops a reader sees no folder or the whole one, and the next try makes it whole."""
    left = [step]

    def counted(real):
        def call(*arguments, **more):
            if left[0] == 0:
                raise Crash
            left[0] -= 1
            return real(*arguments, **more)

        return call

    with monkeypatch.context() as patched:
        for name in ("durable", "sync_folder", "described"):
            patched.setattr(module, name, counted(getattr(module, name)))
        patched.setattr(Path, "rename", counted(Path.rename))
        try:
            inbox.write(received(), document(*NAMES))
        except Crash:
            seen = [path for path in (tmp_path / "inn").glob("*/in/*") if not path.name.startswith(".")]
            assert len(seen) <= 1
            assert all(len(everything(path)) == 4 for path in seen)
        else:
            assert step >= 8
    where = inbox.write(received(), document(*NAMES))
    assert len(everything(where)) == 4
    assert [path.name for path in where.parent.iterdir()] == ["document-1"]


HOSTILE = [
    "../..",
    "..",
    ".",
    "...",
    ".skjult",
    "/etc/passwd",
    "a/b",
    "a\\b",
    "C:\\con",
    "~root",
    "a b*?<>|\"'`$(id)",
    "æøå",
    "á́",
    "\u202etxt",
    "%2E%2E",
    "-rf",
    "x" * 255,
    "æ" * 255,
    "/" * 255,
    "." * 255,
]


@pytest.mark.parametrize("name", HOSTILE)
def test_no_msg_id_leads_out_of_the_inbox(inbox: InboxFolder, tmp_path: Path, name: str) -> None:
    """Whatever a MsgId holds, its item is one visible folder in the party's inbox, and writing again finds it."""
    where = inbox.write(received(msg_id=MsgId(name)), document())
    assert inbox.write(received(msg_id=MsgId(name)), document()) == where
    home = tmp_path / "inn" / LEVANGER_SERVICE / "in"
    assert list(home.iterdir()) == [where]
    assert where.parent == home
    assert not where.name.startswith((".", "-", "~"))
    assert {path.relative_to(tmp_path).parts[0] for path in tmp_path.rglob("*")} == {"inn"}
    assert json.loads((where / "metadata.json").read_text("utf-8"))["msg_id"] == name


@pytest.mark.parametrize("name", HOSTILE)
def test_no_attachment_name_leads_out_of_its_folder(inbox: InboxFolder, tmp_path: Path, name: str) -> None:
    """Whatever an attachment is called, it is one numbered file in attachments/; its name stands in the metadata."""
    where = inbox.write(received(), document(name, name))
    files = sorted(os.listdir(where / "attachments"))
    assert [each[:3] for each in files] == ["01-", "02-"]
    assert all(module._UNSAFE.search(each) is None for each in files)
    assert len(everything(tmp_path)) == 4
    kept = json.loads((where / "metadata.json").read_text("utf-8"))["attachments"]
    assert [each["file"] for each in kept] == files


def test_two_senders_may_use_the_same_msg_id(inbox: InboxFolder) -> None:
    """A MsgId is its sender's own: the second sender's item gets a folder beside the first, and keeps it."""
    first = inbox.write(received(301), document())
    other = received(302, sender=HerId("8090201"))
    second = inbox.write(other, document(*NAMES))
    third = inbox.write(received(303, sender=HerId("8090900")), document())
    assert len({first, second, third}) == 3
    assert inbox.write(other, document(*NAMES)) == second
    assert inbox.write(received(301), document()) == first
    assert len(list(first.parent.iterdir())) == 3


@pytest.mark.parametrize("length", [100, 119, 120, 121, 240, 255])
def test_two_senders_may_use_the_same_long_msg_id(inbox: InboxFolder, length: int) -> None:
    """Also where the MsgId is so long that it is cut, two items never share a folder."""
    msg_id = MsgId("x" * length)
    paths = {inbox.write(received(number, msg_id=msg_id), document()) for number in (301, 302)}
    assert len(paths) == 2


def test_names_that_become_the_same_stay_apart(inbox: InboxFolder) -> None:
    """A MsgId that looks like another one made safe gets a folder of its own."""
    paths = {
        inbox.write(received(number, msg_id=MsgId(name)), document())
        for number, name in enumerate(("a/b", "a%2Fb", "a%252Fb", "A/B"), 301)
    }
    assert len(paths) == 4


def test_two_parties_have_two_inboxes(inbox: InboxFolder) -> None:
    """The same document to two parties is an item in each one's own folder."""
    mine = inbox.write(received(301), document())
    theirs = inbox.write(replace(received(302), receiver=HerId("8090201")), document())
    assert mine.parent.parent.name == LEVANGER_SERVICE
    assert theirs.parent.parent.name == "8090201"


def test_others_cannot_read_an_inbox(inbox: InboxFolder) -> None:
    """No file or folder of an item is open to others than owner and group."""
    where = inbox.write(received(), document(*NAMES))
    for path in (where, *where.rglob("*"), where.parent, where.parent.parent):
        assert not path.stat().st_mode & 0o007, path


def test_a_folder_that_stands_already_is_made_durable_again(
    inbox: InboxFolder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who renamed it may have died before that was on disk: only after a flush of its own may a node note it."""
    stands, flushed = inbox.write(received(), document()), []
    monkeypatch.setattr(module, "sync_folder", flushed.append)
    assert inbox.write(received(), document()) == stands
    assert flushed == [stands.parent]


def test_two_items_of_one_msg_id_at_the_same_moment(
    inbox: InboxFolder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where another sender's item takes the name between the look and the move, neither is taken for the other."""
    first, second = received(), received(302, sender=HerId("400"))
    real, looks = module._target, []

    def looked_too_early(folder: Path, of: ReceivedDocument) -> Path:
        looks.append(of)
        if of is second and len(looks) == 2:
            inbox.write(first, document("1"))
        return tmp_path / "inn" / LEVANGER_SERVICE / "in" / "document-1" if len(looks) <= 2 else real(folder, of)

    monkeypatch.setattr(module, "_target", looked_too_early)
    written = inbox.write(second, document("2"))
    assert json.loads((written / "metadata.json").read_text("utf-8"))["item_id"] == str(second.id)
    assert len(list(written.parent.iterdir())) == 2


FOREIGN: dict[str, Callable[[Path], object]] = {
    "a file": lambda place: place.write_bytes(b"notat"),
    "a folder with something in it": lambda place: (place.mkdir(), (place / "notat.txt").write_bytes(b"x")),
    "an empty folder": lambda place: place.mkdir(),
    "broken metadata": lambda place: (place.mkdir(), (place / "metadata.json").write_bytes(b"\xff{")),
    "metadata of something else": lambda place: (place.mkdir(), (place / "metadata.json").write_bytes(b"[1]")),
    "a folder for metadata": lambda place: (place / "metadata.json").mkdir(parents=True),
    "a link to nothing": lambda place: place.symlink_to("ingensteds"),
}


@pytest.mark.parametrize("put", FOREIGN.values(), ids=FOREIGN)
def test_what_stands_under_an_items_name_is_put_up_with(
    inbox: InboxFolder, tmp_path: Path, put: Callable[[Path], object]
) -> None:
    """A foreign file or folder stays as it is, and the item stands beside it, once, however often it is written."""
    there = tmp_path / "inn" / LEVANGER_SERVICE / "in"
    there.mkdir(parents=True)
    put(there / "document-1")
    before = everything(there)
    where = inbox.write(received(), document())
    assert where.name == f"document-1~{received().id}"
    assert inbox.write(received(), document()) == where
    assert before.items() <= everything(there).items()
    assert len(list(there.iterdir())) == 2


def said(where: Path) -> tuple[str, str | None]:
    """Return what a folder says of a repeat."""
    told = json.loads((where / "metadata.json").read_text("utf-8"))
    return told["repeat"], told["repeat_of"]


def test_a_document_that_stands_there_already_is_a_repeat(inbox: InboxFolder) -> None:
    """The same bytes of the same sender under another id of ours: both stand, and the second names the first."""
    first = inbox.write(received(), document(*NAMES))
    before = everything(first)
    for repeat, number in ((Repeat.NO, 302), (Repeat.MAY, 303)):
        again = inbox.write(received(number), document(*NAMES), repeat)
        assert (again.parent, said(again)) == (first.parent, ("yes", str(received().id)))
    assert (said(first), everything(first)) == (("no", None), before)


def test_a_repeat_is_found_where_the_first_is_gone(inbox: InboxFolder) -> None:
    """After two restores the first may be fetched already: the second, which stands beside its name, is found."""
    first, second = inbox.write(received(), document()), inbox.write(received(302), document(), Repeat.MAY)
    shutil.rmtree(first)
    third = inbox.write(received(303), document(), Repeat.MAY)
    assert third == first
    assert said(third) == ("yes", str(received(302).id))
    assert second.exists()


@pytest.mark.parametrize("repeat", [Repeat.NO, Repeat.MAY])
def test_only_the_same_sender_s_same_document_is_surely_a_repeat(inbox: InboxFolder, repeat: Repeat) -> None:
    """Another sender's same MsgId says nothing; other bytes of the same sender may be a repeat; a cut file no less."""
    first = inbox.write(received(), document())
    assert said(inbox.write(received(302, sender=HerId("8090201")), document(), repeat)) == (repeat.value, None)
    other = inbox.write(received(303), document("vedlegg"), repeat)
    assert said(other) == ("may", str(received().id))
    (first / "document.xml").unlink()
    assert said(inbox.write(received(304), document(), repeat)) == ("may", str(received().id))


@pytest.mark.parametrize("name", HOSTILE)
def test_a_repeat_is_told_whatever_the_msg_id_is(inbox: InboxFolder, name: str) -> None:
    """No MsgId keeps a repeat from being written and told: what stands under our own id is one that may be."""
    inbox.write(received(msg_id=MsgId(name)), document())
    again = inbox.write(received(302, msg_id=MsgId(name)), document(), Repeat.MAY)
    assert said(again) in [("yes", str(received().id)), ("may", None)]
    assert (said(again)[0] == "may") == (len(quote(name, safe="")) > LONGEST_NAME)


def test_what_may_be_a_repeat_says_so(inbox: InboxFolder) -> None:
    """Where nothing of it stands in the folder any more, what the engine knows is told."""
    assert said(inbox.write(received(), document(), Repeat.MAY)) == ("may", None)
