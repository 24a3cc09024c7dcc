"""Each person sees their own enterprise alone: on every route there is, and in the database behind them."""

from urllib.parse import urlsplit, urlunsplit

import psycopg
import pytest
from psycopg.rows import dict_row

from adapters.keys.at_rest import AtRest
from adapters.store.postgres import PostgresStore
from adapters.web.access import SEES, Page
from engine.errors import OwnFault
from engine.names import OPERATOR, HerId
from engine.states.role import Role
from tests.fakes.engines.site import FORM, Here
from tests.fakes.world.parties import LEVANGER, VERDAL

ROUTES = {
    ("GET", "/logg-inn"): "open",
    ("POST", "/logg-inn"): "open",
    ("POST", "/logg-ut"): "open",
    ("GET", "/static/{name}"): "open",
    ("GET", "/"): "list",
    ("GET", "/meldinger"): "list",
    ("GET", "/melding/{id}"): "message",
    ("GET", "/saker"): "list",
    ("GET", "/sak/{id}"): "case",
    ("GET", "/sok"): "list",
    ("POST", "/sok"): "search",
}
"""Every route with what the tests below do to it. One that is new must be put here, and tried."""

TABLES = ("inbound", "outbound", "case_file", "task", "event", "inbox_item", "alarm")


def routes(here: Here) -> set[tuple[str, str]]:
    """Return every method and path that the application knows."""
    *signs, pages = here.app._app.routes
    assert [route.path for route in signs] == ["/livez", "/readyz"]
    return {(method, route.path) for route in pages.app.routes for method in route.methods - {"HEAD"}}


async def marks_of(here: Here, owner: HerId) -> set[str]:
    """Return every id that is an owner's own: not its partner's half of an exchange, which bears the same."""
    others = {LEVANGER, VERDAL} - {owner}
    rows = await here.rows(owner)
    found = {str(row.id) for row in rows} | {str(case.id) for case in await here.store.list_cases(owner)}
    wire = {text for row in rows for text in (row.header.message_id, row.msg_id, row.header.conversation_id) if text}
    for other in others:
        for row in await here.rows(other):
            wire -= {row.header.message_id, row.msg_id, row.header.conversation_id, row.header.ref_to}
    return found | {str(text) for text in wire}


async def targets(here: Here, owner: HerId) -> dict[str, list[str]]:
    """Return the addresses of everything that an owner has, by sort."""
    cases = await here.store.list_cases(owner)
    return {
        "message": [f"/melding/{row.id}" for row in await here.rows(owner)],
        "case": [f"/sak/{case.id}" for case in cases],
    }


def test_every_route_is_tried(here: Here) -> None:
    """A route that is not in this suite's table fails it, so that none is forgotten."""
    assert routes(here) == set(ROUTES)


@pytest.mark.parametrize(("user", "other"), [("levanger", VERDAL), ("verdal", LEVANGER), ("verdal", OPERATOR)])
async def test_nothing_of_another_enterprise(here: Here, user: str, other: HerId) -> None:
    """On every route a neighbour's messages and cases do not exist: 404, no hit, no id in any list."""
    theirs, addresses = await marks_of(here, other), await targets(here, other)
    assert theirs
    async with here.browser(user) as client:
        for (_, path), sort in ROUTES.items():
            if sort == "list":
                texts = [(await client.get(path)).text]
            elif sort in {"message", "case"}:
                answers = [await client.get(address) for address in addresses[sort]]
                assert {answer.status_code for answer in answers} <= {404}
                texts = [answer.text for answer in answers]
            elif sort == "search":
                answers = [await client.post("/sok", data={"q": text}, headers=FORM) for text in theirs]
                assert {answer.status_code for answer in answers} == {200}
                texts = ["".join(answer.text.split("<main")[0]) for answer in answers]
                assert not [each for each in answers if "/melding/" in each.text or "/sak/" in each.text]
            else:
                continue
            assert not [mark for mark in theirs for text in texts if mark in text], path


async def test_strangers_see_no_page(here: Here) -> None:
    """Without a log-in every page leads to the log-in, whether what it is about exists or not."""
    addresses = await targets(here, LEVANGER)
    async with here.browser() as client:
        for path in ("/", "/meldinger", "/saker", "/sok", *addresses["message"], *addresses["case"], "/melding/x"):
            answer = await client.get(path)
            assert (answer.status_code, answer.headers["location"], answer.text) == (303, "/logg-inn", "")
        assert (await client.get("/finnes-ikke")).status_code == 404


@pytest.mark.parametrize("role", list(Role))
async def test_each_role_sees_its_pages(here: Here, role: Role) -> None:
    """The table of roles is what the pages do: a reporter sees cases and no delivery log, the others both."""
    name = {"drift": "levanger", "kvalitetssikrer": "kvalitet"}.get(role.value, role.value)
    paths = {Page.ACTION: "/", Page.MESSAGES: "/meldinger", Page.CASES: "/saker", Page.SEARCH: "/sok"}
    rows = await here.rows()
    async with here.browser(name) as client:
        for page, path in paths.items():
            assert (await client.get(path)).status_code == (200 if role in SEES[page] else 403)
        seen = (await client.get(f"/melding/{rows[0].id}")).status_code
        assert seen == (200 if role in SEES[Page.MESSAGES] else 403)
        if role not in SEES[Page.MESSAGES]:
            case = (await here.store.list_cases(LEVANGER))[-1]
            for path in ("/", "/saker", f"/sak/{case.number}"):
                assert "/melding" not in (await client.get(path)).text
            found = await client.post("/sok", data={"q": str(rows[0].id)}, headers=FORM)
            assert str(rows[0].id)[:8] not in found.text.split("</form>")[-1]


