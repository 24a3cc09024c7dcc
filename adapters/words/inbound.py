"""What is said about a mail that came in, and about the mailboxes that mail comes from."""

from adapters.words.language import Row
from engine.codes.inbound import InboundCode as Code

INBOUND: dict[str, Row] = {
    Code.TOO_OLD: (
        "Meldingen er skrevet for over {days} dager siden, så et duplikat kan ikke kjennes igjen. Avtal med avsenderen "
        "om den skal sendes på nytt.",
        "Meldinga er skriven for over {days} dagar sidan, så eit duplikat kan ikkje kjennast att. Avtal med avsendaren "
        "om ho skal sendast på nytt.",
        "The message was written over {days} days ago, so a duplicate could not be recognised. Agree with the sender "
        "whether to send it again.",
    ),
    Code.SIGNAL_WITHOUT_BLOCK: (
        "En kvittering eller feilmelding uten innholdet som Action lover.",
        "Ei kvittering eller feilmelding utan innhaldet som Action lovar.",
        "A signal without the block that its Action promises.",
    ),
    Code.FORM_ONLY: (
        "Uten --trust gjelder dommen bare form og signatur.",
        "Utan --trust gjeld dommen berre form og signatur.",
        "Without --trust the verdict is about form and signature only.",
    ),
    Code.NO_CHAIN: (
        "Sertifikatet er det som var registrert og gyldig da; utsteder og tilbakekalling er ikke prøvd her.",
        "Sertifikatet er det som var registrert og gyldig då; utferdar og tilbakekalling er ikkje prøvd her.",
        "The certificate is the one registered and valid then; its issuer and revocation were not checked here.",
    ),
    Code.ENVELOPE_ALONE: (
        "{note} En konvolutt uten e-posten sin: delene er ukjente, så referanser til dem er ikke prøvd.",
        "{note} Ein konvolutt utan e-posten sin: delane er ukjende, så referansar til dei er ikkje prøvde.",
        "{note} An envelope without its mail: its parts are unknown, so references to them were not checked.",
    ),
    Code.NOT_OURS: (
        "En leveringsrapport som ikke gjelder noen melding herfra.",
        "Ein leveringsrapport som ikkje gjeld noka melding herifrå.",
        "A delivery report about no message of ours.",
    ),
    Code.ACKNOWLEDGED_BEFORE: (
        "{reason} Id-en er kvittert før, så meldingen ble ikke besvart.",
        "{reason} Id-en er kvittert før, så meldinga vart ikkje svart på.",
        "{reason} Its id was acknowledged before, so the message was not answered.",
    ),
    Code.REFUSED_ENOUGH: (
        "{reason} Avsenderen er besvart ofte nok den siste timen, og fikk ikke svar på denne.",
        "{reason} Avsendaren har fått svar ofte nok den siste timen, og fekk ikkje svar på denne.",
        "{reason} The sender was answered often enough this hour, and got no answer to this one.",
    ),
    Code.NO_ROOM_FOR_STRANGERS: (
        "Plassen for e-post som ingen går god for, er brukt opp. Bare det en registrert partner har signert, tas imot.",
        "Plassen for e-post som ingen går god for, er brukt opp. Berre det ein registrert partnar har signert, vert teke imot.",
        "The room for mail that nobody vouches for is used up. Only what a registered partner signed is taken.",
    ),
    Code.ONLY_HEADER_KEPT: (
        "Bare hodet av denne e-posten er tatt vare på, så den kan ikke behandles. Be avsenderen sende den på nytt.",
        "Berre hovudet av denne e-posten er teke vare på, så han kan ikkje handsamast. Be avsendaren sende han på nytt.",
        "Only the header of this mail is kept, so that it cannot be processed. Ask the sender to send it again.",
    ),
    Code.REFUSED_BEFORE: (
        "{reason} Avsenderen fikk vite det første gang meldingen kom, og fikk ikke svar igjen.",
        "{reason} Avsendaren fekk vite det første gongen meldinga kom, og fekk ikkje svar igjen.",
        "{reason} The sender was told when the message first came, and got no answer again.",
    ),
    Code.PINGED_ENOUGH: (
        "Partneren har fått svar på så mange Ping den siste timen at denne ikke ble besvart.",
        "Partnaren har fått svar på så mange Ping den siste timen at denne ikkje vart svart på.",
        "The partner's Pings were answered so often this hour that this one was not.",
    ),
    Code.PONG_SENT_BEFORE: (
        "Denne Ping-en er besvart før, og blir ikke besvart igjen.",
        "Denne Ping-en er svart på før, og blir ikkje svart på igjen.",
        "This Ping was answered before, and is not answered again.",
    ),
    Code.COPIES_ENOUGH: (
        "Så mange kopier av meldingen er besvart den siste timen at denne ikke ble det.",
        "Så mange kopiar av meldinga er svarte på den siste timen at denne ikkje vart det.",
        "So many copies of the message were answered this hour that this one was not.",
    ),
    Code.ID_USED_BEFORE: (
        "En annen melding med samme MessageId er kvittert før. Kontakt avsenderen.",
        "Ei anna melding med same MessageId er kvittert før. Kontakt avsendaren.",
        "Another message under the same MessageId was acknowledged before. Contact the sender.",
    ),
    Code.ANSWERED_A_MOMENT_AGO: (
        "Nøyaktig samme e-post ble besvart for et øyeblikk siden.",
        "Nøyaktig same e-post vart svart på for ein augeblink sidan.",
        "The very same mail was answered a moment ago.",
    ),
    Code.SEEN_BEFORE: ("MessageId er sett før.", "MessageId er sett før.", "The MessageId was seen before."),
    Code.DOCUMENT_SEEN_BEFORE: (
        "Samme dokument kom før, med en annen MessageId.",
        "Same dokument kom før, med ein annan MessageId.",
        "The same document came before under another MessageId.",
    ),
    Code.MSGID_USED_BEFORE: (
        "MsgId er brukt før, til et dokument med annet innhold.",
        "MsgId er brukt før, til eit dokument med anna innhald.",
        "The MsgId was used before, for a document with other content.",
    ),
    Code.TWO_DOCUMENTS: (
        "To ulike dokumenter har samme MsgId. Det andre ble avvist med E10. Kontakt avsenderen.",
        "To ulike dokument har same MsgId. Det andre vart avvist med E10. Kontakt avsendaren.",
        "Two different documents have the same MsgId. The second was refused with E10. Contact the sender.",
    ),
    Code.INFECTED_TASK: (
        "Et vedlegg i en melding har virus ({virus}). Meldingen ble avvist med AppRec 2 og er ikke levert; den ligger "
        "kryptert i meldingsloggen. Varsle avsenderen.",
        "Eit vedlegg i ei melding har virus ({virus}). Meldinga vart avvist med AppRec 2 og er ikkje levert; ho ligg "
        "kryptert i meldingsloggen. Varsle avsendaren.",
        "An attachment of a message has a virus ({virus}). The message was refused with AppRec 2 and not delivered; it "
        "lies encrypted in the message log. Tell the sender.",
    ),
    Code.QUARANTINED: (
        "En melding er satt i karantene. Se årsaken, og slipp den eller forkast den.",
        "Ei melding er sett i karantene. Sjå årsaka, og slepp ho eller forkast ho.",
        "A mail is in quarantine. See the reason, then release it or discard it.",
    ),
    Code.UNVERIFIED_ERROR: (
        "En MessageError som ingen går god for, sier {errors}. {why}",
        "Ein MessageError som ingen går god for, seier {errors}. {why}",
        "A MessageError that nobody vouches for says {errors}. {why}",
    ),
    Code.PILE: (
        "I karantene, uten gyldig signatur, sier seg å være fra {her_id}: {why} Spør parten, og slipp eller forkast dem.",
        "I karantene, utan gyldig signatur, seier seg å vere frå {her_id}: {why} Spør parten, og slepp eller forkast dei.",
        "In quarantine, without a valid signature, naming {her_id} as sender: {why} Ask the party, then release or discard them.",
    ),
    Code.PILE_OF_NOBODY: (
        "I karantene, fra ingen vi kjenner: {why} Se på den siste, og forkast dem.",
        "I karantene, frå ingen vi kjenner: {why} Sjå på den siste, og forkast dei.",
        "In quarantine, from nobody we know: {why} Look at the last one, then discard them.",
    ),
    Code.TO_A_DESK: (
        "E-posten er til postmaster eller abuse, så til mennesker. Les den, og forkast den.",
        "E-posten er til postmaster eller abuse, så til menneske. Les han, og forkast han.",
        "The mail is to postmaster or abuse, so to people. Read it, then discard it.",
    ),
    Code.WAITS: (
        "En melding kan ikke behandles nå. Se årsaken og rett den; Samvik prøver igjen av seg selv.",
        "Ei melding kan ikkje handsamast no. Sjå årsaka og rett ho; Samvik prøver igjen av seg sjølv.",
        "A mail cannot be processed now. See the reason and correct it; Samvik tries again by itself.",
    ),
    Code.WAITED_TOO_LONG: (
        "Ventet for lenge: {reason}",
        "Venta for lenge: {reason}",
        "Waited too long: {reason}",
    ),
    Code.NODES_STOPPED: (
        "{count} noder stoppet mens de behandlet den.",
        "{count} nodar stoppa medan dei handsama ho.",
        "{count} nodes stopped while they processed it.",
    ),
    Code.WORK_FAILS: (
        "Arbeid av typen {work} lykkes ikke: {error}",
        "Arbeid av typen {work} lukkast ikkje: {error}",
        "Work of the kind {work} fails: {error}",
    ),
    Code.MOVED_MEANWHILE: (
        "Melding {mail} ble flyttet av en annen node. Arbeidet gjøres på nytt.",
        "Melding {mail} vart flytta av ein annan node. Arbeidet blir gjort på nytt.",
        "Mail {mail} was moved by another node. The work is done again.",
    ),
    Code.UNDECIDED: (
        "Melding {mail} ble ikke avgjort. Det er en feil i Samvik; meld den.",
        "Melding {mail} vart ikkje avgjord. Det er ein feil i Samvik; meld han.",
        "Mail {mail} was left undecided. That is a fault in Samvik; please report it.",
    ),
    Code.MAIL_TOO_LARGE: (
        "E-posten er på {size} byte; høyst {most} hentes. Bare hodet er hentet. Be avsenderen sende den på nytt, mindre.",
        "E-posten er på {size} byte; høgst {most} blir henta. Berre hovudet er henta. Be avsendaren sende han på nytt, mindre.",
        "The mail has {size} bytes; at most {most} are collected. Only its headers were. Ask the sender for a smaller one.",
    ),
    Code.MAILBOX_NOT_EMPTIED: (
        "Postkassen {mailbox} er ikke tømt siden {since:instant}. {reason} Ingen melding er tapt.",
        "Postkassa {mailbox} er ikkje tømd sidan {since:instant}. {reason} Inga melding er tapt.",
        "The mailbox {mailbox} was not emptied since {since:instant}. {reason} No message is lost.",
    ),
}  # fmt: skip
