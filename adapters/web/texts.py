"""Every sentence of the pages in bokmål, nynorsk and English; the field's own words stand in `words`.

A row is (bokmål, nynorsk, English). `{}` is filled in by the caller.
"""

from adapters.words.language import Language, Row
from adapters.words.speaking import sentence
from adapters.words.terms import CAUSES, DETAILS, EVENTS, KINDS, OWNERS, ROLES, STATES

LANGUAGE_NAMES = {Language.NB: "Bokmål", Language.NN: "Nynorsk", Language.EN: "English"}
_ORDER = list(Language)

TEXTS: dict[str, Row] = {
    "product": ("Leveringslogg", "Leveringslogg", "Delivery log"),
    "skip": ("Hopp til innholdet", "Hopp til innhaldet", "Skip to content"),
    "nav": ("Sider", "Sider", "Pages"),
    "nav.action": ("Krever handling", "Krev handling", "Needs action"),
    "nav.messages": ("Meldinger", "Meldingar", "Messages"),
    "nav.cases": ("Saker", "Saker", "Cases"),
    "nav.search": ("Søk", "Søk", "Search"),
    "language": ("Språk", "Språk", "Language"),
    "env.demo": ("Demo", "Demo", "Demo"),
    "env.test": ("Test", "Test", "Test"),
    "env.production": ("Produksjon", "Produksjon", "Production"),
    "log_in": ("Logg inn", "Logg inn", "Log in"),
    "log_in.lead": (
        "Følg meldingene til og fra virksomheten din, og se hva som venter på deg.",
        "Følg meldingane til og frå verksemda di, og sjå kva som ventar på deg.",
        "Follow the messages to and from your organisation, and see what waits for you.",
    ),
    "log_in.name": ("Brukernavn", "Brukarnamn", "User name"),
    "log_in.password": ("Passord", "Passord", "Password"),
    "log_in.wrong": (
        "Feil brukernavn eller passord. Prøv igjen.",
        "Feil brukarnamn eller passord. Prøv igjen.",
        "Wrong user name or password. Try again.",
    ),
    "log_in.many": (
        "For mange forsøk. Vent et kvarter og prøv igjen.",
        "For mange forsøk. Vent eit kvarter og prøv igjen.",
        "Too many attempts. Wait a quarter of an hour and try again.",
    ),
    "log_in.production": (
        "Lokale brukere er ikke for produksjon. Her logger ingen inn med passord; bruk kommandolinjen til "
        "organisasjonens egen innlogging er koblet til.",
        "Lokale brukarar er ikkje for produksjon. Her loggar ingen inn med passord; bruk kommandolinja til "
        "organisasjonen si eiga innlogging er kopla til.",
        "Local users are not for production. Nobody logs in by password here; use the command line until your "
        "organisation's own log-in is connected.",
    ),
    "log_in.local": (
        "Lokal bruker, laget med «samvik user add».",
        "Lokal brukar, laga med «samvik user add».",
        "A local user, made with “samvik user add”.",
    ),
    "log_out": ("Logg ut", "Logg ut", "Log out"),
    "logged_in_as": ("Innlogget som", "Innlogga som", "Logged in as"),
    "figures": ("Status nå", "Status no", "Status now"),
    "figure.waiting": ("Venter på å gå ut", "Ventar på å gå ut", "Waiting to go out"),
    "figure.unacknowledged": ("Uten transport\u00adkvittering", "Utan transport\u00adkvittering", "Without acknowledgment"),
    "figure.without_apprec": ("Uten applikasjons\u00adkvittering", "Utan applikasjons\u00adkvittering", "Without receipt (AppRec)"),
    "figure.quarantined": ("I karantene", "I karantene", "In quarantine"),
    "figure.open_tasks": ("Åpne oppgaver", "Opne oppgåver", "Open tasks"),
    "figure.past_due": ("Saker over svarfrist", "Saker over svarfrist", "Cases past their answer date"),
    "figure.clear": ("i orden", "i orden", "all clear"),
    "figure.look": ("se på", "sjå på", "look at"),
    "figure.under_way": ("underveis", "undervegs", "under way"),
    "action.title": ("Krever handling", "Krev handling", "Needs action"),
    "action.alarms": ("Alarmer", "Alarmar", "Alarms"),
    "action.alarms.since": ("siden", "sidan", "since"),
    "action.alarms.count": ("feil", "feil", "failures"),
    "action.alarms.ours": ("Vår egen vei ut", "Vår eigen veg ut", "Our own way out"),
    "action.tasks": ("Oppgaver", "Oppgåver", "Tasks"),
    "action.tasks.none": ("Ingen åpne oppgaver.", "Ingen opne oppgåver.", "No open tasks."),
    "action.messages": (
        "Meldinger som har stoppet eller er over fristen",
        "Meldingar som har stoppa eller er over fristen",
        "Messages that have stopped or are past their deadline",
    ),
    "action.messages.none": (
        "Alle meldinger er i rute.",
        "Alle meldingar er i rute.",
        "Every message is on its way as it should be.",
    ),
    "action.cases": ("Saker over fristen", "Saker over fristen", "Cases past their deadline"),
    "action.cases.none": ("Ingen saker er over fristen.", "Ingen saker er over fristen.", "No case is past its deadline."),
    "action.newest": ("Siste meldinger", "Siste meldingar", "Latest messages"),
    "action.newest_cases": ("Siste saker", "Siste saker", "Latest cases"),
    "see_all": ("Se alle", "Sjå alle", "See all"),
    "action.tasks.more": ("flere oppgaver vises når disse er gjort", "fleire oppgåver kjem fram når desse er gjorde", "more tasks show when these are done"),
    "task.count": ("{} til nå", "{} til no", "{} so far"),
    "task.due": ("Frist", "Frist", "Due"),
    "task.late": ("over fristen", "over fristen", "overdue"),
    "task.role": ("For", "For", "For"),
    "task.about_message": ("Se meldingen", "Sjå meldinga", "See the message"),
    "task.about_case": ("Se sak {}", "Sjå sak {}", "See case {}"),
    "messages.title": ("Meldinger", "Meldingar", "Messages"),
    "messages.none": ("Ingen meldinger passer til utvalget.", "Ingen meldingar passar til utvalet.", "No message matches."),
    "messages.shown": ("{} meldinger vises, de nyeste først.", "{} meldingar er viste, dei nyaste først.", "{} messages shown, the newest first."),
    "messages.table": ("Meldinger, de nyeste først", "Meldingar, dei nyaste først", "Messages, the newest first"),
    "cases.title": ("Saker", "Saker", "Cases"),
    "cases.none": ("Ingen saker passer til utvalget.", "Ingen saker passar til utvalet.", "No case matches."),
    "cases.shown": ("{} saker vises, de nyeste først.", "{} saker er viste, dei nyaste først.", "{} cases shown, the newest first."),
    "cases.table": ("Saker, de nyeste først", "Saker, dei nyaste først", "Cases, the newest first"),
    "filter": ("Vis", "Vis", "Show"),
    "filter.state": ("Tilstand", "Tilstand", "State"),
    "filter.way": ("Retning", "Retning", "Direction"),
    "filter.kind": ("Type", "Type", "Type"),
    "filter.all": ("Alle", "Alle", "All"),
    "filter.apply": ("Vis utvalg", "Vis utval", "Apply"),
    "filter.clear": ("Nullstill", "Nullstill", "Clear"),
    "filter.figures": ("Status", "Status", "Status"),
    "filter.out": ("Ut", "Ut", "Out"),
    "filter.in": ("Inn", "Inn", "In"),
    "older": ("Eldre", "Eldre", "Older"),
    "newest": ("Til de nyeste", "Til dei nyaste", "To the newest"),
    "way.out": ("Ut", "Ut", "Out"),
    "way.in": ("Inn", "Inn", "In"),
    "col.time": ("Tid", "Tid", "Time"),
    "col.way": ("Retning", "Retning", "Direction"),
    "col.kind": ("Type", "Type", "Type"),
    "col.parties": ("Fra og til", "Frå og til", "From and to"),
    "col.state": ("Tilstand", "Tilstand", "State"),
    "col.waits": ("Venter på", "Ventar på", "Waits for"),
    "col.id": ("Id", "Id", "Id"),
    "col.number": ("Sak", "Sak", "Case"),
    "col.partner": ("Motpart", "Motpart", "Other party"),
    "col.due": ("Svarfrist", "Svarfrist", "Answer due"),
    "col.deadline": ("Neste frist", "Neste frist", "Next deadline"),
    "nobody": ("ingen", "ingen", "nobody"),
    "unknown": ("ukjent", "ukjend", "unknown"),
    "from": ("fra", "frå", "from"),
    "to": ("til", "til", "to"),
    "by": ("innen", "innan", "by"),
    "late": ("over fristen", "over fristen", "overdue"),
    "search.title": ("Søk", "Søk", "Search"),
    "search.label": ("Finn en melding eller sak", "Finn ei melding eller sak", "Find a message or case"),
    "search.hint": (
        "MessageId, MsgId, ConversationId, RefToMessageId, saksnummer, eller minst de 8 første tegnene av vår egen id.",
        "MessageId, MsgId, ConversationId, RefToMessageId, saksnummer, eller minst dei 8 første teikna av vår eigen id.",
        "MessageId, MsgId, ConversationId, RefToMessageId, a case number, or at least the first 8 signs of our own id.",
    ),
    "search.go": ("Søk", "Søk", "Search"),
    "search.none": ("Ingen treff.", "Ingen treff.", "Nothing found."),
    "search.many": ("{} treff.", "{} treff.", "{} found."),
    "search.cut": (
        "De nyeste {} treffene vises, og det er flere. Søk med mer av id-en.",
        "Dei nyaste {} treffa blir viste, og det er fleire. Søk med meir av id-en.",
        "The newest {} are shown, and there are more. Search with more of the id.",
    ),
    "search.private": (
        "Søket så ut til å inneholde et fødselsnummer og er ikke utført. Søk med meldingens id eller saksnummer.",
        "Søket såg ut til å innehalde eit fødselsnummer og er ikkje utført. Søk med id-en til meldinga eller saksnummer.",
        "The search seemed to hold a national identity number and was not made. Search by message id or case number.",
    ),
    "message.about": ("Om meldingen", "Om meldinga", "About the message"),
    "message.ids": ("Identifikatorer", "Identifikatorar", "Identifiers"),
    "message.word": ("Motparten skrev", "Motparten skreiv", "The other party wrote"),
    "message.related": ("Hører sammen med", "Høyrer saman med", "Belongs together with"),
    "message.tasks": ("Åpne oppgaver", "Opne oppgåver", "Open tasks"),
    "message.case": ("Hører til sak", "Høyrer til sak", "Belongs to case"),
    "message.back": ("Alle meldinger", "Alle meldingar", "All messages"),
    "case.about": ("Om saken", "Om saka", "About the case"),
    "case.messages": ("Meldinger i saken", "Meldingar i saka", "Messages in the case"),
    "case.back": ("Alle saker", "Alle saker", "All cases"),
    "case.by_us": ("Meldt av oss", "Meld av oss", "Reported by us"),
    "case.to_us": ("Meldt til oss", "Meld til oss", "Reported to us"),
    "case.private": (
        "Innholdet i saken er kryptert og vises ikke her.",
        "Innhaldet i saka er kryptert og blir ikkje vist her.",
        "What the case says is encrypted and is not shown here.",
    ),
    "timeline": ("Tidslinje", "Tidslinje", "Timeline"),
    "timeline.hint": (
        "Tider i Oslo. Innrykk er en kvittering eller melding som hører til.",
        "Tider i Oslo. Innrykk er ei kvittering eller melding som høyrer til.",
        "Times in Oslo. Indented lines are about a receipt or message that belongs to it.",
    ),
    "timeline.none": ("Ingenting er logget.", "Ingenting er logga.", "Nothing is logged."),
    "timeline.by": ("av", "av", "by"),
    "looks": ("Hvem har sett på", "Kven har sett på", "Who has looked"),
    "looks.hint": (
        "Hvert oppslag logges.",
        "Kvart oppslag blir logga.",
        "Every look is logged.",
    ),
    "fact.from": ("Fra", "Frå", "From"),
    "fact.to": ("Til", "Til", "To"),
    "fact.made": ("Laget", "Laga", "Made"),
    "fact.received": ("Mottatt", "Motteke", "Received"),
    "fact.sent": ("Sist sendt", "Sist send", "Last sent"),
    "fact.attempts": ("Forsøk", "Forsøk", "Attempts"),
    "fact.deadline": ("Frist", "Frist", "Deadline"),
    "fact.waits": ("Venter på", "Ventar på", "Waits for"),
    "fact.reason": ("Årsak", "Årsak", "Reason"),
    "fact.size": ("Størrelse", "Storleik", "Size"),
    "fact.apprec": ("Vår applikasjonskvittering", "Vår applikasjonskvittering", "Our receipt (AppRec)"),
    "fact.ours": ("Vår part", "Vår part", "Our party"),
    "fact.theirs": ("Motpart", "Motpart", "Other party"),
    "fact.their_number": ("Motpartens saksnummer", "Saksnummeret til motparten", "Their case number"),
    "fact.opened": ("Opprettet", "Oppretta", "Opened"),
    "fact.start": ("Klokka startet", "Klokka starta", "Clock started"),
    "fact.due": ("Svarfrist", "Svarfrist", "Answer due"),
    "fact.reminder": ("Purring tidligst", "Purring tidlegast", "Reminder at the earliest"),
    "fact.reminded": ("Purret", "Purra", "Reminded"),
    "fact.answered": ("Besvart", "Svart på", "Answered"),
    "fact.leg": ("Sendt til mottaker nr.", "Send til mottakar nr.", "Sent to receiver no."),
    "id.own": ("Vår id", "Vår id", "Our id"),
    "bytes": ("{} byte", "{} byte", "{} bytes"),
    "error.404": ("Fant ikke siden", "Fann ikkje sida", "Page not found"),
    "error.404.text": (
        "Siden, meldingen eller saken finnes ikke her, eller den tilhører en annen virksomhet.",
        "Sida, meldinga eller saka finst ikkje her, eller ho høyrer til ei anna verksemd.",
        "The page, message or case does not exist here, or belongs to another organisation.",
    ),
    "error.403": ("Ikke tilgang", "Ikkje tilgang", "No access"),
    "error.403.text": (
        "Skjemaet kom ikke fra denne siden, eller rollen din har ikke tilgang. Gå tilbake og prøv igjen.",
        "Skjemaet kom ikkje frå denne sida, eller rolla di har ikkje tilgang. Gå tilbake og prøv igjen.",
        "The form did not come from this page, or your role has no access. Go back and try again.",
    ),
    "error.400": ("Kan ikke behandles", "Kan ikkje handsamast", "Cannot be handled"),
    "error.400.text": (
        "Forespørselen er ikke slik siden venter. Gå tilbake og prøv igjen.",
        "Førespurnaden er ikkje slik sida ventar. Gå tilbake og prøv igjen.",
        "The request is not as the page expects. Go back and try again.",
    ),
    "error.500": ("Noe gikk galt", "Noko gjekk gale", "Something went wrong"),
    "error.500.text": (
        "Feilen er logget hos oss. Prøv igjen om litt. Meldingene går sin gang uavhengig av denne siden.",
        "Feilen er logga hos oss. Prøv igjen om litt. Meldingane går sin gang uavhengig av denne sida.",
        "The error has been logged. Try again shortly. Messages go on their way independently of this page.",
    ),
    "error.503": ("Databasen svarer ikke", "Databasen svarar ikkje", "The database does not answer"),
    "error.503.text": (
        "Prøv igjen om litt. Innkommende meldinger blir tatt imot så snart databasen svarer.",
        "Prøv igjen om litt. Innkomande meldingar blir tekne imot så snart databasen svarar.",
        "Try again shortly. Incoming messages are taken as soon as the database answers.",
    ),
    "error.back": ("Til forsiden", "Til framsida", "To the front page"),
}  # fmt: skip

