"""What the command line says of what a command did, other than about cases."""

from adapters.words.language import Row

# lists
CUT: Row = (
    "Bare de nyeste {number} vises. Eldre: --before {before}. Flere om gangen: --limit.",
    "Berre dei nyaste {number} blir viste. Eldre: --before {before}. Fleire om gongen: --limit.",
    "Only the newest {number} are shown. Older ones: --before {before}. More at once: --limit.",
)
CUT_SHORT: Row = (
    "Bare de første {number} vises. Flere: --limit.",
    "Berre dei første {number} blir viste. Fleire: --limit.",
    "Only the first {number} are shown. More: --limit.",
)

# the register
NO_DIFFERENCE: Row = ("Ingen forskjell.", "Ingen skilnad.", "No difference.")
IMPORT: Row = ("Importere?", "Importere?", "Import?")
IMPORTED: Row = (
    "Importert som versjon {number}, SHA-256 {digest}.",
    "Importert som versjon {number}, SHA-256 {digest}.",
    "Imported as version {number}, SHA-256 {digest}.",
)
VERSION: Row = (
    "versjon {id}  {at:instant}  {by}  {digest}",
    "versjon {id}  {at:instant}  {by}  {digest}",
    "version {id}  {at:instant}  {by}  {digest}",
)
PARTY: Row = (
    "{her_id}  {name}  ({kind:party}, {start:day} til {end:day})",
    "{her_id}  {name}  ({kind:party}, {start:day} til {end:day})",
    "{her_id}  {name}  ({kind:party}, {start:day} to {end:day})",
)

# CPAs
ADD: Row = ("Legge til?", "Leggje til?", "Add?")
CPA_KEPT: Row = (
    "Tatt vare på med versjon {number} av registeret, SHA-256 {digest}.",
    "Teken vare på med versjon {number} av registeret, SHA-256 {digest}.",
    "Kept with version {number} of the register, SHA-256 {digest}.",
)
STANDINGS: dict[str, Row] = {
    "planned": ("planlagt", "planlagd", "planned"),
    "in force": ("i bruk", "i bruk", "in force"),
    "late messages": (
        "avløst, tas imot for sene meldinger",
        "avløyst, blir teken imot for seine meldingar",
        "superseded, taken for late messages",
    ),
    "over": ("over", "over", "over"),
}
CPA_PERIOD: Row = (
    "gjelder fra {start:day} til {end:day}",
    "gjeld frå {start:day} til {end:day}",
    "in force from {start:day} to {end:day}",
)
NO_HER_ID: Row = ("mangler", "manglar", "missing")
CPA_CHANNEL: Row = (
    "kanal {id}: {protocol} {endpoints}",
    "kanal {id}: {protocol} {endpoints}",
    "channel {id}: {protocol} {endpoints}",
)
CPA_RECEIPTS: Row = (
    "kvittering {asked}, signert {signed}, sendes om igjen {times} ganger, hver {interval}",
    "kvittering {asked}, signert {signed}, blir send om att {times} gonger, kvar {interval}",
    "acknowledgment {asked}, signed {signed}, resent {times} times, each {interval}",
)
CPA_RECEIPTS_ONCE: Row = (
    "kvittering {asked}, signert {signed}, sendes ikke om igjen",
    "kvittering {asked}, signert {signed}, blir ikkje send om att",
    "acknowledgment {asked}, signed {signed}, not resent",
)
CPA_CERTIFICATE: Row = (
    "sertifikat {id}: serienummer {serial}, til {end:day}",
    "sertifikat {id}: serienummer {serial}, til {end:day}",
    "certificate {id}: serial number {serial}, until {end:day}",
)

# messages, tasks, alarms and the event log
QUEUED: Row = (
    "Lagt i kø som {id}, MsgId {msg_id}.",
    "Lagd i kø som {id}, MsgId {msg_id}.",
    "Queued as {id}, MsgId {msg_id}.",
)
SENT_BACK: Row = (
    "{id} er sendt tilbake til HER-id {her_id}, med melding {message}.",
    "{id} er send tilbake til HER-id {her_id}, med melding {message}.",
    "{id} is sent back to HER-id {her_id}, with message {message}.",
)
TASK_CLOSED: Row = ("Oppgave {id} er lukket.", "Oppgåve {id} er lukka.", "Task {id} is closed.")
PILE_MOVED: Row = (
    "{number} e-poster er flyttet, og oppgave {id} er lukket.",
    "{number} e-postar er flytta, og oppgåve {id} er lukka.",
    "{number} mails are moved, and task {id} is closed.",
)
TASK_COUNT: Row = ("{said} ({number} til nå)", "{said} ({number} til no)", "{said} ({number} so far)")
ALARM_CLOSED: Row = ("Alarm {id} er lukket.", "Alarm {id} er lukka.", "Alarm {id} is closed.")
ANCHOR_BEGUN: Row = (
    "Ankerfilen begynner etter forsegling {seal}.",
    "Ankerfila byrjar etter forsegling {seal}.",
    "The anchor file begins after seal {seal}.",
)
LOG_WHOLE: Row = ("Hendelsesloggen er hel.", "Hendingsloggen er heil.", "The event log is whole.")

