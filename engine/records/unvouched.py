"""Ids that a stranger chose: what nobody vouches for may be anybody's words, such as a name or a national number.

They are kept as a keyed mark, by which the same id is found again. The mail itself, which has them, is kept sealed.
"""

import re
from collections.abc import Callable
from dataclasses import fields, replace

from engine.records.messages import Header

PREFIX = "hidden:"
_MARKED = re.compile(rf"{PREFIX}[0-9a-f]{{24}}")
_UUID = re.compile(r"(urn:uuid:)?\{?[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\}?", re.IGNORECASE)
_STANDARD = {
    "urn:oasis:names:tc:ebxml-msg:service",
    "Acknowledgment",
    "MessageError",
    "Ping",
    "Pong",
    "StatusRequest",
    "StatusResponse",
}
"""Words of the standard (ebXML Message Service 2.0), which say nothing of anybody."""
_NUMBERS = {"from_her", "to_her"}
"""HER-ids are whole numbers of ten digits at most, and nothing else."""


def hidden(header: Header, mark: Callable[[str], str]) -> Header:
    """Return a header whose ids are marks that `mark` makes, but for UUIDs and words of the standard."""
    texts = {each.name: getattr(header, each.name) for each in fields(header) if each.name not in _NUMBERS}
    marked = {name: mark(text) for name, text in texts.items() if isinstance(text, str) and not _may_stand(text)}
    return replace(header, **marked)  # type: ignore[arg-type]  # each field is a text


def _may_stand(text: str) -> bool:
    return bool(_UUID.fullmatch(text) or _MARKED.fullmatch(text)) or text in _STANDARD
