"""A HIS 1151 as a record system without Samvik writes it: with the patient that its profile expects."""

from datetime import datetime

from engine.names import HerId
from tests.fakes.partners.epj import plain_document
from tests.fakes.world.clock import START

WORDS = "Pasienten bor ikke i kommunen."


def feedback_document(
    sender: HerId,
    receiver: HerId,
    *,
    code: str = "1",
    system: str = "2.16.578.1.12.4.1.1.8117",
    about: str | None = None,
    conversation: str | None = None,
    dok_id: str = "",
    msg_id: str = "feil-1",
    text: str = WORDS,
    at: datetime = START,
) -> bytes:
    """Return a DIALOG_AVVIK about the message with the MsgId `about`, None for one without a reference."""
    thread = (about, conversation or about) if about else None
    plain = plain_document(sender, receiver, text, tema="Feil mottaker", msg_id=msg_id, thread=thread, at=at)
    kind, coded = ("DIALOG_SVAR", b'V="5" S="2.16.578.1.12.4.1.1.9069"') if thread else (
        "DIALOG_NOTAT", b'V="3" S="2.16.578.1.12.4.1.1.7321"')  # fmt: skip
    told = plain.replace(f'V="{kind}"'.encode(), b'V="DIALOG_AVVIK"')
    told = told.replace(coded, f'V="{code}" S="{system}"'.encode())
    if dok_id:
        told = told.replace(b"</TekstNotatInnhold>", f"</TekstNotatInnhold><DokIdNotat>{dok_id}</DokIdNotat>".encode())
    return told
