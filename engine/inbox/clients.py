"""Record systems that ask over HTTP: who they are, for which party, and where they want to hear of documents.

What an administrator does is logged on the client. Neither a token nor a webhook's address or secret is ever in it.
"""

import re
from collections.abc import Mapping
from dataclasses import replace
from urllib.parse import urlsplit

from engine.codes.operations import OperationsCode
from engine.codes.party import PartyCode
from engine.codes.record_system import RecordSystemCode
from engine.codes.statement import Statement
from engine.commit.actor import Person
from engine.commit.commit import Commit
from engine.commit.policy import Policy
from engine.commit.ports import Ports
from engine.errors import Refused
from engine.names import HerId, her_id
from engine.payload.national_numbers import holds_national_number
from engine.ports import UnitOfWork
from engine.records.inbox import Client, Webhook
from engine.records.log import Action
from engine.register.parties import InboxKind

LONGEST_URL = 2_000
_NAME = re.compile(r"[a-z0-9](?:[a-z0-9.-]{0,61}[a-z0-9])?")
_THIS_MACHINE = {"localhost", "127.0.0.1", "::1"}


async def add_client(ports: Ports, who: Person, name: str, her: str, token: bytes) -> Client:
    """Make a client of a party whose inbox is `api`; `token` is the SHA-256 of what it will show.

    Raises Refused for a name that will not do or is taken, and a party that is not served here or reads elsewhere.
    """
    _check_name(name)
    party = _party(ports.policy, her)
    owner = ports.policy.owner_of(party)
    if owner is None:
        raise Refused(PartyCode.NOT_SERVED, her_id=party)
    client = Client(ports.ids.new(), owner, name, party, ports.clock.now())
    async with ports.store.begin() as uow:
        if not await uow.add_client(owner, client, token):
            raise Refused(RecordSystemCode.CLIENT_EXISTS, name=name)
        await _log(uow, ports, client, Action.CLIENT_ADDED, who, {"name": name, "her": party})
    return client


async def revoke_client(ports: Ports, who: Person, name: str) -> Client:
    """End a client: its token opens nothing from now on, and it hears of nothing. Raises Refused for no such one."""
    async with ports.store.begin() as uow:
        client = await _named(uow, name)
        revoked = replace(client, revoked_at=ports.clock.now(), webhook=None)
        await uow.settle_client(client.owner, revoked)
        await uow.close_tasks_of(
            client.owner, client.id, ports.clock.now(), str(Statement.of(OperationsCode.CLIENT_REVOKED))
        )
        await _log(uow, ports, client, Action.CLIENT_REVOKED, who, {"name": name})
    return revoked


async def set_webhook(ports: Ports, who: Person, name: str, webhook: Webhook | None) -> Client:
    """Tell a client of documents from now on, or of none. Raises Refused for no such client or address."""
    if webhook is not None:
        _check_url(webhook.url, in_clear=ports.policy.test)
    async with ports.store.begin() as uow:
        client = replace(await _named(uow, name), webhook=webhook)
        await uow.settle_client(client.owner, client)
        await uow.close_tasks_of(
            client.owner, client.id, ports.clock.now(), str(Statement.of(OperationsCode.WEBHOOK_CHANGED))
        )
        action = Action.WEBHOOK_SET if webhook else Action.WEBHOOK_REMOVED
        await _log(uow, ports, client, action, who, {"name": name})
    return client


def _check_name(name: str) -> None:
    if not _NAME.fullmatch(name) or holds_national_number(name):
        raise Refused(RecordSystemCode.CLIENT_NAME)


def _party(policy: Policy, text: str) -> HerId:
    her = her_id(text)
    if policy.owner_of(her) is None:
        raise Refused(PartyCode.NOT_SERVED, her_id=her)
    party = policy.registry.get(her)
    if party.inbox is not InboxKind.API:
        raise Refused(RecordSystemCode.OTHER_INBOX, her_id=her, inbox=party.inbox)
    return her


def _check_url(url: str, *, in_clear: bool) -> None:
    wrong = Refused(RecordSystemCode.WEBHOOK_ADDRESS)
    try:
        parts = urlsplit(url)
        named = parts.hostname and (parts.port is None or parts.port > 0)
    except ValueError:
        raise wrong from None
    if parts.scheme not in {"http", "https"} or not named or "@" in parts.netloc or parts.fragment:
        raise wrong
    if parts.scheme == "http" and not in_clear and parts.hostname not in _THIS_MACHINE:
        raise Refused(RecordSystemCode.WEBHOOK_IN_CLEAR)
    if len(url) > LONGEST_URL or not url.isascii() or any(sign <= " " for sign in url):
        raise Refused(RecordSystemCode.WEBHOOK_TOO_LONG, most=LONGEST_URL)


async def _named(uow: UnitOfWork, name: str) -> Client:
    client = await uow.client_named(name)
    if client is None:
        raise Refused(RecordSystemCode.NO_CLIENT, name=name[:64])
    return client


async def _log(
    uow: UnitOfWork, ports: Ports, client: Client, action: Action, who: Person, data: Mapping[str, str]
) -> None:
    await Commit(uow, ports, ports.clock.now(), who).log(client.owner, client.id, action, data)
