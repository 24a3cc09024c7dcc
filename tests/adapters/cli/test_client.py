"""`samvik client` as an administrator uses it."""

import hashlib

import psycopg

from tests.fakes.engines.project import Project

PARTY = ("--party", "8090101")
URL = "https://epj.example.no/samvik?key=HEMMELIG"


def by_api(project: Project) -> Project:
    """Let the record systems of the register ask over HTTP."""
    text = (project.folder / "parties.toml").read_text("utf-8")
    project.put("parties.toml", text.replace('inbox = "folder"', 'inbox = "api"'))
    assert project.samvik("parties", "import", "parties.toml", "--yes").code == 0
    return project


def test_clients_come_and_go(project: Project) -> None:
    """A token is alone on standard output and nowhere else; a name is free again when its client is revoked."""
    by_api(project)
    added = project.samvik("client", "add", "epj", *PARTY)
    token = added.out.strip()
    assert (added.code, token.startswith("samvik_"), len(token) >= 50, added.out.count("\n")) == (0, True, True, 1)
    assert token not in added.err
    assert "closed" in added.err
    assert "already" in project.samvik("client", "add", "epj", *PARTY).sentence
    (listed,) = project.samvik("client", "list", "--json").json
    assert (listed["name"], listed["her"], listed["revoked_at"]) == ("epj", "8090101", None)
    assert project.samvik("client", "revoke", "epj").out == "Revoked epj.\n"
    assert "no active client" in project.samvik("client", "revoke", "epj").sentence
    second = project.samvik("client", "add", "epj", *PARTY).out.strip()
    assert second != token
    assert len(project.samvik("client", "list", "--json").json) == 2
    assert "epj" in project.samvik("client", "list").out
    with psycopg.connect(database_of(project)) as connection:
        rows = connection.execute("SELECT client::text, encode(token, 'hex') FROM client").fetchall()
        events = connection.execute("SELECT event::text FROM event").fetchall()
    assert {row[1] for row in rows} == {hashlib.sha256(each.encode()).hexdigest() for each in (token, second)}
    assert token not in repr(rows) + repr(events)


def test_a_webhook_is_set_and_removed(project: Project) -> None:
    """The secret is alone on standard output; it and the address stand encrypted, and only the host is shown."""
    by_api(project)
    project.samvik("client", "add", "epj", *PARTY)
    done = project.samvik("client", "webhook", "epj", "--url", URL)
    secret = done.out.strip()
    assert (done.code, len(bytes.fromhex(secret))) == (0, 32)
    assert secret not in done.err
    listed = project.samvik("client", "list", "--json")
    assert listed.json[0]["webhook_host"] == "epj.example.no"
    assert "HEMMELIG" not in listed.out + project.samvik("client", "list").out
    with psycopg.connect(database_of(project)) as connection:
        kept = connection.execute("SELECT webhook FROM client").fetchall()[0][0]
        events = repr(connection.execute("SELECT action, data FROM event").fetchall())
    assert b"epj.example.no" not in kept
    assert bytes.fromhex(secret) not in kept
    assert "webhook set" in events
    assert "HEMMELIG" not in events
    assert project.samvik("client", "webhook", "epj", "--off").code == 0
    assert project.samvik("client", "list", "--json").json[0]["webhook_host"] is None


def test_clients_that_are_refused(project: Project) -> None:
    """A name, party or address that cannot be is refused in one sentence, and nothing is printed as a token."""
    refused = project.samvik("client", "add", "epj", *PARTY)
    assert (refused.code, refused.out, 'inbox = "api"' in refused.sentence) == (1, "", True)
    by_api(project)
    wrong = (
        (("add", "EPJ", *PARTY), "lower-case"),
        (("add", "-epj", "--party", "8090101"), "No such option"),
        (("add", "a" * 64, *PARTY), "lower-case"),
        (("add", "15820250068", *PARTY), "lower-case"),
        (("add", "epj", "--party", "8090301"), "not served"),
        (("add", "epj", "--party", "x"), "HER-id"),
        (("webhook", "epj", "--url", URL), "no active client"),
        (("webhook", "epj"), "--off"),
        (("webhook", "epj", "--url", URL, "--off"), "--off"),
    )
    for words, told in wrong:
        answer = project.samvik("client", *words)
        assert answer.code != 0
        assert answer.out == ""
        assert told in answer.err, words
        assert "HEMMELIG" not in answer.err


def database_of(project: Project) -> str:
    """Return the URL in the configuration."""
    return (project.folder / "samvik.toml").read_text("utf-8").split('url = "')[1].split('"')[0]
