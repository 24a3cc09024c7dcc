"""Ids that nobody vouches for, as the in-memory store keeps them."""

from dataclasses import replace
from hashlib import sha256

from engine.records.messages import Header
from engine.records.unvouched import PREFIX, hidden


def mark_of(id: str) -> str:
    """Return the mark of an id; a real store's is keyed."""
    return f"{PREFIX}{sha256(id.encode('utf-8', 'surrogatepass')).hexdigest()[:24]}"


def kept(header: Header) -> Header:
    """Return a header as it is kept: where nobody vouches for it, with marks for ids."""
    return header if header.vouched else replace(hidden(header, mark_of), vouched=True)
