"""The words that people read around a deviation, in bokmål, nynorsk and English."""

from typing import Literal, NamedTuple

Language = Literal["nb", "nn", "en"]


class Phrase(NamedTuple):
    """How a follow-up is called, and the sentence that it begins with."""

    title: str
    sentence: str


LABELS: dict[str, dict[Language, str]] = {
    "case_number": {"nb": "Saksnummer", "nn": "Saksnummer", "en": "Case number"},
    "kind": {"nb": "Type melding", "nn": "Type melding", "en": "Kind of message"},
    "title": {"nb": "Gjelder", "nn": "Gjeld", "en": "Subject"},
    "answer_wanted": {"nb": "Svar", "nn": "Svar", "en": "Answer"},
    "contact": {"nb": "Kontaktpunkt for svar", "nn": "Kontaktpunkt for svar", "en": "Contact point for answers"},
    "quality_assured": {
        "nb": "Kvalitetssikret hos avsender",
        "nn": "Kvalitetssikra hos avsendar",
        "en": "Quality-assured by the sender",
    },
    "severity": {
        "nb": "Alvorlighetsgrad (avsenders vurdering)",
        "nn": "Alvorsgrad (vurderinga til avsendar)",
        "en": "Severity (as the sender sees it)",
    },
    "happened": {"nb": "Tidspunkt for hendelsen", "nn": "Tidspunkt for hendinga", "en": "Time of the event"},
    "department": {
        "nb": "Avdeling der hendelsen oppsto",
        "nn": "Avdeling der hendinga oppstod",
        "en": "Department where it happened",
    },
    "place": {"nb": "Sted", "nn": "Stad", "en": "Place"},
    "agreement_points": {
        "nb": "Avtaler eller retningslinjer som ikke er fulgt",
        "nn": "Avtalar eller retningslinjer som ikkje er følgde",
        "en": "Agreements or guidelines not followed",
    },
    "description": {
        "nb": "Beskrivelse av hendelsen",
        "nn": "Skildring av hendinga",
        "en": "Description of the event",
    },
    "consequence": {"nb": "Konsekvens", "nn": "Konsekvens", "en": "Consequence"},
    "measure": {"nb": "Strakstiltak", "nn": "Strakstiltak", "en": "Immediate measures"},
    "suggestion": {
        "nb": "Årsak og forslag til tiltak",
        "nn": "Årsak og framlegg til tiltak",
        "en": "Cause and proposed measures",
    },
    "patient_informed": {
        "nb": "Pasienten er informert",
        "nn": "Pasienten er informert",
        "en": "The patient has been informed",
    },
    "message": {
        "nb": "Elektronisk melding det gjelder",
        "nn": "Elektronisk melding det gjeld",
        "en": "Electronic message concerned",
    },
    "own_references": {
        "nb": "Avsenders egne referanser",
        "nn": "Eigne referansar hos avsendar",
        "en": "The sender's own references",
    },
    "text": {"nb": "Melding", "nn": "Melding", "en": "Message"},
    "answer_assessment": {"nb": "Svar: vurdering", "nn": "Svar: vurdering", "en": "Answer: assessment"},
    "answer_cause": {"nb": "Svar: årsak", "nn": "Svar: årsak", "en": "Answer: cause"},
    "answer_measures": {"nb": "Svar: tiltak", "nn": "Svar: tiltak", "en": "Answer: measures"},
    "answer_responsible": {"nb": "Svar: ansvarlig", "nn": "Svar: ansvarleg", "en": "Answer: responsible"},
    "answer_done_by": {"nb": "Svar: ferdig innen", "nn": "Svar: ferdig innan", "en": "Answer: done by"},
}
"""Heading of each section."""

WORDS: dict[str, dict[Language, str]] = {
    "yes": {"nb": "Ja", "nn": "Ja", "en": "Yes"},
    "no": {"nb": "Nei", "nn": "Nei", "en": "No"},
    "ja": {"nb": "Ja", "nn": "Ja", "en": "Yes"},
    "nei": {"nb": "Nei", "nn": "Nei", "en": "No"},
    "ikke_relevant": {"nb": "Ikke relevant", "nn": "Ikkje relevant", "en": "Not relevant"},
    "unknown_time": {"nb": "Ukjent", "nn": "Ukjent", "en": "Unknown"},
    "AVVIK": {"nb": "Samhandlingsavvik", "nn": "Samhandlingsavvik", "en": "Collaboration deviation"},
    "AVVIK_ORIENTERING": {
        "nb": "Samhandlingsavvik, til orientering",
        "nn": "Samhandlingsavvik, til orientering",
        "en": "Collaboration deviation, for information",
    },
    "FORBEDRINGSFORSLAG": {"nb": "Forbedringsforslag", "nn": "Framlegg til forbetring", "en": "Proposal"},
    "RAABRA": {"nb": "Råbra (den gode historien)", "nn": "Råbra (den gode historia)", "en": "Something done very well"},
    "betydelig": {"nb": "Betydelig skade", "nn": "Betydeleg skade", "en": "Considerable harm"},
    "moderat": {"nb": "Moderat skade", "nn": "Moderat skade", "en": "Moderate harm"},
    "mindre": {"nb": "Mindre alvorlig", "nn": "Mindre alvorleg", "en": "Less serious"},
    "ingen": {"nb": "Ingen konsekvens", "nn": "Ingen konsekvens", "en": "No consequence"},
    "ukjent": {"nb": "Ukjent", "nn": "Ukjent", "en": "Unknown"},
}
"""Codes and short answers in words."""

