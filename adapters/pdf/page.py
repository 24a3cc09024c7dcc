"""The pages of a PDF: a title, headed sections, and a foot with the time of making and the page's number."""

from bisect import bisect_right
from collections.abc import Iterator
from datetime import datetime
from itertools import accumulate

from adapters.pdf import fonts
from adapters.pdf.file import PdfFile, moment, text
from adapters.pdf.letters import FIRST
from engine.times import in_oslo

_MM = 72 / 25.4
_WIDTH, _HEIGHT = 210 * _MM, 297 * _MM
_MARGIN = 20 * _MM
_BOTTOM = 25 * _MM
_ROOM = _WIDTH - 2 * _MARGIN
_HEADING_NEEDS = 18 * _MM
"""A heading alone at the foot of a page reads badly: this much has room below its top, or it goes to the next."""

_HEAVY = 0.045
"""How wide the pen is that thickens a heading's letters, in parts of their size: a bold font would weigh 10 kB more."""

_FOOT = 16 * _MM
_FOOT_SIZE = 9


class Document:
    """A document under way."""

    def __init__(self, title: str, made_at: datetime) -> None:
        self._made = in_oslo(made_at)
        self._letters = fonts.letters()
        self._title = self._letters.printable(title)
        self._pages: list[list[bytes]] = []
        self._names: dict[int, bytes] = {}
        self._next_page()
        self._write(self._title, 18, 8 * _MM, heavy=True)
        self._y += 4 * _MM

    def section(self, heading: str, words: str) -> None:
        """Write a heading and its text."""
        if self._y + _HEADING_NEEDS > _HEIGHT - _BOTTOM:
            self._next_page()
        self._write(self._letters.printable(heading), 11, 6 * _MM, heavy=True)
        self._write(self._letters.printable(words), 11, 5.5 * _MM)
        self._y += 3 * _MM

    def written(self) -> bytes:
        """Return the whole document as a PDF."""
        for number in range(1, len(self._pages) + 1):
            self._foot(number)
        file = PdfFile()
        pages = file.add()
        fonts_of_it = b"".join(b"/%s %d 0 R" % (name, file.add_font(table)) for table, name in self._names.items())
        shared = b"/Type/Page/Parent %d 0 R/Resources<</Font<<%s>>>>" % (pages, fonts_of_it)
        kids = [file.add(b"<<%s/Contents %d 0 R>>" % (shared, file.add_stream(b"".join(page)))) for page in self._pages]
        box = b"/MediaBox[0 0 %.2f %.2f]" % (_WIDTH, _HEIGHT)
        listed = b" ".join(b"%d 0 R" % kid for kid in kids)
        file.put(pages, b"<</Type/Pages/Count %d/Kids[%s]%s>>" % (len(kids), listed, box))
        root = file.add(b"<</Type/Catalog/Pages %d 0 R/Lang(nb)/ViewerPreferences<</DisplayDocTitle true>>>>" % pages)
        made = moment(self._made)
        info = file.add(b"<</Title %s/Producer(Samvik)/CreationDate %s>>" % (text(self._title), made))
        return file.written(root, info)

    def _write(self, words: str, size: int, leading: float, *, heavy: bool = False) -> None:
        lines = list(_lines(words, size))
        while lines:
            fits = max(int((_HEIGHT - _BOTTOM - self._y) / leading + 1e-6), 0)
            if fits:
                self._block(lines[:fits], size, leading, heavy=heavy)
            del lines[:fits]
            if lines:
                self._next_page()

    def _block(self, lines: list[str], size: int, leading: float, *, heavy: bool) -> None:
        """Put lines under one another on the last page; T* goes down a leading before each."""
        top = _HEIGHT - self._y + leading / 2 - 0.3 * size
        shown = self._shown("\n".join(lines), size)
        if heavy:  # filled, and drawn round with a pen whose corners are round
            shown = b" 2 Tr 1 j %.2f w%s 0 Tr" % (size * _HEAVY, shown)
        self._pages[-1].append(b"BT %.2f %.2f Td %.2f TL T*%s ET\n" % (_MARGIN, top, leading, shown))
        self._y += len(lines) * leading

    def _shown(self, lines: str, size: int) -> bytes:
        return b"".join(self._piece(size, table, codes) for table, codes in self._letters.coded(lines))

    def _piece(self, size: int, table: int, codes: bytes) -> bytes:
        name = self._names.setdefault(table, b"F%d" % len(self._names))
        safe = codes.replace(b"\\", rb"\\").replace(b"(", rb"\(").replace(b")", rb"\)")
        return b"/%s %d Tf(%s)Tj" % (name, size, safe.replace(b"\n", b")Tj\nT*("))

    def _foot(self, number: int) -> None:
        made = self._made
        words = f"Laget {made.day}.{made.month}.{made.year} kl. {made:%H.%M}    Side {number}"
        width = fonts.widths()
        x = (_WIDTH - sum(map(width.__getitem__, words)) * _FOOT_SIZE / 1000) / 2
        begin = b"BT 0.353 g 1 0 0 1 %.2f %.2f Tm" % (x, _FOOT)
        page = self._pages[number - 1]
        page.append(b"%s %s ET\n" % (begin, self._piece(_FOOT_SIZE, 0, words.encode(FIRST))))

    def _next_page(self) -> None:
        self._pages.append([])
        self._y = _MARGIN


def _lines(words: str, size: int) -> Iterator[str]:
    """Break a text into lines that fit, at blanks where there are any: by running sums of its letters' widths."""
    width, room = fonts.widths(), _ROOM * 1000 / size
    for paragraph in words.split("\n"):
        sums = list(accumulate(map(width.__getitem__, paragraph), initial=0))
        start = 0
        while sums[-1] - sums[start] > room:
            end = bisect_right(sums, sums[start] + room, start) - 1
            cut = paragraph.rfind(" ", start, end + 1)
            if cut < 0:
                yield paragraph[start : (start := max(end, start + 1))]
            else:
                yield paragraph[start:cut]
                start = cut + 1
        yield paragraph[start:]
