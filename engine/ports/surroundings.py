"""What surrounds the engine besides its database: mail server, webhooks, clock, keys, scanner and the like."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol, TypeVar
from uuid import UUID

from engine.codes.statement import Statement

T = TypeVar("T")


class SmtpOutcome(StrEnum):
    """What became of one try to hand a mail over: taken, not now, never, nobody knows, or no mail server was reached.

    UNREACHED says nothing of the receiver: our own way out is closed.
    """

    TAKEN = "taken"
    POSTPONED = "postponed"
    REJECTED = "rejected"
    UNKNOWN = "unknown"
    UNREACHED = "unreached"


@dataclass(frozen=True, slots=True)
class SmtpReply:
    """The outcome and the mail server's own words, or ours where it had none."""

    outcome: SmtpOutcome
    text: str


class Transport(Protocol):
    """Hands mails to a mail server."""

    async def send(self, sender: str, receiver: str, mail: bytes) -> SmtpReply:
        """Try once to hand over one mail; never raises for what the network or the server does."""


@dataclass(frozen=True, slots=True)
class WebhookReply:
    """What a webhook answered: its HTTP status, None where there was no answer, and our own words on it."""

    status: int | None
    text: str


class Webhooks(Protocol):
    """Hands notices to record systems. `base` is where they reach this engine over HTTP."""

    base: str

    async def post(self, url: str, headers: Mapping[str, str], body: bytes) -> WebhookReply:
        """Try once to hand over a notice, in bounded time; never raises for what the network or the server does."""


class Clock(Protocol):
    """Tells the time."""

    def now(self) -> datetime:
        """Return the time now, aware, in UTC."""


class Ids(Protocol):
    """Makes identifiers that nobody has used before."""

    def new(self) -> UUID:
        """Return a new random UUID."""


@dataclass(frozen=True, slots=True)
class Oaep:
    """RSAES-OAEP as the sender's parameters have it (RFC 4055 4.1): two hashes by asn1crypto's names, and the label."""

    digest: str = "sha1"
    mask: str = "sha1"
    label: bytes = b""


class KeyStore(Protocol):
    """Our private keys. Keys never leave it; it signs and unwraps by the certificate they belong to.

    Signing and unwrapping raise OwnFault where the key is not here, Unavailable where what keeps it does not answer.
    """

    def holds(self, certificate: bytes) -> bool:
        """Say whether the key of this certificate (DER) is here."""

    def left_out(self) -> Sequence[str]:
        """Return the names of files that lie with our keys, look like keys, and are not read."""

    def sign(self, certificate: bytes, data: bytes) -> bytes:
        """Return RSASSA-PKCS1-v1_5 with SHA-256 over `data` by the key of this certificate (DER)."""

    def unwrap(self, certificate: bytes, wrapped: bytes, oaep: Oaep | None) -> bytes | None:
        """Return the content key that was encrypted to this certificate (DER), None where that fails.

        `oaep` is None for PKCS#1 v1.5.
        """


class RevocationSource(Protocol):
    """Answers whether a certificate has been revoked."""

    def is_revoked(self, certificate: bytes, issuer: bytes, at: datetime) -> bool:
        """Say whether `certificate` (DER) was revoked by `issuer` (DER) at that time.

        Raises Unavailable when no revocation list of that issuer, valid at that time, can be had.
        """


class AttachmentScanner(Protocol):
    """Looks for viruses in files."""

    async def scan(self, contents: Sequence[bytes]) -> tuple[int, str] | None:
        """Return which of some files, from 1, has something in it and what, in printable ASCII; None for clean ones.

        Raises Unavailable when the scanner cannot be reached or gives no verdict in time.
        """


class PdfRenderer(Protocol):
    """Renders a document for people."""

    def render(self, title: str, sections: Sequence[tuple[str, str]], made_at: datetime) -> bytes:
        """Return a PDF with a title and headed sections; the same input gives the same bytes."""


class Way(StrEnum):
    """Which way huge work goes: what came (stored, read, put into a folder), or what is sent."""

    IN = "in"
    OUT = "out"


class FreshBytes(Protocol):
    """What this process has stored a moment ago, so that it need not be read again; never more than a few megabytes."""

    def keep(self, id: UUID, content: bytes) -> None:
        """Keep what is stored under an id, for a while."""

    def take(self, id: UUID) -> bytes | None:
        """Return what was kept under an id and forget it; None where it is not here, or not any more."""


class Offload(Protocol):
    """Runs a step of work where it does not hold others up."""

    async def run(self, size: int, step: Callable[[], T]) -> T:
        """Return what `step` returns; `size` is the bytes it works on. `step` touches nothing but its own data."""

    def room(self, way: Way, size: int, *, wait: bool = False) -> AbstractAsyncContextManager[bool]:
        """Hold the one room that a process has for huge work of a way, and say whether it was to be had.

        What is not huge needs none and always has it. With `wait` it is waited for.
        """


class PartnerWords(Protocol):
    """Puts statements into the words that a partner reads; the same statement gives the same words."""

    def apprec(self, said: Statement) -> str:
        """Return what an error of an AppRec says, in bokmål."""

    def error_list(self, said: Statement) -> str:
        """Return what the Description of an eb:Error says, in English."""
