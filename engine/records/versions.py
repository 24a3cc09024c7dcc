"""Versions of the register, and restores from a backup."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID


@dataclass(frozen=True, slots=True)
class RegistryVersion:
    """A version of the party register as it was imported: by whom, the text, and the SHA-256 of the file."""

    id: int
    imported_at: datetime
    imported_by: str
    sha256: bytes
    content: str


@dataclass(frozen=True, slots=True)
class Restoration:
    """A restore from a backup: when it was made and restored, and by whom. Sending is held until it is released."""

    id: UUID
    backup_at: datetime
    restored_at: datetime
    restored_by: str
