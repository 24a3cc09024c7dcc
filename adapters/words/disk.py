"""What is said about files and folders that people name or configure."""

from adapters.words.language import Row
from engine.codes.disk import DiskCode as Code

DISK: dict[str, Row] = {
    Code.NOT_READ: (
        "{path} kan ikke leses{error:aside}.",
        "{path} kan ikkje lesast{error:aside}.",
        "{path} cannot be read{error:aside}.",
    ),
    Code.NOT_WRITTEN: (
        "{path} kan ikke skrives{error:aside}.",
        "{path} kan ikkje skrivast{error:aside}.",
        "{path} cannot be written{error:aside}.",
    ),
    Code.OUTPUT_NOT_WRITTEN: (
        "Det kommandoen skriver, tas ikke imot{error:aside}. Se etter hva som ble gjort, før du kjører den igjen.",
        "Det kommandoen skriv, blir ikkje teke imot{error:aside}. Sjå etter kva som vart gjort, før du køyrer han igjen.",
        "What the command writes is not taken{error:aside}. See what was done before you run it again.",
    ),
    Code.NOT_USED: (
        "{path} kan ikke brukes{error:aside}. La kontoen som Samvik kjører som, lese og skrive der, eller oppgi et annet sted.",
        "{path} kan ikkje brukast{error:aside}. La kontoen som Samvik køyrer som, lese og skrive der, eller oppgje ein annan stad.",
        "{path} cannot be used{error:aside}. Let the account that Samvik runs as read and write there, or name another place.",
    ),
    Code.EXISTS: (
        "{path} finnes allerede, og blir aldri skrevet over. Velg et annet navn.",
        "{path} finst allereie, og blir aldri skriven over. Vel eit anna namn.",
        "{path} exists already, and is never written over. Choose another name.",
    ),
    Code.NO_FILE: (
        "{path} er ingen fil. Oppgi en fil.",
        "{path} er inga fil. Oppgje ei fil.",
        "{path} is no file. Name a file.",
    ),
    Code.NOT_TEXT: (
        "{path} er ikke tekst i UTF-8 (linje {line}). Lagre den som UTF-8.",
        "{path} er ikkje tekst i UTF-8 (linje {line}). Lagre henne som UTF-8.",
        "{path} is not UTF-8 text (line {line}). Save it as UTF-8.",
    ),
    Code.NOT_TOML: (
        "{path}: linje {line}, tegn {column} er ikke TOML. Se etter likhetstegn, anførselstegn og klammer.",
        "{path}: linje {line}, teikn {column} er ikkje TOML. Sjå etter likskapsteikn, hermeteikn og klammer.",
        "{path}: line {line}, character {column} is no TOML. Look at equals signs, quotation marks and brackets.",
    ),
    Code.TOML_TWICE: (
        "{path}: linje {line} sier noe som alt er sagt i filen. Fjern en av dem.",
        "{path}: linje {line} seier noko som alt er sagt i fila. Fjern ein av dei.",
        "{path}: line {line} says what the file says already. Remove one of them.",
    ),
    Code.READ_BY_OTHERS: (
        "{path} kan leses av andre. Kjør: chmod 600 {path}",
        "{path} kan lesast av andre. Køyr: chmod 600 {path}",
        "{path} can be read by others. Run: chmod 600 {path}",
    ),
    Code.NO_PASSWORD: (
        "{path} har ikke noe passord på første linje ({setting}).",
        "{path} har ikkje noko passord på første linja ({setting}).",
        "{path} holds no password on its first line ({setting}).",
    ),
    Code.NO_ISSUER: (
        "{path}: det er ingen utsteder som kan leses der ({setting}).",
        "{path}: det er ingen utferdar som kan lesast der ({setting}).",
        "{path}: no issuer can be read there ({setting}).",
    ),
}
