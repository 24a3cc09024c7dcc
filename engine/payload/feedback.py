"""Tilbakemelding om feil i mottatt melding (HIS 1151, `DIALOG_AVVIK`): what is wrong with a message, and with which.

It is about a *message*, never about a deviation (payload.md 0 and B). RefToParent names the faulty message, and so does
DokIdNotat: the standard leaves open which, so we write both and read both.
"""

from datetime import date

from engine.agreements.carriers import NEVER, Carrier
from engine.errors import BadName
from engine.names import MsgId, opaque
from engine.payload.dialog import Dialog, Notat
from engine.payload.feedback_code import CODE_NAMES, CODE_SYSTEM, FeedbackCode
from engine.payload.msghead import MsgHead

FEEDBACK = NEVER
"""The message function of a feedback."""

NAME = "Tilbakemelding om feil i mottatt melding"


def code_of(dialog: Dialog) -> FeedbackCode:
    """Return what a feedback says is wrong.

    Every code but 1 of the right list is OTHER, for a person to read: 9, the withdrawn 2, and what nobody knows.
    """
    wrong = (dialog.tema_system, dialog.tema_code) == (CODE_SYSTEM, FeedbackCode.WRONG_ADDRESSEE)
    return FeedbackCode.WRONG_ADDRESSEE if wrong else FeedbackCode.OTHER


def messages_named(head: MsgHead) -> list[MsgId]:
    """Return the MsgIds that a feedback may be about, the likeliest first: parent, DokIdNotat, first of the thread."""
    named = [head.parent, _document_id(head.dialog), head.conversation]
    return list(dict.fromkeys(each for each in named if each))


def feedback_carrier(code: FeedbackCode, service: str, action: str, roles: tuple[str, str]) -> Carrier:
    """Return how a feedback is wrapped: dialog 1.0 with its code, and no patient.

    `roles` are the sender's and the receiver's. The profile expects the patient of the faulty message; we leave it out,
    since RefToParent tells which message is meant, and its sender has it. The schema allows that.
    """
    return Carrier(
        name="HIS 1151",
        enabled=True,
        message_type=FEEDBACK,
        message_type_name=NAME,
        dialog_version="1.0",
        tema_code=code,
        tema_system=CODE_SYSTEM,
        tema_name=CODE_NAMES[code],
        apprec_version="1.0",
        patient="absent",
        service=service,
        action=action,
        sender_role=roles[0],
        receiver_role=roles[1],
    )


def feedback_note(code: FeedbackCode, about: MsgId, received: date, text: str) -> Notat:
    """Return the note: which message, what is wrong with it, and a person's own words on why. `received` is in Oslo."""
    lines = (
        "Vi sender tilbake en melding som vi har mottatt fra dere.",
        f"Hva som er feil: {CODE_NAMES[code]}.",
        f"Meldingen: mottatt {received.day}.{received.month}.{received.year}, MsgId {about}.",
        f"Begrunnelse:\n{text}",
    )
    return Notat(tema=f"{NAME}: {CODE_NAMES[code]}", text="\n\n".join(lines), dok_id=about)


def _document_id(dialog: Dialog) -> MsgId | None:
    try:
        return MsgId(opaque("DokIdNotat", dialog.dok_id))
    except BadName:
        return None
