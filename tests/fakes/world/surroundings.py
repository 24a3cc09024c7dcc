"""The rest of a Ports for tests: carriers and schema as shipped, a PDF that is none, work done at once."""

import tomllib
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from datetime import datetime
from pathlib import Path
from typing import TypeVar

from cryptography.hazmat.primitives.serialization import Encoding

from adapters.wiring.engine import load_services
from adapters.xsd.files import SchemaFiles
from engine.agreements.carriers import carriers_from
from engine.ports import Way
from tests.fakes.world.parties import test_keys

T = TypeVar("T")
PROJECT = Path(__file__).parents[3]
CARRIERS = carriers_from(tomllib.loads((PROJECT / "config" / "carriers.toml").read_text("utf-8")))
SERVICES = load_services(CARRIERS)
SCHEMAS = SchemaFiles()
DEVIATION = (PROJECT / "config" / "examples" / "avvik.xml").read_bytes()
ANCHOR = test_keys().authority.certificate.public_bytes(Encoding.DER)


class Inline:
    """Does every step at once (engine.ports.Offload)."""

    async def run(self, size: int, step: Callable[[], T]) -> T:
        """See the port."""
        return step()

    @asynccontextmanager
    async def room(self, _way: Way, _size: int, *, wait: bool = False) -> AsyncIterator[bool]:
        """See the port: there is always room."""
        yield True


class PlainPdf:
    """Stands in for the renderer (engine.ports.PdfRenderer)."""

    def render(self, title: str, sections: Sequence[tuple[str, str]], made_at: datetime) -> bytes:
        """See the port."""
        return b"%PDF-1.7\n" + made_at.isoformat().encode()