# users and clients
USER_ADDED: Row = ("La til {name} som {who}.", "La til {name} som {who}.", "Added {name} as {who}.")
USER_REMOVED: Row = ("Fjernet {name}.", "Fjerna {name}.", "Removed {name}.")
PASSWORD: Row = ("Passord: ", "Passord: ", "Password: ")
PASSWORD_AGAIN: Row = ("Det samme igjen: ", "Det same igjen: ", "The same again: ")
CLIENT_ADDED: Row = (
    "La til {name} for HER-id {her_id}. Tokenet, som bare vises nå:",
    "La til {name} for HER-id {her_id}. Tokenet, som berre blir vist no:",
    "Added {name} for HER-id {her_id}. Its token, shown this once:",
)
DOOR_CLOSED: Row = (
    "Døren er stengt: sett enabled = true i [api] i samvik.toml.",
    "Døra er stengd: set enabled = true i [api] i samvik.toml.",
    "The door is closed: set enabled = true in [api] of samvik.toml.",
)
CLIENT_REVOKED: Row = ("Trakk tilbake {name}.", "Trekte tilbake {name}.", "Revoked {name}.")
TOLD_NO_MORE: Row = (
    "{name} varsles ikke om noe lenger.",
    "{name} blir ikkje varsla om noko lenger.",
    "{name} is told of nothing any more.",
)
TOLD_FROM_NOW: Row = (
    "{name} varsles om dokumenter fra nå av. Signeringshemmeligheten (hex), som bare vises nå:",
    "{name} blir varsla om dokument frå no av. Signeringsløyndomen (hex), som berre blir vist no:",
    "{name} is told of documents from now on. The signing secret (hex), shown this once:",
)

# database and backups
UP_TO_DATE: Row = (
    "Ingenting å gjøre: databaseskjemaet er oppdatert.",
    "Ingenting å gjere: databaseskjemaet er oppdatert.",
    "Nothing to do: the schema is up to date.",
)
BACKUP_WRITTEN: Row = (
    "{file} er skrevet ({size} byte). Oppbevar nøkkelringen et annet sted: begge trengs.",
    "{file} er skriven ({size} byte). Oppbevar nøkkelringen ein annan stad: begge trengst.",
    "{file} is written ({size} bytes). Keep the key ring apart from it: both are needed.",
)
BACKUP_WHOLE: Row = (
    "{file} er hel: {environment}, HER-id {parties}, laget {at}, {tables} tabeller, {size} byte i radene.",
    "{file} er heil: {environment}, HER-id {parties}, laga {at}, {tables} tabellar, {size} byte i radene.",
    "{file} is whole: {environment}, HER-id {parties}, made {at}, {tables} tables, {size} bytes of rows.",
)
RESTORED: Row = (
    "Gjenopprettet slik det var {at:instant}. Det som kom eller hendte siden, er ikke her. {number} meldinger kan være sendt.",
    "Gjenoppretta slik det var {at:instant}. Det som kom eller hende sidan, er ikkje her. {number} meldingar kan vere sende.",
    "Restored as of {at:instant}. What came or happened since then is not here. {number} messages may have been sent.",
)
NOTHING_HELD: Row = ("Ingenting holdes tilbake.", "Ingenting blir halde tilbake.", "Nothing is held.")
SENDING_HELD: Row = (
    "Sending holdes tilbake: gjenopprettet {restored:instant} slik det var {at:instant}.",
    "Sending blir halden tilbake: gjenoppretta {restored:instant} slik det var {at:instant}.",
    "Sending is held: restored {restored:instant} as of {at:instant}.",
)
SENDING_RELEASED: Row = (
    "Sendingen er sluppet. {number} meldinger som kan være sendt, går ut en gang til.",
    "Sendinga er sleppt. {number} meldingar som kan vere sende, går ut ein gong til.",
    "Sending is released. {number} messages that may have been sent go out once more.",
)
