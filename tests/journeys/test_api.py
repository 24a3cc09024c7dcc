"""A record system pulls, takes and answers over HTTP: a node with PostgreSQL, a real server and a real client."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import httpx
import pytest

from adapters.api import app as api_app
from engine.casework import steps
from engine.commit.actor import Person
from engine.delivery.send import submit
from engine.deviation.xml import read_deviation
from engine.payload.apprec import read_apprec
from engine.records.messages import Kind, OutgoingMessage
from engine.records.versions import Restoration
from engine.register.parties import InboxKind, Registry
from engine.states.case import CaseState
from engine.states.delivery import DeliveryState
from engine.states.inbound import InboundState
from engine.states.role import Role
from tests.fakes.engines.running_node import LEVANGER, LEVANGER_SERVICE, VERDAL, VERDAL_SERVICE, Running, running
from tests.fakes.partners import documents
from tests.fakes.record_systems.api_client import PREFIX, SETTINGS, ApiClient, asking, by_api, token_of
from tests.fakes.waiting import comes
from tests.fakes.world.files import PDF

REPORTER, ASSURER = (
    Person(Role.MELDER, VERDAL_SERVICE, "Mette Moe"),
    Person(Role.KVALITETSSIKRER, VERDAL, "Kjell Krog"),
)


@pytest.fixture
async def here(tmp_path: Path, pg_url: str, quick_keys: Path) -> AsyncIterator[Running]:
    """Give a node whose parties' record systems ask over HTTP."""
    async with running(tmp_path / "motor", pg_url, quick_keys, SETTINGS, by_api) as found:
        yield found


@pytest.fixture
async def epj(here: Running) -> AsyncIterator[ApiClient]:
    """Give Levanger's record system."""
    async with asking(here, await token_of(here, "epj", LEVANGER_SERVICE)) as client:
        yield client


async def state_comes(here: Running, sent: OutgoingMessage, state: DeliveryState) -> None:
    """Wait until a message has reached a state."""

    async def reached() -> bool:
        return (await here.message(sent)).state is state

    await comes(reached)


async def waiting(epj: ApiClient, number: int = 1) -> list[dict]:
    """Wait until some documents stand in the inbox, and return them."""

    async def there() -> bool:
        return len((await epj.get("/inbox")).json()["items"]) == number

    await comes(there)
    return (await epj.get("/inbox")).json()["items"]


async def reported(here: Running) -> None:
    """Report a deviation from Verdal to Levanger as a case."""
    ports = here.other.ports
    deviation = read_deviation((here.project.folder / "avvik.xml").read_bytes())
    case = await steps.new(ports, REPORTER, deviation, LEVANGER_SERVICE)
    await steps.submit(ports, REPORTER, case.number)
    await steps.approve(ports, ASSURER, case.number)
    await steps.send(ports, ASSURER, case.number)


async def test_a_document_is_pulled_and_taken_once(here: Running, epj: ApiClient) -> None:
    """What the folder would hold is there to fetch; taken once, it waits no more, and the answer stays the same."""
    deviation = read_deviation((here.project.folder / "avvik.xml").read_bytes())
    sent = await submit(here.other.ports, deviation, VERDAL_SERVICE, LEVANGER_SERVICE, [("funn æ.pdf", PDF)])
    (listed,) = await waiting(epj)
    assert (listed["msg_id"], listed["sender_her"], listed["taken_at"]) == (str(sent.msg_id), VERDAL_SERVICE, None)
    whole = (await epj.get(listed["url"])).json()
    document = await epj.get(whole["document_url"])
    assert (document.headers["content-type"], str(sent.msg_id).encode() in document.content) == (
        "application/xml",
        True,
    )
    (named,) = [each for each in whole["attachments"] if each["name"] == "funn æ.pdf"]
    file = await epj.get(named["url"])
    assert (file.content, file.headers["content-type"], named["size"]) == (PDF, "application/pdf", len(PDF))
    head = await epj.http.head(
        PREFIX + named["url"].removeprefix(PREFIX), headers={"authorization": f"Bearer {epj.token}"}
    )
    assert (head.status_code, head.content, head.headers["content-length"]) == (200, b"", str(len(PDF)))
    assert file.headers["content-disposition"] == "attachment; filename*=UTF-8''funn%20%C3%A6.pdf"
    first, again = await epj.post(f"{listed['url']}/take"), await epj.post(f"{listed['url']}/take")
    assert first.status_code == 200
    assert first.json() == again.json()
    assert first.json()["taken_by"] == "epj"
    assert (await epj.get("/inbox")).json() == {"items": [], "next": None}
    assert (await epj.get(listed["url"])).json()["taken_at"] == first.json()["taken_at"]
    (row,) = [row for row in await here.other.store.list_inbound(LEVANGER) if row.kind is Kind.MELDING]
    events = [each.event for each in await here.other.store.timeline(LEVANGER, row.id)]
    assert [(each.actor, each.data["client"]) for each in events if each.action == "taken by record system"] == [
        (f"epj@{LEVANGER_SERVICE}", "epj")
    ]


