"""`samvik user` as an operator uses it."""

import getpass

import pytest

from tests.fakes.engines.project import Project

PASSWORD = "riktig hest batteri stift"


def test_users_come_and_go(project: Project) -> None:
    """A user is added with a password from standard input, listed without it, and removed; names are taken once."""
    add = ("user", "add", " Kari ", "--as", "drift@8090100", "--password-stdin")
    added = project.samvik(*add, answer=f"{PASSWORD}\n")
    assert (added.code, added.out) == (0, "Added kari as drift@8090100.\n")
    assert "already" in project.samvik(*add, answer=f"{PASSWORD}\n").sentence
    (listed,) = project.samvik("user", "list", "--json").json
    assert (listed["name"], listed["as"], set(listed)) == ("kari", "drift@8090100", {"name", "as", "created_at"})
    assert "kari" in project.samvik("user", "list").out
    assert project.samvik("user", "remove", "KARI").out == "Removed kari.\n"
    assert "There is no user" in project.samvik("user", "remove", "kari").sentence
    assert project.samvik("user", "list", "--json").json == []


def test_the_password_is_asked_for_twice(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without --password-stdin the password is asked for, twice the same, and never echoed."""
    typed = iter([PASSWORD, PASSWORD, PASSWORD, f"{PASSWORD}!"])
    monkeypatch.setattr(getpass, "getpass", lambda _prompt: next(typed))
    added = project.samvik("user", "add", "ola", "--as", "melder@8090101")
    assert (added.code, PASSWORD in added.out + added.err) == (0, False)
    assert "differ" in project.samvik("user", "add", "per", "--as", "melder@8090101").sentence


def test_users_that_are_refused(project: Project) -> None:
    """A role or HER-id that cannot be, a short password, and production are refused in one sentence."""
    for who, password, told in (
        ("sjef@8090100", PASSWORD, "ROLE@HER-ID"),
        ("drift@8090300", PASSWORD, "not served"),
        ("drift@8090100", "kort", "at least 12"),
    ):
        refused = project.samvik("user", "add", "ny", "--as", who, "--password-stdin", answer=f"{password}\n")
        assert refused.code == 1
        assert told in refused.sentence
        assert password not in refused.sentence.replace("kort", "") or password == "kort"
    text = (project.folder / "samvik.toml").read_text("utf-8")
    project.put("samvik.toml", f'environment = "production"\n{text}')
    refused = project.samvik("user", "add", "ny", "--as", "drift@8090100", "--password-stdin", answer=PASSWORD)
    assert "production" in refused.sentence
