"""The PDF renderer: same input, same bytes, and every letter in it."""

import logging
import re
from datetime import UTC, datetime

import pytest

from adapters.pdf.renderer import FpdfRenderer

MADE = datetime(2026, 11, 20, 11, 0, tzinfo=UTC)


def render(text, title="Avvik"):
    """Render one section."""
    return FpdfRenderer().render(title, [("Beskrivelse", text)], MADE)


def letters(pdf):
    """Return the letters that the embedded fonts of a PDF map to, by their ToUnicode tables."""
    tables = re.findall(rb"beginbfchar(.*?)endbfchar", pdf, re.DOTALL)
    codes = [code for table in tables for code in re.findall(rb"<[0-9A-F]+> <([0-9A-F]{4})>", table)]
    return {chr(int(code, 16)) for code in codes}


def test_the_same_input_gives_the_same_bytes():
    """Nothing of the clock or of chance is in the document."""
    assert render("Æ ø å") == render("Æ ø å")
    assert b"D:20261120120000+01'00'" in render("x")


def test_norwegian_and_sami_letters_survive():
    """The embedded font has the letters of Norwegian and of the Sámi languages."""
    wanted = set("æøåÆØÅáčđŋšŧžÁČĐŊŠŦŽïö«»–")
    assert wanted <= letters(render("".join(wanted)))


def test_a_letter_that_the_font_lacks_is_shown_by_its_number():
    """Nothing disappears in silence, and nothing of it is logged."""
    assert set("[U+1F600]") <= letters(render("😀"))


def test_what_word_processors_write_is_read_as_they_mean_it():
    """Hyphens that do not break, ends of lines and Word's bullets are what people see; units are their letters."""
    shown = letters(render("a\u2011b\u2028\uf0b7 c\uf0a7\u2010\uf0fc 7 \u338f"))
    assert not set("[]U+") & shown
    assert set("ab-\u2022ckg") <= shown


@pytest.mark.parametrize(
    "text", ["", "x" * 5000, "ord " * 5000, "\n" * 300, "a\r\nb\tc\x00\x07", "́ a\u200b\u202e", "{nb}"]
)
def test_any_text_is_rendered(text):
    """Empty, endless, unbroken and odd texts give a document."""
    assert render(text, title=text or "t").startswith(b"%PDF-")


def test_rendering_logs_nothing_of_the_text(caplog):
    """The libraries below would tell which letters they embed; that is content."""
    with caplog.at_level(logging.INFO):
        render("Hemmelig tekst 😀 ǩ")
    assert caplog.records == []
