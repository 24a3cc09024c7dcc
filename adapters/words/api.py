"""What the HTTP door says to record systems."""

from adapters.words.language import Row
from engine.codes.api import ApiCode as Code

API: dict[str, Row] = {
    Code.NOBODY: (
        "Tokenet mangler, er feil eller er trukket tilbake, eller parten betjenes ikke her over HTTP lenger.",
        "Tokenet manglar, er feil eller er trekt tilbake, eller parten blir ikkje betent her over HTTP lenger.",
        "The token is missing, wrong or revoked, or the party is no longer served here over HTTP.",
    ),
    Code.TOO_MANY: (
        "For mange feil token fra denne adressen. Vent et kvarter.",
        "For mange feil token frå denne adressa. Vent eit kvarter.",
        "Too many wrong tokens from this address. Wait a quarter of an hour.",
    ),
    Code.NOT_HERE: (
        "Her er det ingenting. Se openapi.json for adressene, og innboksen for det som ligger der.",
        "Her er det ingenting. Sjå openapi.json for adressene, og innboksen for det som ligg der.",
        "There is nothing here. See openapi.json for the addresses, and the inbox for what lies there.",
    ),
    Code.OTHER_METHOD: (
        "Adressen finnes, men ikke med denne metoden. Se openapi.json.",
        "Adressa finst, men ikkje med denne metoden. Sjå openapi.json.",
        "The address exists, but not with this method. See openapi.json.",
    ),
    Code.TAKEN: (
        "Dokumentet er tatt av klienten {by} {at}.",
        "Dokumentet er teke av klienten {by} {at}.",
        "The document was taken by the client {by} at {at}.",
    ),
    Code.TOO_LARGE: (
        "Innholdet er for stort. Et svar er høyst limits.most_mail_bytes (samvik.toml), alt annet 64 kB.",
        "Innhaldet er for stort. Eit svar er høgst limits.most_mail_bytes (samvik.toml), alt anna 64 kB.",
        "The content is too large. A reply has at most limits.most_mail_bytes (samvik.toml), anything else 64 kB.",
    ),
    Code.NO_JSON: (
        "Innholdet skal være et JSON-objekt i UTF-8, med Content-Type: application/json. Se openapi.json.",
        "Innhaldet skal vere eit JSON-objekt i UTF-8, med Content-Type: application/json. Sjå openapi.json.",
        "The content must be a JSON object in UTF-8, with Content-Type: application/json. See openapi.json.",
    ),
    Code.WRONG_AT: (
        "Dette mangler eller er feil: {places}. Se openapi.json.",
        "Dette manglar eller er feil: {places}. Sjå openapi.json.",
        "This is missing or wrong: {places}. See openapi.json.",
    ),
    Code.NOT_USABLE: (
        "Forespørselen kan ikke brukes. Se openapi.json.",
        "Førespurnaden kan ikkje brukast. Sjå openapi.json.",
        "The request cannot be used. See openapi.json.",
    ),
    Code.OUR_FAULT: (
        "Noe gikk galt hos oss. Driften ser det i loggen. Prøv igjen senere.",
        "Noko gjekk gale hos oss. Drifta ser det i loggen. Prøv igjen seinare.",
        "Something went wrong on our side. Operations sees it in the log. Try again later.",
    ),
    Code.NOT_NOW: (
        "Motoren mangler noe akkurat nå. Prøv igjen om litt.",
        "Motoren manglar noko akkurat no. Prøv igjen om litt.",
        "The engine lacks something just now. Try again shortly.",
    ),
}
