"""Words for the codes that stand on the wire: ebXML errors, AppRec errors, bounces, and kinds of files."""

from adapters.words.language import Row

EBXML: dict[str, Row] = {
    "ValueNotRecognized": (
        "motparten kjente ikke igjen en verdi i konvolutten",
        "motparten kjende ikkje att ein verdi i konvolutten",
        "the other party did not recognise a value in the envelope",
    ),
    "NotSupported": (
        "motparten støtter ikke det som ble brukt",
        "motparten støttar ikkje det som vart brukt",
        "the other party does not support what was used",
    ),
    "Inconsistent": (
        "konvolutten stemmer ikke med det som er avtalt",
        "konvolutten stemmer ikkje med det som er avtalt",
        "the envelope does not agree with what was agreed",
    ),
    "OtherXml": (
        "konvolutten er ikke slik skjemaet krever",
        "konvolutten er ikkje slik skjemaet krev",
        "the envelope is not as its schema demands",
    ),
    "DeliveryFailure": (
        "motparten kunne ikke levere meldingen videre",
        "motparten kunne ikkje levere meldinga vidare",
        "the other party could not deliver the message further",
    ),
    "TimeToLiveExpired": ("meldingen kom for sent", "meldinga kom for seint", "the message came too late"),
    "SecurityFailure": (
        "motparten godtok ikke signatur, sertifikat eller kryptering",
        "motparten godtok ikkje signatur, sertifikat eller kryptering",
        "the other party did not accept signature, certificate or encryption",
    ),
    "MimeProblem": (
        "motparten kunne ikke lese vedleggene",
        "motparten kunne ikkje lese vedlegga",
        "the other party could not read the attachments",
    ),
    "Unknown": (
        "motparten ga ingen årsak som vi kjenner",
        "motparten gav inga årsak som vi kjenner",
        "the other party gave no cause that we know",
    ),
}
"""What an error code of ebMS from a partner means; what the partner wrote itself is kept encrypted."""

APPREC: dict[str, Row] = {
    "E10": ("Ugyldig meldingsidentifikator", "Ugyldig meldingsidentifikator", "Invalid message identifier"),
    "E20": ("Lege finnes ikke", "Lege finst ikkje", "Doctor does not exist"),
    "E21": ("Mottaker finnes ikke", "Mottakar finst ikkje", "Receiver does not exist"),
    "E35": (
        "Pasienten finnes ikke i mottakersystemet",
        "Pasienten finst ikkje i mottakarsystemet",
        "The patient is not in the receiving system",
    ),
    "E36": ("Pasientopplysninger utilstrekkelige", "Pasientopplysningar utilstrekkelege", "Patient data insufficient"),
    "S01": ("Feil på signatur", "Feil på signatur", "Error in the signature"),
    "S02": ("Ugyldig sertifikat", "Ugyldig sertifikat", "Invalid certificate"),
    "S03": ("Tilbaketrukket sertifikat", "Tilbaketrekt sertifikat", "Revoked certificate"),
    "T01": (
        "Meldingen er ikke XML, eller ikke velformet",
        "Meldinga er ikkje XML, eller ikkje velforma",
        "The message is no XML, or not well-formed",
    ),
    "T02": ("XML-dokumentet validerer ikke", "XML-dokumentet validerer ikkje", "The XML document is not valid"),
    "T10": (
        "Mottakersystemet støtter ikke meldingsformatet",
        "Mottakarsystemet støttar ikkje meldingsformatet",
        "The receiving system does not support the message format",
    ),
    "T99": ("Annen formatfeil", "Annan formatfeil", "Another error of format"),
    "X99": ("Annen feil", "Annan feil", "Another error"),
}
"""What an error code of 2.16.578.1.12.4.1.1.8221 means."""

BOUNCES: dict[str, Row] = {
    "1": (
        "mottakerens adresse tas ikke imot",
        "adressa til mottakaren blir ikkje teken imot",
        "the receiver's address is not accepted",
    ),
    "2": (
        "mottakerens postkasse tar ikke imot",
        "postkassa til mottakaren tek ikkje imot",
        "the receiver's mailbox accepts nothing",
    ),
    "3": (
        "mottakerens e-postsystem tar ikke imot",
        "e-postsystemet til mottakaren tek ikkje imot",
        "the receiver's mail system accepts nothing",
    ),
    "4": (
        "mottakerens e-posttjener nås ikke",
        "e-posttenaren til mottakaren kan ikkje nåast",
        "the receiver's mail server cannot be reached",
    ),
    "5": (
        "e-posttjenerne forstår ikke hverandre",
        "e-posttenarane forstår ikkje kvarandre",
        "the mail servers do not understand each other",
    ),
    "6": (
        "e-postens innhold tas ikke imot",
        "innhaldet i e-posten blir ikkje teke imot",
        "the content of the mail is not accepted",
    ),
    "7": (
        "mottakerens e-posttjener avviser den av sikkerhetshensyn",
        "e-posttenaren til mottakaren avviser han av tryggleiksomsyn",
        "the receiver's mail server rejects it for security reasons",
    ),
}
"""What the subject of a status code means (RFC 3463)."""

FILES: dict[str, Row] = {
    "pdf": ("en PDF", "ein PDF", "a PDF"),
    "png": ("et PNG-bilde", "eit PNG-bilete", "a PNG picture"),
    "jpeg": ("et JPEG-bilde", "eit JPEG-bilete", "a JPEG picture"),
    "tiff": ("et TIFF-bilde", "eit TIFF-bilete", "a TIFF picture"),
    "program": ("et program", "eit program", "a program"),
    "packed": (
        "en pakket fil (zip, Word eller lignende)",
        "ei pakka fil (zip, Word eller liknande)",
        "a packed file (zip, Word or the like)",
    ),
    "markup": ("en nettside eller XML", "ei nettside eller XML", "a web page or XML"),
    "unknown": ("en fil av ukjent slag", "ei fil av ukjent slag", "a file of unknown kind"),
}
"""What a kind of file is called, with its article."""
