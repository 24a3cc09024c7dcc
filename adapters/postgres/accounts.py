"""Which operating system account the embedded PostgreSQL runs under, and what that account can reach.

PostgreSQL refuses to run as root. A root owner therefore runs it as `postgres`, or `nobody` where that is missing.
"""

import os
import pwd
import stat
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TypedDict

from engine.codes.database import DatabaseCode
from engine.errors import OwnFault

_CANDIDATES = ("postgres", "nobody")
_LONGEST_RUN_SECONDS = 120


@dataclass(frozen=True, slots=True)
class Account:
    """An unprivileged account by its numbers."""

    uid: int
    gid: int


class _Identity(TypedDict, total=False):
    user: int
    group: int
    extra_groups: list[int]


def server_account() -> Account | None:
    """Return the account to run PostgreSQL under, None when our own will do.

    Raises OwnFault when we are root and the machine has neither `postgres` nor `nobody`.
    """
    if os.geteuid() != 0:
        return None
    for name in _CANDIDATES:
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return Account(entry.pw_uid, entry.pw_gid)
    raise OwnFault(DatabaseCode.AS_ROOT)


def reachable(path: Path, account: Account | None) -> bool:
    """Say whether `account` may enter every folder on the way to `path` and `path` itself, by their mode bits."""
    if account is None:
        return True
    whole = path.resolve()
    return all(_may_enter(folder, account) for folder in (whole, *whole.parents))


def hand_over(path: Path, account: Account | None) -> None:
    """Give a file or folder, never what a link points to, to `account`; nothing for None."""
    if account is not None:
        os.chown(path, account.uid, account.gid, follow_symlinks=False)


def run_as(account: Account | None, command: Sequence[str | Path]) -> subprocess.CompletedProcess[bytes]:
    """Run a program to its end as `account`, in at most two minutes, its output captured.

    Raises OwnFault when it cannot be started or does not end in time.
    """
    try:
        return subprocess.run(  # noqa: S603 - fixed programs of the wheel, no shell
            command,
            capture_output=True,
            timeout=_LONGEST_RUN_SECONDS,
            check=False,
            cwd="/",
            env=_environment(),
            umask=0o077,
            **_identity(account),
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise _not_run(command, error) from None


def start_as(account: Account | None, command: Sequence[str | Path], log: IO[bytes]) -> subprocess.Popen[bytes]:
    """Start a program as `account` in a session of its own, so that a Ctrl-C in a terminal reaches only its owner.

    Raises OwnFault when it cannot be started.
    """
    try:
        return subprocess.Popen(  # noqa: S603 - fixed programs of the wheel, no shell
            command,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            cwd="/",
            env=_environment(),
            umask=0o077,
            start_new_session=True,
            **_identity(account),
        )
    except OSError as error:
        raise _not_run(command, error) from None


def _not_run(command: Sequence[str | Path], error: Exception) -> OwnFault:
    return OwnFault(DatabaseCode.NOT_RUN, program=Path(command[0]).name, error=type(error).__name__)


def _identity(account: Account | None) -> _Identity:
    if account is None:
        return {}
    return {"user": account.uid, "group": account.gid, "extra_groups": []}


def _environment() -> dict[str, str]:
    return {"PATH": os.defpath, "LC_ALL": "C", "TZ": "UTC"}


def _may_enter(path: Path, account: Account) -> bool:
    found = path.stat()
    if found.st_uid == account.uid:
        wanted = stat.S_IXUSR
    elif found.st_gid == account.gid:
        wanted = stat.S_IXGRP
    else:
        wanted = stat.S_IXOTH
    return bool(found.st_mode & wanted)
