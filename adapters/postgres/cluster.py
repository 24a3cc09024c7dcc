"""One database cluster on disk: making it, reading who serves it, and ending a server that its owner left behind.

Everything that root writes is written outside the folder that the server's account owns, or under a name that the
account cannot have guessed.
"""

import fcntl
import os
import secrets
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from adapters.postgres.accounts import Account, hand_over, reachable, run_as
from engine.codes.database import DatabaseCode
from engine.codes.disk import DiskCode
from engine.errors import OwnFault

SUPERUSER = "samvik"
_LOCK = "postgres.lock"
_LOCK_WAITS = (0, 0.05, 0.1, 0.2)  # somebody may just be looking whether the folder is owned
_LONGEST_PIDFILE = 4096
_LONGEST_PASSWORD = 200


@dataclass(frozen=True, slots=True)
class Cluster:
    """Where a cluster lives under the data folder `home`, and who runs it with the programs in `programs`.

    `preload` names a library that the server loads at its start, '' for none.
    """

    home: Path
    programs: Path
    account: Account | None
    durable: bool
    preload: str = ""

    @property
    def folder(self) -> Path:
        """The folder that belongs to the server's account, 0700."""
        return self.home / "pg"

    @property
    def data(self) -> Path:
        """The cluster itself, as PostgreSQL lays it out."""
        return self.folder / "data"

    @property
    def run(self) -> Path:
        """Where the socket stands, unless its path would be too long."""
        return self.folder / "run"

    @property
    def log(self) -> Path:
        """What the server said since it last started; in the owner's folder, so that no link can be planted."""
        return self.home / "postgres.log"


@dataclass(frozen=True, slots=True)
class Postmaster:
    """What the file `postmaster.pid` tells."""

    pid: int
    socket_folder: Path | None
    ready: bool


@contextmanager
def sole_owner(home: Path) -> Iterator[None]:
    """Hold the data folder's lock for as long as the context lasts.

    Raises OwnFault when another process holds it. The lock dies with its process, even by SIGKILL.
    """
    descriptor = os.open(home / _LOCK, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o600)
    try:
        if not any(_locked(descriptor, fcntl.LOCK_EX, wait) for wait in _LOCK_WAITS):
            raise OwnFault(DatabaseCode.OWNED, folder=home)
        yield
    finally:
        os.close(descriptor)


def is_owned(home: Path) -> bool:
    """Say whether some process holds the data folder's lock now."""
    try:
        descriptor = os.open(home / _LOCK, os.O_RDONLY | os.O_NOFOLLOW)
    except OSError:
        return False
    try:
        return not _locked(descriptor, fcntl.LOCK_SH)
    finally:
        os.close(descriptor)


def prepare(cluster: Cluster) -> None:
    """Make the folders and, the first time, the cluster with scram-sha-256 everywhere and a random password.

    Raises OwnFault when the server's account cannot reach the data folder, or when initdb fails.
    """
    if not reachable(cluster.home, cluster.account):
        raise OwnFault(DatabaseCode.NOT_ENTERED, folder=cluster.home)
    for folder in (cluster.folder, cluster.run):
        _own_folder(folder, cluster.account)
    if not (cluster.data / "PG_VERSION").exists():
        _initialise(cluster)


def password(home: Path) -> str:
    """Return the superuser's password, made at first call and kept in a file that only we can read.

    Raises OwnFault when others can read the file, or it is not what was written.
    """
    path = home / "postgres.password"
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return _kept_password(path)
    with os.fdopen(descriptor, "w") as file:
        fresh = secrets.token_urlsafe(32)
        file.write(fresh)
        file.flush()
        os.fsync(file.fileno())
    return fresh


def read_postmaster(data: Path) -> Postmaster | None:
    """Return what `postmaster.pid` says, None when it is missing or half written."""
    try:
        with (data / "postmaster.pid").open("rb") as file:
            lines = file.read(_LONGEST_PIDFILE).decode(errors="replace").splitlines()
        pid = int(lines[0])
    except (OSError, ValueError, IndexError):
        return None
    folder = lines[4].strip() if len(lines) > 4 else ""
    ready = len(lines) > 7 and lines[7].strip() == "ready"
    return Postmaster(pid, Path(folder) if folder else None, ready)


