"""PostgreSQL for demo, tests and trial, run by one owner process; nodes get only its URL.

The server listens on no network port. Its socket stands in a folder that nobody else can enter.
"""

import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from types import TracebackType
from urllib.parse import quote

import psycopg
from psycopg import sql

from adapters.postgres.accounts import hand_over, server_account, start_as
from adapters.postgres.binaries import server_programs
from adapters.postgres.cluster import (
    SUPERUSER,
    Cluster,
    is_owned,
    password,
    prepare,
    read_postmaster,
    sole_owner,
    stop_left_over,
)
from engine.codes.database import DatabaseCode
from engine.errors import OwnFault, Unavailable

_PORT = 5432
_LONGEST_SOCKET_PATH = 100
_START_SECONDS = 60.0
_STOP_SECONDS = 60.0
_POLL_SECONDS = 0.02

_SETTINGS = {
    "listen_addresses": "",
    "port": str(_PORT),
    "unix_socket_permissions": "0700",
    "max_connections": "100",
    "synchronous_commit": "on",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "jit": "off",
    "max_wal_size": "1GB",
    "log_checkpoints": "off",
    # What people wrote and what partners sent must not reach the log by way of a failed statement.
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",
    "log_parameter_max_length_on_error": "0",
}
_NOT_DURABLE = {"fsync": "off", "full_page_writes": "off"}


class EmbeddedPostgres:
    """A running server. Stops when its context ends or `stop` is called; its text form hides the password."""

    def __init__(
        self, process: subprocess.Popen[bytes], cluster: Cluster, socket_folder: Path, cleanup: ExitStack
    ) -> None:
        self._process = process
        self._cluster = cluster
        self._home = cluster.home
        self._socket_folder = socket_folder
        self._cleanup = cleanup

    def __repr__(self) -> str:
        return f"EmbeddedPostgres({str(self._home)!r})"

    def __enter__(self) -> "EmbeddedPostgres":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    @property
    def pid(self) -> int:
        """The process id of the server."""
        return self._process.pid

    def url(self, database: str = "samvik") -> str:
        """Return the connection URL of a database; it holds the password and must not be logged."""
        return _url(self._home, self._socket_folder, database)

    def create_database(self, name: str, template: str | None = None) -> bool:
        """Create a database, as a copy of `template` if given; say whether it was missing.

        Raises Unavailable when the server does not answer.
        """
        command = sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name))
        if template is not None:
            # Writing each page of the copy to the log as well takes more than twice as long.
            command += sql.SQL(" TEMPLATE {} STRATEGY FILE_COPY").format(sql.Identifier(template))
        return self._administer(command)

    def drop_database(self, name: str) -> None:
        """Drop a database with all that is in it, ending the connections to it."""
        self._administer(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))

    @property
    def ended(self) -> bool:
        """Whether the server has ended by itself, or was killed."""
        return self._process.poll() is not None

    def revive(self) -> None:
        """Start a server that has ended again, on the same cluster and URL; what was committed is there.

        Raises OwnFault where it does not start, as on a full disk; it may be tried again.
        """
        if self.ended:
            self._process = _launch(self._cluster, self._socket_folder)

    def stop(self) -> None:
        """Stop the server: transactions under way are rolled back, what was committed is on disk. May be repeated."""
        _end(self._process)
        self._cleanup.close()

    def _administer(self, command: sql.Composed) -> bool:
        try:
            with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
                connection.execute(command)
        except psycopg.errors.DuplicateDatabase:
            return False
        except psycopg.OperationalError as error:
            raise Unavailable(DatabaseCode.SILENT, error=type(error).__name__) from None
        return True


