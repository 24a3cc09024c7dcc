"""Signed notices to record systems: real HTTP on loopback, checked by docs/doors.md, tried until they arrive."""

import asyncio
import hashlib
import hmac
import json
import re
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import psycopg
import pytest

from adapters.api.webhooks import WebhookSender
from adapters.node import node as node_module
from adapters.node import ticks
from adapters.node.node import Node
from adapters.settings import Api
from engine.errors import Refused
from engine.inbox.clients import add_client, revoke_client, set_webhook
from engine.inbox.notices import TROUBLE_TRIES, notify, signed
from engine.record_system.http_client import take
from engine.records.inbox import Webhook
from engine.records.versions import Restoration
from engine.records.work import WorkKind
from engine.states.delivery import DeliveryState
from tests.fakes.engines.pair import Pair
from tests.fakes.engines.running_node import VERDAL_SERVICE, Running, running
from tests.fakes.partners.documents import document
from tests.fakes.partners.forgery import Letter, payload_mail
from tests.fakes.record_systems.hooks import Came, HookServer
from tests.fakes.store.due_work import next_due
from tests.fakes.waiting import comes
from tests.fakes.world.parties import KARI, LEVANGER, LEVANGER_SERVICE, VERDAL, registry
from tests.fakes.world.surroundings import PROJECT

SECRET = bytes(range(32))
SETTINGS = '[api]\nenabled = true\naddress = "https://samvik.example.no"\nwebhook_timeout_seconds = 2\n'
Verify = Callable[[dict[str, str], bytes, bytes, float, set[str]], dict[str, Any]]


@pytest.fixture(scope="session")
def verified() -> Verify:
    """Give the function that docs/doors.md tells receivers to use."""
    (recipe,) = re.findall(r"```python\n(.*?)```", (PROJECT / "docs" / "doors.md").read_text("utf-8"), re.S)
    place: dict[str, Any] = {}
    exec(recipe, place)  # noqa: S102 our own page
    return place["verified"]


@pytest.fixture
def hooks() -> Iterator[HookServer]:
    """Give a webhook that takes everything."""
    with HookServer().running() as server:
        yield server


@pytest.fixture
async def pair(hooks: HookServer) -> Pair:
    """Give two engines, with a client of Levanger's that wants to hear of documents."""
    made = Pair(registry(her_8090101={"inbox": "api"}))
    ports = made.municipal.ports
    await add_client(ports, KARI, "epj", LEVANGER_SERVICE, bytes(32))
    await set_webhook(ports, KARI, "epj", Webhook(hooks.url, SECRET))
    return made


async def work(pair: Pair) -> int:
    """Give the notices that are due, and return how many there were."""
    ports, sender = pair.municipal.ports, WebhookSender(Api(address="https://samvik.example.no"))
    due = await ports.store.take_work([WorkKind.VARSEL], ports.clock.now(), 50)
    for each in due:
        await notify(each, ports, sender)
    return len(due)


async def next_try(pair: Pair) -> datetime | None:
    """Return when the next notice is tried."""
    return await next_due(pair.municipal.ports.store, [WorkKind.VARSEL])


async def test_a_document_is_told_of(pair: Pair, hooks: HookServer, verified: Verify) -> None:
    """The notice names the document by ids and code alone, says where to fetch it, and bears a good signature."""
    await pair.municipal.take(payload_mail(Letter(), document()))
    assert await work(pair) == 1
    (came,) = hooks.came
    said = verified(came.headers, came.body, SECRET, pair.clock.now().timestamp(), set())
    (item,) = await pair.municipal.inbox(LEVANGER)
    assert said.pop("notice_id") == came.headers["samvik-id"]
    assert said == {
        "id": str(item.id),
        "msg_id": "dokument-1",
        "receiver_her": LEVANGER_SERVICE,
        "message_type": item.message_type,
        "received_at": item.received_at.isoformat(),
        "repeat": "no",
        "url": f"https://samvik.example.no/api/v1/inbox/{item.id}",
    }
    assert await next_try(pair) is None
    assert pair.municipal.ports.store.tables.notices == {}
    (row,) = await pair.municipal.inbound()
    events = [each.event for each in await pair.municipal.ports.store.timeline(LEVANGER, row.id)]
    assert ("record system told", "epj") in [(each.action, each.data.get("client")) for each in events]


