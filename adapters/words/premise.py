"""What is said about the premises of an engine: each line of `samvik check`."""

from adapters.words.language import Row
from engine.codes.premise import PremiseCode as Code

PREMISE: dict[str, Row] = {
    Code.HOLDS: ("{what}", "{what}", "{what}"),
    Code.UNKNOWN: ("ikke sett etter, siden {what}", "ikkje sett etter, sidan {what}", "not looked at, since {what}"),
    Code.BROKEN: ("{what}", "{what}", "{what}"),
    Code.REFUSES: (
        "Noden starter ikke: {what} `samvik check` sier alt.",
        "Noden startar ikkje: {what} `samvik check` seier alt.",
        "The node does not start: {what} `samvik check` tells all.",
    ),
    # database
    Code.DATABASE: (
        "{name}, PostgreSQL {version}",
        "{name}, PostgreSQL {version}",
        "{name}, PostgreSQL {version}",
    ),
    Code.ENCODING: (
        "Databasen {name} har tegnsettet {encoding}, og ville miste bokstaver. Lag den på nytt: createdb --encoding=UTF8 --template=template0 {name}.",
        "Databasen {name} har teiknsettet {encoding}, og ville miste bokstavar. Lag han på nytt: createdb --encoding=UTF8 --template=template0 {name}.",
        "The database {name} has the encoding {encoding}, and would lose letters. Make it anew: createdb --encoding=UTF8 --template=template0 {name}.",
    ),
    Code.VERSION: (
        "PostgreSQL {version} er for gammel. Bruk 13 eller nyere.",
        "PostgreSQL {version} er for gammal. Bruk 13 eller nyare.",
        "PostgreSQL {version} is too old. Use 13 or newer.",
    ),
    Code.POOLER: (
        "database.url går gjennom en pooler som bytter forbindelse for hver transaksjon; da virker verken låser eller varsler. La pool_mode være session, eller gå rett til PostgreSQL.",
        "database.url går gjennom ein pooler som byter samband for kvar transaksjon; då verkar verken låsar eller varsel. La pool_mode vere session, eller gå rett til PostgreSQL.",
        "database.url goes through a pooler that changes connections with each transaction; then neither locks nor notifications work. Set pool_mode to session, or go straight to PostgreSQL.",
    ),
    Code.READ_ONLY: (
        "Databasen {name} kan bare leses (default_transaction_read_only). Slå det av for brukeren eller databasen.",
        "Databasen {name} kan berre lesast (default_transaction_read_only). Slå det av for brukaren eller databasen.",
        "The database {name} can only be read (default_transaction_read_only). Switch that off for the user or the database.",
    ),
    Code.STANDBY: (
        "Databasen {name} står på en kopi som bare kan leses. Sett database.url til hovedtjeneren, med target_session_attrs=read-write der det er flere.",
        "Databasen {name} står på ein kopi som berre kan lesast. Set database.url til hovudtenaren, med target_session_attrs=read-write der det er fleire.",
        "The database {name} stands on a copy that can only be read. Set database.url to the primary, with target_session_attrs=read-write where there are several.",
    ),
    Code.NOT_DURABLE: (
        "PostgreSQL kjører med fsync eller full_page_writes av: et strømbrudd mister post som er kvittert. Slå begge på.",
        "PostgreSQL køyrer med fsync eller full_page_writes av: eit straumbrot mistar post som er kvittert. Slå begge på.",
        "PostgreSQL runs with fsync or full_page_writes off: a power cut loses mail that was acknowledged. Switch both on.",
    ),
    Code.TIMEOUT: (
        "{setting} er satt: forbindelser som bare venter, blir kuttet og åpnet igjen. Sett den til 0 for brukeren.",
        "{setting} er sett: samband som berre ventar, blir kutta og opna igjen. Set han til 0 for brukaren.",
        "{setting} is set: connections that only wait are cut and opened again. Set it to 0 for the user.",
    ),
    Code.MAY_NOT_CREATE: (
        "Brukeren kan ikke lage tabeller i databasen {name}, som trengs hver måned. Kjør: ALTER DATABASE {name} OWNER TO brukeren.",
        "Brukaren kan ikkje lage tabellar i databasen {name}, som trengst kvar månad. Køyr: ALTER DATABASE {name} OWNER TO brukaren.",
        "The user may not make tables in the database {name}, which is needed each month. Run: ALTER DATABASE {name} OWNER TO that user.",
    ),
    Code.SUPERUSER: (
        "Motoren logger inn som superbruker. En egen bruker som eier databasen, er nok.",
        "Motoren loggar inn som superbrukar. Ein eigen brukar som eig databasen, er nok.",
        "The engine logs in as a superuser. A user of its own that owns the database is enough.",
    ),
    Code.FEW_CONNECTIONS: (
        "Databasen har bare {number} ledige forbindelser; hver node bruker opptil ti. Øk max_connections.",
        "Databasen har berre {number} ledige samband; kvar node bruker opptil ti. Auk max_connections.",
        "The database has only {number} connections left; each node uses up to ten. Raise max_connections.",
    ),
    Code.TABLES_TO_COME: (
        "ingen tabeller ennå: samvik migrate eller samvik run lager dem",
        "ingen tabellar enno: samvik migrate eller samvik run lagar dei",
        "no tables yet: samvik migrate or samvik run makes them",
    ),
    # clock
    Code.CLOCK: (
        "{seconds} sekunder foran databasen",
        "{seconds} sekund framfor databasen",
        "{seconds} seconds ahead of the database",
    ),
    Code.CLOCK_OFF: (
        "Klokken her er {seconds} sekunder foran databasens; mer enn ett minutt, og frister ville bli avgjort til feil tid. Slå på NTP på begge maskiner.",
        "Klokka her er {seconds} sekund framfor den til databasen; meir enn eitt minutt, og fristar ville bli avgjorde til feil tid. Slå på NTP på begge maskiner.",
        "The clock here is {seconds} seconds ahead of the database's; more than a minute, and deadlines would be decided at the wrong time. Switch NTP on, on both machines.",
    ),
    Code.CLOCK_DRIFTS: (
        "Klokken her er {seconds} sekunder foran databasens. Slå på NTP på begge maskiner.",
        "Klokka her er {seconds} sekund framfor den til databasen. Slå på NTP på begge maskiner.",
        "The clock here is {seconds} seconds ahead of the database's. Switch NTP on, on both machines.",
    ),
    # keys and certificates
    Code.RING: ("{path}", "{path}", "{path}"),
    Code.RING_TO_COME: (
        "{path} finnes ikke ennå: samvik run lager den",
        "{path} finst ikkje enno: samvik run lagar han",
        "{path} is not there yet: samvik run makes it",
    ),
    Code.KEYS: (
        "{number} sertifikater av våre i bruk, alle med nøkkel",
        "{number} sertifikat av våre i bruk, alle med nøkkel",
        "{number} certificates of ours in use, each with its key",
    ),
    Code.NO_KEY: (
        "Nøkkelen til et sertifikat av {her_id} mangler ({purpose}, serienummer {serial}). Legg den i keys.directory.",
        "Nøkkelen til eit sertifikat av {her_id} manglar ({purpose}, serienummer {serial}). Legg han i keys.directory.",
        "The key of a certificate of {her_id} is missing ({purpose}, serial number {serial}). Put it into keys.directory.",
    ),
    Code.CERTIFICATES: (
        "{number} sertifikater; ingen går ut på {days} dager",
        "{number} sertifikat; ingen går ut på {days} dagar",
        "{number} certificates; none runs out within {days} days",
    ),
    Code.RUNS_OUT: (
        "Sertifikatet {serial} til {name} {her_id} går ut {day:day} uten avløser. Skaff et nytt, og importer partsfilen igjen.",
        "Sertifikatet {serial} til {name} {her_id} går ut {day:day} utan avløysar. Skaff eit nytt, og importer partsfila igjen.",
        "The certificate {serial} of {name} {her_id} runs out on {day:day} without a successor. Get a new one, and import the parties file again.",
    ),
    Code.RAN_OUT: (
        "Sertifikatet {serial} til {name} {her_id} gikk ut {day:day}. Skaff et nytt, og importer partsfilen igjen.",
        "Sertifikatet {serial} til {name} {her_id} gjekk ut {day:day}. Skaff eit nytt, og importer partsfila igjen.",
        "The certificate {serial} of {name} {her_id} ran out on {day:day}. Get a new one, and import the parties file again.",
    ),
    Code.SOURCES: (
        "{number} kilder svarer",
        "{number} kjelder svarar",
        "{number} sources answer",
    ),
    Code.SOURCE_SILENT: (
        "Tilbaketrekkingskilden {host} gir ikke noe svar: {reason} Uten et gyldig svar venter meldinger. Åpne brannmuren, eller sett revocation.proxy.",
        "Tilbaketrekkingskjelda {host} gjev ikkje noko svar: {reason} Utan eit gyldig svar ventar meldingar. Opne brannmuren, eller set revocation.proxy.",
        "The revocation source {host} gives no answer: {reason} Without a valid answer messages wait. Open the firewall, or set revocation.proxy.",
    ),
    # neighbours
    Code.REACHED: (
        "{setting}: {place} tar imot oss",
        "{setting}: {place} tek imot oss",
        "{setting}: {place} lets us in",
    ),
    Code.NOT_REACHED: (
        "{setting}: {place} kan ikke brukes: {error} Rett vert, port, TLS og innlogging i samvik.toml; posten venter så lenge.",
        "{setting}: {place} kan ikkje brukast: {error} Rett vert, port, TLS og innlogging i samvik.toml; posten ventar så lenge.",
        "{setting}: {place} cannot be used: {error} Correct host, port, TLS and log-in in samvik.toml; mail waits meanwhile.",
    ),
    Code.CLEAR_PASSWORD: (
        "{setting}: passordet ville gå i klartekst til {place}. Sett tls til starttls eller implicit.",
        "{setting}: passordet ville gå i klartekst til {place}. Set tls til starttls eller implicit.",
        "{setting}: the password would go in clear to {place}. Set tls to starttls or implicit.",
    ),
    Code.NO_MAILBOX: (
        "ingen er satt opp; post kommer til lytteren",
        "ingen er sett opp; post kjem til lyttaren",
        "none is configured; mail comes to the listener",
    ),
    Code.NO_SCANNER: (
        "ingen er satt opp; filer blir ikke sett på (scanner.address)",
        "ingen er sett opp; filer blir ikkje sett på (scanner.address)",
        "none is configured; files are not looked into (scanner.address)",
    ),
    # places
    Code.FOLDER: ("{setting}: {path}", "{setting}: {path}", "{setting}: {path}"),
    Code.FOLDER_MISSING: (
        "{setting}: {path} finnes ikke ennå; den blir laget",
        "{setting}: {path} finst ikkje enno; ho blir laga",
        "{setting}: {path} is not there yet; it is made",
    ),
    Code.FOLDER_NOT_USED: (
        "{setting}: {path} kan ikke brukes ({error}). La kontoen som motoren kjører som, eie mappen, eller oppgi en annen i samvik.toml.",
        "{setting}: {path} kan ikkje brukast ({error}). La kontoen som motoren køyrer som, eige mappa, eller oppgje ei anna i samvik.toml.",
        "{setting}: {path} cannot be used ({error}). Let the account that the engine runs as own the folder, or name another in samvik.toml.",
    ),
    Code.FOLDER_OPEN: (
        "{setting}: {path} kan brukes av alle på maskinen (tilgang {mode}). Kjør: chmod o-rwx {path}",
        "{setting}: {path} kan brukast av alle på maskina (tilgang {mode}). Køyr: chmod o-rwx {path}",
        "{setting}: everybody on the machine can use {path} (mode {mode}). Run: chmod o-rwx {path}",
    ),
    Code.PORT_FREE: (
        "{section}: {host}, port {port}, er ledig",
        "{section}: {host}, port {port}, er ledig",
        "{section}: {host}, port {port}, is free",
    ),
    Code.PORT_TAKEN: (
        "{section}: noen lytter på {host}, port {port}, allerede. Er det ikke denne motoren, velg en annen port.",
        "{section}: nokon lyttar på {host}, port {port}, allereie. Er det ikkje denne motoren, vel ein annan port.",
        "{section}: somebody listens on {host}, port {port}, already. Where that is not this engine, choose another port.",
    ),
    Code.DISK: (
        "{path}: {free:bytes} ledig",
        "{path}: {free:bytes} ledig",
        "{path}: {free:bytes} free",
    ),
    Code.DISK_FULL: (
        "{path}: bare {free:bytes} ledig. Rydd, eller gi disken mer plass.",
        "{path}: berre {free:bytes} ledig. Rydd, eller gje disken meir plass.",
        "{path}: only {free:bytes} free. Clear up, or give the disk more room.",
    ),
}

WEIGHTS: dict[str, Row] = {
    "holds": ("i orden", "i orden", "well"),
    "note": ("merk", "merk", "note"),
    "fault": ("feil", "feil", "fault"),
    "stop": ("stopper", "stoppar", "stops"),
}
TOPICS: dict[str, Row] = {
    "settings": ("oppsett", "oppsett", "settings"),
    "database": ("database", "database", "database"),
    "schema": ("tabeller", "tabellar", "tables"),
    "clock": ("klokke", "klokke", "clock"),
    "ring": ("nøkkelring", "nøkkelring", "key ring"),
    "register": ("register", "register", "register"),
    "keys": ("nøkler", "nøklar", "keys"),
    "certificates": ("sertifikater", "sertifikat", "certificates"),
    "revocation": ("tilbaketrekking", "tilbaketrekking", "revocation"),
    "relay": ("utgående post", "utgåande post", "relay"),
    "mailbox": ("postkasse", "postkasse", "mailbox"),
    "scanner": ("virusskanner", "virusskannar", "virus scanner"),
    "folders": ("mapper", "mapper", "folders"),
    "ports": ("porter", "portar", "ports"),
    "disk": ("disk", "disk", "disk"),
}
