"""PDFs as a reader of PDFs reads them: same input, same bytes, every letter, every line within the page."""

import io
import logging
import unicodedata
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pypdf import PdfReader

from adapters.pdf import fonts
from adapters.pdf.renderer import PdfPages

MADE = datetime(2026, 11, 20, 11, 0, tzinfo=UTC)
WIDE = "Ord med Č, ≤ og æ " * 40


def render(text: str, title: str = "Avvik") -> bytes:
    """Render one section."""
    return PdfPages().render(title, [("Beskrivelse", text)], MADE)


def pages(pdf: bytes) -> list[str]:
    """Return the text of each page."""
    return [page.extract_text() for page in PdfReader(io.BytesIO(pdf), strict=True).pages]


def body(text: str) -> str:
    """Return the text of a section as it is read back, without title, heading and foot."""
    lines = [line for page in pages(render(text)) for line in page.splitlines() if not line.startswith("Laget ")]
    return "\n".join(lines[2:])


def test_the_same_input_gives_the_same_bytes() -> None:
    """Nothing of the clock or of chance is in the document; its time is that of Oslo."""
    assert render("Æ ø å") == render("Æ ø å")
    assert b"D:20261120120000+01'00'" in render("x")


def test_a_document_says_what_it_is() -> None:
    """Title, language and maker stand where a screen reader and an archive look for them."""
    reader = PdfReader(io.BytesIO(render("x", title="Avvik i Čáhci (≤ 5)")), strict=True)
    assert reader.metadata is not None
    assert (reader.metadata.title, reader.metadata.producer) == ("Avvik i Čáhci (≤ 5)", "Samvik")
    assert reader.trailer["/Root"]["/Lang"] == "nb"


def test_a_document_embeds_one_font_and_draws_its_headings_wider() -> None:
    """Title and headings are filled and drawn round, text and foot are only filled; a page of prose is under 12 kB."""
    written = render("Bokmål, nynorsk og «sitat» – alt med én font.")
    assert (written.count(b"/FontFile2"), len(written) < 12_000) == (1, True)
    (page,) = PdfReader(io.BytesIO(written), strict=True).pages
    modes = [operands[0] for operands, operator in page.get_contents().operations if operator == b"Tr"]
    shown = [operator for _, operator in page.get_contents().operations if operator in {b"Tr", b"Tj"}]
    assert modes == [2, 0, 2, 0]
    assert shown == [b"Tr", b"Tj", b"Tr", b"Tr", b"Tj", b"Tr", b"Tj", b"Tj"]


def test_norwegian_and_sami_letters_survive() -> None:
    """The embedded font has the letters of Norwegian and of the Sámi languages."""
    text = "æøåÆØÅ áčđŋšŧž ÁČĐŊŠŦŽ ïö «» – “x” …"
    assert body(text) == text


def test_every_letter_of_the_font_is_read_back() -> None:
    """Whatever the font has is shown as what it is, on whichever of its pages it stands."""
    found = [letter for letter in fonts.widths() if _stands_alone(letter)]
    assert len(found) > 1_000
    shown = "\n".join(pages(render(" ".join(found))))
    assert [letter for letter in found if letter not in shown] == []


def test_a_letter_that_the_font_lacks_is_shown_by_its_number() -> None:
    """Nothing disappears in silence."""
    assert body("hei 😀") == "hei [U+1F600]"


def test_what_word_processors_write_is_read_as_they_mean_it() -> None:
    """Hyphens that do not break, ends of lines and Word's bullets are what people see; units are their letters."""
    text = "a\u2011b\u2028\uf0b7 c\uf0a7\u2010\uf0fc 7 \u338f"
    assert body(text) == "a-b\n\N{BULLET} c\N{BULLET}-\N{BULLET} 7 kg"


def test_what_a_pdf_reads_as_its_own_is_text() -> None:
    """Brackets, backslashes and operators in a text are shown and do nothing."""
    text = r"a ) Tj (b \ \\ ( ET endstream endobj %%EOF (((c"
    assert body(text) == text


@pytest.mark.parametrize("size", [1, 400])
def test_lines_break_at_blanks_and_stay_on_the_page(size: int) -> None:
    """Over lines and pages no word is lost or cut, and no line is wider than its room."""
    words = (WIDE * size).split()[: 40 * size]
    read = body(" ".join(words))
    assert read.split() == words
    measure = fonts.widths()
    assert max(sum(map(measure.__getitem__, line)) for line in read.splitlines()) * 11 / 1000 <= 170 * 72 / 25.4


def test_a_word_that_no_line_holds_is_cut() -> None:
    """It goes on in the next line, whole."""
    assert body("x" * 5_000).replace("\n", "") == "x" * 5_000


def test_a_heading_never_stands_alone_at_the_foot() -> None:
    """A heading is on the page of its first line, and pages are numbered."""
    pdf = PdfPages().render("Avvik", [(f"Overskrift {n}", f"Tekst {n}") for n in range(60)], MADE)
    found = pages(pdf)
    assert len(found) > 1
    for number, page in enumerate(found, 1):
        lines = page.splitlines()
        assert lines[-1] == f"Laget 20.11.2026 kl. 12.00    Side {number}"
        assert lines[-2].startswith("Tekst")


@pytest.mark.parametrize(
    "text", ["", "ord " * 5000, "\n" * 300, "a\r\nb\tc\x00\x07", "\u0301 a\u200b\u202e", "{nb}", "\ud800", " " * 999]
)
def test_any_text_is_rendered(text: str) -> None:
    """Empty, endless, unbroken and odd texts give a document, as text and as title."""
    assert pages(render(text, title=text or "t"))


@given(st.text())
@settings(max_examples=100)
def test_nothing_of_a_text_is_lost(text: str) -> None:
    """What is read back has every letter that the font has."""
    wanted = {letter for letter in text if letter in fonts.letters().first and letter != "\xa0"}
    assert wanted <= set(body(text)) | {" "}


def test_rendering_logs_nothing_of_the_text(caplog: pytest.LogCaptureFixture) -> None:
    """The libraries below would tell which letters they embed; that is content."""
    with caplog.at_level(logging.INFO):
        render("Hemmelig tekst 😀 ǩ")
    assert caplog.records == []


def _stands_alone(letter: str) -> bool:
    """Say whether a letter comes back as it is: no blank, no accent that joins another."""
    whole = unicodedata.normalize("NFC", letter) == letter
    return whole and letter.isprintable() and not letter.isspace() and not unicodedata.combining(letter)
