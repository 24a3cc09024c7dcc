"""The pages as people see them: what stands on them, in three languages, and what never does."""

import json

import pytest

from adapters.web.texts import TABLES, chosen
from adapters.words.language import Language
from engine.names import OPERATOR
from engine.operations.overview import LOOKED_AT, LOOKS
from engine.records.log import Cause
from engine.records.messages import IncomingMail, Kind, OutgoingMessage
from engine.records.work import WorkKind
from engine.states.alarm import AlarmState
from engine.states.apprec import ApprecState
from engine.states.case import CaseEvent, CaseState
from engine.states.delivery import DeliveryEvent, DeliveryState
from engine.states.inbound import InboundEvent, InboundState
from tests.fakes.engines.site import FORM, MARK, NUMBER, PASSWORD, Here
from tests.fakes.store.due_work import next_due
from tests.fakes.world.parties import LEVANGER

PAGES = ("/", "/meldinger", "/saker", "/sok")


async def paths(here: Here) -> list[str]:
    """Return every page there is to open for Levanger: each list, each message, each case."""
    rows = [*await here.rows(), *await here.rows(OPERATOR)]
    cases = await here.store.list_cases(LEVANGER)
    return [*PAGES, *(f"/melding/{row.id}" for row in rows), *(f"/sak/{case.number}" for case in cases)]


@pytest.mark.parametrize("language", list(Language))
async def test_every_page_opens_in_each_language(here: Here, language: Language) -> None:
    """Each page answers 200, says its language, keeps it in a cookie, and offers the others."""
    async with here.browser("levanger") as client:
        for path in await paths(here):
            answer = await client.get(path, params={"lang": language.value})
            assert answer.status_code == 200, path
            assert f'<html lang="{language}">' in answer.text
            assert f"samvik_sprak={language}" in answer.headers["set-cookie"]
        assert f'<html lang="{language}">' in (await client.get("/")).text


def test_the_texts_are_whole() -> None:
    """Every text stands in all three languages, and every state, event, kind and role that there is has its words."""
    for table in TABLES.values():
        assert all(len(row) == len(Language) and all(row) for row in table.values())
    states = {*InboundState, *DeliveryState, *CaseState, *ApprecState, *AlarmState}
    assert {str(state) for state in states} == set(TABLES["state"])
    events = {*InboundEvent, *DeliveryEvent, *CaseEvent}
    assert {str(event) for event in events} | LOOKS <= set(TABLES["event"])
    assert {str(kind) for kind in Kind} <= set(TABLES["kind"])
    assert {str(cause) for cause in Cause} == set(TABLES["cause"])


@pytest.mark.parametrize(
    ("asked", "kept", "accepted", "expected"),
    [
        (None, None, "", "nb"),
        ("nn", "en", "nb", "nn"),
        ("xx", "en", "nn", "en"),
        (None, None, "no,en;q=0.5", "nb"),
        (None, None, "de, nn;q=0.3, en;q=0.9", "en"),
        (None, None, "en;q=x, nn-NO", "nn"),
    ],
)
def test_the_language_is_chosen(asked: str | None, kept: str | None, accepted: str, expected: str) -> None:
    """The address counts before the cookie, the cookie before the browser's wish, and bokmål is the rest."""
    assert chosen(asked, kept, accepted) == expected


async def test_what_needs_action_stands_first(here: Here) -> None:
    """The front page has the figures, the stuck message, the quarantined mail and the late case, with their tasks."""
    async with here.browser("levanger") as client:
        text = (await client.get("/")).text
    rows = [*await here.rows(), *await here.rows(OPERATOR)]
    for state in ("UBEKREFTET", "KARANTENE"):
        (row,) = [row for row in rows if row.state == state]
        assert text.index(f"/melding/{row.id}") < text.index("Siste meldinger")
    late = [case for case in await here.store.list_cases(LEVANGER) if case.state == "UNDER_BEHANDLING"]
    assert all(f"/sak/{case.number}" in text for case in late)
    assert "Ingen kvittering fra HER-id" in text


