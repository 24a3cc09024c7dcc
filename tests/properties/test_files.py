"""What files are, and what they may be called: bytes decide, and no name leads anywhere."""

import time
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.agreements.terms import Terms
from engine.codes.profile import ProfileCode
from engine.codes.statement import Statement
from engine.deviation.fields import MIME_TYPE
from engine.errors import Severity
from engine.files.agreed import file_findings
from engine.files.kind import (
    AGREEABLE,
    OPAQUE,
    FileKind,
    declared,
    kind_by_name,
    mime_of,
    shown_type,
    sniff,
)
from engine.files.name import LONGEST_NAME, clean_name, named_as, safe_names
from engine.payload.attachment import Attachment
from tests.fakes.world.files import BEGINNINGS, PAGE, PDF, PNG, PROGRAM, TIFF_BIG_END
from tests.fakes.world.surroundings import DEVIATION

ALL = Terms(attachment_types=frozenset(AGREEABLE))
NAMES = st.text() | st.text(alphabet="./\\ \t\n\x00\u202e\u200b~-:ConauxPRN.pdf<|")


@pytest.mark.parametrize(("kind", "content"), BEGINNINGS.items(), ids=BEGINNINGS)
def test_a_file_is_what_its_bytes_say(kind: FileKind, content: bytes) -> None:
    """Each kind is known by how it begins, and only the four agreeable ones have a type that a reader opens."""
    assert sniff(content) is kind
    assert (mime_of(kind) == OPAQUE) is (kind not in AGREEABLE)


@given(kind=st.sampled_from(sorted(BEGINNINGS)), rest=st.binary(max_size=200))
def test_what_follows_the_beginning_changes_nothing(kind: FileKind, rest: bytes) -> None:
    """A kind is known whatever comes after."""
    if kind is not FileKind.UNKNOWN:
        assert sniff(BEGINNINGS[kind] + rest) is kind


@given(st.binary(max_size=300))
def test_nothing_is_a_pdf_or_a_picture_by_chance(content: bytes) -> None:
    """Bytes that do not bear a kind's mark at their beginning are none of it."""
    kind = sniff(content)
    marks = {
        FileKind.PDF: b"%PDF-",
        FileKind.PNG: b"\x89PNG",
        FileKind.JPEG: b"\xff\xd8\xff",
        FileKind.TIFF: b"*",
    }
    assert kind not in marks or marks[kind] in content[:64]


@given(st.sampled_from([PAGE, PROGRAM, b"hei"]), st.sampled_from([PDF, PNG]))
def test_a_file_with_another_before_it_is_not_the_second(first: bytes, second: bytes) -> None:
    """Two files in one are what the first says: a reader that looks further must not be sent what it finds."""
    assert sniff(first + second) not in AGREEABLE


@pytest.mark.parametrize("before", [b"", b"\n", b"\r\n  ", b"\xef\xbb\xbf", b"\xef\xbb\xbf\n"])
def test_blanks_before_a_pdf_are_let_through(before: bytes) -> None:
    """Some programs write a blank line or a byte order mark first."""
    assert sniff(before + PDF) is FileKind.PDF


@pytest.mark.parametrize(
    "content", [b"", b"%PDF", b"\x89PNG", b"\xff\xd8", b"II*\x00", b"MM\x00", b"\x89PNG\r\n\x1a\nabcdWHAT"]
)
def test_half_a_mark_is_none(content: bytes) -> None:
    """What is cut off within its mark is of unknown kind."""
    assert sniff(content) is FileKind.UNKNOWN


def test_both_ways_of_writing_numbers_are_tiff() -> None:
    """TIFF begins with II or MM."""
    assert sniff(TIFF_BIG_END) is FileKind.TIFF


@pytest.mark.parametrize(
    ("written", "kind"),
    [
        ("application/pdf", FileKind.PDF),
        ("Application/PDF; charset=binary", FileKind.PDF),
        ("image/pjpeg", FileKind.JPEG),
        ("image/pjpg", FileKind.JPEG),
        ("image/jpg", FileKind.JPEG),
        ("text/html", None),
        ("", None),
    ],
)
def test_types_are_read_as_partners_write_them(written: str, kind: FileKind | None) -> None:
    """Letter case, parameters and the old names of JPEG do not matter."""
    assert declared(written) is kind


@given(NAMES)
def test_no_name_leads_anywhere(name: str) -> None:
    """A clean name is short, visible, holds no folder, no control sign and no direction mark, and stays as it is."""
    clean = clean_name(name)
    assert 1 <= len(clean) <= LONGEST_NAME
    assert not set(clean) & set('/\\\x00<>:"|?*\n\r')
    assert not [sign for sign in clean if unicodedata.category(sign)[0] == "C"]
    assert clean[0] not in ".-~ "
    assert clean[-1] not in ". "
    assert clean.partition(".")[0].lower() not in {"con", "prn", "aux", "nul", "com1", "lpt1"}
    assert clean_name(clean) == clean


