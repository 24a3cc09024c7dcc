"""Checks what an envelope says against the rules: those of form (5, 12, 14), and those of the agreement (8 to 13).

Each check is one row of CHECKS_OF_FORM or CHECKS_OF_AGREEMENT and yields what it finds; code, severity and location are
the rule's own (engine.msh.rules).
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from engine.agreements.services import Roles, ServiceTable
from engine.agreements.terms import Terms, Usage
from engine.codes.envelope import EnvelopeCode
from engine.errors import Finding
from engine.msh import constants as c
from engine.msh.envelope import Envelope
from engine.msh.mime import content_id_of
from engine.msh.rules import finding

CLOCKS_DIFFER = timedelta(minutes=5)
"""How much later than it came a message may say that it was written: clocks differ."""

MOST_AHEAD = timedelta(days=1)
"""So much later is only noted; a zone that was forgotten is less. What is more comes of a broken clock, or is to
outlive our memory of its ids."""


@dataclass(frozen=True, slots=True)
class Agreed:
    """What an envelope is checked against.

    `services` is None where nobody knows them: the envelope alone is then judged. `vouched` is true when we keep a CPA
    that the message names and that counts for it. `bound` says whether that CPA has the Action, and is None without it.
    """

    terms: Terms
    services: ServiceTable | None
    now: datetime
    vouched: bool = False
    bound: bool | None = None


def check_form(envelope: Envelope, content_ids: Sequence[str] | None) -> tuple[Finding, ...]:
    """Return what is wrong with an envelope by itself; `content_ids` are those of the attachments, None if unknown."""
    found = (each for check in CHECKS_OF_FORM for each in check(envelope, content_ids))
    return tuple(found)


def check_agreement(envelope: Envelope, agreed: Agreed) -> tuple[Finding, ...]:
    """Return where a business message departs from what is agreed."""
    return tuple(each for check in CHECKS_OF_AGREEMENT for each in check(envelope, agreed))


def _version(envelope: Envelope, _: Sequence[str] | None) -> Iterator[Finding]:
    for block, version in envelope.versions:
        if version != c.EB_VERSION:
            yield finding("version", EnvelopeCode.VERSION, f"//{block}/@version", element=block)


def _next_hop(envelope: Envelope, _: Sequence[str] | None) -> Iterator[Finding]:
    if envelope.ack_requested and envelope.ack_actor == c.ACTOR_NEXT_MSH:
        yield finding("next hop", EnvelopeCode.NEXT_HOP)
    elif envelope.ack_actor not in {"", c.ACTOR_TO_PARTY}:
        yield finding("actor", EnvelopeCode.OTHER_ACTOR, element="AckRequested")
    if envelope.sync_actor not in {None, c.ACTOR_NEXT}:
        yield finding("actor", EnvelopeCode.OTHER_ACTOR, "//SyncReply/@actor", element="SyncReply")


def _unsupported(envelope: Envelope, _: Sequence[str] | None) -> Iterator[Finding]:
    for block in envelope.unsupported:
        if block == "MessageOrder":
            yield finding("order", EnvelopeCode.ORDER)
        else:
            yield finding("must understand", EnvelopeCode.NOT_UNDERSTOOD)


def _manifest(envelope: Envelope, content_ids: Sequence[str] | None) -> Iterator[Finding]:
    """Each reference of the Manifest names one part, and each part is named once."""
    named = [content_id_of(uri) for uri in envelope.manifest]
    present = {content_id_of(name) for name in (envelope.manifest if content_ids is None else content_ids)}
    for uri in named:
        if uri not in present:
            yield finding("manifest", EnvelopeCode.NOT_IN_MAIL, f"cid:{uri}")
    for name in sorted(present - set(named)):
        yield finding("manifest", EnvelopeCode.NOT_IN_MANIFEST, f"cid:{name}")
    if len(set(named)) != len(named):
        yield finding("manifest", EnvelopeCode.NAMED_TWICE)
    if envelope.has_manifest and not named and not present:
        yield finding("manifest", EnvelopeCode.EMPTY_MANIFEST)


def _cpa(envelope: Envelope, agreed: Agreed) -> Iterator[Finding]:
    wanted = agreed.vouched or envelope.cpa_id.lower() == agreed.terms.cpa_id.lower()
    if not wanted:
        yield finding("cpa" if agreed.terms.check_cpa else "cpa, lenient", EnvelopeCode.OTHER_CPA)


def _service(envelope: Envelope, agreed: Agreed) -> Iterator[Finding]:
    actions = agreed.services.actions(envelope.service) if agreed.services else None
    if actions is None:
        yield finding("service", EnvelopeCode.SERVICE)
    elif envelope.action not in actions:
        yield finding("action", EnvelopeCode.ACTION)
    else:
        yield from _roles(envelope, actions[envelope.action], agreed.terms)
    if agreed.bound is False:
        rule = "action" if agreed.terms.check_cpa else "action, lenient"
        yield finding(rule, EnvelopeCode.ACTION_NOT_IN_CPA)


def _roles(envelope: Envelope, wanted: Roles, terms: Terms) -> Iterator[Finding]:
    rule = "role" if terms.check_roles else "role, lenient"
    sides = (("From", envelope.from_role, wanted[0]), ("To", envelope.to_role, wanted[1]))
    for side, role, agreed in sides:
        if role != agreed:
            yield finding(rule, EnvelopeCode.ROLE, f"//{side}/Role", side=side)


def check_times(envelope: Envelope, agreed: Agreed) -> Iterator[Finding]:
    """Yield what is found where a message comes too late, or says that it was written later than it came."""
    ahead = envelope.timestamp - agreed.now if envelope.timestamp is not None else timedelta(0)
    if ahead > CLOCKS_DIFFER:
        rule = "timestamp" if ahead > MOST_AHEAD else "timestamp, lenient"
        yield finding(rule, EnvelopeCode.WRITTEN_LATER, hours=round(ahead.total_seconds() / 3_600, 1))
    if envelope.time_to_live is not None and envelope.time_to_live < agreed.now:
        yield finding("time to live", EnvelopeCode.TOO_LATE)


def _reliability(envelope: Envelope, agreed: Agreed) -> Iterator[Finding]:
    terms = agreed.terms
    asked = (
        (envelope.duplicate_elimination, terms.duplicate_elimination, "DuplicateElimination", "//DuplicateElimination"),
        (envelope.ack_requested, terms.ack_requested, "AckRequested", "//AckRequested"),
        (envelope.ack_signed, terms.ack_signed, "AckRequested/@signed", "//AckRequested/@signed"),
    )
    for given, usage, name, location in asked:
        if usage is not Usage.PER_MESSAGE and given is not (usage is Usage.ALWAYS):
            yield finding("agreed", EnvelopeCode.NOT_AS_AGREED, location, element=name)


CHECKS_OF_FORM: tuple[Callable[[Envelope, Sequence[str] | None], Iterator[Finding]], ...] = (
    _version,
    _next_hop,
    _unsupported,
    _manifest,
)
CHECKS_OF_AGREEMENT: tuple[Callable[[Envelope, Agreed], Iterator[Finding]], ...] = (
    _cpa,
    _service,
    check_times,
    _reliability,
)