async def test_a_message_has_its_whole_timeline(here: Here) -> None:
    """A delivered message shows its own events, those of its receipts, and its ids; so does a mail that came."""
    rows = await here.rows()
    sent = next(row for row in rows if isinstance(row, OutgoingMessage) and row.state == "LEVERT")
    came = next(row for row in rows if isinstance(row, IncomingMail) and row.state == "LEVERT_INTERNT")
    async with here.browser("levanger") as client:
        text = (await client.get(f"/melding/{sent.id}")).text
        mail = (await client.get(f"/melding/{came.id}")).text
    for word in ("Lagt i kø", "Overlevert e-postserveren", "Transportkvittering kom", "godtatt", "KORRELERT"):
        assert word in text
    for id in (sent.id, sent.msg_id, sent.header.message_id, sent.header.conversation_id):
        assert str(id) in text
    assert "Lagret" in mail
    assert "Lagt i innboksen" in mail
    answers = [row for row in rows if isinstance(row, OutgoingMessage) and row.header.ref_to == came.header.message_id]
    assert len(answers) == 2
    assert all(f"/melding/{row.id}" in mail for row in answers)


async def test_a_case_has_its_messages_in_its_timeline(here: Here) -> None:
    """An answered case shows what came and every message that it sent, in time order, and says no text of either."""
    case = next(case for case in await here.store.list_cases(LEVANGER) if case.answered_at)
    async with here.browser("levanger") as client:
        text = (await client.get(f"/sak/{case.number}")).text
        assert (await client.get(f"/sak/{case.id}")).status_code == 200
    order = ("Avvik mottatt", "Foreløpig svar gitt", "Endelig svar gitt")
    assert sorted(order, key=text.index) == list(order)
    messages = [row for row in await here.rows() if row.kind is Kind.MELDING and f"/melding/{row.id}" in text]
    assert len(messages) >= 3


async def test_every_look_is_logged(here: Here) -> None:
    """Opening a message or case is logged with role, party and name, and stands on the page the next time."""
    row, case = (await here.rows())[0], (await here.store.list_cases(LEVANGER))[0]
    async with here.browser("levanger") as client:
        for path, id in ((f"/melding/{row.id}", row.id), (f"/sak/{case.number}", case.id)):
            await client.get(path)
            looks = [each for each in await here.store.timeline(LEVANGER, id) if each.event.action == LOOKED_AT]
            assert [(look.event.actor, look.event.data) for look in looks] == [("drift@8090100", {"name": "levanger"})]
            assert "drift, Levanger kommune (levanger)" in (await client.get(path)).text


async def test_the_log_is_narrowed_and_turned(here: Here, monkeypatch: pytest.MonkeyPatch) -> None:
    """State, direction and kind narrow the log; page by page every row comes once, newest first."""
    monkeypatch.setattr("adapters.web.lists.ROWS_A_PAGE", 3)
    rows = await here.rows()
    async with here.browser("levanger") as client:
        shown, path = [], "/meldinger?vei=ut"
        while path:
            text = (await client.get(path)).text
            shown += [part[:36] for part in text.split('<a href="/melding/')[1:]]
            path = (
                text.split('rel="next" href="')[1].split('"')[0].replace("&amp;", "&") if 'rel="next"' in text else ""
            )
        assert sorted(shown) == sorted(str(row.id) for row in rows if isinstance(row, OutgoingMessage))
        narrowed = (await client.get("/meldinger?tilstand=UBEKREFTET")).text
        assert narrowed.count("/melding/") == 1
        assert (await client.get("/meldinger?tilstand=KARANTENE&vei=ut")).text.count("/melding/") == 0
        assert (await client.get("/meldinger?tilstand=BORTE&vei=opp&for=aldri&type=x")).status_code == 200


async def test_search_by_every_id(here: Here) -> None:
    """Own id, its first eight signs, every id of the wire and the case number lead to the message or the case."""
    row = next(row for row in await here.rows() if isinstance(row, OutgoingMessage) and row.state == "LEVERT")
    signal = next(each for each in await here.rows() if each.header.ref_to == row.header.message_id)
    case = (await here.store.list_cases(LEVANGER))[0]
    async with here.browser("levanger") as client:
        for text in (str(row.id), str(row.id)[:8], row.header.message_id, row.msg_id):
            answer = await client.post("/sok", data={"q": f" {text} "}, headers=FORM)
            assert (answer.status_code, answer.headers["location"]) == (303, f"/melding/{row.id}"), text
        for text in (row.header.conversation_id, signal.header.message_id):
            answer = await client.post("/sok", data={"q": text}, headers=FORM)
            found = answer.text + answer.headers.get("location", "")
            assert str(row.id) in found or str(signal.id) in found, text
        for text in (case.number, case.number.lower(), str(case.id), str(case.id)[:8]):
            answer = await client.post("/sok", data={"q": text}, headers=FORM)
            assert answer.headers["location"] == f"/sak/{case.number}", text
        for text in ("finnes ikke", str(row.id)[:7], "%", "' OR true --", "\x00", ""):
            answer = await client.post("/sok", data={"q": text}, headers=FORM)
            assert (answer.status_code, "/melding/" in answer.text) == (200, False)


