"""What is said about messages."""

from adapters.words.language import Row
from engine.codes.message import MessageCode as Code

MESSAGE: dict[str, Row] = {
    Code.UNCONFIRMED: (
        "Ingen kvittering fra HER-id {her_id} etter siste forsøk. Ring motparten, og send på nytt (resend).",
        "Inga kvittering frå HER-id {her_id} etter siste forsøk. Ring motparten, og send på nytt (resend).",
        "No acknowledgment from HER-id {her_id} after the last try. Call the other party, then send again (resend).",
    ),
    Code.TRANSPORT_FAILED: (
        "Meldingen til HER-id {her_id} ble avvist under transport. Les feilkoden, rett årsaken og send på nytt (resend).",
        "Meldinga til HER-id {her_id} vart avvist under transport. Les feilkoden, rett årsaka og send på nytt (resend).",
        "The message to HER-id {her_id} was refused in transport. Read the error code, remove the cause, then send again (resend).",
    ),
    Code.REFUSED_BY_RECEIVER: (
        "Fagsystemet til HER-id {her_id} avviste meldingen (AppRec 2). Rett innholdet, og send en ny melding.",
        "Fagsystemet til HER-id {her_id} avviste meldinga (AppRec 2). Rett innhaldet, og send ei ny melding.",
        "The record system of HER-id {her_id} refused the message (AppRec 2). Correct the content, and send a new message.",
    ),
    Code.NO_APPREC: (
        "HER-id {her_id} har sendt transportkvittering, men ingen applikasjonskvittering i tide. Kontakt motparten.",
        "HER-id {her_id} har sendt transportkvittering, men inga applikasjonskvittering i tide. Kontakt motparten.",
        "HER-id {her_id} has acknowledged the message, but sent no AppRec in time. Contact the other party.",
    ),
    Code.STOPPED: (
        "Sendingen til HER-id {her_id} er stoppet. Slipp den (release), eller avlys den (cancel).",
        "Sendinga til HER-id {her_id} er stoppa. Slepp ho (release), eller avlys ho (cancel).",
        "The message to HER-id {her_id} is held. Release it (release), or cancel it (cancel).",
    ),
    Code.UNEXPECTED_WORD: (
        "Uventet svar fra HER-id {her_id}: {event:event}. Se tidslinjen til meldingen.",
        "Uventa svar frå HER-id {her_id}: {event:event}. Sjå tidslinja til meldinga.",
        "Unexpected answer from HER-id {her_id}: {event:event}. See the timeline of the message.",
    ),
    Code.RETURNED_THOUGH_DELIVERED: (
        "En e-posttjener sier at meldingen til HER-id {her_id} ikke kom frem, i strid med det som ellers er kjent om den. Se tidslinjen, og spør motparten om meldingen er kommet.",
        "Ein e-posttenar seier at meldinga til HER-id {her_id} ikkje kom fram, i strid med det som elles er kjent om ho. Sjå tidslinja, og spør motparten om meldinga er komen.",
        "A mail server says that the message to HER-id {her_id} did not arrive, against what else is known about it. See the timeline, and ask the other party whether the message has come.",
    ),
    Code.RETURNED_WITHOUT_PROOF: (
        "Noen melder at e-posten ikke kom frem, uten å vise at de har hatt den: {why} Meldingen sendes på nytt som før. Spør motparten om den er kommet.",
        "Nokon melder at e-posten ikkje kom fram, utan å vise at dei har hatt han: {why} Meldinga vert send på nytt som før. Spør motparten om ho er komen.",
        "Somebody reports that the mail did not arrive, without showing that they had it: {why} The message is sent again as before. Ask the other party whether it has come.",
    ),
    Code.MOVED_ELSEWHERE: (
        "Meldingen {id} ble flyttet av en annen node. Arbeidet gjøres om igjen.",
        "Meldinga {id} vart flytta av ein annan node. Arbeidet blir gjort om att.",
        "Message {id} was moved by another node. The work is done again.",
    ),
    Code.NOT_FOUND: (
        "Ingen melding har id-en {id}. `samvik messages` viser dem.",
        "Inga melding har id-en {id}. `samvik messages` viser dei.",
        "No message has the id {id}. `samvik messages` lists them.",
    ),
    Code.CAME_IN: (
        "{id} er en e-post som kom inn. Dette gjelder bare meldinger som går ut. Det som er i karantene, slippes med release eller forkastes med cancel.",
        "{id} er ein e-post som kom inn. Dette gjeld berre meldingar som går ut. Det som er i karantene, blir sleppt med release eller forkasta med cancel.",
        "{id} is a mail that came in. This is for messages that go out. What is in quarantine is let go with release, or discarded with cancel.",
    ),
    Code.NO_MAIL: (
        "Ingen e-post har id-en {id}. `samvik messages` viser dem.",
        "Ingen e-post har id-en {id}. `samvik messages` viser dei.",
        "No mail has the id {id}. `samvik messages` lists them.",
    ),
    Code.IS_RECEIPT: (
        "Melding {id} er en kvittering. Bare det folk skal lese, leveres på annen måte.",
        "Melding {id} er ei kvittering. Berre det folk skal lese, blir levert på annan måte.",
        "Message {id} is a receipt. Only what people read is delivered by another channel.",
    ),
    Code.MAY_LEAVE: (
        "Melding {id} kan gå når som helst. Hold den tilbake først: samvik message hold {id}",
        "Melding {id} kan gå når som helst. Hald ho tilbake først: samvik message hold {id}",
        "Message {id} may leave at any moment. Hold it first: samvik message hold {id}",
    ),
    Code.NO_FEEDBACK_SERVICE: (
        "Tjenestefilen har ingen rad {function}. Legg den til, slik config/services.toml har den.",
        "Tenestefila har inga rad {function}. Legg ho til, slik config/services.toml har ho.",
        "The services file has no row {function}. Add it, as config/services.toml has it.",
    ),
    Code.CARRIER_OFF: (
        "Bæreren «{carrier}» i avtalen er ikke slått på. Endre avtalen.",
        "Beraren «{carrier}» i avtalen er ikkje slått på. Endre avtalen.",
        "The agreement's carrier '{carrier}' is not enabled. Change the agreement.",
    ),
    Code.FUNCTION_NOT_TAKEN: (
        "HER-id {her_id} tar ikke imot {function}. Avtal en annen bærer.",
        "HER-id {her_id} tek ikkje imot {function}. Avtal ein annan berar.",
        "HER-id {her_id} does not take {function}. Agree on another carrier.",
    ),
    Code.FEEDBACK_NOT_TAKEN: (
        "HER-id {her_id} tar ikke imot {function}. Si fra på en annen måte.",
        "HER-id {her_id} tek ikkje imot {function}. Sei frå på ein annan måte.",
        "HER-id {her_id} does not take {function}. Tell them in another way.",
    ),
    Code.OTHER_TYPE: (
        "Avtalens bærer er {type}, og dokumentet er av en annen type. Send det som avtalt.",
        "Beraren i avtalen er {type}, og dokumentet er av ein annan type. Send det som avtalt.",
        "The agreement's carrier is {type}, and the document is of another type. Send it as agreed.",
    ),
    Code.TO_ITSELF: (
        "HER-id {her_id} kan ikke skrive til seg selv. Velg en annen mottaker.",
        "HER-id {her_id} kan ikkje skrive til seg sjølv. Vel ein annan mottakar.",
        "HER-id {her_id} cannot write to itself. Name another receiver.",
    ),
    Code.CLOSED: (
        "{name} (HER-id {her_id}) tar ikke imot meldinger i dag. Velg en annen mottaker.",
        "{name} (HER-id {her_id}) tek ikkje imot meldingar i dag. Vel ein annan mottakar.",
        "{name} (HER-id {her_id}) takes no messages today. Name another receiver.",
    ),
    Code.CLOSED_WITH_SUCCESSOR: (
        "{name} (HER-id {her_id}) tar ikke imot meldinger i dag. Etterfølgeren er HER-id {successor}.",
        "{name} (HER-id {her_id}) tek ikkje imot meldingar i dag. Etterfølgjaren er HER-id {successor}.",
        "{name} (HER-id {her_id}) takes no messages today. Its successor is HER-id {successor}.",
    ),
    Code.TOO_LARGE: (
        "Meldingen blir på {size:bytes} i e-posten, og en e-post kan ha {most:bytes}. Gjør den mindre.",
        "Meldinga blir på {size:bytes} i e-posten, og ein e-post kan ha {most:bytes}. Gjer ho mindre.",
        "The message would be {size:bytes} on the wire, and a mail may have {most:bytes}. Make it smaller.",
    ),
    Code.TOO_LARGE_BY: (
        "Meldingen blir på {size:bytes} i e-posten, og en e-post kan ha {most:bytes}; den største filen er {name}, {there:bytes} i e-posten. Ta den ut, eller gjør den mindre.",
        "Meldinga blir på {size:bytes} i e-posten, og ein e-post kan ha {most:bytes}; den største fila er {name}, {there:bytes} i e-posten. Ta ho ut, eller gjer ho mindre.",
        "The message would be {size:bytes} on the wire, and a mail may have {most:bytes}; the largest file is {name}, {there:bytes} on the wire. Leave it out, or make it smaller.",
    ),
    Code.FILES_TOO_LARGE: (
        "Filene alene blir på {size:bytes} i e-posten, og en e-post kan ha {most:bytes}; den største filen er {name}, {there:bytes} i e-posten. Ta den ut, eller gjør den mindre.",
        "Filene åleine blir på {size:bytes} i e-posten, og ein e-post kan ha {most:bytes}; den største fila er {name}, {there:bytes} i e-posten. Ta ho ut, eller gjer ho mindre.",
        "The files alone would be {size:bytes} on the wire, and a mail may have {most:bytes}; the largest file is {name}, {there:bytes} on the wire. Leave it out, or make it smaller.",
    ),
    Code.RECEIPT_ORPHAN: (
        "Viser ikke til noen melding som vi har sendt til denne parten.",
        "Viser ikkje til noka melding som vi har sendt til denne parten.",
        "Refers to no message that we sent to this party.",
    ),
    Code.APPREC_ORPHAN: (
        "Viser ikke til noe dokument som vi har sendt til denne parten.",
        "Viser ikkje til noko dokument som vi har sendt til denne parten.",
        "Refers to no document that we sent to this party.",
    ),
    Code.APPREC_FITS_NOTHING: (
        "En applikasjonskvittering fra HER-id {her_id} gjelder ingen melding herfra. Kontakt motparten: kanskje mangler den kvittering for en melding.",
        "Ei applikasjonskvittering frå HER-id {her_id} gjeld inga melding herifrå. Kontakt motparten: kanskje manglar ei melding kvittering.",
        "An AppRec from HER-id {her_id} is about no message of ours. Contact the other party: a message may lack its receipt.",
    ),
    Code.APPREC_NEEDS_A_PERSON: (
        "En applikasjonskvittering fra HER-id {her_id} kan ikke leses. Kontakt motparten: meldingen den gjelder, kan være avvist.",
        "Ei applikasjonskvittering frå HER-id {her_id} kan ikkje lesast. Kontakt motparten: meldinga ho gjeld, kan vere avvist.",
        "An AppRec from HER-id {her_id} cannot be read. Contact the other party: the message that it is about may have been refused.",
    ),
    Code.APPREC_UNREADABLE: (
        "En applikasjonskvittering kan ikke leses: {fault} ved {location}: {detail}",
        "Ei applikasjonskvittering kan ikkje lesast: {fault} ved {location}: {detail}",
        "An AppRec that cannot be read: {fault} at {location}: {detail}",
    ),
    Code.PARTNER_ERROR: (
        "{fault}: {fault:ebxml}",
        "{fault}: {fault:ebxml}",
        "{fault}: {fault:ebxml}",
    ),
    Code.APPREC_ERROR: (
        "{fault}: {fault:apprec}",
        "{fault}: {fault:apprec}",
        "{fault}: {fault:apprec}",
    ),
    Code.BOUNCED: (
        "{fault}: {subject:bounce}",
        "{fault}: {subject:bounce}",
        "{fault}: {subject:bounce}",
    ),
    Code.BOUNCED_UNKNOWN: (
        "{fault}: e-posttjeneren oppgir ingen årsak som vi kjenner",
        "{fault}: e-posttenaren oppgjev inga årsak som vi kjenner",
        "{fault}: the mail server gives no cause that we know",
    ),
    Code.BOUNCED_SILENT: (
        "e-posttjeneren oppgir ingen årsak som vi kjenner",
        "e-posttenaren oppgjev inga årsak som vi kjenner",
        "the mail server gives no cause that we know",
    ),
    Code.MAIL_REPORT: (
        "Rapport fra en e-posttjener ({action}): {why}",
        "Rapport frå ein e-posttenar ({action}): {why}",
        "Report of a mail server ({action}): {why}",
    ),
    Code.ITEM_GONE: (
        "Meldingen er ikke lenger her. Se `samvik inbox list`.",
        "Meldinga er ikkje lenger her. Sjå `samvik inbox list`.",
        "The message is no longer here. See `samvik inbox list`.",
    ),
    Code.ID_TOO_SHORT: (
        "Oppgi minst {least} tegn av id-en.",
        "Oppgje minst {least} teikn av id-en.",
        "Give at least {least} characters of the id.",
    ),
    Code.NO_ITEM: (
        "Ingen melding i innboksen har id-en {id}. `samvik inbox list` viser dem.",
        "Inga melding i innboksen har id-en {id}. `samvik inbox list` viser dei.",
        "There is no message with the id {id} in the inbox. `samvik inbox list` shows them.",
    ),
    Code.SEVERAL_ITEMS: (
        "Flere meldinger i innboksen har id-en {id}. Oppgi mer av den; `samvik inbox list` viser dem.",
        "Fleire meldingar i innboksen har id-en {id}. Oppgje meir av han; `samvik inbox list` viser dei.",
        "More than one message has the id {id} in the inbox. Give more of it; `samvik inbox list` shows them.",
    ),
    Code.SEVERAL: (
        "{number} meldinger har id-en {id}. Oppgi en av dem med dens egen id: samvik message show {id}",
        "{number} meldingar har id-en {id}. Oppgje ei av dei med hennar eigen id: samvik message show {id}",
        "{number} messages have the id {id}. Name one by its own id: samvik message show {id}",
    ),
}
