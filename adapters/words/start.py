"""What is said about an engine that does not start, or whose settings do not fit together."""

from adapters.words.language import Row
from engine.codes.start import StartCode as Code

START: dict[str, Row] = {
    # settings
    Code.NO_SETTINGS: (
        "{path} finnes ikke. Kopier config/samvik.toml dit, og fyll den ut.",
        "{path} finst ikkje. Kopier config/samvik.toml dit, og fyll ho ut.",
        "{path} does not exist. Copy config/samvik.toml there and fill it in.",
    ),
    Code.DATABASE_URL_MISSING: (
        "produksjon må ha database.url; den innebygde databasen er for demo og test",
        "produksjon må ha database.url; den innebygde databasen er for demo og test",
        "production needs database.url; the embedded database is for demo and test",
    ),
    Code.HOOKS_NOT_HERE: (
        "hooks.directory er for tester; environment = {environment} tillater den ikke",
        "hooks.directory er for testar; environment = {environment} tillèt han ikkje",
        "hooks.directory is for proofs; environment = {environment} refuses it",
    ),
    Code.SAME_NAME: (
        "to rader har samme name",
        "to rader har same name",
        "two rows have the same name",
    ),
    Code.SAME_MAILBOX: (
        "to rader er samme postkasse",
        "to rader er same postkasse",
        "two rows are the same mailbox",
    ),
    Code.SAME_FOLDER: (
        "to rader har samme directory",
        "to rader har same directory",
        "two rows have the same directory",
    ),
    Code.USER_WITHOUT_PASSWORD: (
        "user og password_file hører sammen",
        "user og password_file høyrer saman",
        "user and password_file belong together",
    ),
    Code.SCANNER_ADDRESS: (
        "scanner.address: {address} er verken tcp://HOST:PORT eller unix:/PATH. Rett samvik.toml.",
        "scanner.address: {address} er verken tcp://HOST:PORT eller unix:/PATH. Rett samvik.toml.",
        "scanner.address: {address} is neither tcp://HOST:PORT nor unix:/PATH. Correct samvik.toml.",
    ),
    Code.LOCAL_CERTIFICATES: (
        "environment = production får sertifikatene sine av en utsteder; pki init er for demo og test.",
        "environment = production får sertifikata sine av ein utferdar; pki init er for demo og test.",
        "environment = production takes its certificates from an issuer; pki init is for demo and test.",
    ),
    # settings and register
    Code.REGISTER_VERSION: (
        "versjon {number}; her betjenes {parties}",
        "versjon {number}; her blir {parties} betente",
        "version {number}; {parties} served here",
    ),
    Code.NO_REGISTER: (
        "Ingen partsfil er importert. Kjør: samvik parties import FIL",
        "Inga partsfil er importert. Køyr: samvik parties import FIL",
        "No parties file has been imported. Run: samvik parties import FILE",
    ),
    Code.NOT_AN_ENTERPRISE: (
        "parties: HER-id {her_id} er ingen virksomhet i partsfilen. Rett samvik.toml.",
        "parties: HER-id {her_id} er inga verksemd i partsfila. Rett samvik.toml.",
        "parties: HER-id {her_id} is no enterprise in the parties file. Correct samvik.toml.",
    ),
    Code.TEST_ADDRESS: (
        "HER-id {her_id} har en testadresse ({domain}), som produksjon ikke sender til.",
        "HER-id {her_id} har ei testadresse ({domain}), som produksjon ikkje sender til.",
        "HER-id {her_id} has a test address ({domain}), which production does not send to.",
    ),
    Code.PRODUCTION_ADDRESS: (
        "HER-id {her_id} har en produksjonsadresse ({domain}), som {environment} ikke skal bruke.",
        "HER-id {her_id} har ei produksjonsadresse ({domain}), som {environment} ikkje skal bruke.",
        "HER-id {her_id} has a production address ({domain}), which {environment} must not use.",
    ),
    # the start
    Code.PORT_TAKEN: (
        "{host} port {port} er i bruk allerede. Stopp programmet som har den, eller rett {section}.port.",
        "{host} port {port} er i bruk allereie. Stopp programmet som har han, eller rett {section}.port.",
        "{host} port {port} is in use already. Stop the program that holds it, or correct {section}.port.",
    ),
    Code.NOT_LISTENING: (
        "{host} port {port} kan ikke lyttes på{error:aside}. Rett {section}.host og {section}.port, eller stopp programmet som har porten.",
        "{host} port {port} kan ikkje lyttast på{error:aside}. Rett {section}.host og {section}.port, eller stopp programmet som har porten.",
        "{host} port {port} cannot be listened on{error:aside}. Correct {section}.host and {section}.port, or stop the program that holds the port.",
    ),
    Code.DATABASE_HELD: (
        "En annen samvik-kommando kjører databasen i {folder}. Avslutt den først, start flere noder med --processes, eller sett database.url.",
        "Ein annan samvik-kommando køyrer databasen i {folder}. Avslutt han først, start fleire nodar med --processes, eller set database.url.",
        "Another samvik command runs the database in {folder}. End it first, start more nodes with --processes, or set database.url.",
    ),
    Code.RING_GONE: (
        "{path} er borte, men databasen er i bruk. Legg nøkkelringen tilbake.",
        "{path} er borte, men databasen er i bruk. Legg nøkkelringen tilbake.",
        "{path} is gone, but the database is in use. Bring the key ring back.",
    ),
    Code.RING_OF_ANOTHER: (
        "{path} er ikke nøkkelringen til denne databasen: {what}. Legg den rette nøkkelringen der, eller sett database.url til den rette databasen.",
        "{path} er ikkje nøkkelringen til denne databasen: {what}. Legg den rette nøkkelringen der, eller set database.url til den rette databasen.",
        "{path} is not the key ring of this database: {what}. Bring the right key ring, or set database.url to the right database.",
    ),
    Code.RING_MISSING: (
        "{path} finnes ikke. Legg nøkkelringen der: uten den kan ikke noe innhold leses. For en ny motor: samvik keyring create.",
        "{path} finst ikkje. Legg nøkkelringen der: utan han kan ikkje noko innhald lesast. For ein ny motor: samvik keyring create.",
        "{path} does not exist. Bring the key ring: without it no content can be read. For a new engine: samvik keyring create.",
    ),
    Code.NODE_REFUSED: (
        "En node nektet å starte; den siste linjen dens i loggen sier hvorfor.",
        "Ein node nekta å starte; den siste linja hans i loggen seier kvifor.",
        "A node refused to start; its last line in the log says why.",
    ),
    Code.NODE_SILENT: (
        "En node startet ikke på {seconds} sekunder.",
        "Ein node starta ikkje på {seconds} sekund.",
        "A node did not start in {seconds} seconds.",
    ),
}
