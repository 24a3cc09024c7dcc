"""Mailboxes on a real server, collected from by a node as it runs."""

import random
from collections.abc import Awaitable, Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import psycopg
import pytest

from adapters.mailbox.opening import open_session
from adapters.mailbox.session import Broken
from adapters.node.node import Node
from adapters.settings import Mailbox
from engine.errors import OwnFault
from engine.inbound.mailbox import MailboxMail, collect
from engine.names import OPERATOR, HerId
from engine.records.messages import IncomingMail
from engine.states.inbound import InboundState
from tests.fakes.engines.running_node import LEVANGER, Running, running
from tests.fakes.partners.mailbox_load import BROKEN, MOST_BYTES, Partner, broken, msg_id
from tests.fakes.servers.dovecot import Dovecot, certificate, dovecot
from tests.fakes.waiting import comes

LIMITS = f"\n[limits]\nmost_mail_bytes = {MOST_BYTES}\n"
BOTH = pytest.mark.parametrize("protocol", ["pop3", "imap"])


@pytest.fixture(scope="module")
def real_server() -> Iterator[Dovecot]:
    """Run one server for all tests here."""
    with dovecot() as server:
        yield server


@pytest.fixture
def server(real_server: Dovecot) -> Dovecot:
    """Give the server with an empty mailbox."""
    real_server.clear()
    return real_server


async def rows(here: Running) -> list[IncomingMail]:
    """Return every mail that is stored."""
    store = here.other.store
    return [
        row for owner in (*here.other.ports.policy.hosted, OPERATOR) for row in await store.list_inbound(HerId(owner))
    ]


async def processed(here: Running, server: Dovecot, count: int) -> list[IncomingMail]:
    """Wait until the mailbox is empty and so many mails are decided on; return them."""

    async def done() -> bool:
        found = await rows(here)
        decided = [row for row in found if row.state is not InboundState.MOTTATT]
        return server.left() == 0 and len(decided) >= count

    await comes(done)
    return await rows(here)


def partner(here: Running) -> Partner:
    """Return the GP's office with the keys of this engine's folder."""
    return Partner(
        here.project.folder / "pki", here.other.ports.policy.registry, datetime.now(UTC).replace(microsecond=0)
    )


def place(server: Dovecot, folder: Path, protocol: str, **more: object) -> Mailbox:
    """Return the settings of the mailbox."""
    server.settings(folder, protocol)
    return Mailbox.model_validate(
        server.row(protocol, "implicit", password_file=str(folder / "postkasse.passord"), **more)
    )


@pytest.mark.parametrize(("protocol", "tls"), [("pop3", "none"), ("pop3", "starttls"), ("imap", "implicit")])
async def test_mails_are_collected_and_processed(
    protocol: str, tls: str, server: Dovecot, tmp_path: Path, pg_url: str, quick_keys: Path
) -> None:
    """Good mails stand in the inbox once each, broken ones of every kind in quarantine; the mailbox is empty."""
    folder = tmp_path / "motor"
    folder.mkdir()
    more = LIMITS + server.settings(folder, protocol, tls)
    async with running(folder, pg_url, quick_keys, more) as here:
        mails = [partner(here).mail(number) for number in range(3)]
        bad = broken(len(BROKEN), random.Random(1), mails[0])
        server.put(*bad[:5], *mails, *bad[5:])
        found = await processed(here, server, len(mails) + len(bad))
        inbox = await here.other.store.list_inbox(LEVANGER)
    quarantined = [row for row in found if row.state is InboundState.KARANTENE]
    assert sorted(item.msg_id for item in inbox) == [msg_id(number) for number in range(3)]
    assert len(quarantined) == len(bad)
    assert all(row.reason for row in quarantined)
    assert len(found) == len(mails) + len(bad)
    assert {row.peer for row in found} == {"mailbox edi"}


@BOTH
@pytest.mark.parametrize("renumbered", [True, False])
async def test_a_death_between_commit_and_delete_doubles_nothing(
    protocol: str, renumbered: bool, server: Dovecot, tmp_path: Path, pg_url: str, quick_keys: Path
) -> None:
    """What a dead node stored and did not delete is deleted by the next without being stored again.

    Over IMAP also where all mails have been given new uids in between.
    """
    server.put(*(b"Subject: nr %d\n\nhei\n" % number for number in range(4)))
    folder = tmp_path / "motor"
    async with running(folder, pg_url, quick_keys) as here:
        session = await open_session(place(server, folder, protocol))
        listing = await session.listing()
        for entry in listing.entries[:3]:
            got = await session.fetch(entry, MOST_BYTES)
            mail = MailboxMail("edi", listing.validity, entry.uid, entry.size, got.raw, got.whole, MOST_BYTES)
            assert await collect(here.other.ports, mail)
        await session.delete(listing.entries[0])
        await session.close()
    if renumbered and protocol == "imap":
        server.renumber()
    (folder / "pki").rename(tmp_path / "pki")
    async with running(folder, pg_url, tmp_path / "pki", server.settings(folder, protocol)) as here:
        assert len(await processed(here, server, 4)) == 4