async def test_what_may_have_been_given_before_a_restore_says_so(here: Running, epj: ApiClient) -> None:
    """After a restore a document that waits is told as one that may be a repeat, in the list and by itself."""
    await here.submit(VERDAL_SERVICE, LEVANGER_SERVICE)
    (listed,) = await waiting(epj)
    assert listed["repeat"] == "no"
    now = here.other.ports.clock.now()
    async with here.other.store.begin() as unit:
        await unit.keep_restoration(Restoration(uuid4(), now - timedelta(days=1), now, "kari"))
    (listed,) = await waiting(epj)
    assert listed["repeat"] == (await epj.get(listed["url"])).json()["repeat"] == "may"


async def test_what_another_client_of_the_party_took_is_taken(here: Running, epj: ApiClient) -> None:
    """A second record system of the party is told who has the document, and changes nothing."""
    await here.submit(VERDAL_SERVICE, LEVANGER_SERVICE)
    (listed,) = await waiting(epj)
    await epj.post(f"{listed['url']}/take")
    async with asking(here, await token_of(here, "reserve", LEVANGER_SERVICE)) as other:
        refused = await other.post(f"{listed['url']}/take")
        assert refused.status_code == 409
        assert "epj" in refused.json()["detail"]
        assert (await other.get(listed["url"])).json()["taken_by"] == "epj"


async def test_the_inbox_is_paged_oldest_first(here: Running, epj: ApiClient) -> None:
    """Following `next` shows every waiting document once, in the order that they came, however small the page."""
    for _ in range(5):
        await here.submit(VERDAL_SERVICE, LEVANGER_SERVICE)
    everything = [each["item_id"] for each in await waiting(epj, 5)]
    seen, path = [], "/inbox?limit=2"
    while path:
        page = (await epj.get(path)).json()
        assert len(page["items"]) <= 2
        seen, path = seen + [each["item_id"] for each in page["items"]], page["next"]
    assert seen == everything
    for wrong in ("limit=0", "limit=101", "limit=x", "after=x"):
        assert (await epj.get(f"/inbox?{wrong}")).status_code == 422


@pytest.mark.parametrize(
    ("status", "delivery"),
    [(1, DeliveryState.LEVERT), (2, DeliveryState.AVVIST), (3, DeliveryState.LEVERT_MED_FEIL)],
)
async def test_the_record_systems_apprec_goes_to_the_sender(
    here: Running, epj: ApiClient, status: int, delivery: DeliveryState
) -> None:
    """Status and errors become the AppRec that the sender gets, as from a file in out/; said again it is known."""
    sent = await here.submit(VERDAL_SERVICE, LEVANGER_SERVICE)
    (listed,) = await waiting(epj)
    errors = [{"code": "E35", "detail": "Ukjent her."}] if status != 1 else []
    said = await epj.post(f"{listed['url']}/apprec", json={"status": status, "errors": errors})
    assert said.json() == {"outcome": "sent"}
    await state_comes(here, sent, delivery)
    again = await epj.post(f"{listed['url']}/apprec", json={"status": status, "errors": errors})
    assert again.json() == {"outcome": "known"}
    rows = [row for row in await here.other.store.list_outbound(LEVANGER) if row.kind is Kind.APPREC]
    assert len(rows) == 1
    async with here.other.store.begin() as uow:
        word = read_apprec(await uow.document(LEVANGER, rows[0].id) or b"")
    assert [(error.code, error.detail) for error in word.errors] == [(each["code"], each["detail"]) for each in errors]


