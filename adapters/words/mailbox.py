"""What is said about mailboxes that mail is collected from, and about what their servers do."""

from adapters.words.language import Row
from engine.codes.mailbox import MailboxCode as Code

MAILBOX: dict[str, Row] = {
    # the server does not keep to its protocol
    Code.OTHER_PROTOCOL: (
        "E-posttjeneren snakker ikke {protocol}.",
        "E-posttenaren snakkar ikkje {protocol}.",
        "The mail server does not speak {protocol}.",
    ),
    Code.TOO_SLOW: (
        "E-posttjeneren bruker for lang tid.",
        "E-posttenaren bruker for lang tid.",
        "The mail server takes too long.",
    ),
    Code.LONG_LINE: (
        "E-posttjeneren sender en linje som er for lang.",
        "E-posttenaren sender ei linje som er for lang.",
        "The mail server sends a line that is too long.",
    ),
    Code.WITHOUT_END: (
        "E-posttjeneren sender noe som ikke tar slutt.",
        "E-posttenaren sender noko som ikkje tek slutt.",
        "The mail server sends something that does not end.",
    ),
    Code.MORE_THAN_ASKED: (
        "E-posttjeneren vil sende mer enn den er bedt om.",
        "E-posttenaren vil sende meir enn han er beden om.",
        "The mail server announces more than it was asked for.",
    ),
    Code.NO_IDLE: (
        "E-posttjeneren tilbyr IDLE, men gjør det ikke.",
        "E-posttenaren tilbyr IDLE, men gjer det ikkje.",
        "The mail server offers IDLE, but does not do it.",
    ),
    Code.STILL_THERE: (
        "E-posttjeneren sier at e-posten er slettet, men har den fortsatt.",
        "E-posttenaren seier at e-posten er sletta, men har han framleis.",
        "The mail server says that the mail is deleted, but still has it.",
    ),
    # the server says no
    Code.SAYS_NO: (
        "E-posttjeneren sier nei{answer:aside}.",
        "E-posttenaren seier nei{answer:aside}.",
        "The mail server says no{answer:aside}.",
    ),
    Code.TURNS_AWAY: (
        "E-posttjeneren avviser oss{answer:aside}.",
        "E-posttenaren avviser oss{answer:aside}.",
        "The mail server turns us away{answer:aside}.",
    ),
    Code.IN_CLEAR: (
        "E-posttjeneren tar ikke imot passord uten TLS. Sett tls for postkassen.",
        "E-posttenaren tek ikkje imot passord utan TLS. Set tls for postkassa.",
        "The mail server takes no password without TLS. Set tls for the mailbox.",
    ),
    Code.LOG_IN_REFUSED: (
        "Innloggingen er avvist{answer:aside}.",
        "Innlogginga er avvist{answer:aside}.",
        "The log-in is refused{answer:aside}.",
    ),
    Code.NO_CAPABILITIES: (
        "E-posttjeneren sier ikke hva den kan{answer:aside}.",
        "E-posttenaren seier ikkje kva han kan{answer:aside}.",
        "The mail server does not tell what it can do{answer:aside}.",
    ),
    Code.FOLDER_CLOSED: (
        "Mappen kan ikke åpnes{answer:aside}.",
        "Mappa kan ikkje opnast{answer:aside}.",
        "The folder cannot be opened{answer:aside}.",
    ),
    Code.READ_ONLY: (
        "Mappen kan leses, men ikke tømmes.",
        "Mappa kan lesast, men ikkje tømmast.",
        "The folder can be read but not emptied.",
    ),
    Code.NOT_SEARCHED: (
        "Mappen kan ikke gjennomsøkes{answer:aside}.",
        "Mappa kan ikkje gjennomsøkjast{answer:aside}.",
        "The folder cannot be searched{answer:aside}.",
    ),
    Code.NOT_GIVEN: (
        "E-posttjeneren gir ikke fra seg e-posten.",
        "E-posttenaren gjev ikkje frå seg e-posten.",
        "The mail server does not give the mail.",
    ),
    Code.NOT_DELETED: (
        "E-posttjeneren slettet ikke alt den ble bedt om{answer:aside}.",
        "E-posttenaren sletta ikkje alt han vart beden om{answer:aside}.",
        "The mail server did not delete all that it was told to{answer:aside}.",
    ),
    Code.OTHERS_DELETE: (
        "Et annet program merker e-poster som slettet, og e-posttjeneren sletter alle eller ingen (uten UIDPLUS).",
        "Eit anna program merkjer e-postar som sletta, og e-posttenaren slettar alle eller ingen (utan UIDPLUS).",
        "Another program marks mails as deleted, and the mail server deletes all or none (no UIDPLUS).",
    ),
    # what follows
    Code.LEFT: (
        "{number} av e-postene kan ikke hentes. {reason}",
        "{number} av e-postane kan ikkje hentast. {reason}",
        "{number} of its mails cannot be collected. {reason}",
    ),
    Code.NOT_LISTED: (
        "Serveren lister ikke alle e-postene i postkassen.",
        "Tenaren listar ikkje alle e-postane i postkassa.",
        "The server does not list all of the mails in the mailbox.",
    ),
    Code.NOTHING_CAME: (
        "Serveren sier ja og gir ingenting av e-posten, eller mindre enn hodet.",
        "Tenaren seier ja og gir ingenting av e-posten, eller mindre enn hovudet.",
        "The server says yes and gives nothing of the mail, or less than its headers.",
    ),
    Code.OTHER_NODE: (
        "En annen node tømmer postkassen nå.",
        "Ein annan node tømmer postkassa no.",
        "Another node empties the mailbox now.",
    ),
}
