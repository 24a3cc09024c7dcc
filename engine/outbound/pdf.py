"""The PDF of a deviation: what its text says, for who wants a page."""

from datetime import datetime

from engine.deviation.fields import Deviation
from engine.deviation.text import main_text
from engine.files.kind import FileKind, mime_of
from engine.payload.attachment import Attachment
from engine.ports import PdfRenderer

PDF_FILE = "avvik.pdf"


def pdf_of(renderer: PdfRenderer, deviation: Deviation, made_at: datetime) -> Attachment:
    """Return the PDF of a deviation. The sender and the receiver make the same bytes of the same document.

    `made_at` is when the document was made, its GenDate: on the page it has no seconds.
    """
    page = renderer.render(deviation.title, main_text(deviation, "nb"), made_at)
    return Attachment(PDF_FILE, mime_of(FileKind.PDF), page)
