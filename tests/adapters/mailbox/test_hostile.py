"""Mailboxes whose servers lie, cut, dawdle and never stop: nothing is lost, nothing is held, and the rest goes on."""

import tracemalloc
from pathlib import Path

import pytest

from adapters.mailbox.collector import BATCH, MOST_CUTS, Collector
from adapters.mailbox.session import HEAD_BYTES, Broken, Declined
from adapters.settings import MailboxProtocol
from adapters.smtp.slots import FairSlots, Slots
from engine.codes.database import DatabaseCode
from engine.errors import Unavailable
from tests.fakes.servers.hostile_mailbox import (
    PASSWORD,
    cuts,
    endless,
    hangs,
    hangs_up,
    hostile,
    refuses,
    says,
)
from tests.fakes.servers.mailbox_shelf import MOST, Shelf, collector, emptied, mail

POP3, IMAP = MailboxProtocol.POP3, MailboxProtocol.IMAP
BOTH = pytest.mark.parametrize("protocol", [POP3, IMAP])


@BOTH
async def test_a_mailbox_is_emptied_batch_by_batch(protocol: MailboxProtocol, tmp_path: Path) -> None:
    """More mails than one batch are all stored and deleted, once each, with what they hold unchanged."""
    mails = [mail(f"nr {number}") + b".\r\n..\r\n.slutt\r\n" for number in range(2 * BATCH + 5)]
    async with hostile(protocol, *mails) as server:
        shelf = Shelf()
        assert await emptied(server, tmp_path, shelf) == len(mails)
        assert server.mails == {}
    assert sorted(each.raw for each in shelf.mails) == sorted(mails)
    assert sorted(shelf.gone, key=int) == [str(number) for number in range(1, len(mails) + 1)]


async def test_what_has_failed_comes_last(tmp_path: Path) -> None:
    """A round gives up after some cuts, and the next begins with those that have not been tried."""
    mails = [mail(f"nr {number:02}") for number in range(MOST_CUTS + 3)]
    async with hostile(POP3, *mails) as server:
        for number in range(1, MOST_CUTS + 2):
            server.tricks[f"^RETR {number}$"] = cuts
        shelf = Shelf()
        collecting = collector(server, tmp_path, shelf)
        with pytest.raises(Broken):
            await collecting.empty()
        assert shelf.mails == []
        with pytest.raises(Broken):
            await collecting.empty()
    assert len(shelf.mails) == 2


@BOTH
async def test_a_mail_listed_as_too_large_is_not_downloaded(protocol: MailboxProtocol, tmp_path: Path) -> None:
    """Of a mail above the limit only the headers are asked for and stored, with its size; then it is deleted."""
    async with hostile(protocol, mail("stor", MOST + 1), mail("liten")) as server:
        shelf = Shelf()
        await emptied(server, tmp_path, shelf)
        assert server.mails == {}
        assert not [each for each in server.seen if each.startswith("RETR 1") or "FETCH 1 (UID BODY.PEEK[]" in each]
    large = next(each for each in shelf.mails if not each.whole)
    assert large.raw.strip() == b"Subject: stor"
    assert large.size == len(mail("stor", MOST + 1))


@BOTH
async def test_headers_without_end_leave_the_mailbox_too(protocol: MailboxProtocol, tmp_path: Path) -> None:
    """A mail above the limit that is all headers is stored by its first ones, and the same connection goes on."""
    most = 1_000_000
    async with hostile(protocol, b"X-A: " + b"x" * 2 * most + b"\r\n\r\nhei", mail("liten")) as server:
        shelf = Shelf()
        collecting = Collector(server.place(tmp_path), most, shelf, Slots(FairSlots(1), FairSlots(1)))
        assert await collecting.empty() == 2
        await collecting.close()
        assert server.mails == {}
    (large,) = [each for each in shelf.mails if not each.whole]
    assert large.raw == b"X-A: " + b"x" * (HEAD_BYTES - 5)


