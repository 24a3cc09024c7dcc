"""Calls the servers that an engine depends on, and leaves nothing behind: relay, mailboxes, scanner."""

import asyncio
from collections.abc import AsyncIterator

from adapters.mailbox.opening import open_session
from adapters.mailbox.session import Broken
from adapters.settings import Mailbox, Relay, Settings, Tls
from adapters.smtp.relay_line import Lost, open_line
from engine.codes.mail_server import MailServerCode
from engine.codes.premise import PremiseCode
from engine.codes.statement import Statement
from engine.errors import OwnFault
from engine.operations.premises import Premise, Topic, holds, of_neighbour, of_password_in_clear

PATIENCE_SECONDS = 15.0
_HERE = ("127.", "::1", "localhost")


async def neighbours(settings: Settings) -> AsyncIterator[Premise]:
    """Yield how each neighbour answers."""
    yield await _relay(settings.relay)
    for each in settings.mailbox:
        yield await _mailbox(each)
    if not settings.mailbox:
        yield holds(Topic.MAILBOX, PremiseCode.NO_MAILBOX)
    yield await _scanner(settings.scanner.address)


def passwords_in_clear(settings: Settings, *, production: bool) -> list[Premise]:
    """Return where a password would cross a network unprotected. Calls nobody."""
    relay = settings.relay
    found = []
    if relay.user and relay.tls is Tls.NONE and not relay.host.startswith(_HERE):
        found.append(of_password_in_clear(Topic.RELAY, "relay", relay.host, production=production))
    for each in settings.mailbox:
        if each.tls is Tls.NONE and not each.host.startswith(_HERE):
            found.append(of_password_in_clear(Topic.MAILBOX, f"mailbox {each.name}", each.host, production=production))
    return found


async def _relay(relay: Relay) -> Premise:
    error = ""
    try:
        async with asyncio.timeout(PATIENCE_SECONDS):
            line = await open_line(relay, "samvik")
            await line.quit()
    except Lost as lost:
        error = str(lost)
    except TimeoutError:
        error = str(Statement.of(MailServerCode.SILENT))
    return of_neighbour(Topic.RELAY, "relay", f"{relay.host}:{relay.port}", error)


async def _mailbox(place: Mailbox) -> Premise:
    error = ""
    try:
        async with asyncio.timeout(PATIENCE_SECONDS):
            session = await open_session(place)
            await session.close()
    except (Broken, OwnFault) as fault:
        error = str(fault)
    except TimeoutError:
        error = str(Statement.of(MailServerCode.SILENT))
    return of_neighbour(Topic.MAILBOX, f"mailbox {place.name}", f"{place.host}:{place.usual_port}", error)


async def _scanner(address: str) -> Premise:
    if not address:
        return holds(Topic.SCANNER, PremiseCode.NO_SCANNER)
    kind, _, where = address.partition("://" if "://" in address else ":")
    error = ""
    try:
        async with asyncio.timeout(PATIENCE_SECONDS):
            host, _, port = where.rpartition(":")
            opening = asyncio.open_connection(host, int(port)) if kind == "tcp" else asyncio.open_unix_connection(where)
            _, writer = await opening
            writer.close()
    except OSError as fault:
        error = fault.strerror or type(fault).__name__
    return of_neighbour(Topic.SCANNER, "scanner.address", address, error)