def stop_left_over(cluster: Cluster) -> bool:
    """Stop a server of this cluster whose owner is gone; say whether there was one.

    A pid that by now belongs to some other program is left alone. Raises OwnFault when the server does not end.
    """
    found = read_postmaster(cluster.data)
    if found is None:
        return False
    if not _serves(found.pid, cluster.data):
        _take_over_pidfile(cluster)
        return False
    done = run_as(
        cluster.account,
        [cluster.programs / "pg_ctl", "stop", "-D", cluster.data, "-m", "fast", "-w", "-t", "60"],
    )
    if done.returncode != 0 and _serves(found.pid, cluster.data):
        raise OwnFault(DatabaseCode.LEFT_OVER, folder=cluster.data, pid=found.pid)
    return True


def _take_over_pidfile(cluster: Cluster) -> None:
    """Put our own pid into the file of a server that is gone, and leave its other lines.

    A server takes any living process of its own account for the one that wrote the file, and does not start; not so its
    parent. The other lines say which memory the gone server's last children may hold: it looks at that too.
    """
    if cluster.account is not None:
        return  # the server runs under an account that nobody else has
    path = cluster.data / "postmaster.pid"
    _, _, rest = path.read_bytes().partition(b"\n")
    path.write_bytes(b"%d\n%s" % (os.getpid(), rest))


def _locked(descriptor: int, how: int, wait: float = 0) -> bool:
    time.sleep(wait)
    try:
        fcntl.flock(descriptor, how | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


def _own_folder(folder: Path, account: Account | None) -> None:
    if folder.is_symlink():
        raise OwnFault(DatabaseCode.A_LINK, folder=folder)
    folder.mkdir(mode=0o700, exist_ok=True)
    hand_over(folder, account)


def _initialise(cluster: Cluster) -> None:
    fresh = cluster.folder / f"data.{secrets.token_hex(8)}"
    with _password_for(cluster) as secret:
        done = run_as(cluster.account, _initdb(cluster, fresh, secret))
    if done.returncode != 0:
        raise OwnFault(DatabaseCode.NOT_MADE, status=done.returncode, folder=cluster.folder)
    # A cluster is there whole or not at all, also when we are killed in between.
    fresh.rename(cluster.data)


def _initdb(cluster: Cluster, target: Path, secret: Path) -> list[str | Path]:
    command: list[str | Path] = [
        cluster.programs / "initdb",
        f"--pgdata={target}",
        f"--username={SUPERUSER}",
        f"--pwfile={secret}",
        "--auth-local=scram-sha-256",
        "--auth-host=scram-sha-256",
        "--encoding=UTF8",
        "--locale-provider=builtin",
        "--builtin-locale=C.UTF-8",
        "--locale=C",
    ]
    return command if cluster.durable else [*command, "--no-sync"]


@contextmanager
def _password_for(cluster: Cluster) -> Iterator[Path]:
    """Put the password where the server's account can read it, for as long as initdb runs."""
    descriptor, name = tempfile.mkstemp(dir=cluster.folder)
    try:
        with os.fdopen(descriptor, "w") as file:
            file.write(password(cluster.home))
            if cluster.account is not None:
                os.fchown(file.fileno(), cluster.account.uid, cluster.account.gid)
        yield Path(name)
    finally:
        Path(name).unlink(missing_ok=True)


def _kept_password(path: Path) -> str:
    with path.open("r") as file:
        if os.fstat(file.fileno()).st_mode & 0o077:
            raise OwnFault(DiskCode.READ_BY_OTHERS, path=path)
        kept = file.read(_LONGEST_PASSWORD + 1)
    if not 20 <= len(kept) <= _LONGEST_PASSWORD:
        raise OwnFault(DatabaseCode.BAD_PASSWORD, path=path)
    return kept


def _serves(pid: int, data: Path) -> bool:
    """Say whether the process is a PostgreSQL server that works in `data`."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        pass
    proc = Path("/proc") / str(pid)
    if not Path("/proc/self").exists():
        return True
    try:
        return (proc / "cwd").readlink() == data.resolve() and (proc / "exe").readlink().name.startswith("postgres")
    except OSError:
        return False
