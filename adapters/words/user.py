"""What is said about local users of the pages, for demo and test."""

from adapters.words.language import Row
from engine.codes.user import UserCode as Code

USER: dict[str, Row] = {
    Code.NOT_IN_PRODUCTION: (
        "Lokale brukere er for demo og test: med environment = production logger ingen inn med passord.",
        "Lokale brukarar er for demo og test: med environment = production loggar ingen inn med passord.",
        "Local users are for demo and test: with environment = production nobody logs in by a password.",
    ),
    Code.NAME_TAKEN: (
        "Det finnes allerede en bruker {name}. Fjern den først, eller velg et annet navn.",
        "Det finst allereie ein brukar {name}. Fjern han først, eller vel eit anna namn.",
        "There is a user {name} already. Remove that one first, or choose another name.",
    ),
    Code.NO_USER: (
        "Det finnes ingen bruker {name}. `samvik user list` viser dem.",
        "Det finst ingen brukar {name}. `samvik user list` viser dei.",
        "There is no user {name}. `samvik user list` shows them.",
    ),
    Code.BAD_NAME: (
        "Et brukernavn har 2 til 63 bokstaver, sifre, punktum, bindestreker og understreker, og begynner med en bokstav eller et siffer.",
        "Eit brukarnamn har 2 til 63 bokstavar, siffer, punktum, bindestrekar og understrekar, og byrjar med ein bokstav eller eit siffer.",
        "A user name has 2 to 63 letters, digits, dots, hyphens and underscores, and begins with a letter or digit.",
    ),
    Code.NUMBER_AS_NAME: (
        "Et brukernavn kan ikke være et fødselsnummer.",
        "Eit brukarnamn kan ikkje vere eit fødselsnummer.",
        "A user name must not be a national identity number.",
    ),
    Code.PASSWORD_LENGTH: (
        "Et passord har minst {least} tegn, og høyst {most}.",
        "Eit passord har minst {least} teikn, og høgst {most}.",
        "A password has at least {least} characters, and at most {most}.",
    ),
    Code.NAME_IN_PASSWORD: (
        "Brukernavnet kan ikke stå i passordet.",
        "Brukarnamnet kan ikkje stå i passordet.",
        "A password must not hold the user name.",
    ),
    Code.PASSWORDS_DIFFER: (
        "De to passordene er ulike. Ingen bruker er lagt til.",
        "Dei to passorda er ulike. Ingen brukar er lagd til.",
        "The two passwords differ. Nothing was added.",
    ),
}