async def test_a_notice_says_that_its_document_may_be_a_repeat(pair: Pair, hooks: HookServer) -> None:
    """Where a backup was restored since the document was made, it may have been given before."""
    now = pair.clock.now()
    async with pair.municipal.ports.store.begin() as unit:
        await unit.keep_restoration(Restoration(UUID(int=1), now - timedelta(days=1), now, "kari"))
        await unit.release_restoration(UUID(int=1), now, "kari")
    await pair.municipal.take(payload_mail(Letter(), document()))
    assert await work(pair) == 1
    assert json.loads(hooks.came[0].body)["repeat"] == "may"


def came_at(at: datetime, body: bytes = b'{"notice_id": "1"}', secret: bytes = SECRET) -> Came:
    """Return a notice as it comes."""
    headers = {"Samvik-Id": "varsel-1", **signed(body, secret, at)}
    return Came("/", {name.lower(): value for name, value in headers.items()}, body)


def test_the_recipe_refuses_old_altered_and_repeated_notices(verified: Verify) -> None:
    """The recipe takes a notice once, within five minutes either way, with body, time and secret as they were."""
    now, seen = datetime.fromisoformat("2026-03-02T09:00:00+00:00"), set()
    good = came_at(now)
    at = now.timestamp()
    assert verified(good.headers, good.body, SECRET, at, seen) == {"notice_id": "1"}
    wrong = [
        (good.headers, good.body, SECRET, at, seen),
        (good.headers, good.body, SECRET, at + 301, set()),
        (good.headers, good.body, SECRET, at - 301, set()),
        (good.headers, good.body + b" ", SECRET, at, set()),
        (good.headers, good.body, SECRET[::-1], at, set()),
        ({**good.headers, "samvik-timestamp": str(int(at) + 1)}, good.body, SECRET, at, set()),
        ({**good.headers, "samvik-signature": "sha256="}, good.body, SECRET, at, set()),
        ({**good.headers, "samvik-signature": "sha256=æ"}, good.body, SECRET, at, set()),
        ({**good.headers, "samvik-timestamp": "nå"}, good.body, SECRET, at, set()),
    ]
    for arguments in wrong:
        with pytest.raises(ValueError, match="notice"):
            verified(*arguments)


def test_the_signature_is_that_of_the_documentation() -> None:
    """HMAC-SHA256 over the timestamp, a dot and the body, in hexadecimal, with the time in seconds since 1970."""
    headers = signed(b"{}", b"secret", datetime.fromisoformat("2026-03-02T09:00:00+00:00"))
    digest = hmac.new(b"secret", b"1772442000.{}", hashlib.sha256).hexdigest()
    assert headers == {"Samvik-Timestamp": "1772442000", "Samvik-Signature": f"sha256={digest}"}


async def test_a_notice_that_fails_is_tried_with_growing_pauses_and_a_task(
    pair: Pair, hooks: HookServer, verified: Verify
) -> None:
    """Same Samvik-Id, new time and signature at 1, 2, 4, 8 ... minutes; a task after a quarter of an hour, closed when
    it works again."""
    hooks.statuses = [500, 301, 404, 503, 429, 500, 200]
    hooks.location = hooks.url
    await pair.municipal.take(payload_mail(Letter(), document()))
    pauses, seen = [], set()
    for number in range(1, 8):
        assert await work(pair) == 1
        came = hooks.came[-1]
        if number < 7:
            verified(came.headers, came.body, SECRET, pair.clock.now().timestamp(), set())
            pauses.append(await next_try(pair) - pair.clock.now())
            pair.clock.set(await next_try(pair))
        seen.add(came.headers["samvik-id"])
        tasks = [task.cause for task in await pair.municipal.tasks()]
        assert tasks == (["webhook fails"] if TROUBLE_TRIES <= number < 7 else [])
    assert pauses == [timedelta(minutes=minutes) for minutes in (1, 2, 4, 8, 16, 32)]
    assert (len(hooks.came), len(seen)) == (7, 1)
    assert len({came.headers["samvik-signature"] for came in hooks.came}) == 7
    assert await next_try(pair) is None


