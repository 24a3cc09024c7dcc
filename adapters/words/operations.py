"""What is said about operations: tasks, alarms, restores and certificates."""

from adapters.words.language import Row
from engine.codes.operations import OperationsCode as Code

OPERATIONS: dict[str, Row] = {
    Code.NOT_POSSIBLE: (
        "Dette går ikke i tilstanden {state} ({state:state}): {event}. Mulig nå: {ways}.",
        "Dette går ikkje i tilstanden {state} ({state:state}): {event}. Mogleg no: {ways}.",
        "This is not possible in state {state} ({state:state}): {event}. Possible now: {ways}.",
    ),
    Code.NO_TASK: (
        "Ingen åpen oppgave har id-en {id}. `samvik task list` viser de åpne.",
        "Inga open oppgåve har id-en {id}. `samvik task list` viser dei opne.",
        "No open task has the id {id}. `samvik task list` shows those that are open.",
    ),
    Code.SEVERAL_TASKS: (
        "Flere åpne oppgaver har en id som begynner med {id}. Oppgi mer av den.",
        "Fleire opne oppgåver har ein id som begynner med {id}. Oppgje meir av han.",
        "More than one open task has an id that begins with {id}. Give more of it.",
    ),
    Code.SEVERAL_ALARMS: (
        "Flere alarmer har en id som begynner med {id}. Oppgi mer av den.",
        "Fleire alarmar har ein id som begynner med {id}. Oppgje meir av han.",
        "More than one alarm has an id that begins with {id}. Give more of it.",
    ),
    Code.NO_PILE: (
        "Oppgave {id} er ikke om en bunke e-poster. Lukk den med `samvik task done`.",
        "Oppgåve {id} er ikkje om ein bunke e-postar. Lukk ho med `samvik task done`.",
        "Task {id} is not about a pile of mails. Close it with `samvik task done`.",
    ),
    Code.NO_ALARM: (
        "Ingen alarm har id-en {id}. `samvik alarm list` viser de åpne.",
        "Ingen alarm har id-en {id}. `samvik alarm list` viser dei opne.",
        "No alarm has the id {id}. `samvik alarm list` shows those that are open.",
    ),
    Code.NOTHING_HELD: (
        "Ingen sending holdes tilbake: ingen gjenoppretting venter på å bli sluppet.",
        "Inga sending blir halden tilbake: inga gjenoppretting ventar på å bli sleppt.",
        "No sending is held: no restore waits for its release.",
    ),
    Code.SENDING_HELD: (
        "All sending holdes tilbake etter en gjenoppretting. Register, CPA-er, klienter, brukere og passord er som i sikkerhetskopien: trekk tilbake på nytt det som er trukket tilbake siden. Se med samvik restore status hva som kan være sendt, og slipp sendingen med samvik restore release.",
        "All sending blir halden tilbake etter ei gjenoppretting. Register, CPA-ar, klientar, brukarar og passord er som i tryggingskopien: trekk tilbake på nytt det som er trekt tilbake sidan. Sjå med samvik restore status kva som kan vere sendt, og slepp sendinga med samvik restore release.",
        "All sending is held after a restore. Register, CPAs, clients, users and passwords are those of the backup: revoke again what was revoked since. See with samvik restore status what may have been sent, and release the sending with samvik restore release.",
    ),
    Code.MISSING_SINCE: (
        "Databasen er gjenopprettet fra en sikkerhetskopi tatt {since:instant}. Det som kom inn eller skjedde fra da til {until:instant}, er ikke med: be motpartene sende på nytt det de sendte da. Fagsystemene får vite av hvert dokument at det kan være en gjentakelse (repeat).",
        "Databasen er gjenoppretta frå ein tryggingskopi teken {since:instant}. Det som kom inn eller hende frå då til {until:instant}, er ikkje med: be motpartane sende på nytt det dei sende då. Fagsystema får vite av kvart dokument at det kan vere ei gjentaking (repeat).",
        "The database was restored from a backup made {since:instant}. What came in or happened from then to {until:instant} is not in it: ask the other parties to send again what they sent then. Record systems are told of each document that it may be a repeat (repeat).",
    ),
    Code.CERTIFICATE_ENDS: (
        "{certificate} går ut {day:day}. {remedy}",
        "{certificate} går ut {day:day}. {remedy}",
        "{certificate} ends on {day:day}. {remedy}",
    ),
    Code.CERTIFICATE_ENDED: (
        "{certificate} gikk ut {day:day}. {remedy}",
        "{certificate} gjekk ut {day:day}. {remedy}",
        "{certificate} ended on {day:day}. {remedy}",
    ),
    Code.ISSUER_CERTIFICATE: (
        "Sertifikatet til utstederen {name} (serienummer {serial})",
        "Sertifikatet til utferdaren {name} (serienummer {serial})",
        "The certificate of the issuer {name} (serial number {serial})",
    ),
    Code.SIGNING_CERTIFICATE: (
        "Signeringssertifikatet til {name} (HER-id {her_id}, serienummer {serial})",
        "Signeringssertifikatet til {name} (HER-id {her_id}, serienummer {serial})",
        "The signing certificate of {name} (HER-id {her_id}, serial number {serial})",
    ),
    Code.ENCRYPTION_CERTIFICATE: (
        "Krypteringssertifikatet til {name} (HER-id {her_id}, serienummer {serial})",
        "Krypteringssertifikatet til {name} (HER-id {her_id}, serienummer {serial})",
        "The encryption certificate of {name} (HER-id {her_id}, serial number {serial})",
    ),
    Code.RENEW_ISSUER: (
        "Legg utstederens nye sertifikat i keys.anchors.",
        "Legg det nye sertifikatet til utferdaren i keys.anchors.",
        "Put the issuer's new certificate into keys.anchors.",
    ),
    Code.ASK_PARTNER: (
        "Be parten om det nye, og importer det med samvik parties import.",
        "Be parten om det nye, og importer det med samvik parties import.",
        "Ask the party for the new one, and import it with samvik parties import.",
    ),
    Code.RENEW_OURS: (
        "Bestill et nytt, legg nøkkelen i keys.directory, og før det opp i partsfilen før det gamle går ut.",
        "Bestill eit nytt, legg nøkkelen i keys.directory, og før det opp i partsfila før det gamle går ut.",
        "Order a new one, put its key into keys.directory, and enter it in the parties file before the old one ends.",
    ),
    Code.KEY_MISSING: (
        "Nøkkelen mangler. {certificate} er vårt, men nøkkelen er verken i keys.directory eller i tokenet. Legg den på plass.",
        "Nøkkelen manglar. {certificate} er vårt, men nøkkelen er verken i keys.directory eller i tokenet. Legg han på plass.",
        "The key is missing. {certificate} is ours, but its key is neither in keys.directory nor in the token. Put it there.",
    ),
    Code.KEY_LEFT_OUT: (
        "{name} i keys.directory ligner en privat nøkkel, og blir ikke lest: Navnet slutter ikke på .pem, .p12 eller .pfx. Gi den nytt navn, eller ta den bort, og start på nytt.",
        "{name} i keys.directory liknar ein privat nøkkel, og blir ikkje lesen: Namnet sluttar ikkje på .pem, .p12 eller .pfx. Gje han nytt namn, eller ta han bort, og start på nytt.",
        "{name} in keys.directory looks like a private key, and is not read: its name does not end with .pem, .p12 or .pfx. Rename it, or take it away, and start anew.",
    ),
    Code.SOURCE_SILENT: (
        "Tilbakekalling kan ikke hentes fra {host}: {why}. Meldinger venter når det vi har, går ut.",
        "Tilbakekalling kan ikkje hentast frå {host}: {why}. Meldingar ventar når det vi har, går ut.",
        "Revocation cannot be fetched from {host}: {why}. Messages wait when what we have runs out.",
    ),
    Code.CAUSE_GONE: (
        "Årsaken er borte.",
        "Årsaka er borte.",
        "The cause is gone.",
    ),
    Code.TOLD_ANEW: (
        "Meldt på nytt, med kortere frist.",
        "Meld på nytt, med kortare frist.",
        "Warned anew, with less time left.",
    ),
    Code.TAKEN_AFTER_ALL: (
        "Tatt imot likevel.",
        "Teken imot likevel.",
        "Taken after all.",
    ),
    Code.CLIENT_REVOKED: (
        "Klienten er trukket tilbake.",
        "Klienten er trekt tilbake.",
        "The client was revoked.",
    ),
    Code.WEBHOOK_CHANGED: (
        "Webhooken er endret.",
        "Webhooken er endra.",
        "The webhook was changed.",
    ),
    Code.WEBHOOK_ANSWERS: (
        "Webhooken svarer igjen.",
        "Webhooken svarar igjen.",
        "The webhook answers again.",
    ),
    Code.NO_STATE: (
        "Det finnes ingen tilstand {state}. Tilstandene er: {states}.",
        "Det finst ingen tilstand {state}. Tilstandane er: {states}.",
        "There is no state {state}. There are: {states}.",
    ),
    Code.OUR_ERROR: (
        "Noe gikk galt hos oss ({kind}). Se loggen.",
        "Noko gjekk gale hos oss ({kind}). Sjå loggen.",
        "Something went wrong on our side ({kind}). See the log.",
    ),
    Code.LACKS: (
        "Motoren mangler noe. {error}",
        "Motoren manglar noko. {error}",
        "The engine lacks something. {error}",
    ),
}
