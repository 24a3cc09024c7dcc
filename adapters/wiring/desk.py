"""A database opened from the settings together with its register: what a person needs who looks at rows of parties."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from adapters.registry.kept import from_text
from adapters.settings import Settings
from adapters.store.postgres import PostgresStore
from adapters.wiring.opening import open_store
from engine.codes.start import StartCode
from engine.errors import OwnFault
from engine.names import OPERATOR, HerId
from engine.records.versions import RegistryVersion
from engine.register.parties import Registry


@dataclass(frozen=True, slots=True)
class Desk:
    """What a person looks at: an open store, the register, and the enterprises that are served here."""

    store: PostgresStore
    registry: Registry
    hosted: tuple[HerId, ...]

    @property
    def owners(self) -> list[HerId]:
        """Return whose rows the operations desk looks at: each hosted enterprise's, and what belongs to nobody yet."""
        return [*self.hosted, OPERATOR]

    def owner_of(self, her: HerId | None) -> HerId | None:
        """Return the hosted enterprise that a HER-id belongs to, None where it is not ours."""
        root = self.registry.root(her) if her else None
        return root if root in self.hosted else None


@asynccontextmanager
async def opened_desk(settings: Settings) -> AsyncIterator[Desk]:
    """Open what a command needs that only looks. Raises OwnFault where no register was imported."""
    async with open_store(settings) as store:
        _, registry = await current_registry(store)
        yield Desk(store, registry, tuple(HerId(her_id) for her_id in settings.parties))


async def current_registry(store: PostgresStore) -> tuple[int, Registry]:
    """Return number and content of the register that was imported last. Raises OwnFault where none was."""
    version = await newest_version(store)
    return version.id, from_text(version.content)


async def newest_version(store: PostgresStore) -> RegistryVersion:
    """Return the version of the register that was imported last. Raises OwnFault where none was."""
    versions = await store.registry_versions(1)
    if not versions:
        raise OwnFault(StartCode.NO_REGISTER)
    return versions[0]
