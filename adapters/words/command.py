"""What is said about how a command was called."""

from adapters.words.language import Row
from engine.codes.command import CommandCode as Code

COMMAND: dict[str, Row] = {
    Code.TEXT_OR_FILE: (
        "Både --text og --file er oppgitt. Bruk bare én av dem.",
        "Både --text og --file er oppgjevne. Bruk berre éin av dei.",
        "Both --text and --file are given. Use one of them.",
    ),
    Code.URL_OR_OFF: (
        "Oppgi --url med en adresse, eller --off.",
        "Oppgje --url med ei adresse, eller --off.",
        "Say --url with an address, or --off.",
    ),
    Code.NO_CPA: (
        "{id} er verken en fil eller CPAId-en til en avtale som er tatt vare på. `samvik cpa list` viser dem.",
        "{id} er verken ei fil eller CPAId-en til ein avtale som er teken vare på. `samvik cpa list` viser dei.",
        "{id} is neither a file nor the CPAId of a kept agreement. `samvik cpa list` shows those.",
    ),
    Code.NAME_A_CASE: (
        "Oppgi en sak som skal vurderes, eller --channel for en som kom på annen måte.",
        "Oppgje ei sak som skal vurderast, eller --channel for ei som kom på annan måte.",
        "Name a case that waits to be judged, or say --channel for one that came otherwise.",
    ),
    Code.NO_NUMBER_YET: (
        "En sak som kom på annen måte, har ikke noe nummer ennå. Oppgi --received, --from, --title og --text.",
        "Ei sak som kom på annan måte, har ikkje noko nummer enno. Oppgje --received, --from, --title og --text.",
        "A case that came otherwise has no number yet. Say --received, --from, --title and --text.",
    ),
    Code.BAD_TIME: (
        "{text} er ikke et tidspunkt. Skriv det slik: 2026-11-29T12:00, i Oslo-tid.",
        "{text} er ikkje eit tidspunkt. Skriv det slik: 2026-11-29T12:00, i Oslo-tid.",
        "{text} is no time. Write it like 2026-11-29T12:00, in Oslo time.",
    ),
    Code.OUR_FAULT: (
        "En feil hos oss, {kind} ved {place}. Meld den.",
        "Ein feil hos oss, {kind} ved {place}. Meld han.",
        "An error of ours, {kind} at {place}. Please report it.",
    ),
}