@BOTH
async def test_two_nodes_do_not_hinder_each_other(
    protocol: str, server: Dovecot, tmp_path: Path, pg_url: str, quick_keys: Path
) -> None:
    """With two nodes on one database every mail is stored once; when one stops the other goes on."""
    folder = tmp_path / "motor"
    folder.mkdir()
    async with running(folder, pg_url, quick_keys, server.settings(folder, protocol)) as here:
        second = Node(here.other)
        await second.start()
        server.put(*(b"Subject: nr %d\n\nhei\n" % number for number in range(60)))
        assert len(await processed(here, server, 60)) == 60
        await here.node.stop()
        server.put(b"Subject: sist\n\nhei\n")
        assert len(await processed(here, server, 61)) == 61
        await second.stop()


async def test_idle_tells_of_new_mail_at_once(server: Dovecot, tmp_path: Path, pg_url: str, quick_keys: Path) -> None:
    """Over IMAP a mail is collected when it comes, however seldom the mailbox is looked into."""
    folder = tmp_path / "motor"
    folder.mkdir()
    more = server.settings(folder, "imap").replace("poll_seconds = 1\n", "poll_seconds = 3600\n")
    server.put(b"Subject: en\n\nhei\n")
    async with running(folder, pg_url, quick_keys, more) as here:
        await processed(here, server, 1)
        for count in (2, 3):
            server.put(b"Subject: nr %d\n\nhei\n" % count)
            assert len(await processed(here, server, count)) == count


async def test_operations_is_told_of_a_wrong_password(
    server: Dovecot, tmp_path: Path, pg_url: str, quick_keys: Path
) -> None:
    """A mailbox that turns us away for a quarter of an hour is a task with its name; put right, the task closes."""
    folder = tmp_path / "motor"
    folder.mkdir()
    more = server.settings(folder, "pop3", password="feil-passord")
    server.put(b"Subject: en\n\nhei\n")
    async with running(folder, pg_url, quick_keys, more) as here:
        async with await psycopg.AsyncConnection.connect(pg_url, autocommit=True) as database:

            async def failing() -> bool:
                earlier = "UPDATE mailbox SET failing_since = failing_since - interval '15 minutes' RETURNING name"
                return await (await database.execute(earlier)).fetchone() is not None

            await comes(failing)
        tasks = here.other.store.list_tasks

        async def told() -> bool:
            return any(task.cause == "mailbox not emptied" for task in await tasks(OPERATOR))

        await comes(told)
        (task,) = [task for task in await tasks(OPERATOR) if task.cause == "mailbox not emptied"]
        assert task.text.startswith('inbound.mailbox_not_emptied {"mailbox": "edi"')
        assert '{"code": "mailbox.log_in_refused", "params": {"answer": "AUTH"}}' in task.text
        assert "feil-passord" not in task.text
        server.settings(folder, "pop3")
        await processed(here, server, 1)
        await comes(lambda: _not(told))


async def _not(true: Callable[[], Awaitable[bool]]) -> bool:
    return not await true()


@BOTH
async def test_only_a_server_that_is_vouched_for_gets_the_password(
    protocol: str, server: Dovecot, tmp_path: Path
) -> None:
    """A certificate that ca_file does not vouch for ends the connection; a file that cannot be used is named."""
    certificate(tmp_path)
    other = tmp_path / "server.pem"
    with pytest.raises(Broken, match=r"mail_server\.not_trusted"):
        await open_session(place(server, tmp_path, protocol, ca_file=str(other)))
    with pytest.raises(OwnFault, match=r"borte\.pem"):
        await open_session(place(server, tmp_path, protocol, ca_file=str(tmp_path / "borte.pem")))
    with pytest.raises(Broken, match=r"mail_server\.not_trusted"):
        await open_session(place(server, tmp_path, protocol, host="localhost"))
    session = await open_session(place(server, tmp_path, protocol))
    assert (await session.listing()).entries == ()
    await session.close()
    (tmp_path / "postkasse.passord").chmod(0o644)
    with pytest.raises(OwnFault, match=r"disk\.read_by_others"):
        await open_session(
            Mailbox.model_validate(server.row(protocol, "implicit", password_file=str(tmp_path / "postkasse.passord")))
        )
