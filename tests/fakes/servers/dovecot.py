"""A real mail server of the test's own: Dovecot on loopback, with one mailbox that files are put into."""

import getpass
import grp
import json
import os
import pwd
import select
import shutil
import signal
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from itertools import count
from pathlib import Path

import pytest

from adapters.machine.ports import free_port

PASSWORD = 'hemmelig "æ" \\ ord'
USER = "innherred"
_SECONDS = 20
_PROGRAM = shutil.which("dovecot") or "/usr/sbin/dovecot"
_ROOMS = [Path("/usr/lib/dovecot"), Path("/usr/libexec/dovecot")]
_NUMBERS = count(1)

_CONFIGURATION = """
base_dir = {folder}/run
state_dir = {folder}/state
log_path = {folder}/dovecot.log
protocols = pop3 imap
listen = 127.0.0.1
ssl = yes
ssl_cert = <{folder}/server.pem
ssl_key = <{folder}/server.key
disable_plaintext_auth = no
auth_failure_delay = 0
default_internal_user = {internal}
default_internal_group = {internal_group}
default_login_user = {login}
first_valid_uid = {uid}
mail_location = maildir:{folder}/mail
mail_fsync = never
maildir_very_dirty_syncs = no
passdb {{
  driver = passwd-file
  args = scheme=PLAIN username_format=%u {folder}/users
}}
userdb {{
  driver = static
  args = uid={uid} gid={gid} home={folder}/mail
}}
service anvil {{
  chroot =
  unix_listener anvil-auth-penalty {{
    mode = 0
  }}
}}
service pop3-login {{
  chroot =
  service_count = 0
  process_min_avail = 1
  inet_listener pop3 {{
    port = {pop3}
  }}
  inet_listener pop3s {{
    port = {pop3s}
  }}
}}
service imap-login {{
  chroot =
  service_count = 0
  process_min_avail = 1
  inet_listener imap {{
    port = {imap}
  }}
  inet_listener imaps {{
    port = {imaps}
  }}
}}
protocol pop3 {{
  mail_max_userip_connections = 100
}}
"""


class Dovecot:
    """A running server. `ports` holds its ports by protocol (pop3, pop3s, imap, imaps), `ca` who vouches for it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.ports = _free_ports("pop3", "pop3s", "imap", "imaps")
        self.ca = folder / "server.pem"
        self._mail = folder / "mail"
        self._uid, self._gid = (65534, pwd.getpwuid(65534).pw_gid) if os.getuid() == 0 else (os.getuid(), os.getgid())
        self._running: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Write the configuration and start; return when it listens."""
        self.folder.chmod(0o755)
        certificate(self.folder)
        me = getpass.getuser()
        root = os.getuid() == 0
        text = _CONFIGURATION.format(
            folder=self.folder,
            uid=self._uid,
            gid=self._gid,
            internal="dovecot" if root else me,
            internal_group="dovecot" if root else grp.getgrgid(os.getgid()).gr_name,
            login="dovenull" if root else me,
            **self.ports,
        )
        (self.folder / "dovecot.conf").write_text(text, "utf-8")
        (self.folder / "users").write_text(f"{USER}:{{PLAIN}}{PASSWORD}::::::\n", "utf-8")
        for room in ("new", "cur", "tmp"):
            (self._mail / room).mkdir(parents=True)
        for path in (self._mail, *self._mail.iterdir()):
            os.chown(path, self._uid, self._gid)
        command = [_PROGRAM, "-F", "-c", str(self.folder / "dovecot.conf")]
        self._running = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
        for port in self.ports.values():
            _wait_for(port, self._running)

    def stop(self) -> None:
        """End the server."""
        if self._running is not None:
            self._running.send_signal(signal.SIGTERM)
            try:
                self._running.wait(_SECONDS)
            except subprocess.TimeoutExpired:
                self._running.kill()
                self._running.wait()
            assert self._running.stderr is not None
            self._running.stderr.close()

    def put(self, *mails: bytes) -> None:
        """Put mails into the mailbox as a delivering server does: whole or not at all."""
        for mail in mails:
            name = f"{1_700_000_000 + next(_NUMBERS)}.M1P1.samvik"
            path = self._mail / "tmp" / name
            path.write_bytes(mail)
            os.chown(path, self._uid, self._gid)
            path.rename(self._mail / "new" / name)

    def left(self) -> int:
        """Return how many mails are in the mailbox."""
        return sum(1 for room in ("new", "cur") for _ in (self._mail / room).iterdir())

    def clear(self) -> None:
        """Take all mails away."""
        for room in ("new", "cur"):
            for path in (self._mail / room).iterdir():
                path.unlink()

    def renumber(self) -> None:
        """Forget all uids, as a server that was moved or restored does: UIDVALIDITY and UIDL change."""
        for path in self._mail.glob("dovecot*"):
            path.unlink()

    def row(self, protocol: str, tls: str, **more: object) -> dict[str, object]:
        """Return the row of samvik.toml for this mailbox, but for the file of the password."""
        port = self.ports[f"{protocol}s" if tls == "implicit" else protocol]
        row = {"name": "edi", "protocol": protocol, "host": "127.0.0.1", "port": port, "tls": tls, "user": USER}
        return {**row, "ca_file": str(self.ca), "poll_seconds": 1, "timeout_seconds": 10, **more}

    def settings(self, folder: Path, protocol: str, tls: str = "implicit", password: str = PASSWORD) -> str:
        """Write the password into an engine's folder, and return the row as it stands in samvik.toml."""
        secret = folder / "postkasse.passord"
        secret.write_text(f"{password}\n", "utf-8")
        secret.chmod(0o600)
        row = self.row(protocol, tls, password_file=str(secret))
        return "\n[[mailbox]]\n" + "".join(f"{key} = {json.dumps(value)}\n" for key, value in row.items())


@contextmanager
def dovecot() -> Iterator[Dovecot]:
    """Run a server for a while; the test is skipped where it is not installed."""
    parts = [any((room / each).exists() for room in _ROOMS) for each in ("imap", "pop3")]
    if not Path(_PROGRAM).exists() or not all(parts):
        pytest.skip("Dovecot is not installed (Debian: dovecot-imapd, dovecot-pop3d).")
    # The server's accounts must reach the folder, which they do not below a home or pytest's own.
    folder = Path(tempfile.mkdtemp(prefix="samvik-dovecot-"))
    server = Dovecot(folder)
    try:
        server.start()
        yield server
    finally:
        server.stop()
        shutil.rmtree(folder, ignore_errors=True)


def _free_ports(*names: str) -> dict[str, int]:
    return {name: free_port() for name in names}


def certificate(folder: Path) -> None:
    """Make a key and a certificate for this machine, server.key and server.pem, in a folder."""
    words = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=127.0.0.1"]
    words += ["-addext", "subjectAltName=IP:127.0.0.1", "-keyout", "server.key", "-out", "server.pem"]
    subprocess.run(words, cwd=folder, check=True, capture_output=True)


def _wait_for(port: int, running: subprocess.Popen[bytes]) -> None:
    """Wait until somebody listens. A server that ends says why."""
    for _ in range(_SECONDS * 50):
        with suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
            return
        assert running.stderr is not None
        ready, _, _ = select.select([running.stderr], [], [], 0.02)
        if ready:
            raise AssertionError(os.read(running.stderr.fileno(), 4_096).decode())
    raise AssertionError("Dovecot does not listen")
