"""The story: each step says what happens, waits for the engines to do it, and checks what came of it."""

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta

from adapters.demo.disturbances import duplicate, lost_acknowledgment, tampered, unknown_receiver
from adapters.demo.record_system import PATIENT, write_plain, write_receipt, write_reply
from adapters.demo.telling import NotAsTold, Telling
from engine.case.calendar import end_of, oslo_date
from engine.case.record import Case
from engine.casework import steps
from engine.commit.actor import Person
from engine.deviation.fields import FILE_NAME, Answer
from engine.deviation.xml import write_deviation
from engine.inbox.made_pdf import MADE_FILE
from engine.names import HerId
from engine.outbound.pdf import PDF_FILE
from engine.states.case import CaseState
from engine.states.delivery import DeliveryState
from engine.states.role import Role
from engine.times import OSLO

GP, LEVANGER, VERDAL = HerId("8090301"), HerId("8090101"), HerId("8090201")
SNAASA, HOSPITAL, EMERGENCY = HerId("8090501"), HerId("8090401"), HerId("8090402")
ONE_MINUTE, ONE_DAY = timedelta(minutes=1), timedelta(days=1)
WEDNESDAY, MORNING = 2, 10

Step = Callable[[Telling], Awaitable[str]]


async def gp_to_hospital(told: Telling) -> str:
    """Namdalen legekontor melder et avvik til Samhandlingsavdelingen på sykehuset."""
    ours = await told.report(
        GP, HOSPITAL, "Epikrise kom ni dager etter utskrivning", "Pasienten ble utskrevet uten at vi fikk epikrise."
    )
    theirs = await told.their_case(ours, CaseState.UNDER_BEHANDLING)
    return (
        f"Signert, kryptert og kvittert. Hver side har sin egen sak: {ours.number} hos legekontoret, "
        f"{theirs.number} på sykehuset. Svarfristen er {theirs.due:%d.%m.%Y}."
    )


async def plain_from_gp(told: Telling) -> str:
    """Snåsa legekontor har et fagsystem uten Samvik, og sender en vanlig dialogmelding om en pasient."""
    text = "Vi savner epikrise etter oppholdet i forrige uke. Det er tredje gang i høst."
    sent = await write_plain(told.gp, SNAASA, HOSPITAL, "Manglende epikrise", text)
    await told.reaches(sent, DeliveryState.LEVERT)
    draft = await told.draft_from_outside(sent)
    said = write_deviation(await told.said_in(draft)).decode()
    if text not in said or any(mark in said for mark in PATIENT):
        raise NotAsTold("the draft should hold the text, and nothing of the patient")
    ports = told.hospital.node.ports
    await steps.register(ports, Person(Role.SAKSBEHANDLER, HOSPITAL, "Siri Berg"), draft.number)
    return f"Ble utkast {draft.number} med teksten, uten pasienten. En saksbehandler bekreftet at det er et avvik."


async def with_a_pdf(told: Telling) -> str:
    """Sykehuset melder til Snåsa legekontor, og til Namdalen legekontor som har Samvik."""
    title, text = "Henvisning manglet medisinliste", "Pasienten kom til innleggelse uten oppdatert medisinliste."
    to_snaasa = await told.report(HOSPITAL, SNAASA, title, text)
    to_namdalen = await told.report(HOSPITAL, GP, title, text)
    if [each.name for each in await told.files_of(to_snaasa)] != [FILE_NAME, PDF_FILE]:
        raise NotAsTold("a partner without Samvik should have a PDF")
    if [each.name for each in await told.files_of(to_namdalen)] != [FILE_NAME]:
        raise NotAsTold("a partner with Samvik should have no PDF with its document")
    size = len((await told.files_of(to_snaasa))[1].content) // 1000
    return f"Snåsa fikk en PDF på {size} kB ved siden av teksten. Namdalen lager den selv når noen ber om den."


async def municipality_to_department(told: Telling) -> str:
    """Levanger kommune melder til akuttmottaket på sykehuset, og får svar."""
    ours = await told.report(
        LEVANGER, EMERGENCY, "Utskrevet uten medisinliste", "Pasienten kom fredag kveld uten oppdatert medisinliste."
    )
    theirs = await told.their_case(ours, CaseState.UNDER_BEHANDLING)
    answer = Answer("Vi beklager. Listen ble ikke sendt fra avdelingen.", "Bemanning", "Sjekkliste ved utskrivning")
    ports = told.hospital.node.ports
    await steps.answer(
        ports, Person(Role.SAKSBEHANDLER, theirs.our_her, "Siri Berg"), theirs.number, answer, final=True
    )
    await told.case_is(ours, CaseState.BESVART)
    return f"Akuttmottaket svarte i tråden. Sak {ours.number} er besvart, og ingen purring går."


