"""Names of files, as strangers and people give them, made into names that lead nowhere and look like what they are."""

import re
import unicodedata
from collections.abc import Iterable

from engine.deviation.fields import MIME_TYPE
from engine.files.kind import FileKind, ending_of, kind_by_name, shown_type, sniff
from engine.payload.attachment import Attachment
from engine.payload.national_numbers import holds_national_number

LONGEST_NAME = 100
NAMELESS = "vedlegg"
_RESERVED = re.compile(r"(con|prn|aux|nul|com[0-9]|lpt[0-9])(\..*)?", re.IGNORECASE)
_UNSAFE = re.compile(r'[<>:"|?*/\\]+')
_LONGEST_ENDING = 10
_MOST_BYTES = 240
"""Bytes of a name in UTF-8: file systems take 255, and something may be put before it."""

_MOST_READ = 1_000


def clean_name(name: str) -> str:
    """Return a name of 1 to 100 signs without folders, control signs, signs that turn the writing round, or tricks.

    Nothing hides at its beginning or end, and no system takes it for a device. Cleaning it again changes nothing.
    """
    last = re.split(r"[/\\]", unicodedata.normalize("NFC", _bounded(name)).rstrip("/\\ "))[-1]
    seen = "".join(sign for sign in last if _is_seen(sign))
    plain = _UNSAFE.sub("_", " ".join(seen.split())).strip(". -~")
    cut = _cut(plain) or NAMELESS
    return f"_{cut}"[:LONGEST_NAME] if _RESERVED.fullmatch(cut) else cut


def shown_name(name: str) -> str:
    """Return a name as operations may see it: clean but for a dot in front, without a person's number."""
    clean = "." * name.startswith(".") + clean_name(name)
    return "".join("#" if sign.isdigit() else sign for sign in clean) if holds_national_number(clean) else clean


def _bounded(name: str) -> str:
    # Normalising costs the square of the marks that stand over one letter, with the interpreter's lock held.
    return name if len(name) <= _MOST_READ else name[: _MOST_READ // 2] + name[-_MOST_READ // 2 :]


def _is_seen(sign: str) -> bool:
    # Categories C are controls, formatting (direction marks among them), surrogates, unassigned; Zl, Zp break lines.
    category = unicodedata.category(sign)
    return sign == "\t" or not (category.startswith("C") or category in {"Zl", "Zp"})


def _cut(name: str) -> str:
    if len(name) <= LONGEST_NAME and len(name.encode()) <= _MOST_BYTES:
        return name
    stem, dot, ending = name.rpartition(".")
    if not dot or len(ending) > _LONGEST_ENDING:
        return _shortened(name, 0)
    return _shortened(stem, len(f".{ending}".encode())) + dot + ending


def _shortened(text: str, room: int) -> str:
    """Return the beginning of a text that is no longer than a name may be, with room for so many bytes after it."""
    whole = text[: LONGEST_NAME - room].encode()[: _MOST_BYTES - room]
    return whole.decode("utf-8", "ignore").rstrip(". ")


def named_as(name: str, kind: FileKind) -> str:
    """Return a clean name that ends as a file of this kind does: what it is called must not open it as another."""
    clean = clean_name(name)
    if kind_by_name(clean) is kind:
        return clean
    ending = ending_of(kind)
    if clean.lower().endswith(f".{ending}"):
        return clean
    return f"{_shortened(clean, len(ending) + 1)}.{ending}"


def safe_name(attachment: Attachment) -> str:
    """Return the name that a received file may bear on a disk: clean, and ending as what it is; '.bin' for the rest."""
    if shown_type(attachment) == MIME_TYPE:
        return attachment.name
    return named_as(attachment.name, sniff(attachment.content))


def safe_names(attachments: Iterable[Attachment]) -> list[tuple[str, Attachment]]:
    """Return received files with a name each that is safe on a disk and its own: the number in the document first.

    What lies elsewhere has no content here and is left out.
    """
    held = ((number, each) for number, each in enumerate(attachments, 1) if not each.file_reference)
    return [(f"{number:02d}-{safe_name(each)}", each) for number, each in held]
