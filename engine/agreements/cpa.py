"""Collaboration protocol agreements (CPA 2.0): what two parties have agreed on, as their file says (transport.md E)."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from engine.agreements.terms import Usage
from engine.errors import BadName
from engine.names import CpaId, HerId, her_id


@dataclass(frozen=True, slots=True)
class Binding:
    """One Action that a party sends or receives in a Role of a Service, and the channel that it goes through."""

    service: str
    role: str
    action: str
    sends: bool
    channel: str
    encryption: str


@dataclass(frozen=True, slots=True)
class Channel:
    """How messages go to a party: where, how often again, and what is asked for each.

    `protocol` is SMTP, HTTP or AMQP. `resend_interval` and `persistence` are None where the file does not say.
    `signing` names the party's signing certificate by its id in the file.
    """

    id: str
    protocol: str
    endpoints: tuple[str, ...]
    ack_requested: Usage
    ack_signed: Usage
    duplicate_elimination: Usage
    resend_limit: int | None
    resend_interval: timedelta | None
    persistence: timedelta | None
    signing: str


@dataclass(frozen=True, slots=True)
class CpaParty:
    """One of the two parties.

    `ids` are its PartyIds by type, `certificates` its certificates (DER) by their ids; signals go by `default_channel`.
    """

    name: str
    ids: tuple[tuple[str, str], ...]
    bindings: tuple[Binding, ...]
    channels: tuple[Channel, ...]
    certificates: dict[str, bytes]
    default_channel: str = ""

    @property
    def her(self) -> HerId | None:
        """Return the party's HER-id, None where it has none that can be read."""
        for kind, value in self.ids:
            if kind == "HER":
                try:
                    return her_id(value)
                except BadName:
                    return None
        return None


@dataclass(frozen=True, slots=True)
class Cpa:
    """An agreement between two parties, valid from `start` until `end` (aware, UTC)."""

    id: CpaId
    version: str
    status: str
    start: datetime
    end: datetime
    parties: tuple[CpaParty, CpaParty]