TABLES: dict[str, dict[str, Row]] = {
    "text": TEXTS,
    "cause": CAUSES,
    "state": STATES,
    "event": EVENTS,
    "kind": KINDS,
    "role": ROLES,
    "owner": OWNERS,
    "detail": DETAILS,
}


class Voice:
    """Speaks one language."""

    def __init__(self, language: Language) -> None:
        self.language = language
        self._place = _ORDER.index(language)

    def __call__(self, key: str, *filled: object) -> str:
        """Return a text by its key. Raises KeyError for a key that is not in the table: that is a bug."""
        return TEXTS[key][self._place].format(*filled)

    def said(self, what: str) -> str:
        """Return a stored statement in words; what a person wrote is returned as it is."""
        return sentence(what, self.language)

    def word(self, table: str, key: str) -> str:
        """Return a term of a table in plain language; the key itself when the table lacks it."""
        row = TABLES[table].get(key)
        return row[self._place] if row else key


def chosen(asked: str | None, kept: str | None, accepted: str) -> Language:
    """Return the first of these languages that we have: of the address, the cookie, Accept-Language; else bokmål."""
    for wish in (asked, kept, *_preferred(accepted)):
        if wish in set(Language):
            return Language(wish)
    return Language.NB


def _preferred(accepted: str) -> list[str]:
    """Return the language codes of an Accept-Language header, the best first; `no` is bokmål."""
    wishes = []
    for part in accepted.split(",")[:20]:
        tag, _, weight = part.strip().partition(";q=")
        try:
            wishes.append((-float(weight or 1), tag.partition("-")[0].lower()))
        except ValueError:
            continue
    return [{"no": "nb"}.get(tag, tag) for _, tag in sorted(wishes, key=lambda wish: wish[0])]
