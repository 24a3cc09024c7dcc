"""The PDF of a deviation in the inbox folder, where its sender left it to us."""

import json
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest

from adapters.folders.inbox import InboxFolder
from engine.deviation.fields import MIME_TYPE
from engine.inbox.made_pdf import folder_renderer
from engine.names import HerId
from engine.payload.attachment import Attachment
from engine.ports import PdfRenderer
from engine.times import in_oslo
from tests.fakes.engines.pair import Pair
from tests.fakes.partners.documents import reply
from tests.fakes.store.rows import item
from tests.fakes.world.clock import START
from tests.fakes.world.files import PDF
from tests.fakes.world.parties import LEVANGER_SERVICE, registry
from tests.fakes.world.surroundings import DEVIATION, PlainPdf

ITEM = item(301, receiver=LEVANGER_SERVICE)


def document(*attachments: Attachment) -> bytes:
    """Return a document with these attachments."""
    return reply("traad-1", attachments=attachments)


@pytest.fixture
def inbox(tmp_path: Path) -> InboxFolder:
    """Give an inbox folder below the test's own."""
    return InboxFolder(tmp_path / "inn")


STRUCTURED = Attachment("avvik.xml", MIME_TYPE, DEVIATION)


def test_the_pdf_that_a_sender_leaves_to_us_stands_beside_its_files(inbox: InboxFolder) -> None:
    """It is the last in metadata.json, made here and called so; the document stays as it came, and so do its files."""
    came = document(STRUCTURED, Attachment("funn.pdf", "application/pdf", PDF))
    where = inbox.write(ITEM, came, renderer=PlainPdf())
    found = {str(path.relative_to(where)): path.read_bytes() for path in where.rglob("*") if path.is_file()}
    made = PlainPdf().render("", [], in_oslo(START))
    assert found["document.xml"] == came
    assert sorted(found) == [
        "attachments/00-avvik.pdf",
        "attachments/01-avvik.xml",
        "attachments/02-funn.pdf",
        "document.xml",
        "metadata.json",
    ]
    assert found["attachments/00-avvik.pdf"] == made
    told = json.loads(found["metadata.json"])["attachments"]
    assert [each["made"] for each in told] == [False, False, True]
    assert told[-1] == {
        "file": "00-avvik.pdf",
        "name": "avvik.pdf",
        "mime_type": "application/pdf",
        "type": "application/pdf",
        "size": len(made),
        "made": True,
    }


@pytest.mark.parametrize(
    ("renderer", "attachments"),
    [
        (None, [STRUCTURED]),
        (PlainPdf(), [STRUCTURED, Attachment("avvik.pdf", "application/pdf", PDF)]),
        (PlainPdf(), [replace(STRUCTURED, content=b"<Deviation/>")]),
        (PlainPdf(), [replace(STRUCTURED, mime_type="application/xml")]),
        (PlainPdf(), []),
    ],
    ids=["not wanted", "it came", "not readable", "not ours", "plain"],
)
def test_no_pdf_is_made_where_none_is_wanted_or_none_was_left_out(
    inbox: InboxFolder, renderer: PdfRenderer | None, attachments: list[Attachment]
) -> None:
    """A party without it, a sender's own, and what is no deviation of ours: its files as they came, and no more."""
    where = inbox.write(ITEM, document(*attachments), renderer=renderer)
    assert len(list((where / "attachments").iterdir())) == len(attachments)
    assert not (where / "attachments" / "00-avvik.pdf").exists()


def test_a_pdf_that_cannot_be_made_holds_nothing_back(inbox: InboxFolder) -> None:
    """The document is delivered without it: its text says everything."""

    class Broken:
        def render(self, title: str, sections: object, made_at: datetime) -> bytes:
            raise ZeroDivisionError

    where = inbox.write(ITEM, document(STRUCTURED), renderer=Broken())
    assert [path.name for path in (where / "attachments").iterdir()] == ["01-avvik.xml"]


@pytest.mark.parametrize("wanted", [True, False])
def test_the_register_says_which_party_has_the_pdf_in_its_folder(wanted: bool) -> None:
    """`folder_pdf` of the party whose folder it is; a party that is gone from the register has none."""
    pair = Pair(registry(her_8090101={"folder_pdf": wanted}))
    ports = pair.municipal.ports
    assert folder_renderer(ports, LEVANGER_SERVICE) is (ports.pdf if wanted else None)
    assert folder_renderer(ports, HerId("8099999")) is None