async def test_a_document_is_sent_back_once(here: Running, epj: ApiClient) -> None:
    """After its AppRec 1 a document goes back with what is wrong (HIS 1151), once; the case that it opened ends."""
    await reported(here)
    (listed,) = await waiting(epj)
    word = {"code": "wrong-addressee", "text": "Vi har ikke denne tjenesten."}
    early = await epj.post(f"{listed['url']}/feedback", json=word)
    assert (early.status_code, "AppRec 1" in early.json()["detail"]) == (422, True)
    await epj.post(f"{listed['url']}/apprec", json={"status": 1})
    assert (await epj.post(f"{listed['url']}/feedback", json=word)).json() == {"outcome": "sent"}

    async def astray() -> bool:
        (case,) = await here.other.store.list_cases(VERDAL)
        return case.state is CaseState.FEILADRESSERT

    await comes(astray)
    (ours,) = await here.other.store.list_cases(LEVANGER)
    assert ours.state is CaseState.FORKASTET
    for wrong in (
        word,
        {"code": "other", "text": "Gjelder 15820250068"},
        {"code": "2", "text": "x"},
        {"code": "other"},
    ):
        refused = await epj.post(f"{listed['url']}/feedback", json=wrong)
        assert (refused.status_code, "15820250068" in refused.text) == (422, False)


async def test_a_silent_record_system_is_answered_for(here: Running, epj: ApiClient) -> None:
    """A document for a party with a client waits for its word as for a folder's, with a deadline."""
    await here.submit(VERDAL_SERVICE, LEVANGER_SERVICE)
    await waiting(epj)
    (row,) = [row for row in await here.other.store.list_inbound(LEVANGER) if row.kind is Kind.MELDING]
    assert (row.state, row.deadline is not None) == (InboundState.RUTET, True)
    assert not list((here.project.folder / "inbox").glob("*/in/*"))


WRONG_WORDS = [
    {"status": 1, "errors": [{"code": "E35"}]},
    {"status": 2},
    {"status": 2, "errors": [{"code": "Z99"}]},
    {"status": 2, "errors": [{"code": "E35", "detail": "Pasient 15820250068"}]},
    {"status": 2, "errors": [{"code": "E35", "detail": "a\x00b"}]},
    {"status": 4, "errors": []},
    {"status": 1, "comment": "HEMMELIG"},
    [],
]


@pytest.mark.parametrize("word", WRONG_WORDS, ids=range(len(WRONG_WORDS)))
async def test_an_apprec_that_cannot_be_is_a_problem(here: Running, epj: ApiClient, word: object) -> None:
    """A word that cannot be sent is refused with a sentence that repeats none of it, and nothing changes."""
    await here.submit(VERDAL_SERVICE, LEVANGER_SERVICE)
    (listed,) = await waiting(epj)
    refused = await epj.post(f"{listed['url']}/apprec", json=word)
    assert (refused.status_code, refused.headers["content-type"]) == (422, "application/problem+json")
    assert not {"15820250068", "HEMMELIG", "Z99"} & set(refused.text.replace('"', " ").split())
    assert Kind.APPREC not in [row.kind for row in await here.other.store.list_outbound(LEVANGER)]


async def test_a_reply_goes_on_once(here: Running, epj: ApiClient) -> None:
    """A MsgHead of its own comes to the reporter's case; said again it is known, with other content refused."""
    await reported(here)
    (listed,) = await waiting(epj)
    await epj.post(f"{listed['url']}/apprec", json={"status": 1})
    answer = documents.reply(listed["msg_id"], receiver=VERDAL_SERVICE)
    xml = {"content-type": "application/xml"}
    said = await epj.post(f"{listed['url']}/reply", content=answer, headers=xml)
    assert said.json() == {"outcome": "sent"}

    async def answered() -> bool:
        (case,) = await here.other.store.list_cases(VERDAL)
        return case.state is CaseState.SVAR_IKKE_VURDERT

    await comes(answered)
    (ours,) = await here.other.store.list_cases(LEVANGER)
    assert ours.state is CaseState.BESVART
    assert (await epj.post(f"{listed['url']}/reply", content=answer, headers=xml)).json() == {"outcome": "known"}
    other = documents.reply(listed["msg_id"], receiver=VERDAL_SERVICE, text="Noe annet.")
    refused = await epj.post(f"{listed['url']}/reply", content=other, headers=xml)
    assert (refused.status_code, "MsgId er brukt før" in refused.json()["detail"]) == (422, True)
    rows = [row for row in await here.other.store.list_outbound(LEVANGER) if row.kind is Kind.MELDING]
    assert [str(row.msg_id) for row in rows if str(row.msg_id) == "svar-1"] == ["svar-1"]


