"""What the command line says about cases: headings, facts and what came of a command."""

from adapters.words.language import Row

CASES: Row = ("Saker", "Saker", "Cases")
COLUMNS: dict[str, Row] = {
    "number": ("Sak", "Sak", "Case"),
    "way": ("Vei", "Veg", "Way"),
    "partner": ("Motpart", "Motpart", "Other party"),
    "state": ("Tilstand", "Tilstand", "State"),
    "due": ("Svarfrist", "Svarfrist", "Answer due"),
    "deadline": ("Neste frist", "Neste frist", "Next deadline"),
    "waits_for": ("Venter på", "Ventar på", "Waits for"),
}
BY_US: Row = ("meldt av oss", "meld av oss", "reported by us")
TO_US: Row = ("meldt til oss", "meld til oss", "reported to us")

STANDING: Row = ("{number} er nå {state}.", "{number} er no {state}.", "{number} is now {state}.")
DUE: Row = ("Svarfristen er {day:day}.", "Svarfristen er {day:day}.", "The answer is due {day:day}.")
DUE_PASSED: Row = (
    "Svarfristen var {day:day}, og er passert.",
    "Svarfristen var {day:day}, og er passert.",
    "The answer is due {day:day}, which has passed.",
)

OUR_NUMBER: Row = ("Vårt saksnummer", "Saksnummeret vårt", "Our case number")
THEIR_NUMBER: Row = ("Motpartens saksnummer", "Saksnummeret til motparten", "Case number of the other party")
SIDES: Row = ("{ours} og {theirs}", "{ours} og {theirs}", "{ours} and {theirs}")
REASON: Row = ("Begrunnelse", "Grunngjeving", "Reason")
CLOCK: Row = (
    "klokka startet {start:day}, svarfrist {due:day}",
    "klokka starta {start:day}, svarfrist {due:day}",
    "the clock started {start:day}, answer due {due:day}",
)
DEADLINE: Row = (
    "neste frist {at:instant}, venter på {owner:owner}",
    "neste frist {at:instant}, ventar på {owner:owner}",
    "next deadline {at:instant}, waits for {owner:owner}",
)
ATTACHMENT: Row = ("Vedlegg", "Vedlegg", "Attachment")
CAME_AS: Row = ("Kom som", "Kom som", "Came as")
ANSWER: Row = ("Svar {id}", "Svar {id}", "Answer {id}")
DELIVERED: Row = ("levert {day:day}", "levert {day:day}", "delivered {day:day}")
NOT_SENT: Row = ("ikke sendt", "ikkje sendt", "not sent")

NO_SUBJECT: Row = ("Uten emne", "Utan emne", "No subject")
NUMBERED_ATTACHMENT: Row = ("Vedlegg {number}", "Vedlegg {number}", "Attachment {number}")
ELSEWHERE: Row = (
    "ligger et annet sted, og hentes ikke",
    "ligg ein annan stad, og blir ikkje henta",
    "lies elsewhere, and is not fetched",
)
AS_DATA: Row = ("avviket som data", "avviket som data", "the deviation as data")
SIZE: Row = ("{what}, {size} byte", "{what}, {size} byte", "{what}, {size} bytes")

WRITTEN: Row = (
    "Skrevet til {path}, som bare du kan lese. Slett det når du har lest det.",
    "Skrive til {path}, som berre du kan lese. Slett det når du har lese det.",
    "Written to {path}, readable by you alone. Delete it when you have read it.",
)
LETTER_WRITTEN: Row = (
    'Skrevet til {path}, som bare du kan lese. Når svaret er levert: samvik message delivered {id} --channel KANAL --at ÅÅÅÅ-MM-DD --reason "..."',
    'Skrive til {path}, som berre du kan lese. Når svaret er levert: samvik message delivered {id} --channel KANAL --at ÅÅÅÅ-MM-DD --reason "..."',
    'Written to {path}, readable by you alone. When it is delivered: samvik message delivered {id} --channel CHANNEL --at YYYY-MM-DD --reason "..."',
)
NOW: Row = ("{id} er nå {state}.", "{id} er no {state}.", "{id} is now {state}.")
