"""What is said about business documents. Partners read the bokmål words."""

from adapters.words.language import Row
from engine.codes.document import DocumentCode as Code

DOCUMENT: dict[str, Row] = {
    Code.REFUSED: ("{error} ved {place}: {what}", "{error} ved {place}: {what}", "{error} at {place}: {what}"),
    Code.AT: ("{what} ({place})", "{what} ({place})", "{what} ({place})"),
    # form
    Code.NOT_XML: (
        "Dokumentet kan ikke leses som XML. {why}",
        "Dokumentet kan ikkje lesast som XML. {why}",
        "The document cannot be read as XML. {why}",
    ),
    Code.NOT_SUPPORTED: (
        "Bare hodemelding 1.2 og applikasjonskvittering 1.0 og 1.1 støttes.",
        "Berre hovudmelding 1.2 og applikasjonskvittering 1.0 og 1.1 er støtta.",
        "Only MsgHead 1.2 and AppRec 1.0 and 1.1 are supported.",
    ),
    Code.NOT_MSGHEAD: (
        "Dokumentet er ikke en hodemelding 1.2 (MsgHead 2006-05-24).",
        "Dokumentet er ikkje ei hovudmelding 1.2 (MsgHead 2006-05-24).",
        "The document is not a MsgHead 1.2 (2006-05-24).",
    ),
    Code.OTHER_VERSION: (
        "Bare hodemelding {version} støttes.",
        "Berre hovudmelding {version} er støtta.",
        "Only MsgHead {version} is supported.",
    ),
    Code.MISSING: ("{element} mangler.", "{element} manglar.", "{element} is missing."),
    Code.NOT_ONCE: (
        "{element} finnes {number} ganger, men skal finnes én gang.",
        "{element} finst {number} gonger, men skal finnast éin gong.",
        "{element} occurs {number} times, but must occur once.",
    ),
    Code.NOT_ONLY_TEXT: (
        "{element} skal bare ha tekst.",
        "{element} skal berre ha tekst.",
        "{element} must hold nothing but text.",
    ),
    Code.NO_VALUE: (
        "{element} mangler verdi i V, eller verdien er for lang.",
        "{element} manglar verdi i V, eller verdien er for lang.",
        "{element} has no value in V, or the value is too long.",
    ),
    Code.NOT_AN_ID: (
        "{element} er tom, for lang eller har ugyldige tegn.",
        "{element} er tom, for lang eller har ugyldige teikn.",
        "{element} is empty, too long, or holds characters that are not allowed.",
    ),
    Code.NOT_A_HER_ID: (
        "HER-id skal være et helt tall uten ledende null.",
        "HER-id skal vere eit heilt tal utan null først.",
        "A HER-id must be a whole number without leading zero.",
    ),
    Code.NOT_A_TIME: (
        "{element} er ikke en gyldig xs:dateTime.",
        "{element} er ikkje ein gyldig xs:dateTime.",
        "{element} is not a valid xs:dateTime.",
    ),
    Code.TIME_OUT_OF_RANGE: (
        "{element} ligger utenfor årene 1 til 9999, som er dem vi leser.",
        "{element} ligg utanfor åra 1 til 9999, som er dei vi les.",
        "{element} lies outside the years 1 to 9999, which are those that we read.",
    ),
    Code.TEXT_BETWEEN: (
        "{element} har tekst mellom elementene.",
        "{element} har tekst mellom elementa.",
        "{element} has text between its elements.",
    ),
    Code.OUT_OF_PLACE: (
        "{element} mangler, eller står ikke på sin plass.",
        "{element} manglar, eller står ikkje på plassen sin.",
        "{element} is missing, or not in its place.",
    ),
    Code.LEFT_OVER: (
        "{element} har et element som ikke hører hjemme der, eller som kommer for mange ganger.",
        "{element} har eit element som ikkje høyrer heime der, eller som kjem for mange gonger.",
        "{element} has an element that does not belong there, or occurs too often.",
    ),
    Code.BAD_VALUE: (
        "{element} har en ugyldig verdi.",
        "{element} har ein ugyldig verdi.",
        "{element} has a value that is not valid.",
    ),
    # parties
    Code.NO_HER_ID: ("Parten har ingen HER-id.", "Parten har ingen HER-id.", "The party has no HER-id."),
    Code.SEVERAL_HER_IDS: (
        "Parten har {number} HER-id-er på samme nivå.",
        "Parten har {number} HER-id-ar på same nivå.",
        "The party has {number} HER-ids on one level.",
    ),
    Code.SIDE_BY_SIDE: (
        "To parter med HER-id står side om side på laveste nivå.",
        "To partar med HER-id står side om side på lågaste nivå.",
        "Two parties with a HER-id stand side by side on the lowest level.",
    ),
    Code.INST_OR_PERSON: (
        "HCP skal ha enten Inst eller HCProf.",
        "HCP skal ha anten Inst eller HCProf.",
        "HCP must hold either Inst or HCProf.",
    ),
    Code.SEVERAL_ON_LEVEL: (
        "Flere parter med HER-id står på samme nivå.",
        "Fleire partar med HER-id står på same nivå.",
        "Several parties with a HER-id stand on one level.",
    ),
    Code.OTHER_SENDER: (
        "Avsender {sender} hører ikke til konvoluttens avsender {party}.",
        "Avsendar {sender} høyrer ikkje til avsendaren i konvolutten, {party}.",
        "Sender {sender} does not belong to the sender of the envelope, {party}.",
    ),
    Code.OTHER_RECEIVER: (
        "Mottaker {receiver} hører ikke til konvoluttens mottaker {party}.",
        "Mottakar {receiver} høyrer ikkje til mottakaren i konvolutten, {party}.",
        "Receiver {receiver} does not belong to the receiver of the envelope, {party}.",
    ),
    Code.UNKNOWN_RECEIVER: (
        "HER-id {her_id} finnes ikke hos mottakeren.",
        "HER-id {her_id} finst ikkje hos mottakaren.",
        "The receiver has no HER-id {her_id}.",
    ),
    Code.RECEIVER_NOT_IN_USE: (
        "HER-id {her_id} er ikke i bruk.",
        "HER-id {her_id} er ikkje i bruk.",
        "HER-id {her_id} is not in use.",
    ),
    Code.RECEIVER_REPLACED: (
        "HER-id {her_id} er ikke lenger i bruk. Etterfølger er {name}, HER-id {successor}.",
        "HER-id {her_id} er ikkje lenger i bruk. Etterfølgjar er {name}, HER-id {successor}.",
        "HER-id {her_id} is no longer in use. Its successor is {name}, HER-id {successor}.",
    ),
    Code.TYPE_NOT_TAKEN: (
        "Meldingstypen tas ikke imot av HER-id {her_id}.",
        "Meldingstypen blir ikkje teken imot av HER-id {her_id}.",
        "HER-id {her_id} does not take this type of message.",
    ),
    # AppRec
    Code.NOT_APPREC_TYPE: ("MsgType skal være APPREC.", "MsgType skal vere APPREC.", "MsgType must be APPREC."),
    Code.UNKNOWN_STATUS: (
        "Statusen er ukjent; 1, 2 og 3 er kjent.",
        "Statusen er ukjend; 1, 2 og 3 er kjende.",
        "The status is not known; 1, 2 and 3 are.",
    ),
    # dialog and files
    Code.NOT_A_DIALOG: (
        "Bare Dialogmelding 1.0 og 1.1 støttes som hoveddokument.",
        "Berre Dialogmelding 1.0 og 1.1 er støtta som hovuddokument.",
        "Only Dialogmelding 1.0 and 1.1 are supported as the main document.",
    ),
    Code.NOTE_OR_QUESTION: (
        "Dialogmelding skal ha enten Notat eller Foresporsel.",
        "Dialogmelding skal ha anten Notat eller Foresporsel.",
        "Dialogmelding must hold either Notat or Foresporsel.",
    ),
    Code.PATIENT_REPORT: (
        "PatientReport støttes ikke.",
        "PatientReport er ikkje støtta.",
        "PatientReport is not supported.",
    ),
    Code.NOT_ONE_MAIN: (
        "Meldingen har {number} hoveddokumenter; det skal være ett.",
        "Meldinga har {number} hovuddokument; det skal vere eitt.",
        "The message has {number} main documents; there must be one.",
    ),
    Code.NOT_ONE_CONTENT: (
        "Content skal ha nøyaktig ett dokument.",
        "Content skal ha nøyaktig eitt dokument.",
        "Content must hold exactly one document.",
    ),
    Code.TOO_MANY_FILES: (
        "Flere enn {most} vedlegg støttes ikke.",
        "Fleire enn {most} vedlegg er ikkje støtta.",
        "More than {most} attachments are not supported.",
    ),
    Code.HIDDEN_FILE: (
        "En fil står utenfor Document/RefDoc/Content, der ingen leser den.",
        "Ei fil står utanfor Document/RefDoc/Content, der ingen les ho.",
        "A file stands outside Document/RefDoc/Content, where nobody reads it.",
    ),
    Code.NOT_ONE_CONTAINER: (
        "Vedlegget skal ligge i én Base64Container.",
        "Vedlegget skal liggje i éin Base64Container.",
        "The attachment must lie in one Base64Container.",
    ),
    Code.NOT_BASE64: (
        "Vedlegget er ikke gyldig base64.",
        "Vedlegget er ikkje gyldig base64.",
        "The attachment is not valid base64.",
    ),
    Code.INFECTED: (
        "Vedlegg {number} har virus ({virus}). Meldingen er ikke levert.",
        "Vedlegg {number} har virus ({virus}). Meldinga er ikkje levert.",
        "Attachment {number} is infected ({virus}). The message was not delivered.",
    ),
    Code.INFECTED_FILE: (
        "Vedlegg {number}, {name}, har virus ({virus}). Meldingen er ikke levert.",
        "Vedlegg {number}, {name}, har virus ({virus}). Meldinga er ikkje levert.",
        "Attachment {number}, {name}, is infected ({virus}). The message was not delivered.",
    ),
    # a deviation and what follows it
    Code.NOT_A_DEVIATION: (
        "Dokumentet er ikke et avvik i {namespace}.",
        "Dokumentet er ikkje eit avvik i {namespace}.",
        "The document is not a deviation of {namespace}.",
    ),
    Code.NOT_A_FOLLOW_UP: (
        "Dokumentet er ingen oppfølging i {namespace}.",
        "Dokumentet er inga oppfølging i {namespace}.",
        "The document is not a follow-up of {namespace}.",
    ),
    Code.NOT_CHECKED: (
        "Avviket kan ikke prøves mot skjemaet.",
        "Avviket kan ikkje prøvast mot skjemaet.",
        "The deviation cannot be checked against the schema.",
    ),
    Code.NOT_WRITABLE: (
        "{element}: teksten har tegn som ikke kan sendes (kontrolltegn). Fjern dem og prøv igjen.",
        "{element}: teksten har teikn som ikkje kan sendast (kontrollteikn). Fjern dei og prøv igjen.",
        "{element}: the text holds characters that cannot be sent (control characters). Remove them and try again.",
    ),
    Code.CARRIER_WANTS_PATIENT: (
        "Bæreren {carrier} krever pasient. Samvik sender ikke avvik med pasient; velg en annen.",
        "Beraren {carrier} krev pasient. Samvik sender ikkje avvik med pasient; vel ein annan.",
        "The carrier {carrier} wants a patient. Samvik sends no deviation with a patient; choose another carrier.",
    ),
    Code.FILES_TO_SEND: (
        "{number} vedlegg er for mange; høyst {most} kan sendes i én melding.",
        "{number} vedlegg er for mange; høgst {most} kan sendast i éi melding.",
        "{number} attachments are too many; at most {most} can be sent in one message.",
    ),
    Code.HOLDS_NUMBER: (
        "Svaret har et fødselsnummer i teksten. Ta det ut av meldingen, og lever på nytt.",
        "Svaret har eit fødselsnummer i teksten. Ta det ut av meldinga, og lever på nytt.",
        "The reply holds a national identity number. Take it out of the message, then hand it in again.",
    ),
    Code.HOLDS_PATIENT: (
        "Svaret har en pasient. Ta pasienten ut av meldingen, og lever på nytt.",
        "Svaret har ein pasient. Ta pasienten ut av meldinga, og lever på nytt.",
        "The reply names a patient. Take the patient out of the message, then hand it in again.",
    ),
    Code.OURS_AGAINST_SCHEMA: (
        "Et dokument som Samvik laget, er ikke slik skjemaet krever, og ble ikke sendt: {wrong}",
        "Eit dokument som Samvik laga, er ikkje slik skjemaet krev, og vart ikkje sendt: {wrong}",
        "A document of ours is not as its schema wants it, and was not sent: {wrong}",
    ),
    Code.THEIRS_AGAINST_SCHEMA: (
        "Dokumentet er ikke slik skjemaet krever: {wrong}",
        "Dokumentet er ikkje slik skjemaet krev: {wrong}",
        "The document is not as its schema wants it: {wrong}",
    ),
    Code.AGAINST_PROFILE: (
        "Meldingen følger ikke reglene for {type}: {wrong}",
        "Meldinga følgjer ikkje reglane for {type}: {wrong}",
        "The message does not follow the rules of {type}: {wrong}",
    ),
    Code.FILES_NOT_SENT: (
        "Vedleggene kan ikke sendes: {wrong}",
        "Vedlegga kan ikkje sendast: {wrong}",
        "The attachments cannot be sent: {wrong}",
    ),
    Code.AND_MORE: ("(og {number} til)", "(og {number} til)", "(and {number} more)"),
}