async def test_a_reply_must_be_about_the_document_that_it_is_said_to(here: Running, epj: ApiClient) -> None:
    """A reply to another document of the inbox, an AppRec and what is no XML are refused, and nothing is sent."""
    await reported(here)
    await here.submit(VERDAL_SERVICE, LEVANGER_SERVICE)
    first, second = await waiting(epj, 2)
    before = len(await here.other.store.list_outbound(LEVANGER))
    wrong = (
        (documents.reply(first["msg_id"], receiver=VERDAL_SERVICE), "en annen melding"),
        (documents.apprec(second["msg_id"], LEVANGER_SERVICE, VERDAL_SERVICE), "apprec"),
        (b"<x/>", "kan ikke leses"),
        (b"", "kan ikke leses"),
    )
    for document, told in wrong:
        refused = await epj.post(f"{second['url']}/reply", content=document)
        assert (refused.status_code, told in refused.json()["detail"]) == (422, True), refused.text
    assert len([r for r in await here.other.store.list_outbound(LEVANGER) if r.kind is not Kind.KVITTERING]) <= before


async def test_another_partys_documents_are_nothing(here: Running, epj: ApiClient) -> None:
    """With another party's token each address of a document answers 404, as for an id that nobody has."""
    await here.submit(VERDAL_SERVICE, LEVANGER_SERVICE)
    (listed,) = await waiting(epj)
    async with asking(here, await token_of(here, "verdal", VERDAL_SERVICE)) as other:
        assert (await other.get("/inbox")).json()["items"] == []
        for id in (listed["item_id"], uuid4()):
            said = [await other.get(f"/inbox/{id}{path}") for path in ("", "/document", "/attachments/1")]
            said += [await other.post(f"/inbox/{id}/take"), await other.post(f"/inbox/{id}/reply", content=b"<x/>")]
            said += [await other.post(f"/inbox/{id}/apprec", json={"status": 1})]
            said += [await other.post(f"/inbox/{id}/feedback", json={"code": "other", "text": "x"})]
            assert {each.status_code for each in said} == {404}
            assert len({each.text for each in said}) == 1
        page = (await other.get(f"/inbox?after={listed['item_id']}")).json()
        assert page == {"items": [], "next": None}
    assert (await epj.get(listed["url"])).json()["taken_at"] is None


async def test_nobody_gets_in_without_a_token_that_counts(here: Running, epj: ApiClient) -> None:
    """No token, a wrong, an endless and a revoked one, and another scheme, are 401 on every route."""
    revoked = await token_of(here, "gammel", LEVANGER_SERVICE)
    assert (await asyncio.to_thread(here.project.samvik, "client", "revoke", "gammel")).code == 0
    await here.submit(VERDAL_SERVICE, LEVANGER_SERVICE)
    (listed,) = await waiting(epj)
    for token in ("", "feil", revoked, "x" * 5_000, epj.token[:-1], epj.token + "x"):
        epj_without = ApiClient(epj.http, epj.spec, token)
        for path, methods in epj.spec["paths"].items():
            for method in methods:
                address = path.format(id=listed["item_id"], number=1)
                words = {"apprec": {"status": 1}, "feedback": {"code": "other", "text": "x"}}
                last = path.rpartition("/")[2]
                how = {"json": words[last]} if last in words else {}
                refused = await epj_without.ask(method.upper(), address, **how)
                assert refused.status_code in {401, 429}
                assert refused.headers.get("www-authenticate", "Bearer") == "Bearer"
    nobody = await ApiClient(epj.http, epj.spec, "").get("/inbox", headers={"authorization": f"Basic {epj.token}"})
    assert nobody.status_code == 401
    assert (await epj.get("/inbox")).status_code == 200


