"""One line of the JSON log for each message that came or left, and for each try that failed.

What happened is taken from the event log, after the commit that wrote it. Of that only ids, states and codes: what a
mail server said, and what a reason holds, may repeat anything.
"""

import re

import structlog

from engine.codes.statement import read_statement
from engine.names import HerId
from engine.records.log import Event
from engine.states.inbound import InboundEvent

_DECIDED = {each.value for each in InboundEvent}
_TRIED = "smtp"
_REPLY = re.compile(r"[245][0-9]{2}\b")

_log = structlog.get_logger()


def tell(owner: HerId, event: Event) -> None:
    """Write the line of an event, where it is about a mail that was decided on or a message that was tried."""
    said = event.data
    if _TRIED in said:
        reason = said.get("reason", "")
        about = {
            "subject": str(event.subject),
            "owner": owner,
            "state": said.get("state", ""),
            "reply": _code(said[_TRIED]),
        }
        if reason:
            _log.warning("message_try_failed", **about)
        else:
            _log.info("message_sent", **about)
    elif event.action in _DECIDED and "state" in said:
        about = {"subject": str(event.subject), "owner": owner, "state": said["state"], "happened": event.action}
        _log.info("mail_decided", **about, reason=_code(said.get("reason", "")))


def _code(text: str) -> str:
    """Return the code of a statement or the three digits of a reply, '' for anything else."""
    statement = read_statement(text)
    if statement is not None:
        return statement.code
    found = _REPLY.match(text)
    return found[0] if found else ""
