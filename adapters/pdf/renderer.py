"""Renders documents as PDF."""

from collections.abc import Sequence
from datetime import datetime


class PdfPages:
    """The PdfRenderer port: A4, bokmål, nynorsk and Sámi letters, page numbers, the time of making in Oslo time."""

    def render(self, title: str, sections: Sequence[tuple[str, str]], made_at: datetime) -> bytes:
        """Return a PDF with a title and headed sections; the same input gives the same bytes.

        `made_at` is aware. A character that the font does not have is written as its code point, such as [U+1F600].
        """
        # fontTools takes a while to import, and most commands render nothing.
        from adapters.pdf.page import Document

        document = Document(title, made_at)
        for heading, text in sections:
            document.section(heading, text)
        return document.written()