async def test_who_guesses_is_slowed_down_and_shuts_nobody_out(here: Running, epj: ApiClient) -> None:
    """After thirty wrong tokens from an address the next get 429; the right one from there is let in all the same."""
    wrong = ApiClient(epj.http, epj.spec, "feil")
    statuses = [(await wrong.get("/inbox")).status_code for _ in range(32)]
    assert statuses == [401] * 30 + [429] * 2
    assert (await epj.get("/inbox")).status_code == 200


async def test_a_party_that_reads_elsewhere_now_has_no_door(here: Running, epj: ApiClient) -> None:
    """When the register says folder again, the client's token opens nothing."""
    old = here.node.ports.policy.registry
    parties = [replace(each, inbox=InboxKind.FOLDER) for each in old.all()]
    here.node.use_registry(Registry(parties, [], old.defaults()))
    assert (await epj.get("/inbox")).status_code == 401


async def test_openapi_has_every_route_and_no_other(here: Running, epj: ApiClient) -> None:
    """openapi.json is 3.1, open to all, and its paths and methods are exactly those that the application serves."""
    served = {(route.path, method.lower()) for route in api_app.router.routes for method in route.methods}
    told = {(path, method) for path, methods in epj.spec["paths"].items() for method in methods}
    assert told == served
    assert epj.spec["openapi"].startswith("3.1")
    for methods in epj.spec["paths"].values():
        for said in methods.values():
            assert said["security"]
            assert all("application/problem+json" in said["responses"][code]["content"] for code in ("401", "503"))
    assert (await epj.http.get(f"{PREFIX}/docs")).status_code == 404
    for path in (f"{PREFIX}/inbox/", f"{PREFIX}/nothing", "/api/v2/inbox"):
        assert (await epj.http.get(path, headers={"authorization": f"Bearer {epj.token}"})).status_code == 404
    wrong_method = await epj.http.delete(f"{PREFIX}/inbox")
    assert (wrong_method.status_code, wrong_method.headers["content-type"]) == (405, "application/problem+json")


async def test_a_body_that_is_too_large_is_a_problem(here: Running, epj: ApiClient) -> None:
    """An AppRec over 64 kB, and a reply over the largest mail, are refused with 413 before they are read whole."""
    await here.submit(VERDAL_SERVICE, LEVANGER_SERVICE)
    (listed,) = await waiting(epj)
    large = await epj.post(f"{listed['url']}/apprec", content=b" " * 70_000)
    assert (large.status_code, large.headers["content-type"]) == (413, "application/problem+json")
    most = here.engine.settings.limits.most_mail_bytes

    async def pieces() -> AsyncIterator[bytes]:
        for _ in range(most // 1_000_000 + 2):
            yield b" " * 1_000_000

    try:
        endless = await epj.http.post(
            f"{PREFIX}{listed['url'].removeprefix(PREFIX)}/reply",
            content=pieces(),
            headers={"authorization": f"Bearer {epj.token}"},
        )
    except (httpx.WriteError, httpx.ReadError):
        return
    assert endless.status_code == 413


async def test_the_door_is_closed_unless_it_is_opened(tmp_path: Path, pg_url: str, quick_keys: Path) -> None:
    """Without [api] enabled nothing is served below /api; nothing of it is there."""
    async with running(tmp_path / "motor", pg_url, quick_keys) as found, httpx.AsyncClient() as http:
        assert (await http.get(f"http://127.0.0.1:{found.node.web_port}{PREFIX}/openapi.json")).status_code == 404


async def test_the_door_without_pages(tmp_path: Path, pg_url: str, quick_keys: Path) -> None:
    """Record systems can be served without pages."""

    def without_pages(text: str) -> str:
        path = tmp_path / "motor" / "samvik.toml"
        path.write_text(path.read_text("utf-8").replace("[web]\n", "[web]\nenabled = false\n"), "utf-8")
        return by_api(text)

    opening = running(tmp_path / "motor", pg_url, quick_keys, SETTINGS, without_pages)
    async with opening as found, httpx.AsyncClient() as http:
        home = f"http://127.0.0.1:{found.node.web_port}"
        assert (await http.get(f"{home}{PREFIX}/openapi.json")).status_code == 200
        assert (await http.get(f"{home}/logg-inn")).status_code == 404