async def test_gone_is_a_task_and_no_more_tries(pair: Pair, hooks: HookServer) -> None:
    """410 ends the notice with a task that says so; the document still waits in the inbox."""
    hooks.statuses = [410]
    await pair.municipal.take(payload_mail(Letter(), document()))
    await work(pair)
    assert [task.cause for task in await pair.municipal.tasks()] == ["webhook gone"]
    assert await next_try(pair) is None
    assert len(await pair.municipal.ports.store.untaken(LEVANGER, LEVANGER_SERVICE, None, 9)) == 1


@pytest.mark.parametrize("end", ["taken", "revoked", "off"])
async def test_what_nobody_needs_to_hear_is_not_said(pair: Pair, hooks: HookServer, end: str) -> None:
    """When the document has been taken, the client revoked or its webhook removed, the notice ends in silence."""
    ports = pair.municipal.ports
    await pair.municipal.take(payload_mail(Letter(), document()))
    async with ports.store.begin() as uow:
        client = await uow.client_named("epj")
    if end == "taken":
        (item,) = await pair.municipal.inbox(LEVANGER)
        await take(ports, client, item.id)
    elif end == "revoked":
        await revoke_client(ports, KARI, "epj")
    else:
        await set_webhook(ports, KARI, "epj", None)
    assert await work(pair) == 1
    assert hooks.came == []
    assert await next_try(pair) is None


async def test_other_parties_documents_are_told_to_nobody_else(pair: Pair, hooks: HookServer) -> None:
    """A client hears of its own party's inbox alone, each document once however often it comes."""
    await pair.municipal.take(payload_mail(Letter(), document()))
    await pair.municipal.take(payload_mail(Letter(message_id="melding-2"), document()))
    service = registry().get(VERDAL).deviation_service
    letter = Letter(receiver=service, readable_by=VERDAL, message_id="melding-3")
    await pair.municipal.take(payload_mail(letter, document(receiver=service, msg_id="dokument-2")))
    await work(pair)
    assert [json.loads(came.body)["msg_id"] for came in hooks.came] == ["dokument-1"]


@pytest.mark.parametrize(
    "url",
    [
        "ftp://epj.test/x",
        "epj.test/x",
        "http://",
        "http://kari:passord@epj.test/",
        "https://epj.test/#x",
        "https://epj.test/æ",
        "https://epj.test/ x",
        "https://epj.test:99999/",
        "https://epj.test/" + "x" * 2_000,
        "file:///etc/passwd",
        "http://[::1",
    ],
)
async def test_addresses_that_are_none(pair: Pair, url: str) -> None:
    """What is no plain http or https address is refused without being repeated, and nothing changes."""
    with pytest.raises(Refused) as refused:
        await set_webhook(pair.municipal.ports, KARI, "epj", Webhook(url, SECRET))
    assert "passord" not in str(refused.value)


async def test_production_tells_nothing_in_clear_text(pair: Pair) -> None:
    """In production a notice crosses no network without TLS; on this machine it may, and in test anywhere."""
    ports = replace(pair.municipal.ports, policy=replace(pair.municipal.ports.policy, test=False))
    for url in ("https://epj.example.no/samvik", "http://127.0.0.1:8000/samvik", "http://[::1]/", "http://localhost/"):
        await set_webhook(ports, KARI, "epj", Webhook(url, SECRET))
    with pytest.raises(Refused, match=r"record_system\.webhook_in_clear"):
        await set_webhook(ports, KARI, "epj", Webhook("http://epj.example.no/samvik", SECRET))
    await set_webhook(pair.municipal.ports, KARI, "epj", Webhook("http://epj.example.no/samvik", SECRET))


async def test_nobody_at_the_address_is_no_answer() -> None:
    """A port where nobody listens, a name that is none and a certificate that is none are tries that failed."""
    sender = WebhookSender(Api(webhook_timeout_seconds=1))
    for url in ("http://127.0.0.1:1/hemmelig", "http://x.invalid/hemmelig", "https://127.0.0.1:1/hemmelig"):
        reply = await sender.post(url, {}, b"{}")
        assert reply.status is None
        assert "hemmelig" not in reply.text


async def test_a_silent_receiver_costs_its_time_and_no_more(hooks: HookServer) -> None:
    """A receiver that takes the notice and never answers is given up after the configured seconds."""
    hooks.hold.clear()
    loop = asyncio.get_running_loop()
    began = loop.time()
    reply = await WebhookSender(Api(webhook_timeout_seconds=1)).post(hooks.url, {}, b"{}")
    assert reply.status is None
    assert reply.text == 'record_system.webhook_silent {"seconds": "1"}'
    assert loop.time() - began < 5


