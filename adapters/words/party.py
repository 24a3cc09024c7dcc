"""What is said about parties and persons."""

from adapters.words.language import Row
from engine.codes.party import PartyCode as Code

PARTY: dict[str, Row] = {
    Code.NAME_IN_PRODUCTION: (
        "I produksjon handler den som er logget inn på maskinen. Skriv ROLLE@HER-ID uten navn.",
        "I produksjon handlar den som er logga inn på maskina. Skriv ROLLE@HER-ID utan namn.",
        "In production the person who is logged in to this machine acts. Write ROLE@HER-ID without a name.",
    ),
    Code.NO_PERSON: (
        "Skriv hvem som handler som ROLLE@HER-ID. Rollene er: {roles}.",
        "Skriv kven som handlar som ROLLE@HER-ID. Rollene er: {roles}.",
        "Write who acts as ROLE@HER-ID. The roles are: {roles}.",
    ),
    Code.NOT_REGISTERED: (
        "HER-id {her_id} står ikke i partsfilen. Importer en fil som har den.",
        "HER-id {her_id} står ikkje i partsfila. Importer ei fil som har han.",
        "HER-id {her_id} is not in the parties file. Import a file that has it.",
    ),
    Code.NOT_SERVED: (
        "HER-id {her_id} betjenes ikke av denne motoren. Bruk en part som står i parties i samvik.toml.",
        "HER-id {her_id} blir ikkje betent av denne motoren. Bruk ein part som står i parties i samvik.toml.",
        "HER-id {her_id} is not served by this engine. Use a party that stands in parties in samvik.toml.",
    ),
}