@BOTH
async def test_a_size_that_lies_costs_no_more_memory_than_the_limit(protocol: MailboxProtocol, tmp_path: Path) -> None:
    """A mail listed as small that turns out too large is stored as its headers, the same each time."""
    async with hostile(protocol, mail("stor", 2 * MOST)) as server:
        server.sizes["1"] = 10
        shelf = Shelf()
        server.tricks["DELE|STORE"] = refuses()
        for _ in range(2):
            with pytest.raises(Declined):
                await emptied(server, tmp_path, shelf)
        server.tricks.clear()
        await emptied(server, tmp_path, shelf)
        assert server.mails == {}
    (large,) = shelf.mails
    assert not large.whole
    assert large.raw == b"Subject: stor\r\n\r\n"
    assert large.size > MOST


async def test_without_top_a_large_mail_gives_its_headers_too(tmp_path: Path) -> None:
    """Where the server has no TOP, a mail above the limit is read and dropped, so that its headers can be stored."""
    async with hostile(POP3, mail("stor", MOST + 1)) as server:
        server.tricks["^TOP"] = refuses()
        shelf = Shelf()
        await emptied(server, tmp_path, shelf)
        assert server.mails == {}
    assert [(each.raw, each.whole) for each in shelf.mails] == [(b"Subject: stor\r\n\r\n", False)]


@BOTH
async def test_a_store_that_does_not_answer_leaves_all_in_the_mailbox(
    protocol: MailboxProtocol, tmp_path: Path
) -> None:
    """While nothing can be stored nothing is deleted; when it can, each mail is stored once."""
    async with hostile(protocol, mail("en"), mail("to")) as server:
        shelf = Shelf(fault=Unavailable(DatabaseCode.SILENT))
        collecting = collector(server, tmp_path, shelf)
        with pytest.raises(Unavailable, match="database"):
            await collecting.empty()
        assert len(server.mails) == 2
        assert not [each for each in server.seen if "DELE" in each or "STORE" in each]
        shelf.fault = None
        assert await collecting.empty() == 2
        await collecting.close()
    assert shelf.subjects == [b"Subject: en", b"Subject: to"]


@BOTH
async def test_a_connection_lost_before_the_deletions_hold(protocol: MailboxProtocol, tmp_path: Path) -> None:
    """What was stored and is still there is deleted in the next round, and stored no second time."""
    async with hostile(protocol, mail("en"), mail("to")) as server:
        server.tricks["QUIT|EXPUNGE"] = hangs_up
        shelf = Shelf()
        with pytest.raises(Broken):
            await emptied(server, tmp_path, shelf)
        assert len(server.mails) == 2
        assert shelf.gone == []
        server.tricks.clear()
        await emptied(server, tmp_path, shelf)
        assert server.mails == {}
    assert len(shelf.mails) == 2


async def test_a_server_that_does_not_delete_is_told_of(tmp_path: Path) -> None:
    """A server that says it has deleted and still lists the mail ends the round with that reason, not a loop."""
    mails = [mail(f"nr {number}") for number in range(BATCH + 1)]
    async with hostile(POP3, *mails) as server:
        server.tricks["^DELE"] = says(b"+OK\r\n")
        with pytest.raises(Declined, match=r"mailbox\.still_there"):
            await emptied(server, tmp_path, Shelf())


@pytest.mark.parametrize("answer", [b"-ERR\r\n", b"+OK\r\n1 a\r\n2 a\r\n.\r\n", b"+OK\r\n1 a\r\n.\r\n", None])
async def test_uids_that_are_none_are_not_used(answer: bytes | None, tmp_path: Path) -> None:
    """Where UIDL is missing, gives two mails one id, leaves one out or gives monsters, the bytes tell mails apart."""
    monsters = b"+OK\r\n1 " + b"a" * 300 + b"\r\n2 \x00\r\n.\r\n"
    async with hostile(POP3, mail("en"), mail("to")) as server:
        server.tricks["^UIDL"] = refuses() if answer == b"-ERR\r\n" else says(answer or monsters)
        shelf = Shelf()
        assert await emptied(server, tmp_path, shelf) == 2
        assert server.mails == {}
    assert {each.uid for each in shelf.mails} == {""}
    assert len({each.key for each in shelf.mails}) == 2


