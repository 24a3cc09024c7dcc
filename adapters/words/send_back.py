"""What is said when a message is sent back to its sender."""

from adapters.words.language import Row
from engine.codes.send_back import SendBackCode as Code
from engine.payload.feedback_code import FeedbackCode

FAULTS: dict[str, Row] = {
    FeedbackCode.WRONG_ADDRESSEE: ("feil adressat", "feil adressat", "wrong addressee"),
    FeedbackCode.OTHER: ("annet", "anna", "other"),
}
"""What is wrong with a message, by its code (8117)."""

SEND_BACK: dict[str, Row] = {
    Code.FAULT: ("{fault:fault}", "{fault:fault}", "{fault:fault}"),
    Code.NO_TEXT: (
        "Motparten må få vite hvorfor. Skriv det med --text eller --file.",
        "Motparten må få vite kvifor. Skriv det med --text eller --file.",
        "The other side must be told why. Say it with --text or --file.",
    ),
    Code.TOO_LONG: (
        "Teksten har {length} tegn, og høyst {most} kan sendes. Kort den ned.",
        "Teksten har {length} teikn, og høgst {most} kan sendast. Kort han ned.",
        "The text has {length} characters, and at most {most} can be sent. Make it shorter.",
    ),
    Code.NUMBER_IN_TEXT: (
        "Det står et fødselsnummer i teksten. Ta det ut; det kan ikke sendes.",
        "Det står eit fødselsnummer i teksten. Ta det ut; det kan ikkje sendast.",
        "A national identity number stands in the text. Take it out; it may not be sent.",
    ),
    Code.ALREADY: (
        "Melding {id} er sendt tilbake før. Én gang er nok.",
        "Melding {id} er send tilbake før. Éin gong er nok.",
        "Message {id} has been sent back already; once is enough.",
    ),
    Code.NOT_RECEIPTED: (
        "Melding {id} er {state} ({state:state}), og AppRec-en er {apprec} ({apprec:state}). Bare det som er kvittert med AppRec 1, kan sendes tilbake.",
        "Melding {id} er {state} ({state:state}), og AppRec-en er {apprec} ({apprec:state}). Berre det som er kvittert med AppRec 1, kan sendast tilbake.",
        "Message {id} is {state} ({state:state}), and its AppRec is {apprec} ({apprec:state}). Only what was receipted with AppRec 1 can be sent back.",
    ),
    Code.NO_MAIL: (
        "Melding {id} i innboksen har ingen e-post i databasen. Meld fra til drift.",
        "Melding {id} i innboksen har ingen e-post i databasen. Meld frå til drift.",
        "Message {id} in the inbox has no mail in the database. Tell operations.",
    ),
    Code.MOVED_MEANWHILE: (
        "E-post {id} ble flyttet av en annen node i mellomtiden. Prøv på nytt.",
        "E-post {id} vart flytta av ein annan node i mellomtida. Prøv på nytt.",
        "Mail {id} was moved by another node meanwhile. Try again.",
    ),
}
