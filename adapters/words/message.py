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
    Code.MOVED_ELSEWHERE: (
        "Meldingen {id} ble flyttet av en annen node. Arbeidet gjøres om igjen.",
        "Meldinga {id} vart flytta av ein annan node. Arbeidet blir gjort om att.",
        "Message {id} was moved by another node. The work is done again.",
    ),
    Code.MAIL_MOVED_ELSEWHERE: (
        "E-posten {id} ble flyttet av en annen node. Arbeidet gjøres om igjen.",
        "E-posten {id} vart flytta av ein annan node. Arbeidet blir gjort om att.",
        "Mail {id} was moved by another node. The work is done again.",
    ),
    Code.NOT_FOUND: (
        "Ingen melding har id-en {id}. `samvik messages` viser dem.",
        "Inga melding har id-en {id}. `samvik messages` viser dei.",
        "No message has the id {id}. `samvik messages` lists them.",
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
}
