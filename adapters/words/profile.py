"""What is said about documents that depart from the rules. Partners read the bokmål words."""

from adapters.words.language import Row
from engine.codes.profile import ProfileCode as Code

PROFILE: dict[str, Row] = {
    Code.NOT_UTF8: (
        "Dokumentet skal være UTF-8 og begynne med en XML-deklarasjon.",
        "Dokumentet skal vere UTF-8 og byrje med ein XML-deklarasjon.",
        "The document must be UTF-8 and begin with an XML declaration.",
    ),
    Code.UNKNOWN_TYPE: (
        "Meldingstypen er ikke en kjent meldingsfunksjon.",
        "Meldingstypen er ikkje ein kjend meldingsfunksjon.",
        "The type of message is not a known message function.",
    ),
    Code.NO_ZONE: ("GenDate mangler tidssone.", "GenDate manglar tidssone.", "GenDate has no time zone."),
    Code.NOT_A_UUID: ("{element} er ikke en UUID.", "{element} er ikkje ein UUID.", "{element} is not a UUID."),
    Code.NO_REFERENCE: (
        "Svaret viser ikke til meldingen det svarer på: ConversationRef mangler.",
        "Svaret viser ikkje til meldinga det svarar på: ConversationRef manglar.",
        "The reply does not refer to the message that it answers: ConversationRef is missing.",
    ),
    Code.REFERENCE: (
        "Et nytt samhandlingsavvik skal ikke vise til en annen melding: ConversationRef skal ikke være med.",
        "Eit nytt samhandlingsavvik skal ikkje vise til ei anna melding: ConversationRef skal ikkje vere med.",
        "A new deviation must not refer to another message: leave ConversationRef out.",
    ),
    Code.SENDER_LEVELS: (
        "Avsenderen skal ha HER-id på to nivåer: virksomheten, og tjenesten eller personen.",
        "Avsendaren skal ha HER-id på to nivå: verksemda, og tenesta eller personen.",
        "The sender must have HER-ids on two levels: the enterprise, and the service or person.",
    ),
    Code.RECEIVER_LEVELS: (
        "Mottakeren skal ha HER-id på to nivåer: virksomheten, og tjenesten eller personen.",
        "Mottakaren skal ha HER-id på to nivå: verksemda, og tenesta eller personen.",
        "The receiver must have HER-ids on two levels: the enterprise, and the service or person.",
    ),
    Code.NO_PATIENT: (
        "Meldingstypen gjelder en pasient, og pasienten mangler.",
        "Meldingstypen gjeld ein pasient, og pasienten manglar.",
        "This type of message is about a patient, and the patient is missing.",
    ),
    Code.PATIENT: (
        "Et samhandlingsavvik skal sendes uten pasient.",
        "Eit samhandlingsavvik skal sendast utan pasient.",
        "A deviation must be sent without a patient.",
    ),
    Code.MAIN_NOT_FIRST: (
        "Hoveddokumentet skal være det første dokumentet, med MsgType XML, og de andre skal være vedlegg.",
        "Hovuddokumentet skal vere det første dokumentet, med MsgType XML, og dei andre skal vere vedlegg.",
        "The main document must be the first document, with MsgType XML, and the others must be attachments.",
    ),
    Code.OTHER_DOCUMENT: (
        "Et dokument har en MsgType som verken er XML eller A.",
        "Eit dokument har ein MsgType som verken er XML eller A.",
        "A document has a MsgType that is neither XML nor A.",
    ),
    Code.UNNAMED_FILE: (
        "Et vedlegg mangler MimeType eller Description.",
        "Eit vedlegg manglar MimeType eller Description.",
        "An attachment has no MimeType or no Description.",
    ),
    Code.DIALOG_VERSION: (
        "Meldingstypen skal ha Dialogmelding {version}.",
        "Meldingstypen skal ha Dialogmelding {version}.",
        "This type of message must have Dialogmelding {version}.",
    ),
    Code.DIALOG_PART: (
        "Meldingstypen skal ha {part} i Dialogmelding.",
        "Meldingstypen skal ha {part} i Dialogmelding.",
        "This type of message must have {part} in Dialogmelding.",
    ),
    Code.CODE_NOT_WHOLE: (
        "{element} skal ha V, S og DN.",
        "{element} skal ha V, S og DN.",
        "{element} must have V, S and DN.",
    ),
    Code.UNKNOWN_CODE: (
        "Koden i {element} er ikke i kodeverket for meldingstypen.",
        "Koden i {element} er ikkje i kodeverket for meldingstypen.",
        "The code in {element} is not in the code list of this type of message.",
    ),
    Code.NO_CONTACT: (
        "Den første meldingen skal ha rolle 24, Kontakt hos mottaker, med yrkesgruppe.",
        "Den første meldinga skal ha rolle 24, Kontakt hos mottaker, med yrkesgruppe.",
        "The first message must have role 24 (contact at the receiver) with a profession.",
    ),
    Code.MARKUP: (
        "Teksten har XHTML; den vises som ren tekst.",
        "Teksten har XHTML; han blir vist som rein tekst.",
        "The text holds XHTML; it is shown as plain text.",
    ),
    Code.ACTIVE: (
        "Teksten har aktivt innhold (script eller lignende), som aldri vises.",
        "Teksten har aktivt innhald (script eller liknande), som aldri blir vist.",
        "The text holds active content (scripts or the like), which is never shown.",
    ),
    Code.NO_FEEDBACK_TEXT: (
        "En tilbakemelding om feil skal si hva som er feil: teksten mangler.",
        "Ei tilbakemelding om feil skal seie kva som er feil: teksten manglar.",
        "A feedback on a message must say what is wrong: its text is missing.",
    ),
    Code.FEEDBACK_FILES: (
        "En tilbakemelding om feil skal være ett dokument, uten vedlegg.",
        "Ei tilbakemelding om feil skal vere eitt dokument, utan vedlegg.",
        "A feedback on a message must be one document, without attachments.",
    ),
    Code.DEVIATION_AS_FEEDBACK: (
        "Et samhandlingsavvik skal aldri sendes som DIALOG_AVVIK (HIS 1151), som gjelder feil i en melding.",
        "Eit samhandlingsavvik skal aldri sendast som DIALOG_AVVIK (HIS 1151), som gjeld feil i ei melding.",
        "A deviation must never be sent as DIALOG_AVVIK (HIS 1151), which is about faults in a message.",
    ),
    # AppRec
    Code.NO_ERROR: (
        "En avvisning (status 2) skal ha minst én Error.",
        "Ei avvising (status 2) skal ha minst éin Error.",
        "A refusal (status 2) must have at least one Error.",
    ),
    Code.ERROR_WITH_OK: (
        "Status 1 (OK) skal ikke ha Error.",
        "Status 1 (OK) skal ikkje ha Error.",
        "Status 1 (OK) must have no Error.",
    ),
    Code.ERROR_NOT_WHOLE: (
        "En Error mangler V eller S.",
        "Ein Error manglar V eller S.",
        "An Error has no V or no S.",
    ),
    # files
    Code.MANY_FILES: (
        "Meldingen har {number} vedlegg; avtalen tillater {most}.",
        "Meldinga har {number} vedlegg; avtalen tillèt {most}.",
        "The message has {number} attachments; the agreement allows {most}.",
    ),
    Code.OTHER_KIND: (
        "Vedlegg {number} er {kind:file}, som avtalen ikke har med ({types}).",
        "Vedlegg {number} er {kind:file}, som avtalen ikkje har med ({types}).",
        "Attachment {number} is {kind:file}, which the agreement does not have ({types}).",
    ),
    Code.LARGE_FILE: (
        "Vedlegg {number} er på {size} byte; avtalen tillater {most}.",
        "Vedlegg {number} er på {size} byte; avtalen tillèt {most}.",
        "Attachment {number} has {size} bytes; the agreement allows {most}.",
    ),
    Code.FILE_ELSEWHERE: (
        "Vedlegg {number} ligger et annet sted (FileReference), og hentes ikke.",
        "Vedlegg {number} ligg ein annan stad (FileReference), og blir ikkje henta.",
        "Attachment {number} lies elsewhere (FileReference), and is not fetched.",
    ),
    Code.FILE_NOT_AS_SAID: (
        "Vedlegg {number} er {kind:file}, men sier at det er noe annet (MimeType).",
        "Vedlegg {number} er {kind:file}, men seier at det er noko anna (MimeType).",
        "Attachment {number} is {kind:file}, but says that it is something else (MimeType).",
    ),
}
