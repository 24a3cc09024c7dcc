"""A real mail server of the test's own: Postfix on loopback, with its own configuration, queue and ports."""

import grp
import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from adapters.machine.ports import free_port
from tests.fakes.servers.dovecot import certificate

USER, PASSWORD = "samvik", "hemmelig-ord"
_SECONDS = 30
_ROOMS = [Path("/usr/lib/postfix/sbin"), Path("/usr/libexec/postfix")]
_DOVECOT = shutil.which("dovecot") or "/usr/sbin/dovecot"

_MAIN = """
compatibility_level = 3.6
queue_directory = {folder}/queue
data_directory = {folder}/data
command_directory = /usr/sbin
daemon_directory = {daemons}
mail_owner = postfix
setgid_group = postdrop
maillog_file_prefixes = {folder}
maillog_file = {folder}/postfix.log
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
myhostname = postfix.samvik.test
mydestination =
mynetworks = 127.0.0.0/8
local_recipient_maps =
alias_maps =
alias_database =
relay_domains = testedi.nhn.no, borte.test
transport_maps = texthash:{folder}/transport
smtpd_relay_restrictions = {relay_rule}
smtpd_tls_security_level = may
smtpd_tls_cert_file = {folder}/server.pem
smtpd_tls_key_file = {folder}/server.key
smtpd_tls_auth_only = yes
smtpd_sasl_auth_enable = yes
smtpd_sasl_type = dovecot
smtpd_sasl_path = {folder}/auth
smtpd_peername_lookup = no
smtp_dns_support_level = disabled
smtp_host_lookup = native
message_size_limit = {most_bytes}
mailbox_size_limit = 0
bounce_queue_lifetime = 1d
minimal_backoff_time = 300s
maximal_backoff_time = 4000s
queue_run_delay = 300s
destination_recipient_limit = 50
"""

_MASTER = """
{port} inet n - n - - smtpd
pickup unix n - n 60 1 pickup
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
tlsmgr unix - - n 1000? 1 tlsmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
verify unix - - n - 1 verify
flush unix n - n 1000? 0 flush
proxymap unix - - n - - proxymap
smtp unix - - n - - smtp
relay unix - - n - - smtp
showq unix n - n - - showq
error unix - - n - - error
retry unix - - n - - error
lmtp unix - - n - - lmtp
anvil unix - - n - 1 anvil
scache unix - - n - 1 scache
postlog unix-dgram n - n - 1 postlogd
"""

_AUTH = """
base_dir = {folder}/run
state_dir = {folder}/state
log_path = {folder}/dovecot.log
protocols =
ssl = no
disable_plaintext_auth = no
auth_mechanisms = plain login
auth_failure_delay = 0
passdb {{
  driver = passwd-file
  args = scheme=PLAIN username_format=%u {folder}/users
}}
userdb {{
  driver = static
  args = uid=65534 gid=65534 home={folder}
}}
service anvil {{
  chroot =
  unix_listener anvil-auth-penalty {{
    mode = 0
  }}
}}
service auth {{
  unix_listener {folder}/auth {{
    mode = 0660
    user = postfix
    group = postfix
  }}
}}
"""