@pytest.mark.parametrize("text", [NUMBER, f"{NUMBER[:6]} {NUMBER[6:]}", f"pasient {NUMBER}"])
async def test_a_national_number_is_not_searched_for(here: Here, text: str) -> None:
    """A search that holds a national identity number is refused, and repeated neither on the page nor in an address."""
    async with here.browser("levanger") as client:
        answer = await client.post("/sok", data={"q": text}, headers=FORM)
    assert answer.status_code == 400
    assert "fødselsnummer" in answer.text
    assert text not in answer.text + str(answer.url)


async def test_what_partners_write_is_escaped(here: Here) -> None:
    """A partner's word, ids and reasons with markup in them stand on the page as text."""
    evil = '<script>alert("1")</script>'
    row = next(row for row in await here.rows() if isinstance(row, OutgoingMessage) and row.state == "UBEKREFTET")
    async with here.store.begin() as uow:
        await uow.keep_partner_word(LEVANGER, row.id, evil.encode())
    async with here.store._connection() as connection:
        await connection.execute(
            "UPDATE outbound SET msg_id = %(e)s, conversation_id = %(e)s, reason = %(e)s, from_her = %(e)s "
            "WHERE id = %(id)s",
            {"e": evil, "id": row.id},
        )
    async with here.browser("levanger") as client:
        for path in ("/", "/meldinger", f"/melding/{row.id}", f"/sok?q={evil}", f"/meldinger?tilstand={evil}"):
            text = (await client.get(path)).text
            assert "<script" not in text
        assert "&lt;script&gt;alert(&#34;1&#34;)" in (await client.get(f"/melding/{row.id}")).text
        answer = await client.post("/sok", data={"q": evil}, headers=FORM)
        assert "<script" not in answer.text


async def test_nothing_that_people_wrote_is_shown_or_logged(here: Here, capfd: pytest.CaptureFixture[str]) -> None:
    """Neither a page nor a log line holds a document's text, a national number, or a password."""
    async with here.browser("levanger") as client:
        for path in (f"/sak/{NUMBER}", f"/melding/{NUMBER}", f"/{NUMBER}", f"/meldinger?q={NUMBER}&tilstand={NUMBER}x"):
            assert path.endswith("x") or NUMBER not in (await client.get(path)).text
        for path in await paths(here):
            answer = await client.get(path)
            for secret in (MARK, NUMBER, PASSWORD):
                assert secret not in answer.text + str(answer.headers)
        await here.log_in(client, f"{MARK}-navn", f"{MARK}-passord")
    out, err = capfd.readouterr()
    for secret in (MARK, NUMBER, PASSWORD):
        assert secret not in out + err


async def test_an_error_of_ours_says_nothing(here: Here, monkeypatch: pytest.MonkeyPatch) -> None:
    """What fails inside gives a page of our own with no detail, with all security headers, and one log line."""

    async def fail(*_: object) -> None:
        raise RuntimeError(MARK)

    async with here.browser("levanger") as client:
        monkeypatch.setattr("adapters.web.lists._figures", fail)
        answer = await client.get("/")
    assert answer.status_code == 500
    assert MARK not in answer.text
    assert "content-security-policy" in answer.headers


async def test_the_pages_change_nothing_but_looks(here: Here) -> None:
    """Opening every page moves no message, no case, no task and queues no work."""

    async def everything() -> str:
        rows = [await here.rows(), await here.store.list_cases(LEVANGER), await here.store.list_tasks(LEVANGER)]
        return json.dumps([repr(rows), str(await next_due(here.store, list(WorkKind)))])

    before = await everything()
    async with here.browser("levanger") as client:
        for path in await paths(here):
            await client.get(path)
    assert await everything() == before
