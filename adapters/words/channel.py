"""What is said about deviations and answers that go by another channel than messages."""

from adapters.words.language import Row
from engine.case.channel import Channel
from engine.codes.channel import ChannelCode as Code

CHANNELS: dict[str, Row] = {
    Channel.POST: ("post", "post", "post"),
    Channel.PHONE: ("telefon", "telefon", "phone"),
    Channel.FORM: ("skjema", "skjema", "form"),
    Channel.EDIALOG: ("eDialog", "eDialog", "eDialog"),
}

CHANNEL: dict[str, Row] = {
    Code.DAY_NOT_COME: (
        "{day:day} er ikke kommet ennå. Oppgi dagen da det skjedde.",
        "{day:day} er ikkje komen enno. Oppgje dagen då det hende.",
        "{day:day} has not come yet. Name the day on which it happened.",
    ),
    Code.DAY_TOO_EARLY: (
        "{day:day} er før {made:day}, da den ble laget. Oppgi dagen da den ble levert.",
        "{day:day} er før {made:day}, då ho vart laga. Oppgje dagen då ho vart levert.",
        "{day:day} is before {made:day}, when it was made. Name the day on which it was delivered.",
    ),
    Code.NO_SUCH_SENDER: (
        "HER-id {her_id} står ikke i partsfilen. Oppgi parten som det kom fra, eller - når den ikke har noen HER-id.",
        "HER-id {her_id} står ikkje i partsfila. Oppgje parten som det kom frå, eller - når han ikkje har nokon HER-id.",
        "HER-id {her_id} is not in the parties file. Name the party that it came from, or - where that has no HER-id.",
    ),
    Code.NO_SUCH_LETTER: (
        "Ingen svar har id-en {id}. Se hvilke svar en sak har med: samvik case show",
        "Ingen svar har id-en {id}. Sjå kva svar ei sak har med: samvik case show",
        "No answer has the id {id}. See which answers a case has with: samvik case show",
    ),
    Code.DELIVERED_ALREADY: (
        "Svar {id} er levert før, {day:day}. Det skal ikke meldes to ganger.",
        "Svar {id} er levert før, {day:day}. Det skal ikkje meldast to gonger.",
        "Answer {id} was delivered already, on {day:day}. It is not to be noted twice.",
    ),
    Code.LETTER_GONE: (
        "Svar {id} finnes ikke lenger i databasen. Meld fra til drift.",
        "Svar {id} finst ikkje lenger i databasen. Meld frå til drift.",
        "Answer {id} is no longer in the database. Tell operations.",
    ),
    Code.NO_JSON: (
        "metadata.json er ikke lesbar JSON i UTF-8.",
        "metadata.json er ikkje lesbar JSON i UTF-8.",
        "metadata.json is not readable JSON in UTF-8.",
    ),
    Code.NO_OBJECT: (
        "metadata.json er ikke et JSON-objekt.",
        "metadata.json er ikkje eit JSON-objekt.",
        "metadata.json is not a JSON object.",
    ),
    Code.NO_SHIPMENT_ID: (
        "metadata.json mangler forsendelsens id ({key}), eller den kan ikke brukes.",
        "metadata.json manglar id-en til forsendinga ({key}), eller han kan ikkje brukast.",
        "metadata.json lacks the id of the shipment ({key}), or it cannot be used.",
    ),
    Code.HALF_SIGNS: (
        "metadata.json har halve tegn (\\ud800 til \\udfff) som ikke kan skrives ({key}).",
        "metadata.json har halve teikn (\\ud800 til \\udfff) som ikkje kan skrivast ({key}).",
        "metadata.json has half characters (\\ud800 to \\udfff), which cannot be written ({key}).",
    ),
    Code.NO_TIME: (
        "metadata.json mangler et tidspunkt som kan leses ({key}).",
        "metadata.json manglar eit tidspunkt som kan lesast ({key}).",
        "metadata.json lacks a time that can be read ({key}).",
    ),
    Code.TIME_NOT_COME: (
        "Tidspunktet ({key}) i metadata.json er ikke kommet ennå.",
        "Tidspunktet ({key}) i metadata.json er ikkje kome enno.",
        "The time ({key}) in metadata.json has not come yet.",
    ),
    Code.NO_PDF: (
        "Det er ingen PDF i mappen.",
        "Det er ingen PDF i mappa.",
        "There is no PDF in the folder.",
    ),
    Code.FILE_KIND: (
        "Fil {file_number} er {kind:file}. Bare PDF og bilder tas imot.",
        "Fil {file_number} er {kind:file}. Berre PDF og bilete blir tekne imot.",
        "File {file_number} is {kind:file}. Only PDFs and pictures are taken.",
    ),
    Code.EMPTY_FILE: (
        "Fil {file_number} er tom. Legg inn filen på nytt.",
        "Fil {file_number} er tom. Legg inn fila på nytt.",
        "File {file_number} is empty. Put the file there again.",
    ),
    Code.INFECTED: (
        "Fil {file_number} har virus, sier virusskanneren: {virus}.",
        "Fil {file_number} har virus, seier virusskannaren: {virus}.",
        "File {file_number} has a virus, says the virus scanner: {virus}.",
    ),
    Code.SAME_ID: (
        "En forsendelse med samme id og annet innhold er tatt imot før.",
        "Ei forsending med same id og anna innhald er teken imot før.",
        "A shipment with the same id and other content was taken before.",
    ),
    Code.A_LINK: (
        "Forsendelsen er en lenke, ikke en mappe.",
        "Forsendinga er ei lenkje, ikkje ei mappe.",
        "The shipment is a link, not a folder.",
    ),
    Code.OPEN_TO_ALL: (
        "Alle kan skrive i mappen til forsendelsen.",
        "Alle kan skrive i mappa til forsendinga.",
        "Anybody can write in the folder of the shipment.",
    ),
    Code.TOO_MANY_ENTRIES: (
        "Forsendelsen har for mange filer, skjulte medregnet.",
        "Forsendinga har for mange filer, skjulte medrekna.",
        "The shipment has too many files, hidden ones included.",
    ),
    Code.TOO_MANY_FILES: (
        "Forsendelsen har for mange filer; høyst {most} tas imot.",
        "Forsendinga har for mange filer; høgst {most} blir tekne imot.",
        "The shipment has too many files; at most {most} are taken.",
    ),
    Code.NO_METADATA: (
        "Forsendelsen mangler metadata.json.",
        "Forsendinga manglar metadata.json.",
        "The shipment lacks metadata.json.",
    ),
    Code.CANNOT_OPEN: (
        "Forsendelsen har noe som ikke kan åpnes: en lenke, eller en fil som Samvik ikke får lese.",
        "Forsendinga har noko som ikkje kan opnast: ei lenkje, eller ei fil som Samvik ikkje får lese.",
        "The shipment has something that cannot be opened: a link, or a file that Samvik may not read.",
    ),
    Code.NO_PLAIN_FILE: (
        "Forsendelsen har noe annet enn vanlige filer.",
        "Forsendinga har noko anna enn vanlege filer.",
        "The shipment has something that is no ordinary file.",
    ),
    Code.TOO_LARGE: (
        "Forsendelsen er for stor.",
        "Forsendinga er for stor.",
        "The shipment is too large.",
    ),
    Code.NOT_SERVED: (
        "HER-id {her_id} ([[edialog]] {source}) betjenes ikke av denne motoren. Rett samvik.toml.",
        "HER-id {her_id} ([[edialog]] {source}) blir ikkje betent av denne motoren. Rett samvik.toml.",
        "HER-id {her_id} ([[edialog]] {source}) is not served by this engine. Correct samvik.toml.",
    ),
    Code.NOT_CONFIGURED: (
        "[[edialog]] {source} står ikke i samvik.toml lenger, og et svar venter på den. Sett den inn igjen.",
        "[[edialog]] {source} står ikkje i samvik.toml lenger, og eit svar ventar på han. Set han inn att.",
        "[[edialog]] {source} is not configured any more, and an answer waits for it. Put it back into samvik.toml.",
    ),
    Code.FOLDER_OPEN_TO_ALL: (
        "Alle kan skrive i mappen. Ta bort skriverettigheten for andre enn eier og gruppe.",
        "Alle kan skrive i mappa. Ta bort skriveretten for andre enn eigar og gruppe.",
        "Anybody can write in the folder. Take the right to write from all but owner and group.",
    ),
    Code.FOLDER_CLOSED: (
        "Mappen kan ikke åpnes. Se at den og in/ er mapper som motoren kan lese og skrive i.",
        "Mappa kan ikkje opnast. Sjå at ho og in/ er mapper som motoren kan lese og skrive i.",
        "The folder cannot be opened. See that it and in/ are folders that the engine can read and write.",
    ),
    Code.STAYS: (
        "Forsendelsen er behandlet, men kan ikke flyttes eller slettes. Rett rettighetene, eller fjern den.",
        "Forsendinga er handsama, men kan ikkje flyttast eller slettast. Rett rettane, eller fjern henne.",
        "The shipment has been handled, but cannot be moved or deleted. Correct the rights, or remove it.",
    ),
    Code.BAD_SHIPMENT: (
        "En forsendelse i mappen {source} kan ikke brukes, og ligger i failed/. {reason}",
        "Ei forsending i mappa {source} kan ikkje brukast, og ligg i failed/. {reason}",
        "A shipment in the folder {source} cannot be used, and lies in failed/. {reason}",
    ),
    Code.NAME_NOT_TAKEN: (
        "{name} ligger i mappen {source} for forsendelser, og blir ikke tatt: Bare en mappe med filen .ready i er en forsendelse, og navnet begynner ikke med punktum. Gjør den ferdig, eller ta den bort.",
        "{name} ligg i mappa {source} for forsendingar, og blir ikkje teken: Berre ei mappe med fila .ready i er ei forsending, og namnet byrjar ikkje med punktum. Gjer henne ferdig, eller ta henne bort.",
        "{name} lies in the folder {source} of shipments, and is not taken: only a folder with the file .ready in it is a shipment, and its name does not begin with a dot. Complete it, or take it away.",
    ),
    Code.SHIPMENT_WAITS: (
        "Mappen {source} for forsendelser prøves igjen. {reason}",
        "Mappa {source} for forsendingar blir prøvd igjen. {reason}",
        "The folder {source} of shipments is tried again. {reason}",
    ),
}
