"""Content is packed before it is sealed: what a database writes, flushes, copies and backs up is that much less.

A mail is mostly base64 of encrypted bytes. Nothing repeats in it, so only its letters are packed (Huffman), to three
quarters. A document is XML, where much repeats. Rows from before this was so, and large content, stand as they came.
"""

import zlib

from engine.codes.certificate import KeyCode
from engine.errors import OwnFault

LARGE_BYTES = 1_000_000
"""From here on content is not packed: it would be held twice in memory, and work is weighed by what is stored."""

_MARK = b"\x00samvik\x00"
_PACKED = _MARK + b"z"
_AS_IT_IS = _MARK + b"="
_RAW_DEFLATE = -zlib.MAX_WBITS


def packed_mail(mail: bytes) -> bytes:
    """Return what to seal for a mail."""
    return _packed(mail, zlib.Z_HUFFMAN_ONLY)


def packed_document(document: bytes) -> bytes:
    """Return what to seal for a document."""
    return _packed(document, zlib.Z_DEFAULT_STRATEGY)


def unpacked(kept: bytes) -> bytes:
    """Return the content again. Raises OwnFault for bytes that look packed and are not."""
    if kept.startswith(_AS_IT_IS):
        return kept[len(_AS_IT_IS) :]
    if not kept.startswith(_PACKED):
        return kept
    try:
        return zlib.decompress(memoryview(kept)[len(_PACKED) :], _RAW_DEFLATE)
    except zlib.error:
        raise OwnFault(KeyCode.NOT_OPENED) from None


def _packed(content: bytes, strategy: int) -> bytes:
    if len(content) < LARGE_BYTES:
        packer = zlib.compressobj(1, zlib.DEFLATED, _RAW_DEFLATE, strategy=strategy)
        packed = _PACKED + packer.compress(content) + packer.flush()
        if len(packed) < len(content):
            return packed
    # What begins like ours must not be taken for it.
    return _AS_IT_IS + content if content.startswith(_MARK) else content
