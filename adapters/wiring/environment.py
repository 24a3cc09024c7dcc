"""Whether a register may be used in the environment that the settings name."""

from collections.abc import Iterator, Sequence

from adapters.settings import TEST_DOMAINS, Environment, Settings
from engine.agreements.kept_cpas import plain_address
from engine.codes.start import StartCode
from engine.errors import OwnFault
from engine.names import HerId
from engine.register.parties import Registry


def check_environment(settings: Settings, registry: Registry, hosted: Sequence[HerId]) -> None:
    """Keep test addresses out of production, and production's out of test (Normen; process.md 4)."""
    production = settings.environment is Environment.PRODUCTION
    for her_id in hosted:
        if her_id not in registry or registry.root(her_id) != her_id:
            raise OwnFault(StartCode.NOT_AN_ENTERPRISE, her_id=her_id)
    for her_id, address in addresses(registry):
        domain = address.rpartition("@")[2].lower().rstrip(".")
        if production and domain in TEST_DOMAINS:
            raise OwnFault(StartCode.TEST_ADDRESS, her_id=her_id, domain=domain)
        if not production and domain == "edi.nhn.no":
            raise OwnFault(StartCode.PRODUCTION_ADDRESS, her_id=her_id, domain=domain, environment=settings.environment)


def addresses(registry: Registry) -> Iterator[tuple[HerId, str]]:
    """Yield every mail address that the register or a CPA has for a party."""
    yield from ((party.her, party.edi_address) for party in registry.all())
    for kept in registry.cpas():
        for her_id, side in zip(kept.hers, kept.cpa.parties, strict=True):
            yield from ((her_id, plain_address(uri)) for channel in side.channels for uri in channel.endpoints)
