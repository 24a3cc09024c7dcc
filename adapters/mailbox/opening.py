"""Logs in to a mailbox, with the password and the issuers from files."""

import ssl

from adapters.keys.files import read_secret
from adapters.mailbox.imap import open_imap
from adapters.mailbox.pop3 import open_pop3
from adapters.mailbox.session import Session
from adapters.settings import Mailbox, MailboxProtocol, Tls
from engine.codes.disk import DiskCode
from engine.errors import OwnFault


async def open_session(place: Mailbox) -> Session:
    """Connect and log in. The files are read each time, so that a new password needs no restart.

    Raises Broken with the reason, and OwnFault when a file cannot be used; neither holds the password.
    """
    password, context = check(place)
    opening = open_pop3 if place.protocol is MailboxProtocol.POP3 else open_imap
    return await opening(place, password, context)


def check(place: Mailbox) -> tuple[bytes, ssl.SSLContext | None]:
    """Return the password, and the TLS context with the trusted issuers. Raises OwnFault with the file's name."""
    password = read_secret(place.password_file)
    if not password or b"\0" in password:
        raise OwnFault(DiskCode.NO_PASSWORD, path=place.password_file, setting=f"mailbox {place.name}")
    if place.tls is Tls.NONE:
        return password, None
    try:
        return password, ssl.create_default_context(cafile=place.ca_file)
    except (OSError, ssl.SSLError):
        raise OwnFault(DiskCode.NO_ISSUER, path=place.ca_file, setting=f"mailbox {place.name}") from None
