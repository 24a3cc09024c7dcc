"""Hooks: off they do nothing, on they only hold a process where a proof wants it, and production refuses them."""

import os
import re
import threading
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from adapters.keys.at_rest import AtRest
from adapters.machine import kill_hooks
from adapters.machine.kill_hooks import Commit, Step
from adapters.settings import load_settings
from adapters.store.postgres import PostgresStore
from engine.errors import OwnFault
from engine.names import OPERATOR
from engine.records.work import WorkKind
from tests.fakes.waiting import PATIENCE
from tests.fakes.world.clock import START, FakeIds
from tests.fakes.world.surroundings import PROJECT


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    """Give a folder that hooks are switched on by, and switch them off again."""
    kill_hooks.switch_on(tmp_path / "hooks")
    yield tmp_path / "hooks"
    kill_hooks.switch_on(None)


class Standing:
    """A thread that comes by a step, as a node does."""

    def __init__(self, folder: Path, step: Step) -> None:
        self._place = folder / f"{step.file}.{os.getpid()}"
        self._thread = threading.Thread(target=kill_hooks.reached, args=(step, "melding 1"))
        self._thread.start()

    def told(self) -> str:
        """Wait until it stands, and return what it has in hand."""
        for _ in range(int(PATIENCE * 200)):
            if self._place.exists() and (text := self._place.read_text("utf-8")):
                return text.strip()
            threading.Event().wait(0.005)
        raise AssertionError("nobody stands there")

    def let_go(self) -> None:
        """Let it go on, and wait until it has."""
        self._place.unlink()
        self._thread.join(PATIENCE)
        assert not self._thread.is_alive()


def test_an_armed_step_holds_the_first_who_comes_until_it_is_let_go(folder: Path) -> None:
    """Who comes first says what it has in hand and stands; the next one, and every other step, goes by."""
    (folder / Step.MAIL_READ.file).touch()
    standing = Standing(folder, Step.MAIL_READ)
    assert standing.told() == "melding 1"
    kill_hooks.reached(Step.MAIL_READ)
    kill_hooks.reached(Step.MAIL_AFTER_250)
    standing.let_go()
    assert list(folder.iterdir()) == []


def test_switched_off_nothing_stands(folder: Path) -> None:
    """An armed step holds nobody where hooks are off, and stays armed."""
    (folder / Step.MAIL_READ.file).touch()
    kill_hooks.switch_on(None)
    kill_hooks.reached(Step.MAIL_READ)
    assert [path.name for path in folder.iterdir()] == [Step.MAIL_READ.file]


async def test_only_a_commit_that_changes_something_is_a_step(folder: Path, pg_url: str, at_rest: AtRest) -> None:
    """A transaction that only reads comes by no step; one that writes stands before its commit, and after."""
    store, seen = PostgresStore(pg_url, at_rest), []
    await store.open()
    with pytest.MonkeyPatch.context() as patched, kill_hooks.in_hand("mail", Commit.MAIL):
        patched.setattr(kill_hooks, "reached", lambda step: seen.append((step, _queued(pg_url))))
        async with store.begin() as unit:
            await unit.raw(OPERATOR, FakeIds().new())
        assert seen == []
        async with store.begin() as unit:
            await unit.add_work(OPERATOR, WorkKind.MOTTA, FakeIds().new(), "", START)
    assert seen == [(Step.MAIL_BEFORE_COMMIT, 0), (Step.MAIL_AFTER_COMMIT, 1)]
    await store.close()


def _queued(url: str) -> int:
    with psycopg.connect(url) as other:
        return other.execute("SELECT count(*) FROM work").fetchone()[0]


def test_what_is_in_hand_is_named_for_as_long_as_it_is(folder: Path) -> None:
    """The commits of a task are its own: a sender's change of purpose ends with the work."""
    with kill_hooks.in_hand("en", None):
        kill_hooks.commits_next(Commit.SENT)
        assert kill_hooks._hand.get() == ("en", Commit.SENT)
    assert kill_hooks._hand.get() is None
    kill_hooks.commits_next(Commit.SENT)
    assert kill_hooks._hand.get() is None


@pytest.mark.parametrize("environment", ["production", "demo"])
def test_no_other_environment_than_test_takes_hooks(tmp_path: Path, environment: str) -> None:
    """A node refuses to start with hooks where anything could depend on it, naming the key."""
    file = tmp_path / "samvik.toml"
    text = f'environment = "{environment}"\nparties = ["8090100"]\n[database]\nurl = "postgresql://db/samvik"\n'
    file.write_text(text, "utf-8")
    assert load_settings(file).hooks.directory is None
    file.write_text(f'{text}[hooks]\ndirectory = "hooks"\n', "utf-8")
    with pytest.raises(OwnFault, match=rf"start\.hooks_not_here.*{environment}"):
        load_settings(file)


def test_every_step_stands_in_the_code_once() -> None:
    """Each step is either one of a commit, or reached in one place of the adapters; engine/ knows none of them."""
    code = [path.read_text("utf-8") for path in (PROJECT / "adapters").rglob("*.py") if path.name != "kill_hooks.py"]
    reached = re.findall(r"kill_hooks\.reached\(kill_hooks\.Step\.(\w+)", "".join(code))
    of_commits = [step.name for commit in Commit for step in commit.value]
    assert sorted(reached + of_commits) == sorted(step.name for step in Step)
    used = {name for text in code for name in re.findall(r"kill_hooks\.Commit\.(\w+)", text)}
    assert used == {commit.name for commit in Commit}
    engine = "".join(path.read_text("utf-8") for path in (PROJECT / "engine").rglob("*.py"))
    assert not re.search(r"\b(kill_)?hooks\b", engine)