SENTENCES: dict[str, dict[Language, str]] = {
    "information_only": {
        "nb": "Meldingen er kun til orientering. Det ventes ikke svar.",
        "nn": "Meldinga er berre til orientering. Det er ikkje venta svar.",
        "en": "The message is for information only. No answer is expected.",
    },
    "answer_by": {
        "nb": "Svar ønskes innen {date}. Svar på denne meldingen, i samme samtale.",
        "nn": "Vi ønskjer svar innan {date}. Svar på denne meldinga, i same samtale.",
        "en": "Please answer by {date}, as a reply to this message, in the same conversation.",
    },
    "answer": {
        "nb": "Svar ønskes. Svar på denne meldingen, i samme samtale.",
        "nn": "Vi ønskjer svar. Svar på denne meldinga, i same samtale.",
        "en": "Please answer, as a reply to this message, in the same conversation.",
    },
    "message": {
        "nb": "{type}, meldings-id {id}",
        "nn": "{type}, meldings-id {id}",
        "en": "{type}, message id {id}",
    },
    "sent": {"nb": ", sendt {time}", "nn": ", send {time}", "en": ", sent {time}"},
    "point": {
        "nb": "{agreement}, punkt {point}",
        "nn": "{agreement}, punkt {point}",
        "en": "{agreement}, point {point}",
    },
    "our_number": {
        "nb": "Saksnummer hos oss: {number}.",
        "nn": "Saksnummer hos oss: {number}.",
        "en": "Our case number: {number}.",
    },
    "plain_message": {"nb": "Dialogmelding", "nn": "Dialogmelding", "en": "Dialog message"},
    "unknown_sender": {"nb": "Ukjent avsender", "nn": "Ukjend avsendar", "en": "Unknown sender"},
    "edialog_title": {"nb": "Henvendelse i eDialog", "nn": "Førespurnad i eDialog", "en": "Message in eDialog"},
    "edialog_text": {
        "nb": "{title}\n\nKom i eDialog fra {contact}. Innholdet står i {files} vedlegg.",
        "nn": "{title}\n\nKom i eDialog frå {contact}. Innhaldet står i {files} vedlegg.",
        "en": "{title}\n\nCame in eDialog from {contact}. The content stands in {files} attachments.",
    },
    "organisation_number": {"nb": "org.nr. {number}", "nn": "org.nr. {number}", "en": "organisation number {number}"},
}
"""Sentences with places to fill in."""

FOLLOW_UPS: dict[str, dict[Language, Phrase]] = {
    "BEKREFTELSE": {
        "nb": Phrase("Bekreftelse på mottak av", "Vi har mottatt og registrert samhandlingsavviket."),
        "nn": Phrase("Stadfesting på mottak av", "Vi har motteke og registrert samhandlingsavviket."),
        "en": Phrase("Confirmation of", "We have received and registered the collaboration deviation."),
    },
    "FORELOPIG_SVAR": {
        "nb": Phrase("Foreløpig svar på", "Dette er et foreløpig svar på samhandlingsavviket. Endelig svar kommer."),
        "nn": Phrase("Førebels svar på", "Dette er eit førebels svar på samhandlingsavviket. Endeleg svar kjem."),
        "en": Phrase("Interim answer to", "This is an interim answer to the deviation. A final answer will follow."),
    },
    "SVAR": {
        "nb": Phrase("Svar på", "Dette er svaret på samhandlingsavviket."),
        "nn": Phrase("Svar på", "Dette er svaret på samhandlingsavviket."),
        "en": Phrase("Answer to", "This is the answer to the collaboration deviation."),
    },
    "PURRING": {
        "nb": Phrase("Purring på", "Vi har ikke fått svar på samhandlingsavviket innen fristen. Vi purrer én gang."),
        "nn": Phrase("Purring på", "Vi har ikkje fått svar på samhandlingsavviket innan fristen. Vi purrar éin gong."),
        "en": Phrase("Reminder of", "We have had no answer to the deviation, and the time is up. We remind once."),
    },
    "TRUKKET": {
        "nb": Phrase("Tilbaketrekking av", "Samhandlingsavviket er trukket tilbake. Det ventes ikke svar."),
        "nn": Phrase("Tilbaketrekking av", "Samhandlingsavviket er trekt tilbake. Det er ikkje venta svar."),
        "en": Phrase("Withdrawal of", "The collaboration deviation is withdrawn. No answer is expected."),
    },
}
"""The words around each kind of follow-up."""