class Postfix:
    """A running server. `port` is where it takes mail, `ca` who vouches for it."""

    def __init__(self, folder: Path, *, most_bytes: int, log_in: bool) -> None:
        self.folder = folder
        self.port = free_port()
        self.ca = folder / "server.pem"
        self._rule = "permit_sasl_authenticated, reject" if log_in else "permit_mynetworks, reject"
        self._most_bytes = most_bytes
        self._master: subprocess.Popen[bytes] | None = None
        self._auth: subprocess.Popen[bytes] | None = None

    def start(self, routes: Mapping[str, str]) -> None:
        """Write the configuration and start; return when it listens. See `route`."""
        daemons = next(room for room in _ROOMS if room.exists())
        self.folder.chmod(0o755)
        certificate(self.folder)
        for name, mode in [("queue", 0o755), ("data", 0o700), ("config", 0o755)]:
            (self.folder / name).mkdir(mode=mode)
        shutil.chown(self.folder / "data", "postfix", "postfix")
        words = {"folder": self.folder, "daemons": daemons, "relay_rule": self._rule, "most_bytes": self._most_bytes}
        (self.folder / "config" / "main.cf").write_text(_MAIN.format(**words), "utf-8")
        (self.folder / "config" / "master.cf").write_text(_MASTER.format(port=f"127.0.0.1:{self.port}"), "utf-8")
        (self.folder / "users").write_text(f"{USER}:{{PLAIN}}{PASSWORD}::::::\n", "utf-8")
        (self.folder / "dovecot.conf").write_text(_AUTH.format(folder=self.folder), "utf-8")
        self.route(routes)
        command = [_DOVECOT, "-F", "-c", str(self.folder / "dovecot.conf")]
        self._auth = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        _wait(lambda: (self.folder / "auth").exists(), "Dovecot gives no log-in socket")
        self._command("/usr/sbin/postfix", "-c", str(self.folder / "config"), "check")
        self._master = subprocess.Popen(
            [str(daemons / "master"), "-c", str(self.folder / "config"), "-d"],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        _wait(self._listens, f"Postfix does not listen:\n{self.log()}")

    def stop(self) -> None:
        """End both servers and their children."""
        for each in (self._master, self._auth):
            if each is None:
                continue
            each.send_signal(signal.SIGTERM)
            try:
                each.wait(_SECONDS)
            except subprocess.TimeoutExpired:
                each.kill()
                each.wait()
        if self._master is not None:
            # Its services are a process group of their own, and some would outlive it for their idle time.
            with suppress(ProcessLookupError):
                os.killpg(self._master.pid, signal.SIGKILL)
        _wait(lambda: not self._children(), "Postfix left processes behind")

    def route(self, routes: Mapping[str, str]) -> None:
        """Deliver mail for each address by a transport, such as `smtp:[127.0.0.1]:2525`; the table is read anew."""
        lines = "".join(f"{address} {transport}\n" for address, transport in routes.items())
        (self.folder / "transport").write_text(lines, "utf-8")
        if self._master is not None:
            self._command("/usr/sbin/postfix", "-c", str(self.folder / "config"), "reload")

    def flush(self) -> None:
        """Try all that is in the queue now."""
        self._command("/usr/sbin/postqueue", "-c", str(self.folder / "config"), "-f")

    def clear(self) -> None:
        """Forget all that is in the queue."""
        self._command("/usr/sbin/postsuper", "-c", str(self.folder / "config"), "-d", "ALL")

    def queued(self) -> int:
        """Return how many mails it has."""
        rooms = ("incoming", "active", "deferred", "maildrop")
        return sum(1 for room in rooms for path in (self.folder / "queue" / room).rglob("*") if _is_mail(path))

    def deferred(self) -> int:
        """Return how many mails wait for another try."""
        return sum(1 for path in (self.folder / "queue" / "deferred").rglob("*") if _is_mail(path))

    def log(self) -> str:
        """Return what it wrote about its work."""
        with suppress(OSError):
            return (self.folder / "postfix.log").read_text("utf-8")
        return ""

    def _command(self, *words: str) -> None:
        subprocess.run(words, check=True, capture_output=True, timeout=_SECONDS)

    def _listens(self) -> bool:
        with suppress(OSError), socket.create_connection(("127.0.0.1", self.port), 1) as opened:
            opened.settimeout(5)
            return opened.recv(4) == b"220 "
        return False

    def _children(self) -> list[str]:
        """Return processes that work in our folder."""
        found = []
        for room in Path("/proc").iterdir():
            with suppress(OSError):
                if room.name.isdigit() and str((room / "cwd").readlink()).startswith(str(self.folder)):
                    found.append(room.name)
        return found


@contextmanager
def postfix(routes: Mapping[str, str], *, most_bytes: int = 60_000_000, log_in: bool = False) -> Iterator[Postfix]:
    """Run a server for a while; the test is skipped where it cannot run. With `log_in` only who logs in may send."""
    if not any(room.exists() for room in _ROOMS) or not Path(_DOVECOT).exists():
        pytest.skip("Postfix and Dovecot are not installed (Debian: postfix, dovecot-imapd).")
    if os.getuid() != 0:
        pytest.skip("Postfix starts as root only.")
    pwd.getpwnam("postfix")
    grp.getgrnam("postdrop")
    folder = Path(tempfile.mkdtemp(prefix="samvik-postfix-"))
    server = Postfix(folder, most_bytes=most_bytes, log_in=log_in)
    try:
        server.start(routes)
        yield server
    finally:
        server.stop()
        shutil.rmtree(folder, ignore_errors=True)


def _is_mail(path: Path) -> bool:
    with suppress(OSError):
        return path.is_file()
    return False


def _wait(true, why: str) -> None:
    for _ in range(_SECONDS * 50):
        if true():
            return
        time.sleep(0.02)
    raise AssertionError(why)