async def test_a_redirect_is_not_followed(hooks: HookServer) -> None:
    """Where the receiver points elsewhere nothing goes there: a redirect is a try that failed."""
    hooks.statuses, hooks.location = [307], hooks.url + "/annet"
    reply = await WebhookSender(Api()).post(hooks.url, {}, b"{}")
    assert (reply.status, [came.path for came in hooks.came]) == (307, ["/samvik"])


# With a real node


async def secret_of(here: Running, name: str, url: str, party: str = LEVANGER_SERVICE) -> bytes:
    """Add a client with a webhook as an administrator does, and return its signing secret."""
    for words in (("add", name, "--party", party), ("webhook", name, "--url", url)):
        done = await asyncio.to_thread(here.project.samvik, "client", *words)
        assert done.code == 0, done.err
    return bytes.fromhex(done.out.strip())


@pytest.fixture
async def here(tmp_path: Path, pg_url: str, quick_keys: Path) -> AsyncIterator[Running]:
    """Give a node whose parties' record systems ask over HTTP."""

    def by_api(text: str) -> str:
        return text.replace('inbox = "folder"', 'inbox = "api"')

    async with running(tmp_path / "motor", pg_url, quick_keys, SETTINGS, by_api) as found:
        yield found


async def test_a_node_tells_a_client(here: Running, hooks: HookServer, verified: Verify) -> None:
    """A document that comes over real SMTP is told of by the node at once, signed with the secret that was printed."""
    secret = await secret_of(here, "epj", hooks.url)
    sent = await here.submit(VERDAL_SERVICE, LEVANGER_SERVICE)

    async def told() -> bool:
        return bool(hooks.came)

    await comes(told)
    (came,) = hooks.came
    now = here.node.ports.clock.now().timestamp()
    assert verified(came.headers, came.body, secret, now, set())["msg_id"] == str(sent.msg_id)


async def test_a_notice_outlives_its_node(
    here: Running, hooks: HookServer, verified: Verify, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A node that dies while the receiver is silent leaves the notice to the next one: same Samvik-Id, given once."""
    monkeypatch.setattr(node_module, "GRACE_SECONDS", 0.1)
    monkeypatch.setattr(ticks, "RESCUE_SECONDS", 0.05)
    secret = await secret_of(here, "epj", hooks.url)
    hooks.hold.clear()
    await here.submit(VERDAL_SERVICE, LEVANGER_SERVICE)

    async def number(wanted: int) -> None:
        async def there() -> bool:
            return len(hooks.came) == wanted

        await comes(there)

    await number(1)
    await here.node.stop()
    hooks.hold.set()
    successor = Node(here.engine)
    await successor.start()
    try:
        async with await psycopg.AsyncConnection.connect(here.url) as connection:
            await connection.execute("UPDATE work SET lease_until = clock_timestamp() WHERE lease IS NOT NULL")
        await number(2)
        first, second = hooks.came
        assert first.headers["samvik-id"] == second.headers["samvik-id"]
        verified(second.headers, second.body, secret, here.node.ports.clock.now().timestamp(), set())
    finally:
        await successor.stop()
    async with await psycopg.AsyncConnection.connect(here.url) as connection:
        rows = await (await connection.execute("SELECT (SELECT count(*) FROM notice), count(*) FROM work")).fetchall()
    assert rows[0][0] == 0


async def test_a_slow_webhook_holds_only_its_share(here: Running, hooks: HookServer) -> None:
    """While one client's webhook hangs, another client's notices and the mail itself go on at once."""
    await secret_of(here, "treg", hooks.url)
    hooks.hold.clear()
    with HookServer().running() as quick:
        await secret_of(here, "rask", quick.url, VERDAL_SERVICE)
        slow = [await here.submit(VERDAL_SERVICE, LEVANGER_SERVICE) for _ in range(10)]
        await here.submit(LEVANGER_SERVICE, VERDAL_SERVICE)

        async def told() -> bool:
            delivered = [(await here.message(sent)).state is DeliveryState.LEVERT for sent in slow]
            return bool(quick.came) and all(delivered)

        await comes(told)
        assert len(hooks.came) >= 1
