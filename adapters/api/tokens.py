"""Bearer tokens of record systems: shown once, when they are made; their SHA-256 alone is kept."""

import hashlib
import secrets

LONGEST_TOKEN = 200
_PREFIX = "samvik_"


def new_token() -> str:
    """Return a token that nobody has used, 256 bits."""
    return _PREFIX + secrets.token_urlsafe(32)


def digest_of(token: str) -> bytes:
    """Return what is kept of a token."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).digest()
