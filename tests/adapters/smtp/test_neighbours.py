"""What a mail server in front of us may ask: mail in UTF-8 and 8 bits, and the desks that every mail server has."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import aiosmtplib
import pytest

from adapters.settings import Limits, Listen, ListenProtocol
from adapters.smtp.listener import Desk, Listener
from engine.inbound.desk import desk_addresses
from engine.names import OPERATOR
from engine.states.inbound import InboundState
from tests.fakes.engines.running_node import ADDRESS, running
from tests.fakes.partners.wire import Line, dialled

OURS = {"edi@samvik.test", "to@annen.test"}
MAIL = "Subject: Sør-Trøndelag\r\n\r\nblåbær \x80\r\n".encode()
OPTIONS = ["", " BODY=8BITMIME", " SMTPUTF8", " BODY=8BITMIME SMTPUTF8", " SIZE=100 SMTPUTF8 BODY=7BIT"]


class Shelves:
    """Where mails are put: those for parties, and those for the desks."""

    def __init__(self) -> None:
        self.parties: list[bytes] = []
        self.desk: list[bytes] = []

    async def take_in(self, raw: bytes, _peer: str) -> int:
        """Store a mail to a party."""
        self.parties.append(bytes(raw))
        return 1

    async def take_for_desk(self, raw: bytes, _peer: str) -> int:
        """Store a mail to a desk."""
        self.desk.append(bytes(raw))
        return 1


@asynccontextmanager
async def greeted(shelves: Shelves, protocol: ListenProtocol) -> AsyncIterator[Line]:
    """Give a connection to a listener with two addresses, greeted."""
    desk = Desk(shelves.take_for_desk, lambda: desk_addresses(OURS))
    settings = Listen(port=0, protocol=protocol)
    opened = Listener(settings, Limits(), shelves.take_in, lambda: OURS, desk=desk)
    port = await opened.start()
    try:
        async with dialled(port, greet=False) as line:
            assert await line.answer() == 220
            assert await line.say(f"{'LHLO' if protocol is ListenProtocol.LMTP else 'EHLO'} nabo.test") == 250
            yield line
    finally:
        await opened.stop()


@pytest.fixture
def shelves() -> Shelves:
    """Give empty shelves."""
    return Shelves()


@pytest.mark.parametrize("protocol", list(ListenProtocol))
@pytest.mark.parametrize("options", OPTIONS)
async def test_mail_in_utf8_and_eight_bits_is_taken(shelves: Shelves, protocol: ListenProtocol, options: str) -> None:
    """Whatever a neighbour says of its bytes, and of a sender with letters of its own, they are stored unchanged."""
    async with greeted(shelves, protocol) as line:
        sender = "sør@blåbær.test" if "SMTPUTF8" in options else "sor@example.test"
        assert await line.say(f"MAIL FROM:<{sender}>{options}") == 250
        assert await line.say("RCPT TO:<edi@samvik.test>") == 250
        assert await line.say("DATA") == 354
        line.write(MAIL + b".\r\n")
        assert await line.answer() == 250
    assert shelves.parties == [MAIL]


@pytest.mark.parametrize("said", [b"RCPT TO:<\xff\xfe@samvik.test>", b"VRFY \xff\xfe", b"\xff\xfe", b"NOOP \xff"])
async def test_bytes_that_are_no_utf8_harm_no_command(shelves: Shelves, said: bytes) -> None:
    """A command in bytes that are no UTF-8 is refused or ignored, and the same connection goes on."""
    async with greeted(shelves, ListenProtocol.SMTP) as line:
        assert await line.say("MAIL FROM:<a@example.test> SMTPUTF8") == 250
        line.write(said + b"\r\n")
        assert await line.answer() in {250, 252, 500, 501, 502, 550, 553}
        assert await line.say("RCPT TO:<edi@samvik.test>") == 250
        assert await line.say("DATA") == 354
        line.write(MAIL + b".\r\n")
        assert await line.answer() == 250


async def test_a_library_sees_what_is_offered(shelves: Shelves) -> None:
    """An ordinary client finds SMTPUTF8 and 8BITMIME offered, uses them, and is told that the mail is stored."""
    opened = Listener(Listen(port=0), Limits(), shelves.take_in, lambda: OURS)
    client = aiosmtplib.SMTP(hostname="127.0.0.1", port=await opened.start())
    try:
        async with client:
            assert client.supports_extension("smtputf8")
            assert client.supports_extension("8bitmime")
            options = ["SMTPUTF8", "BODY=8BITMIME"]
            await client.sendmail("sør@blåbær.test", "edi@samvik.test", MAIL, mail_options=options)
            with pytest.raises(aiosmtplib.SMTPRecipientsRefused):
                await client.sendmail("a@example.test", "postmaster", MAIL)
    finally:
        await opened.stop()
    assert shelves.parties == [MAIL]


@pytest.mark.parametrize("protocol", list(ListenProtocol))
@pytest.mark.parametrize(
    "to", ["postmaster", "Postmaster", "POSTMASTER@Samvik.Test", "abuse@samvik.test", "postmaster@annen.test"]
)
async def test_mail_to_a_desk_is_taken_for_people(shelves: Shelves, protocol: ListenProtocol, to: str) -> None:
    """Postmaster, alone and at each domain of ours, and abuse there are taken, in any letters, for people to read."""
    async with greeted(shelves, protocol) as line:
        assert await line.mail(to, MAIL) == 250
    assert (shelves.parties, shelves.desk) == ([], [MAIL + b"\r\n"])


@pytest.mark.parametrize(
    "to", ["abuse", "postmaster@example.test", "hostmaster@samvik.test", "postmaster@", "xpostmaster"]
)
async def test_other_desks_are_not_ours(shelves: Shelves, to: str) -> None:
    """A desk of a foreign domain, or one that we do not have, is refused for good."""
    async with greeted(shelves, ListenProtocol.SMTP) as line:
        assert await line.to(to) in {550, 553}


async def test_a_mail_to_a_party_and_a_desk_is_the_partys(shelves: Shelves) -> None:
    """A mail to a party is processed, whoever else gets it: what cannot be read is for people then."""
    async with greeted(shelves, ListenProtocol.SMTP) as line:
        assert await line.to("postmaster@samvik.test") == 250
        assert await line.say("RCPT TO:<edi@samvik.test>") == 250
        assert await line.say("DATA") == 354
        line.write(MAIL + b".\r\n")
        assert await line.answer() == 250
    assert (shelves.parties, shelves.desk) == ([MAIL], [])


def test_a_party_may_have_a_desks_address() -> None:
    """What the register has as a party's address is no desk."""
    assert "postmaster@samvik.test" not in desk_addresses({"postmaster@samvik.test"})
    assert desk_addresses(set()) == {"postmaster"}


async def test_a_node_takes_mail_to_its_postmaster(tmp_path: Path, pg_url: str, quick_keys: Path) -> None:
    """A node has the desks of its register's domains: what comes to them stands in quarantine, with that reason."""
    domain = ADDRESS.partition("@")[2]
    async with running(tmp_path, pg_url, quick_keys) as here, dialled(here.node.port) as line:
        for to in ("postmaster", f"abuse@{domain}"):
            assert await line.mail(to, MAIL) == 250
        rows = await here.other.store.list_inbound(OPERATOR)
        assert [(row.state, row.reason) for row in rows] == [(InboundState.KARANTENE, "inbound.to_a_desk")] * 2