@BOTH
@pytest.mark.parametrize(
    ("trick", "reason"),
    [
        (hangs, r"mail_server\.silent"),
        (says(b"220 smtp.example.test ESMTP\r\n"), r"mailbox\.other_protocol"),
        (endless(b"", b"x" * 60_000), r"mailbox\.long_line"),
        (endless(b"+OK\r\n", b"* 1 2\r\n" * 9_000), r"mailbox\.(without_end|other_protocol)"),
    ],
)
async def test_a_server_that_cannot_be_used_ends_the_round(
    protocol: MailboxProtocol, trick, reason: str, tmp_path: Path
) -> None:
    """Silence, another protocol, a line or a list without end: the round ends with the reason, at little memory."""
    async with hostile(protocol, mail("en")) as server:
        server.tricks["LIST|SELECT"] = trick
        tracemalloc.start()
        try:
            with pytest.raises(Broken, match=reason):
                await emptied(server, tmp_path, Shelf())
            _, peak = tracemalloc.get_traced_memory()
        finally:
            tracemalloc.stop()
        assert len(server.mails) == 1
    assert peak < 20_000_000


@BOTH
async def test_a_wrong_password_is_told_without_it(protocol: MailboxProtocol, tmp_path: Path) -> None:
    """A refused log-in is told with the server's code alone: its words may repeat what was sent."""
    async with hostile(protocol, mail("en")) as server:
        code = "AUTH" if protocol is POP3 else "AUTHENTICATIONFAILED"
        server.tricks["PASS|LOGIN"] = refuses(f"[{code}] {PASSWORD} is wrong")
        with pytest.raises(Broken) as raised:
            await emptied(server, tmp_path, Shelf())
    assert str(raised.value) == f'mailbox.log_in_refused {{"answer": "{code}"}}'


async def test_no_password_without_the_tls_that_is_wanted(tmp_path: Path) -> None:
    """A server that does not offer STLS, or that takes no log-in in clear, is not given the password."""
    for protocol, change, reason in (
        (POP3, {"tls": "starttls"}, r"mail_server\.no_starttls"),
        (IMAP, {"tls": "starttls"}, r"mail_server\.no_starttls"),
        (IMAP, {}, r"mailbox\.in_clear"),
    ):
        async with hostile(protocol, mail("en")) as server:
            server.can = "IMAP4rev1 LOGINDISABLED"
            server.tricks["STLS|STARTTLS"] = refuses()
            place = server.place(tmp_path)
            place = type(place).model_validate(place.model_dump() | change)
            with pytest.raises(Broken, match=reason):
                await Collector(place, MOST, Shelf(), Slots(FairSlots(1), FairSlots(1))).empty()
            assert not [each for each in server.seen if PASSWORD in each]


async def test_without_uidplus_others_deletions_are_not_done_for_them(tmp_path: Path) -> None:
    """A plain EXPUNGE takes all that is marked: it waits while another program's marks are there."""
    async with hostile(IMAP, mail("en")) as server:
        server.can = "IMAP4rev1"
        server.marked.add("99")
        shelf = Shelf()
        with pytest.raises(Broken, match=r"mailbox\.others_delete"):
            await emptied(server, tmp_path, shelf)
        assert not [each for each in server.seen if each.endswith("EXPUNGE")]
        server.marked.clear()
        await emptied(server, tmp_path, shelf)
        assert server.mails == {}
    assert len(shelf.mails) == 1