def start_embedded(data_dir: Path, *, durable: bool = True, preload: str = "") -> EmbeddedPostgres:
    """Start the server of the cluster in `data_dir`, making the cluster if it is new, and return once it answers.

    A server left behind by a killed owner is stopped first. `durable=False` skips flushing to disk and is for
    demo and tests alone. `preload` names a library that the server loads at its start: the benchmark's, which counts
    statements. Raises OwnFault when another process owns the folder, when the folder cannot be reached
    by the server's account, or when the server does not start.
    """
    account = server_account()
    data_dir = data_dir.absolute()
    data_dir.mkdir(mode=0o711 if account else 0o700, parents=True, exist_ok=True)
    cluster = Cluster(data_dir, server_programs(account), account, durable, preload)
    with ExitStack() as stack:
        stack.enter_context(sole_owner(data_dir))
        prepare(cluster)
        stop_left_over(cluster)
        folder = stack.enter_context(_socket_folder(cluster))
        process = _launch(cluster, folder)
        return EmbeddedPostgres(process, cluster, folder, stack.pop_all())


def temporary_embedded(parent: Path | None = None) -> EmbeddedPostgres:
    """Start a server on a cluster of its own that flushes nothing to disk and is removed when it stops.

    For demo and tests. Its folder is made in `parent`, else where the system keeps temporary files, and is reachable
    for the server's account also when we are root.
    """
    folder = Path(tempfile.mkdtemp(prefix="samvik-", dir=parent))
    folder.chmod(0o711)
    try:
        server = start_embedded(folder / "data", durable=False)
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise
    server._cleanup.callback(shutil.rmtree, folder, ignore_errors=True)
    return server


def running_url(data_dir: Path, database: str = "samvik") -> str | None:
    """Return the URL of the server that another process runs for `data_dir`, None when there is none.

    A server whose owner is gone counts as none: `start_embedded` replaces it. The URL holds the password and must
    not be logged.
    """
    home = data_dir.absolute()
    found = read_postmaster(home / "pg" / "data")
    if found is None or found.socket_folder is None or not found.ready or not is_owned(home):
        return None
    return _url(home, found.socket_folder, database)


def _url(home: Path, socket_folder: Path, database: str) -> str:
    secret, host = quote(password(home), safe=""), quote(str(socket_folder), safe="")
    return f"postgresql://{SUPERUSER}:{secret}@/{quote(database, safe='')}?host={host}&port={_PORT}"


@contextmanager
def _socket_folder(cluster: Cluster) -> Iterator[Path]:
    """Yield the folder for the socket: in the data folder, or a private one where that path cannot hold a socket.

    Both PostgreSQL and libpq read a comma as the start of another folder.
    """
    socket = str(cluster.run / f".s.PGSQL.{_PORT}")
    if len(socket.encode()) <= _LONGEST_SOCKET_PATH and not set(socket) & {",", '"', "\\"}:
        yield cluster.run
        return
    folder = Path(tempfile.mkdtemp(prefix="samvik-socket-"))
    try:
        hand_over(folder, cluster.account)
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _launch(cluster: Cluster, socket_folder: Path) -> subprocess.Popen[bytes]:
    settings = _SETTINGS | {"unix_socket_directories": str(socket_folder)}
    if not cluster.durable:
        settings |= _NOT_DURABLE
    if cluster.preload:
        settings["shared_preload_libraries"] = cluster.preload
    options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
    with cluster.log.open("wb") as log:
        process = start_as(cluster.account, [cluster.programs / "postgres", "-D", cluster.data, *options], log)
    try:
        _wait_until_ready(process, cluster)
    except BaseException:
        _end(process)
        raise
    return process


def _wait_until_ready(process: subprocess.Popen[bytes], cluster: Cluster) -> None:
    deadline = time.monotonic() + _START_SECONDS
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise OwnFault(DatabaseCode.ENDED, status=process.returncode, log=cluster.log)
        found = read_postmaster(cluster.data)
        if found is not None and found.pid == process.pid and found.ready:
            return
        time.sleep(_POLL_SECONDS)
    raise OwnFault(DatabaseCode.NOT_READY, seconds=round(_START_SECONDS), log=cluster.log)


def _end(process: subprocess.Popen[bytes]) -> None:
    for how in (signal.SIGINT, signal.SIGQUIT, signal.SIGKILL):
        if process.poll() is not None:
            return
        process.send_signal(how)
        with suppress(subprocess.TimeoutExpired):
            process.wait(_STOP_SECONDS)