@given(NAMES, st.sampled_from(sorted(FileKind)))
def test_a_name_ends_as_what_the_file_is(name: str, kind: FileKind) -> None:
    """Whatever a file is called, its ending opens it as what it is, and what is unknown opens as nothing."""
    named = named_as(name, kind)
    assert len(named) <= LONGEST_NAME
    assert kind_by_name(named) is kind if kind in AGREEABLE else named.lower().endswith(".bin")


@given(st.lists(NAMES, max_size=6))
def test_names_in_a_folder_are_apart(names: list[str]) -> None:
    """Files of the same name get names of their own."""
    files = [Attachment(name, "", PDF) for name in names]
    assert len({name.casefold() for name, _ in safe_names(files)}) == len(files)


def test_the_signs_that_turn_the_writing_round_are_gone() -> None:
    """A name that would be shown as 'rapportexe.pdf' is not."""
    assert clean_name("rapport\u202efdp.exe") == "rapportfdp.exe"


def test_what_a_partner_hides_in_our_name_is_not_ours() -> None:
    """Only what reads as a deviation is kept with the type of one, whatever its name and type say."""
    assert shown_type(Attachment("avvik.xml", MIME_TYPE, DEVIATION)) == MIME_TYPE
    assert shown_type(Attachment("avvik.xml", MIME_TYPE, PAGE)) == OPAQUE
    assert shown_type(Attachment("avvik.xml", "text/html", DEVIATION)) == OPAQUE


def told(*attachments: Attachment, terms: Terms = ALL, strict: bool = False) -> list[tuple[Severity, str]]:
    """Return severity and statement of what is found."""
    return [(each.severity, str(each.said)) for each in file_findings(attachments, terms, strict=strict)]


def test_a_file_as_agreed_is_not_spoken_of() -> None:
    """Agreed kinds, and our own documents, are found nothing with."""
    fine = (Attachment("a.pdf", "application/pdf", PDF), Attachment("avvik.xml", MIME_TYPE, DEVIATION))
    assert told(*fine, strict=True) == []


def test_a_file_that_says_it_is_something_else_is_noted_and_never_refused() -> None:
    """Many systems write a wrong MimeType: what the file is counts."""
    ((severity, text),) = told(Attachment("hemmelig.pdf", "image/png", PDF), strict=True)
    assert severity is Severity.WARNING
    assert text == str(Statement.of(ProfileCode.FILE_NOT_AS_SAID, number=1, kind=FileKind.PDF))
    assert "hemmelig" not in text


@pytest.mark.parametrize("strict", [False, True])
def test_what_is_not_agreed_weighs_as_the_agreement_says(strict: bool) -> None:
    """Kind, number and size: Warnings, or Errors where the agreement is strict; none repeats a name."""
    files = [Attachment("hemmelig.exe", "", PROGRAM), Attachment("hemmelig.pdf", "", PDF + bytes(100))]
    terms = Terms(attachment_types=frozenset({"pdf"}), attachment_most=1, attachment_most_bytes=100)
    found = told(*files, terms=terms, strict=strict)
    assert {severity for severity, _ in found} == {Severity.ERROR if strict else Severity.WARNING}
    assert [text for _, text in found] == [
        str(Statement.of(ProfileCode.MANY_FILES, number=2, most=1)),
        str(Statement.of(ProfileCode.OTHER_KIND, number=1, kind=FileKind.PROGRAM, types="pdf")),
        str(Statement.of(ProfileCode.LARGE_FILE, number=2, size=len(PDF) + 100, most=100)),
    ]
    assert "hemmelig" not in repr(found)


def test_what_lies_elsewhere_is_noted() -> None:
    """A FileReference is never fetched; somebody should know that it is there."""
    ((severity, text),) = told(Attachment("a", "", b"", "https://example.test/x"), strict=True)
    assert (severity, text.startswith(ProfileCode.FILE_ELSEWHERE)) == (Severity.WARNING, True)


def test_a_name_of_many_marks_is_read_in_no_time() -> None:
    """A hundred thousand marks over one letter, whose order a library sorts in quadratic time, are cut first."""
    begun = time.process_time()
    assert len(clean_name("a" + "\u0301\u0316" * 200_000 + ".pdf")) <= LONGEST_NAME
    assert time.process_time() - begun < 1


@pytest.mark.parametrize("name", ["漢" * 200 + ".pdf", "漢" * 200, "\U0001f4c4" * 90 + ".tiff", "å" * 300])
def test_a_name_in_any_script_is_taken_by_a_file_system(name: str, tmp_path: Path) -> None:
    """A name is cut by its bytes too: file systems count those."""
    (tmp_path / clean_name(name)).write_bytes(b"")
    (tmp_path / named_as(name, FileKind.PDF)).write_bytes(b"")
    assert clean_name(clean_name(name)) == clean_name(name)
