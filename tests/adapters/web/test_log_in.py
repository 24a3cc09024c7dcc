"""Logging in: who may, how often, for how long, and what the cookie and the form must be like."""

from datetime import timedelta

import httpx
import psycopg
import pytest

from adapters.keys.at_rest import AtRest
from adapters.web.security import MOST_FORM_BYTES
from adapters.web.sessions import ATTEMPTS_A_NAME, ATTEMPTS_A_PEER, IDLE, LONGEST, cookie_of
from adapters.web.users import add_user, new_password, normal_name
from engine.commit.actor import person
from engine.errors import Refused
from tests.fakes.engines.site import FORM, PASSWORD, Here, opened_site


async def is_in(client: httpx.AsyncClient) -> bool:
    """Say whether a browser is logged in."""
    answer = await client.get("/")
    assert answer.status_code in {200, 303}
    return answer.status_code == 200


async def test_in_and_out(here: Here) -> None:
    """The right password opens the pages, the cookie is out of reach of script and other sites, log-out ends it."""
    async with here.browser() as client:
        assert not await is_in(client)
        answer = await here.log_in(client, " LEVANGER ")
        assert answer.headers["location"] == "/"
        cookie = answer.headers["set-cookie"]
        assert all(word in cookie for word in ("HttpOnly", "SameSite=strict", "Path=/"))
        assert "Secure" not in cookie
        assert len(client.cookies[here.cookie]) >= 43
        assert await is_in(client)
        token = client.cookies[here.cookie]
        assert (await client.get("/logg-ut")).status_code == 405
        assert (await client.post("/logg-ut", headers=FORM)).headers["location"] == "/logg-inn"
        client.cookies.set(here.cookie, token)
        assert not await is_in(client)


def test_each_engine_has_a_cookie_of_its_own(here: Here) -> None:
    """Browsers send a cookie to every port of a host: being logged in at one engine must not log out of another."""
    other = here.settings.model_copy(update={"parties": ("8090900",)})
    assert cookie_of(other) != here.cookie


async def test_the_token_is_not_in_the_database(here: Here) -> None:
    """Neither the cookie's token nor the password can be read from the database."""
    async with here.browser("levanger") as client, here.store._connection() as connection:
        rows = await (
            await connection.execute("SELECT web_session::text, web_user::text FROM web_session, web_user")
        ).fetchall()
        assert rows
        assert client.cookies[here.cookie] not in repr(rows)
    assert PASSWORD not in repr(rows)
    assert "$argon2id$" in repr(rows)


async def test_wrong_and_unknown_look_the_same(here: Here, monkeypatch: pytest.MonkeyPatch) -> None:
    """A wrong password and an unknown name get the same page after the same work, and no cookie."""
    checked: list[str] = []
    monkeypatch.setattr("adapters.web.users._verify", lambda hashed, _password: bool(checked.append(hashed)))
    async with here.browser() as client:
        wrong = await here.log_in(client, "levanger", "feil passord her")
        unknown = await here.log_in(client, "finnes-ikke", "feil passord her")
    assert (wrong.status_code, unknown.status_code) == (401, 401)
    assert wrong.text == unknown.text
    assert "set-cookie" not in wrong.headers
    assert checked[0].split("$")[1:4] == checked[1].split("$")[1:4]


async def test_attempts_are_limited_by_name(here: Here) -> None:
    """After ten wrong tries a name is closed for a quarter of an hour, from everywhere, for the right password too."""
    for number in range(ATTEMPTS_A_NAME):
        async with here.browser(peer=f"192.0.2.{number}") as client:
            assert (await here.log_in(client, "levanger", "feil passord her")).status_code == 401
    async with here.browser(peer="198.51.100.1") as client:
        assert (await here.log_in(client, "Levanger")).status_code == 429
        assert (await here.log_in(client, "verdal")).status_code == 303
        here.clock.advance(minutes=16)
        assert (await here.log_in(client, "levanger")).status_code == 303


@pytest.mark.parametrize("peers", [("192.0.2.9", "192.0.2.9"), ("2001:db8::1", "2001:db8::ffff")])
async def test_attempts_are_limited_by_address(
    here: Here, monkeypatch: pytest.MonkeyPatch, peers: tuple[str, str]
) -> None:
    """An address or IPv6 network that tries many names is closed, and what it left behind is cleared away."""
    monkeypatch.setattr("adapters.web.users._verify", lambda *_: False)
    async with here.browser(peer=peers[0]) as client:
        for number in range(ATTEMPTS_A_PEER):
            assert (await here.log_in(client, f"navn-{number}")).status_code == 401
    async with here.browser(peer=peers[1]) as client:
        assert (await here.log_in(client, "en-til")).status_code == 429
        here.clock.advance(hours=1)
        assert (await here.log_in(client, "en-til")).status_code == 401
    async with here.store._connection() as connection:
        rows = await (await connection.execute("SELECT 1 FROM web_attempt")).fetchall()
    assert len(rows) == 2


async def test_those_who_log_in_do_not_close_their_address(here: Here) -> None:
    """Many people behind one address log in and out all day; only failures count against it."""
    for _ in range(ATTEMPTS_A_PEER + 2):
        async with here.browser("verdal"):
            pass
    async with here.browser("levanger") as client:
        assert await is_in(client)


