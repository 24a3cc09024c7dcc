"""Keep a parties file or a CPA as the newest version of the register: who, when, and the SHA-256 of the file."""

import base64
import hashlib
import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from adapters.registry.kept import as_text
from engine.agreements.cpa_reading import read_cpa
from engine.agreements.kept_cpas import KeptCpa
from engine.names import CpaId
from engine.ports import Store
from engine.records.versions import RegistryVersion


async def keep_version(store: Store, table: Mapping[str, Any], data: bytes, by: str, at: datetime) -> tuple[int, str]:
    """Store a parties file as the newest version; return the version's number, and the SHA-256 of `data` in hex."""
    digest = hashlib.sha256(data)
    number = await store.add_registry_version(as_text(table), digest.digest(), by, at)
    return number, digest.hexdigest()


def with_cpas_of(table: Mapping[str, Any], version: RegistryVersion | None) -> dict[str, Any]:
    """Return a parties file with the CPAs of a version: CPAs are added one by one, and an import keeps them."""
    kept = json.loads(version.content).get("cpa", []) if version else []
    return {**table, "cpa": kept}


def with_cpa(version: RegistryVersion, kept: tuple[KeptCpa, ...], data: bytes) -> dict[str, Any]:
    """Return a version with the last CPA of `kept` added; `data` is its file. The others get their ends from `kept`."""
    table = json.loads(version.content)
    ends = {(each.cpa.id, each.added_at): each.ends for each in kept}
    older = [_ending(row, ends) for row in table.get("cpa", [])]
    new = kept[-1]
    row = {
        "content": base64.b64encode(data).decode(),
        "added_at": new.added_at.isoformat(),
        "ends": new.ends.isoformat(),
    }
    return {**table, "cpa": [*older, row]}


def _ending(row: dict[str, Any], ends: Mapping[tuple[CpaId, datetime], datetime]) -> dict[str, Any]:
    key = (read_cpa(base64.b64decode(row["content"])).id, datetime.fromisoformat(row["added_at"]))
    return {**row, "ends": ends[key].isoformat()} if key in ends else row
