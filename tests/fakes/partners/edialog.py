"""A program that fetches shipments of an eDialog form into a folder, as KS SvarInn describes them."""

import json
import shutil
from pathlib import Path
from typing import Any

from tests.fakes.world.files import PDF

NUMBER = "999000037"
RECEIVED = 1_772_180_000_000
"""27 February 2026, 09:13 in Oslo, in milliseconds since 1970."""


def metadata(id: str = "forsendelse-1", **changed: Any) -> dict[str, Any]:
    """Return what is said of a shipment from the GP's office."""
    said = {
        "id": id,
        "date": RECEIVED,
        "tittel": "Manglende epikrise",
        "svarSendesTil": {"navn": "Namdalen legekontor", "orgnr": NUMBER},
        "eksternRef": "svar-lenke-7",
        "niva": "4",
    }
    return {**said, **changed}


def leave(home: Path, name: str = "a", said: Any = None, files: dict[str, bytes] | None = None) -> Path:
    """Put a shipment into in/, its .ready last; `said` is its metadata, or the bytes of it, or None for the usual."""
    folder = home / "in" / name
    folder.mkdir()
    data = said if isinstance(said, bytes) else json.dumps(metadata() if said is None else said).encode()
    if data:
        (folder / "metadata.json").write_bytes(data)
    for file, content in ({"henvendelse.pdf": PDF} if files is None else files).items():
        (folder / file).write_bytes(content)
    (folder / ".ready").touch()
    return folder


def failed(home: Path) -> dict[str, str]:
    """Return what stands in failed/, with the first line of its reason."""
    reasons = sorted((home / "failed").glob("*.reason.txt")) if (home / "failed").exists() else []
    return {path.name.removesuffix(".reason.txt"): path.read_text("utf-8").splitlines()[0] for path in reasons}


def empty(folder: Path) -> None:
    """Take everything out of a folder."""
    for path in folder.iterdir():
        shutil.rmtree(path)
