"""The PDF that a sender left out because we have Samvik too: made here, of the structured deviation that it sent.

It is a rendering beside the document, which stays as it came. It has the bytes that the sender's would have had.
"""

from engine.commit.ports import Ports
from engine.deviation.fields import Deviation
from engine.deviation.xml import deviation_in
from engine.names import HerId
from engine.outbound.pdf import PDF_FILE, pdf_of
from engine.payload.attachment import Attachment
from engine.payload.msghead import MsgHead
from engine.ports import PdfRenderer

MADE_FILE = f"00-{PDF_FILE}"
"""What it is called among the files of a document, which are numbered from 01."""


def without_pdf(head: MsgHead) -> Deviation | None:
    """Return the deviation that a document holds in our structured form, None where there is none or its PDF came."""
    if any(each.name == PDF_FILE for each in head.attachments):
        return None
    found = deviation_in(head.attachments)
    return found[0] if found else None


def made_pdf(renderer: PdfRenderer, head: MsgHead) -> Attachment | None:
    """Return the PDF of the deviation in a document, None where `without_pdf` finds none."""
    deviation = without_pdf(head)
    return pdf_of(renderer, deviation, head.gen_date) if deviation else None


def folder_renderer(ports: Ports, receiver: HerId) -> PdfRenderer | None:
    """Return what makes the PDFs in the folder of a party, None where its record system does without."""
    party = ports.policy.registry.find(receiver)
    return ports.pdf if party is not None and party.folder_pdf else None