async def test_a_session_ends_when_idle_and_in_any_case(here: Here) -> None:
    """Half an hour without use ends a session; with use it lasts ten hours and no longer."""
    async with here.browser("levanger") as client:
        here.clock.advance(minutes=29)
        assert await is_in(client)
        here.clock.advance(minutes=29)
        assert await is_in(client)
        here.clock.set(here.clock.now() + IDLE + timedelta(seconds=1))
        assert not await is_in(client)
        await here.log_in(client, "levanger")
        for _ in range(int(LONGEST / timedelta(minutes=25)) - 1):
            here.clock.advance(minutes=25)
            assert await is_in(client)
        here.clock.advance(minutes=25)
        assert not await is_in(client)


async def test_a_removed_user_is_out_at_once(here: Here) -> None:
    """When a user is removed every session of theirs is over."""
    async with here.browser("levanger") as client:
        assert await is_in(client)
        assert await here.store.log_ins().remove("levanger")
        assert not await is_in(client)


async def test_https_makes_the_cookie_secure(here: Here) -> None:
    """Over https the cookie goes back over https alone."""
    transport = httpx.ASGITransport(here.app, client=("192.0.2.7", 1))
    async with httpx.AsyncClient(transport=transport, base_url="https://samvik.test") as client:
        form = {**FORM, "origin": "https://samvik.test"}
        answer = await client.post("/logg-inn", data={"name": "levanger", "password": PASSWORD}, headers=form)
        assert "Secure" in answer.headers["set-cookie"]


async def test_production_knows_no_local_users(here: Here, at_rest: AtRest) -> None:
    """In production the page says so, refuses the right password and an old cookie, and no user can be added."""
    async with here.browser("levanger") as client:
        token = client.cookies[here.cookie]
    async with opened_site(here.store._url, at_rest, environment="production") as strict, strict.browser() as client:
        assert "Lokale brukere er ikke for produksjon" in (await client.get("/logg-inn")).text
        assert (await strict.log_in(client, "levanger")).status_code == 403
        client.cookies.set(here.cookie, token)
        assert not await is_in(client)
        with pytest.raises(Refused, match="production"):
            await add_user(
                strict.settings, strict.ports, strict.store.log_ins(), "ny", person("drift@8090100"), PASSWORD
            )


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"origin": "https://ond.test"},
        {"origin": "null"},
        {"origin": "null", "sec-fetch-site": "cross-site"},
        {"origin": "null", "sec-fetch-site": "none"},
        {"origin": "http://samvik.test.ond.test"},
        {"origin": "http://["},
        {"origin": "x://samvik.test"},
    ],
)
async def test_forms_from_elsewhere_are_refused(here: Here, headers: dict[str, str]) -> None:
    """A form that another site sent, or that does not say where it comes from, does nothing."""
    async with here.browser("levanger") as client:
        for path, fields in (("/logg-ut", {}), ("/sok", {"q": "x"}), ("/logg-inn", {"name": "levanger"})):
            assert (await client.post(path, data=fields, headers=headers)).status_code == 403
        assert await is_in(client)


async def test_forms_from_our_own_page_are_taken(here: Here) -> None:
    """What browsers send for our own forms under our own Referrer-Policy is taken."""
    async with here.browser("levanger") as client:
        origin = f"http://{client.base_url.netloc.decode()}"
        for headers in ({"origin": "null", "sec-fetch-site": "same-origin"}, {"origin": origin}):
            assert (await client.post("/sok", data={"q": "x"}, headers=headers)).status_code == 200


async def test_odd_forms_are_refused(here: Here) -> None:
    """A form that is too large, no form, or not text is refused without an error of ours."""
    async with here.browser("levanger") as client:
        kind = {**FORM, "content-type": "application/x-www-form-urlencoded"}
        for body, headers in (
            (b"q=" + b"x" * MOST_FORM_BYTES, kind),
            (b"q=\xff", kind),
            (b"q=%ff", kind),
            (b"&".join([b"a=1"] * 50), kind),
            (b"{}", {**FORM, "content-type": "application/json"}),
        ):
            answer = await client.post("/sok", content=body, headers=headers)
            assert 400 <= answer.status_code < 500


async def test_a_user_whose_party_has_gone_is_nobody(here: Here) -> None:
    """A user of a HER-id that is no longer the owner's sees nothing."""
    async with here.browser("levanger") as client:
        async with await psycopg.AsyncConnection.connect(here.store._url) as connection:
            await connection.execute("UPDATE web_user SET her = '8090300' WHERE name = 'levanger'")
        assert not await is_in(client)


@pytest.mark.parametrize(
    ("name", "who", "password", "told"),
    [
        ("a", "drift@8090100", PASSWORD, r"user\.bad_name"),
        ("<script>", "drift@8090100", PASSWORD, r"user\.bad_name"),
        ("15820250068", "drift@8090100", PASSWORD, r"user\.number_as_name"),
        ("ny", "drift@8090300", PASSWORD, "party.not_served"),
        ("ny", "drift@8090100", "kort", r"password_length.*\"12\""),
        ("ny", "drift@8090100", "x" * 1_001, r"password_length.*\"1000\""),
        ("nybruker", "drift@8090100", "NyBruker-2026", r"user\.name_in_password"),
        ("Levanger", "drift@8090100", PASSWORD, r"user\.name_taken"),
    ],
)
async def test_users_that_cannot_be(here: Here, name: str, who: str, password: str, told: str) -> None:
    """A name or password that will not do, a HER-id that is not served, and a name that is taken are refused."""
    with pytest.raises(Refused, match=told):
        await add_user(here.settings, here.ports, here.store.log_ins(), name, person(who), password)


def test_names_and_made_passwords() -> None:
    """Names that look alike are one; a password that is made is long and never the same."""
    assert normal_name(" Ｋari ") == "kari"
    assert len(new_password()) >= 20
    assert new_password() != new_password()
