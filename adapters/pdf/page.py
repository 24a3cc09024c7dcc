"""The pages of a PDF, laid out with fpdf2 and the font Source Sans Pro, which is embedded."""

import logging
import unicodedata
from bisect import bisect_right
from collections.abc import Iterator
from datetime import datetime
from importlib.resources import as_file, files
from typing import cast

from fpdf import FPDF
from fpdf.enums import XPos, YPos
from fpdf.fonts import TTFFont

from engine.times import in_oslo

_FONT = "SourceSans"
_FACES = {"": "SourceSansPro-Regular.ttf", "B": "SourceSansPro-Bold.ttf"}
_MARGIN = 20
_GREY = (90, 90, 90)
_BLACK = (0, 0, 0)

_AS_PEOPLE_MEAN_IT = {
    0x2010: "-",
    0x2011: "-",
    0x2028: "\n",
    0x2029: "\n\n",
    0x0085: "\n",
    0x000B: "\n",
    **{0xF000 + sign: "\N{BULLET}" for sign in (0x76, 0x9F, 0xA7, 0xA8, 0xB7, 0xD8, 0xE0, 0xF0)},
    0xF0FC: "\N{BULLET}",
    0xF02D: "-",
}
"""Signs that word processors write: hyphens that do not break, ends of lines, and bullets of symbol fonts."""

# fontTools tells at INFO level which characters it puts into the font, which would be text of the document.
logging.getLogger("fontTools").setLevel(logging.WARNING)


class Page(FPDF):
    """One document under way; fpdf2 calls `footer` at the end of each page."""

    def __init__(self, made_at: datetime) -> None:
        super().__init__(orientation="portrait", unit="mm", format="A4")
        self._made = in_oslo(made_at)
        self.set_creation_date(self._made)
        self.set_producer("Samvik")
        self.set_lang("nb")
        self.set_margins(_MARGIN, _MARGIN)
        self.set_auto_page_break(auto=True, margin=_MARGIN + 5)
        # fpdf2 would put the number of pages in for its alias wherever the text of a document has it.
        self.alias_nb_pages("")
        for style, name in _FACES.items():
            with as_file(files("font_source_sans_pro") / "files" / name) as path:
                self.add_font(_FONT, style, path)
        self._known = frozenset(cast(TTFFont, self.fonts[_FONT.lower()]).cmap)
        self.add_page()

    def title_line(self, title: str) -> None:
        """Write the title, and give it to the document."""
        self.set_title(self._printable(title))
        self._write(title, "B", 18, 8)
        self.ln(4)

    def section(self, heading: str, text: str) -> None:
        """Write a heading and its text."""
        # A heading alone at the foot of a page reads badly: take it over with its first lines.
        if self.will_page_break(18):
            self.add_page()
        self._write(heading, "B", 11, 6)
        self._write(text, "", 11, 5.5)
        self.ln(3)

    def footer(self) -> None:
        """Write the time of making and the page number at the foot of a page."""
        self.set_y(-_MARGIN)
        self.set_font(_FONT, "", 9)
        self.set_text_color(*_GREY)
        made = f"Laget {self._made.day}.{self._made.month}.{self._made.year} kl. {self._made:%H.%M}"
        self.cell(0, 5, f"{made}    Side {self.page_no()}", align="C")
        self.set_text_color(*_BLACK)

    def _write(self, text: str, style: str, size: int, line: float) -> None:
        self.set_font(_FONT, style, size)
        for each in self._lines(self._printable(text)):
            self.cell(0, line, each, new_x=XPos.LMARGIN, new_y=YPos.NEXT)

    def _lines(self, text: str) -> Iterator[str]:
        """Break a text into lines that fit. The library's own breaking measures each line anew for each character."""
        room = self.epw - 2 * self.c_margin
        blank = self._width(" ")
        for paragraph in text.split("\n"):
            taken: list[str] = []
            used = 0.0
            for word in self._words(paragraph, room):
                width = self._width(word)
                if taken and used + width > room:
                    yield " ".join(taken)
                    taken, used = [], 0.0
                taken.append(word)
                used += width + blank
            yield " ".join(taken)

    def _words(self, paragraph: str, room: float) -> Iterator[str]:
        """Yield the words of a paragraph, cutting those that no line can hold."""
        for word in paragraph.split(" "):
            rest = word
            while self._width(rest) > room:
                fits = bisect_right(range(len(rest)), room, key=lambda length: self._width(rest[:length])) - 1
                yield rest[: max(fits, 1)]
                rest = rest[max(fits, 1) :]
            yield rest

    def _width(self, text: str) -> float:
        """Return the width of a text in mm, in the font that is set."""
        font = cast(TTFFont, self.current_font)
        return float(sum(font.cw[ord(letter)] for letter in text)) * self.font_size / 1000

    def _printable(self, text: str) -> str:
        lines = text.replace("\r\n", "\n").replace("\r", "\n").replace("\t", "    ")
        whole = unicodedata.normalize("NFC", lines.translate(_AS_PEOPLE_MEAN_IT))
        return "".join(self._shown(character) for character in whole)

    def _shown(self, character: str) -> str:
        if character == "\n" or ord(character) in self._known:
            return character
        if unicodedata.category(character) == "Cf":
            return ""
        same = unicodedata.normalize("NFKC", character)
        if same != character and all(ord(each) in self._known for each in same):
            return same
        return f"[U+{ord(character):04X}]"