async def between_neighbours(told: Telling) -> str:
    """Levanger melder til Verdal: to kommuner i samme motor, over SMTP som alle andre."""
    ours = await told.report(
        LEVANGER, VERDAL, "Hjelpemiddel fulgte ikke med", "Rullestolen ble igjen da beboeren flyttet."
    )
    theirs = await told.their_case(ours, CaseState.UNDER_BEHANDLING)
    await _cannot_see(told, VERDAL, ours)
    await _cannot_see(told, LEVANGER, theirs)
    return f"Levanger har sak {ours.number}, Verdal sak {theirs.number}, og ingen av dem ser den andres rader."


async def through_the_folder(told: Telling) -> str:
    """Sykehuset melder til Levanger, der fagsystemet leser og skriver i en mappe."""
    case = await told.report_only(
        HOSPITAL, LEVANGER, "Feil telefonnummer", "Hjemmetjenestens vakttelefon svarte ikke på oppgitt nummer."
    )
    folder = await told.in_folder(LEVANGER, str(case.first_msg_id))
    if not (folder / "attachments" / MADE_FILE).exists():
        raise NotAsTold("the folder should hold the PDF that the hospital left out")
    await told.network_is_quiet()
    if (await told.case_as_it_stands(case)).state is not CaseState.SENDES:
        raise NotAsTold("the hospital should not be told before the record system has said its word")
    write_receipt(told.municipal, folder, LEVANGER)
    await told.case_is(case, CaseState.LEVERT, CaseState.UNDER_BEHANDLING)
    write_reply(told.municipal, folder, LEVANGER, "Nummeret er rettet i Adresseregisteret i dag.")
    await told.case_is(case, CaseState.SVAR_IKKE_VURDERT)
    await told.is_taken(LEVANGER)
    await steps.judge_reply(
        told.hospital.node.ports, Person(Role.SAKSBEHANDLER, HOSPITAL, "Siri Berg"), case.number, final=True
    )
    await told.case_is(case, CaseState.BESVART)
    return "Kvitteringen fulgte fagsystemets ord. Svaret i mappen kom i tråden, og sykehuset godtok det som endelig."


async def one_reminder(told: Telling) -> str:
    """Sykehuset melder til Verdal og får ikke svar; klokka hopper tretti dager og over en helg."""
    await told.jump_to(_next_wednesday(told.now()))
    case = await told.report(
        HOSPITAL, VERDAL, "Melding om utskrivningsklar ble ikke besvart", "Vi fikk ikke svar innen fristen i avtalen."
    )
    due, leaves = case.due, case.reminder_at
    if due is None or leaves is None:
        raise NotAsTold("the clock should have started")
    await told.jump_to(end_of(due) + ONE_MINUTE)
    await told.jump_to(leaves - ONE_MINUTE)
    await _reminders(told, case, 0)
    await told.jump_to(leaves)
    await told.case_is(case, CaseState.PURRET)
    await told.their_case(case, CaseState.PURRET)
    await told.jump(ONE_DAY)
    await _reminders(told, case, 1)
    sent = leaves.astimezone(OSLO)
    return (
        f"Fristen gikk ut {_weekday(due.weekday())} {due:%d.%m.%Y}. Én purring gikk {_weekday(sent.weekday())} "
        f"{sent:%d.%m.%Y} kl. {sent:%H.%M}, i tråden, og ingen flere dagen etter."
    )


async def whole_log(told: Telling) -> str:
    """Hendelsesloggen forsegles og kontrolleres."""
    findings = await told.check_logs()
    if findings:
        raise NotAsTold(f"the event log has {len(findings)} findings: {findings[0]}")
    return "Hver hendelse er forseglet, og ingen rad er endret, fjernet eller satt inn."


STEPS: tuple[Step, ...] = (
    gp_to_hospital,
    plain_from_gp,
    with_a_pdf,
    municipality_to_department,
    between_neighbours,
    through_the_folder,
    tampered,
    duplicate,
    unknown_receiver,
    lost_acknowledgment,
    one_reminder,
    whole_log,
)

_WEEKDAYS = ("mandag", "tirsdag", "onsdag", "torsdag", "fredag", "lørdag", "søndag")


def _weekday(number: int) -> str:
    return _WEEKDAYS[number]


def _next_wednesday(now: datetime) -> datetime:
    """Return a Wednesday morning: thirty days from there the answer is due on a Friday, before a weekend."""
    day = oslo_date(now) + timedelta(days=(WEDNESDAY - oslo_date(now).weekday()) % 7)
    at = datetime(day.year, day.month, day.day, MORNING, tzinfo=OSLO)
    return at if at >= now else at + timedelta(days=7)


async def _cannot_see(told: Telling, her_id: HerId, case: Case) -> None:
    """Make sure that a neighbour in the same engine finds nothing under another's case number or id."""
    ports = told.municipal.node.ports
    owner = ports.policy.owner_of(her_id)
    known = await ports.store.list_cases(owner) if owner else []
    if case.id in {each.id for each in known}:
        raise NotAsTold("a party should not see its neighbour's case")


async def _reminders(told: Telling, case: Case, wanted: int) -> None:
    """Make sure how many reminders came to the other side: what stands in the thread beside the deviation."""
    found = len(await told.thread_of(case)) - 1
    if found != wanted:
        raise NotAsTold(f"{wanted} reminders expected, {found} found")
