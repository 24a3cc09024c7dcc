"""Lists and look-ups: any beginning of any id finds a message, and a list that is cut says so and how to go on."""

import re
from uuid import UUID

import psycopg
import pytest

from tests.fakes.engines.project import Project

COPY_OUT = """
INSERT INTO outbound SELECT (jsonb_populate_record(o, jsonb_build_object(
    'id', gen_random_uuid(), 'created_at', o.created_at + i * interval '1 second',
    'message_id', 'newer-' || i, 'msg_id', 'newer-' || i, 'conversation_id', 'newer-' || i))).*
FROM outbound o, generate_series(1, %s) i WHERE o.id = %s
"""
ADD_TASK = """
INSERT INTO task (id, owner, subject, cause, text, role, opened_at, due, done_by, outcome)
VALUES (%s, '8090100', %s, %s, 'Se på dette.', 'drift', now(), now(), '', '')
"""
ADD_ALARM = """
INSERT INTO alarm (id, owner, partner, cause, state, count, first_at, last_at)
VALUES (%s, '8090100', %s, 'ingen vei ut', 'APEN', 1, now(), now())
"""


def test_any_beginning_of_any_id_finds_a_message(project: Project, pg_url: str) -> None:
    """Among hundreds of newer ones a message is found by the first eight signs of any of its ids."""
    sent = project.send()
    with psycopg.connect(pg_url) as connection:
        connection.execute(COPY_OUT, (450, sent["id"]))
    for key in ("id", "message_id", "msg_id", "conversation_id"):
        for text in (sent[key][:8], sent[key][:8].upper(), sent[key][:20]):
            found = project.samvik("message", "show", text, "--json")
            assert found.code == 0, (key, found.err)
            assert [row["id"] for row in found.json] == [sent["id"]]
    assert project.samvik("message", "hold", sent["msg_id"][:9].upper(), "--reason", "prøve").code == 0
    assert "No message has the id %%%%%%%%" in project.samvik("message", "show", "%%%%%%%%").sentence


def test_a_list_that_is_cut_says_so_and_goes_on(project: Project, pg_url: str) -> None:
    """Page by page, by the words on standard error, every message is shown once; JSON stays JSON alone."""
    sent = project.send()
    with psycopg.connect(pg_url) as connection:
        connection.execute(COPY_OUT, (230, sent["id"]))
        connection.execute("UPDATE outbound SET created_at = %s WHERE message_id LIKE 'newer-1%%'", (sent["at"],))
    first = project.samvik("messages", "--json")
    assert len(first.json) == 200
    assert "Only the newest 200 are shown." in first.err
    seen, before = [row["id"] for row in first.json], first
    while told := re.search(r"--before (\S+)\.", before.err):
        before = project.samvik("messages", "--json", "--limit", "9", "--before", told[1])
        assert 0 < len(before.json) <= 9
        seen += [row["id"] for row in before.json]
    assert len(seen) == len(set(seen)) == 231
    whole = project.samvik("messages", "--json", "--limit", "231")
    assert ([row["id"] for row in whole.json], whole.err) == (seen, "")


def test_a_list_begins_at_a_time(project: Project) -> None:
    """--before takes a time as people in Oslo write it, and refuses what only looks like one."""
    project.send()
    assert project.samvik("messages", "--json", "--before", "2020-01-01").json == []
    assert len(project.samvik("messages", "--json", "--before", "2999-01-01T12:00").json) == 1
    assert "2020-13-01 is no time" in project.samvik("messages", "--before", "2020-13-01").sentence
    assert "No message has the id" in project.samvik("messages", "--before", "i går").sentence


def test_lists_of_cases_are_cut_alike(project: Project) -> None:
    """Cases are shown a page at a time, and go on after the number of the last one."""
    for _ in range(3):
        assert project.samvik("case", "new", "avvik.xml", "--as", "melder@8090101", "--to", "8090301").code == 0
    listed = ["case", "list", "--as", "melder@8090101", "--json"]
    numbers = [case["number"] for case in project.samvik(*listed).json]
    cut = project.samvik(*listed, "--limit", "2")
    assert [case["number"] for case in cut.json] == numbers[:2]
    assert f"--before {numbers[1]}." in cut.err
    rest = project.samvik(*listed, "--limit", "2", "--before", numbers[1])
    assert ([case["number"] for case in rest.json], rest.err) == (numbers[2:], "")


@pytest.mark.parametrize(
    ("add", "kind", "close"), [(ADD_TASK, "task", "done"), (ADD_ALARM, "alarm", "close")], ids=["task", "alarm"]
)
def test_tasks_and_alarms_are_closed_by_the_beginning_of_an_id(
    project: Project, pg_url: str, add: str, kind: str, close: str
) -> None:
    """Eight signs that only one has are enough; what two have is refused, and a cut list says so."""
    one, two, three = (UUID(text + "0" * 23) for text in ("abcdef12a", "abcdef12b", "12345678c"))
    subject = project.send()["id"]
    with psycopg.connect(pg_url) as connection:
        for number, id in enumerate((one, two, three)):
            values = (id, subject, f"prøve {number}") if kind == "task" else (id, f"80903{number}")
            connection.execute(add, values)
    cut = project.samvik(kind, "list", "--limit", "2", "--json")
    assert (len(cut.json), "Only the first 2 are shown." in cut.err) == (2, True)
    assert "More than one" in project.samvik(kind, close, "ABCDEF12", "--reason", "x").sentence
    assert "at least 8" in project.samvik(kind, close, "1234567", "--reason", "x").sentence
    for beginning, id in (("12345678", three), ("abcdef12-B", two)):
        closed = project.samvik(kind, close, beginning, "--reason", "ordnet")
        assert (closed.code, str(id) in closed.out) == (0, True), closed.err
    assert [row["id"] for row in project.samvik(kind, "list", "--json").json] == [str(one)]
    assert f"{kind} has the id 12345678" in project.samvik(kind, close, "12345678", "--reason", "x").sentence


def test_what_came_in_is_not_sent_again(project: Project, pg_url: str) -> None:
    """To resend, hold or deliver a mail that came in is refused with what it is, not as if it did not exist."""
    id = UUID(int=77)
    with psycopg.connect(pg_url) as connection:
        connection.execute(
            "INSERT INTO inbound (id, owner, received_at, state, peer, size, sha256, mail_id, apprec, reason, raw) "
            "VALUES (%s, '8090100', now(), 'KARANTENE', '', 1, '', '', 'INGEN', '', '')",
            (id,),
        )
    told = ["message", "delivered", str(id), "--channel", "post", "--at", "2026-01-02", "--reason", "x"]
    for words in (["message", "resend", str(id), "--reason", "x"], ["message", "hold", str(id), "--reason", "x"], told):
        refused = project.samvik(*words)
        assert refused.code == 1
        assert f"{id} is a mail that came in." in refused.sentence


@pytest.mark.parametrize("words", [("message", "show"), ("log", "verify"), ("cpa", "list")], ids=" ".join)
def test_what_needs_no_key_is_shown_without_one(project: Project, words: tuple[str, ...]) -> None:
    """A key that cannot be read keeps nobody from seeing what happened to a message, or whether the log is whole."""
    given = [*words, project.send()["id"]] if words[0] == "message" else words
    project.put("pki/private/annen.pem", "no key").chmod(0o600)
    assert project.samvik(*given, "--json").code == 0
    assert "annen.pem" in project.samvik("certificates").sentence
