"""Named places in the code where a proof may have a process stand still, to kill it there (tests/proofs/test_kill.py).

Off unless the settings name a folder (`hooks.directory`), which only environment "test" takes. Even then a hook does
nothing but wait: it moves no row, answers nobody and ends nothing, so that what a killed process leaves is what any
dead process leaves.

In the folder a file with the name of a step, such as `mail-read`, arms it. The first process that comes there renames
the file to `mail-read.PID`, writes into it what it has in hand, and stands still as a whole until the file is gone,
somebody kills it, or a minute has passed. Every other process goes on.
"""

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from enum import Enum
from pathlib import Path
from typing import NamedTuple

LONGEST_STAND_SECONDS = 60.0
_LOOK_SECONDS = 0.002


class Step(Enum):
    """Every place, in the order that a message comes by them; the value says what has been done there, and what not."""

    MAIL_READ = "all bytes of a mail have come, nothing is stored"
    MAIL_BEFORE_COMMIT = "the mail is written, not committed"
    MAIL_AFTER_COMMIT = "the mail is committed, its sender has no 250"
    MAIL_AFTER_250 = "the mail's sender has its 250"
    COLLECT_BEFORE_COMMIT = "a mail of a mailbox is written, not committed"
    COLLECT_AFTER_COMMIT = "a mail of a mailbox is committed, not deleted there"
    COLLECT_AFTER_DELETE = "a mail of a mailbox is deleted there, which is not noted"
    CLAIMING = "an id is about to be claimed: of a mail that was verified, or of a record system's document"
    DECIDE_BEFORE_COMMIT = "a mail is decided on, nothing of it is committed"
    DECIDE_AFTER_COMMIT = "a mail's state, receipts, case and inbox item are committed"
    INBOX_BEFORE_RENAME = "an inbox folder is written under a hidden name"
    INBOX_AFTER_RENAME = "an inbox folder stands under its name, which is not noted"
    INBOX_BEFORE_COMMIT = "that an inbox folder stands is written, not committed"
    INBOX_AFTER_COMMIT = "that an inbox folder stands is committed"
    OUT_BEFORE_COMMIT = "a record system's file is taken, not committed"
    OUT_AFTER_COMMIT = "what a record system's file says is committed, the file is there still"
    OUT_AFTER_REMOVE = "a record system's file is removed"
    SEND_BEFORE_CONNECT = "a message is about to go, no mail server is called"
    SEND_AFTER_DATA = "a mail is written to the mail server, which has not answered"
    SEND_AFTER_250 = "the mail server has said 250, which is not noted"
    SENT_BEFORE_COMMIT = "what the mail server said is written, not committed"
    SENT_AFTER_COMMIT = "what the mail server said is committed"
    DUE_BEFORE_COMMIT = "what a passed deadline brings is written, not committed"
    DUE_AFTER_COMMIT = "what a passed deadline brings is committed"

    @property
    def file(self) -> str:
        """Return the name of the file that arms it."""
        return self.name.lower().replace("_", "-")


class Commit(Enum):
    """What a transaction is for, by the steps before and after its commit."""

    MAIL = (Step.MAIL_BEFORE_COMMIT, Step.MAIL_AFTER_COMMIT)
    COLLECT = (Step.COLLECT_BEFORE_COMMIT, Step.COLLECT_AFTER_COMMIT)
    DECIDE = (Step.DECIDE_BEFORE_COMMIT, Step.DECIDE_AFTER_COMMIT)
    INBOX = (Step.INBOX_BEFORE_COMMIT, Step.INBOX_AFTER_COMMIT)
    OUT = (Step.OUT_BEFORE_COMMIT, Step.OUT_AFTER_COMMIT)
    SENT = (Step.SENT_BEFORE_COMMIT, Step.SENT_AFTER_COMMIT)
    DUE = (Step.DUE_BEFORE_COMMIT, Step.DUE_AFTER_COMMIT)


class _Hand(NamedTuple):
    """What this task has in hand: a message, file or mail, and what its next commits are for."""

    subject: str
    commit: Commit | None


_folder: Path | None = None
_hand: ContextVar[_Hand | None] = ContextVar("hand", default=None)


def switch_on(folder: Path | None) -> None:
    """Let this process stand at what is armed in a folder from now on; None switches the hooks off."""
    global _folder
    _folder = folder
    if folder is not None:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        _warn("hooks_are_on", folder=str(folder))


def are_on() -> bool:
    """Say whether hooks are switched on."""
    return _folder is not None


@contextmanager
def in_hand(subject: object, commit: Commit | None) -> Iterator[None]:
    """Name what this task has in hand, and what it commits meanwhile."""
    token = _hand.set(_Hand(str(subject), commit))
    try:
        yield
    finally:
        _hand.reset(token)


def commits_next(commit: Commit) -> None:
    """Say what the next commits of what is in hand are for."""
    held = _hand.get()
    if held is not None:
        _hand.set(held._replace(commit=commit))


def before_commit() -> None:
    """Stand before a commit of what is in hand, where that is armed."""
    held = _hand.get()
    if held is not None and held.commit is not None:
        reached(held.commit.value[0])


def after_commit() -> None:
    """Stand after a commit of what is in hand, where that is armed."""
    held = _hand.get()
    if held is not None and held.commit is not None:
        reached(held.commit.value[1])


def reached(step: Step, subject: object = "") -> None:
    """Stand still at a step, where hooks are on and it is armed; with a subject where nothing is named in hand.

    Blocks the whole process, or the thread that came here, as a stopped process stands.
    """
    if _folder is None:
        return
    standing = _folder / f"{step.file}.{os.getpid()}"
    try:
        (_folder / step.file).rename(standing)
    except FileNotFoundError:
        return
    held = _hand.get()
    _tell(standing, held.subject if held else str(subject))
    _warn("standing", step=step.file)
    end = time.monotonic() + LONGEST_STAND_SECONDS
    while standing.exists() and time.monotonic() < end:
        time.sleep(_LOOK_SECONDS)


def _warn(action: str, **about: str) -> None:
    import structlog  # short commands, which come by here too, log nothing

    structlog.get_logger().warning(action, **about)


def _tell(standing: Path, subject: str) -> None:
    try:
        with standing.open("r+", encoding="utf-8") as file:
            file.write(f"{subject}\n")
    except FileNotFoundError:
        # Let go already.
        return
