"""Keep a parties file as the newest version of the register: who, when, and the SHA-256 of the file."""

import hashlib
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from adapters.registry.parties_file import as_text
from engine.ports import Store


async def keep_version(store: Store, table: Mapping[str, Any], data: bytes, by: str, at: datetime) -> tuple[int, str]:
    """Store an inlined file and the bytes it was read from; return the version's number and the SHA-256 in hex."""
    digest = hashlib.sha256(data)
    number = await store.add_registry_version(as_text(table), digest.digest(), by, at)
    return number, digest.hexdigest()
