"""A version of the register, as the text that is kept of it, and back."""

import json
from collections.abc import Mapping
from typing import Any

from engine.register.parties import Registry
from engine.register.parties_file import registry_from


def as_text(table: Mapping[str, Any]) -> str:
    """Return a parties file with inline certificates as the text of a version."""
    return json.dumps(table, ensure_ascii=False, default=str, sort_keys=True)


def from_text(text: str) -> Registry:
    """Return the registry of a kept version."""
    return registry_from(json.loads(text))
