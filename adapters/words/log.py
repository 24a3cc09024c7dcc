"""What is said about the event log: what does not agree with its seals and its anchor file."""

from adapters.words.language import Row
from engine.codes.log import LogCode as Code

LOG: dict[str, Row] = {
    # seals
    Code.SEAL_CHANGED: (
        "Forsegling {seal} er endret.",
        "Forsegling {seal} er endra.",
        "Seal {seal} was changed.",
    ),
    Code.SEAL_MISSING: (
        "Forsegling {seal} mangler.",
        "Forsegling {seal} manglar.",
        "Seal {seal} is missing.",
    ),
    Code.SEAL_OUT_OF_PLACE: (
        "Forsegling {seal} følger ikke på forseglingen foran.",
        "Forsegling {seal} følgjer ikkje på forseglinga framfor.",
        "Seal {seal} does not follow the seal before it.",
    ),
    # events
    Code.EVENT_REMOVED: (
        "Hendelse {event} er fjernet (forsegling {seal}).",
        "Hending {event} er fjerna (forsegling {seal}).",
        "Event {event} was removed (seal {seal}).",
    ),
    Code.EVENT_OF_NO_SEAL: (
        "Hendelse {event} viser til forsegling {seal}, som mangler.",
        "Hending {event} viser til forsegling {seal}, som manglar.",
        "Event {event} names seal {seal}, which is missing.",
    ),
    Code.EVENT_NOT_OURS: (
        "Hendelse {event} er endret eller satt inn: den er ikke skrevet av motoren.",
        "Hending {event} er endra eller sett inn: ho er ikkje skriven av motoren.",
        "Event {event} was changed or inserted: the engine did not write it.",
    ),
    Code.EVENT_INSERTED: (
        "Hendelse {event} er satt inn: forsegling {seal} kjenner den ikke.",
        "Hending {event} er sett inn: forsegling {seal} kjenner ho ikkje.",
        "Event {event} was inserted: seal {seal} does not know it.",
    ),
    Code.EVENT_CHANGED: (
        "Hendelse {event} er endret (forsegling {seal}).",
        "Hending {event} er endra (forsegling {seal}).",
        "Event {event} was changed (seal {seal}).",
    ),
    Code.EVENT_CHANGED_EARLY: (
        "Hendelse {event} ble endret eller satt inn før den ble forseglet (forsegling {seal}).",
        "Hending {event} vart endra eller sett inn før ho vart forsegla (forsegling {seal}).",
        "Event {event} was changed or inserted before it was sealed (seal {seal}).",
    ),
    Code.EVENT_UNTIED: (
        "Hendelse {event} viser ikke lenger til forsegling {seal}.",
        "Hending {event} viser ikkje lenger til forsegling {seal}.",
        "Event {event} does not name seal {seal} any more.",
    ),
    Code.EVENT_CUT: (
        "Hendelse {event} er kuttet bort sammen med forsegling {seal}.",
        "Hending {event} er kutta bort saman med forsegling {seal}.",
        "Event {event} was cut off together with seal {seal}.",
    ),
    # months and restores that the log tells of
    Code.MONTH_NOT_OURS: (
        "Måneden fra {month} er meldt slettet, men ikke av motoren.",
        "Månaden frå {month} er meld sletta, men ikkje av motoren.",
        "The month from {month} is noted as dropped, but not by the engine.",
    ),
    Code.RESTORE_NOT_OURS: (
        "En gjenoppretting {day:day} er meldt, men ikke av motoren.",
        "Ei gjenoppretting {day:day} er meld, men ikkje av motoren.",
        "A restore on {day:day} is noted, but not by the engine.",
    ),
    # the anchor file
    Code.NO_ANCHOR: (
        "Ankerfilen {file} mangler, enda hendelsesloggen er forseglet.",
        "Ankerfila {file} manglar, endå hendingsloggen er forsegla.",
        "The anchor file {file} is missing, though the event log is sealed.",
    ),
    Code.ANCHOR_GONE: (
        "Ankerfilen {path} er borte. Hent den fra en kopi og kjør samvik log verify. Finnes ingen kopi, begynner samvik log anchor en ny.",
        "Ankerfila {path} er borte. Hent ho frå ein kopi og køyr samvik log verify. Finst det ingen kopi, byrjar samvik log anchor ei ny.",
        "The anchor file {path} is gone. Fetch it from a copy and run samvik log verify. Where there is no copy, samvik log anchor begins a new one.",
    ),
    Code.ANCHOR_BEGUN: (
        "En ankerfil er begynt etter forsegling {seal}. Er dette ingen ny maskin, har noen fjernet den gamle: se etter i kopien om loggen er kuttet.",
        "Ei ankerfil er byrja etter forsegling {seal}. Er dette inga ny maskin, har nokon fjerna den gamle: sjå etter i kopien om loggen er kutta.",
        "An anchor file was begun after seal {seal}. Where this is no new machine somebody removed the old one: look in the copy whether the log was cut.",
    ),
    Code.ANCHOR_NOT_OURS: (
        "Ankerfilen sier at den begynner etter forsegling {seal}, men motoren har ikke skrevet det.",
        "Ankerfila seier at ho byrjar etter forsegling {seal}, men motoren har ikkje skrive det.",
        "The anchor file says that it begins after seal {seal}, but the engine did not write that.",
    ),
    Code.OTHER_SEAL: (
        "Forsegling {seal} er en annen enn den som er forankret.",
        "Forsegling {seal} er ei anna enn den som er forankra.",
        "Seal {seal} is not the one that is anchored.",
    ),
    Code.SEAL_CUT: (
        "Forsegling {seal} er forankret, men mangler: loggen er kuttet.",
        "Forsegling {seal} er forankra, men manglar: loggen er kutta.",
        "Seal {seal} is anchored, but missing: the log was cut.",
    ),
    Code.LINE_UNREADABLE: (
        "Linje {line} i ankerfilen kan ikke leses.",
        "Linje {line} i ankerfila kan ikkje lesast.",
        "Line {line} of the anchor file cannot be read.",
    ),
    Code.LAST_LINE: (
        "Den siste linjen i {path} er ikke ankeret til en forsegling. Hent filen fra en sikkerhetskopi.",
        "Den siste linja i {path} er ikkje ankeret til ei forsegling. Hent fila frå ein tryggingskopi.",
        "The last line of {path} is no anchor of a seal. Restore the file from a backup.",
    ),
}
