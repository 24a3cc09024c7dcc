"""Files that go from one engine to another: with a case, or as a partner sends them."""

from engine.casework import steps
from engine.commit.actor import Person
from engine.deviation.xml import read_deviation
from engine.payload.apprec import read_apprec
from engine.payload.msghead import read_msghead
from engine.records.messages import Kind
from engine.states.role import Role
from tests.fakes.engines.reporting import case_of
from tests.fakes.partners.documents import reply
from tests.fakes.partners.forgery import Letter, payload_mail
from tests.fakes.world.files import JPEG, PDF, PNG, TIFF
from tests.fakes.world.parties import GP, GP_SERVICE, LEVANGER_SERVICE
from tests.fakes.world.surroundings import DEVIATION

REPORTER = Person(Role.MELDER, GP_SERVICE, "Mette Moe")
ASSURER = Person(Role.KVALITETSSIKRER, GP, "Kjell Krog")
HANDLER = Person(Role.SAKSBEHANDLER, LEVANGER_SERVICE, "Siri Berg")
FILES = [("funn.pdf", PDF), ("sår æøå.png", PNG), ("ct.tif", TIFF), ("bilde.JPG", JPEG)]
SECRET = "hemmelig"


async def sent_with(pair, files):
    """Bring a case with files from the draft to the other side's inbox."""
    ports = pair.gp.ports
    case = await steps.new(ports, REPORTER, read_deviation(DEVIATION), LEVANGER_SERVICE, files)
    await steps.submit(ports, REPORTER, case.number)
    await steps.approve(ports, ASSURER, case.number)
    await steps.send(ports, ASSURER, case.number)
    await pair.settle()
    return await case_of(pair.gp, GP)


async def received(side, owner):
    """Return the attachments of the newest inbox item."""
    newest = (await side.inbox(owner))[0]
    async with side.ports.store.begin() as uow:
        _, document = await uow.inbox_item(owner, newest.id)
    return read_msghead(document).attachments


def letter(*files, msg_id="svar-1", number=1):
    """Return a plain message of the GP's with these files, as a mail."""
    written = reply("traad-1", msg_id, sender=GP_SERVICE, receiver=LEVANGER_SERVICE, attachments=files)
    return payload_mail(Letter(message_id=f"melding-{number}"), written)


async def told(side):
    """Return status, code and words of the newest AppRec."""
    rows = [row for row in await side.outbound() if row.kind is Kind.APPREC]
    found = read_apprec(side.ports.store.tables.outbound[rows[-1].id][2])
    return found.status, [(error.code, error.detail) for error in found.errors]
