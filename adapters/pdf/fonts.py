"""The font as a PDF embeds it: Source Sans Pro, cut into subsets that are made once and fit every document."""

import logging
from dataclasses import dataclass
from functools import cache
from importlib.resources import as_file, files
from io import BytesIO

from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont
from fontTools.ttLib.tables._c_m_a_p import CmapSubtable

from adapters.pdf.letters import Letters

# fontTools tells at INFO level which characters it puts into a font.
logging.getLogger("fontTools").setLevel(logging.WARNING)

_NAME = "SourceSansPro-Regular"
_SYMBOLS = 0xF000
"""Where the codes of a symbolic TrueType font stand in its (3, 0) table (ISO 32000-1, 9.6.6.4)."""


@dataclass(frozen=True)
class EmbeddedFont:
    """The letters of one table. `widths` are thousandths of the font's size by code; `program` is TrueType."""

    name: str
    first_table: bool
    widths: tuple[int, ...]
    letters: dict[int, str]
    program: bytes
    box: tuple[int, int, int, int]
    ascent: int
    descent: int


@cache
def letters() -> Letters:
    """Return the letters that the font has."""
    return Letters(frozenset(map(chr, _opened().getBestCmap())))


@cache
def widths() -> dict[str, int]:
    """Return the width of each letter, in thousandths of the font's size."""
    font = _opened()
    unit = font["head"].unitsPerEm
    return {chr(code): round(font["hmtx"][name][0] * 1000 / unit) for code, name in font.getBestCmap().items()}


@cache
def embedded(table: int) -> EmbeddedFont:
    """Return the font cut down to a table of letters."""
    shown, font = letters().table(table), _opened()
    names = {code: font.getBestCmap()[ord(letter)] for code, letter in shown.items()}
    options = Options(layout_features=[], hinting=False, notdef_outline=True, name_IDs=[], legacy_cmap=True)
    options.drop_tables += ["GSUB", "GPOS", "GDEF", "DSIG", "BASE", "OS/2", "post", "name"]
    subsetter = Subsetter(options)
    subsetter.populate(unicodes=map(ord, shown.values()))
    subsetter.subset(font)
    if table:
        font["cmap"].tables = [
            _cmap(3, 0, 4, {_SYMBOLS + code: name for code, name in names.items()}),
            _cmap(1, 0, 6, names),
        ]
    written = BytesIO()
    font.save(written, reorderTables=True)
    unit, head, lines = 1000 / font["head"].unitsPerEm, font["head"], font["hhea"]
    measured = widths()
    return EmbeddedFont(
        f"SAMVI{'ABCDEFGHIJKLMNOPQRSTUVWXYZ'[table]}+{_NAME}",
        table == 0,
        tuple(measured[shown[code]] if code in shown else 0 for code in range(256)),
        shown,
        written.getvalue(),
        tuple(round(edge * unit) for edge in (head.xMin, head.yMin, head.xMax, head.yMax)),
        round(lines.ascent * unit),
        round(lines.descent * unit),
    )


def _opened() -> TTFont:
    with as_file(files("font_source_sans_pro") / "files" / f"{_NAME}.ttf") as path:
        return TTFont(path, recalcTimestamp=False)


def _cmap(platform: int, encoding: int, form: int, names: dict[int, str]) -> CmapSubtable:
    cmap = CmapSubtable.newSubtable(form)
    cmap.platformID, cmap.platEncID, cmap.language, cmap.cmap = platform, encoding, 0, names
    return cmap