async def test_mail_of_nobody_is_for_the_first_enterprise(here: Here) -> None:
    """Quarantined mail that nobody owns is seen by operations of the first enterprise, and by no other role."""
    (mail, *_) = await here.store.list_inbound(OPERATOR)
    for name, status in (("levanger", 200), ("sekretariat", 404), ("saksbehandler", 404), ("verdal", 404)):
        async with here.browser(name) as client:
            assert (await client.get(f"/melding/{mail.id}")).status_code == status


@pytest.mark.parametrize(
    "path", ["/", "/logg-inn", "/finnes-ikke", "/static/style.css", "/static/../app.py", "/melding/x"]
)
async def test_every_answer_has_its_headers(here: Here, path: str) -> None:
    """Pages, redirects, errors and files alike carry the security headers; pages are kept by no cache."""
    for name in ("", "levanger"):
        async with here.browser(name) as client:
            headers = (await client.get(path)).headers
            assert headers["content-security-policy"].startswith("default-src 'none'; style-src 'self'")
            assert "frame-ancestors 'none'" in headers["content-security-policy"]
            assert (headers["referrer-policy"], headers["x-content-type-options"]) == ("same-origin", "nosniff")
            assert headers["cache-control"] == ("no-store" if "style" not in path else headers["cache-control"])


@pytest.mark.parametrize("table", TABLES)
async def test_the_database_itself_keeps_owners_apart(here: Here, table: str) -> None:
    """As the pages' role a statement that forgets the owner sees that owner's rows; without one, none."""
    counts: dict[str, int] = {}
    for owner in (LEVANGER, VERDAL, HerId("999"), HerId("")):
        async with here.store.reading_as(owner) as looking:
            found = await looking._connection.execute(f"SELECT DISTINCT owner FROM {table}")
            owners = {row["owner"] for row in await found.fetchall()}
            assert owners <= {owner}
            counts[owner] = len(owners)
    assert (counts[HerId("999")], counts[HerId("")]) == (0, 0)
    if table != "inbox_item":
        assert counts[LEVANGER] == 1
    async with await psycopg.AsyncConnection.connect(here.store._url, row_factory=dict_row) as connection:
        await connection.execute("SET ROLE samvik_web")
        assert await (await connection.execute(f"SELECT owner FROM {table}")).fetchall() == []


@pytest.mark.parametrize(
    "text",
    [
        "SELECT raw FROM inbound",
        "SELECT mime FROM outbound",
        "SELECT document FROM outbound",
        "SELECT content FROM case_file",
        "SELECT document FROM inbox_item",
        "SELECT password FROM web_user",
        "SELECT token FROM web_session",
        "SELECT content FROM registry_version",
        "SELECT owner FROM inbound_default",
        "SELECT 1 FROM ledger",
        "SELECT name FROM client",
        "SELECT id FROM notice",
        "SELECT id FROM shipment",
        "SELECT id FROM letter",
        "UPDATE task SET text = ''",
        "DELETE FROM event",
        "INSERT INTO reminder VALUES ('1', gen_random_uuid(), 1, now())",
    ],
)
async def test_the_pages_role_reads_no_content_and_writes_nothing(here: Here, text: str) -> None:
    """Raw mail, documents, case content, passwords and sessions are out of its reach, and it can change no row."""
    with pytest.raises(OwnFault, match=r"42501|25006"):
        async with here.store.reading_as(LEVANGER) as looking:
            await looking._connection.execute(text)


async def test_the_engine_is_not_fenced_in(here: Here) -> None:
    """After a page has read, the same pool's connections are the engine's own again and see every owner."""
    async with here.store.reading_as(LEVANGER):
        pass
    assert await here.rows(VERDAL)
    assert await here.store.list_inbound(OPERATOR)


async def test_a_database_user_who_may_make_no_role(here: Here, at_rest: AtRest) -> None:
    """A user who may not use the role is refused with the remedy; once an administrator has granted it, pages open."""
    parts = urlsplit(here.store._url)
    url = urlunsplit(parts._replace(netloc=f"samvik_plain:plain@{parts.netloc.rpartition('@')[2]}"))
    plain = PostgresStore(url, at_rest)
    async with await psycopg.AsyncConnection.connect(here.store._url, autocommit=True) as connection:
        await connection.execute("CREATE ROLE samvik_plain LOGIN PASSWORD 'plain'")
        try:
            for table in TABLES:
                await connection.execute(f"ALTER TABLE {table} OWNER TO samvik_plain")
            await plain.open()
            with pytest.raises(OwnFault, match=r"database\.no_fence"):
                await plain.raise_fence()
            await connection.execute("GRANT samvik_web TO samvik_plain")
            await plain.raise_fence()
            async with plain.reading_as(LEVANGER) as looking:
                assert await looking.list_outbound(LEVANGER, most=1)
            assert await plain.list_outbound(VERDAL, most=1)
        finally:
            await plain.close()
            await connection.execute("REASSIGN OWNED BY samvik_plain TO CURRENT_USER")
            await connection.execute("DROP OWNED BY samvik_plain")
            await connection.execute("DROP ROLE samvik_plain")
