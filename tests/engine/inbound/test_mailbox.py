"""Mail from a mailbox: stored once whatever its server says of it, and operations told when none comes."""

from dataclasses import replace
from datetime import timedelta

import pytest

from adapters.words.language import Language
from adapters.words.speaking import sentence
from engine.codes.inbound import InboundCode
from engine.codes.statement import Statement, read_statement
from engine.inbound.mailbox import (
    MailboxMail,
    collect,
    forget_others,
    note_deleted,
    note_gone,
    pause_after,
    tell_of_failure,
    tell_of_success,
)
from engine.names import OPERATOR
from engine.records.work import WorkKind
from engine.states.inbound import InboundState
from tests.fakes.engines.pair import Pair

MAIL = MailboxMail("edi", "7", "41", 30, b"Subject: hei\r\n\r\nIkke ebXML.\r\n", whole=True, most=1_000)
MINUTE = timedelta(minutes=1)


@pytest.fixture
def pair() -> Pair:
    """Two engines; mail is collected by the municipalities' one."""
    return Pair()


async def stored(pair: Pair) -> list[tuple[str, int]]:
    """Return peer and size of everything that is stored."""
    return [(row.peer, row.size) for row in await pair.municipal.inbound()]


async def test_a_mail_is_stored_once_and_processed(pair: Pair) -> None:
    """A mail is stored with the mailbox as its peer and queued; found again before its delete, it is stored no more."""
    ports = pair.municipal.ports
    assert await collect(ports, MAIL)
    assert not await collect(ports, MAIL)
    await pair.municipal.work(WorkKind.MOTTA)
    (row,) = await pair.municipal.inbound()
    assert (row.peer, row.size, row.state) == ("mailbox edi", len(MAIL.raw), InboundState.KARANTENE)
    assert row.reason


async def test_a_mail_found_again_after_its_delete_is_the_same_mail(pair: Pair) -> None:
    """A server that forgets a deletion gives the same bytes under the same uid: nothing is stored."""
    ports = pair.municipal.ports
    await collect(ports, MAIL)
    await note_deleted(ports, "edi", "7", ["41"])
    assert not await collect(ports, MAIL)


@pytest.mark.parametrize("deleted", [True, False])
async def test_a_uid_that_is_given_twice_loses_no_mail(pair: Pair, deleted: bool) -> None:
    """Other bytes under a uid that is known are another mail: stored too, and from then on known."""
    ports = pair.municipal.ports
    await collect(ports, MAIL)
    if deleted:
        await note_deleted(ports, "edi", "7", ["41"])
    other = replace(MAIL, raw=MAIL.raw + b"mer\r\n")
    assert await collect(ports, other)
    assert not await collect(ports, other)
    assert len(await stored(pair)) == 2


async def test_the_same_bytes_under_another_uid_are_another_mail(pair: Pair) -> None:
    """A mail that came twice stands in the mailbox twice and is stored twice: what it means the envelope decides."""
    await collect(pair.municipal.ports, MAIL)
    assert await collect(pair.municipal.ports, replace(MAIL, uid="42"))
    assert await collect(pair.municipal.ports, replace(MAIL, mailbox="annen"))


async def test_new_uids_for_all_double_nothing_that_waits_for_its_delete(pair: Pair) -> None:
    """When UIDVALIDITY changes between store and delete each stored mail vouches for one of the same content."""
    ports = pair.municipal.ports
    await collect(ports, MAIL)
    await collect(ports, replace(MAIL, uid="42"))
    again = [replace(MAIL, validity="8", uid=uid) for uid in ("1", "2", "3")]
    assert [await collect(ports, mail) for mail in again] == [False, False, True]
    assert [await collect(ports, mail) for mail in again] == [False, False, False]
    assert len(await stored(pair)) == 3


async def test_what_was_deleted_vouches_for_nothing_under_new_uids(pair: Pair) -> None:
    """The same content under a new UIDVALIDITY is a new mail where the old one is gone from the mailbox."""
    ports = pair.municipal.ports
    await collect(ports, MAIL)
    await note_gone(ports, "edi", "7", [])
    assert await collect(ports, replace(MAIL, validity="8"))


async def test_a_listing_tells_what_is_gone(pair: Pair) -> None:
    """What a listing does not show is noted as deleted, what it shows still waits."""
    ports = pair.municipal.ports
    await collect(ports, MAIL)
    await collect(ports, replace(MAIL, uid="42"))
    await note_gone(ports, "edi", "7", ["42", "43"])
    async with ports.store.begin() as uow:
        assert await uow.waiting_for_delete("edi", "7") == ["42"]


async def test_without_uids_the_bytes_are_the_uid(pair: Pair) -> None:
    """Where a server has no UIDL, the same bytes are the same mail and other bytes another."""
    ports, mail = pair.municipal.ports, replace(MAIL, uid="")
    assert [await collect(ports, mail), await collect(ports, mail)] == [True, False]
    assert await collect(ports, replace(mail, raw=b"annen"))


async def test_a_mail_that_is_too_large_stands_in_quarantine_with_its_headers(pair: Pair) -> None:
    """Of a mail above the limit the headers are stored, with size and reason; nothing tries to process them."""
    ports, mail = pair.municipal.ports, replace(MAIL, raw=b"Subject: stor\r\n\r\n", size=5_000, whole=False)
    assert [await collect(ports, mail), await collect(ports, mail)] == [True, False]
    assert await pair.municipal.work(WorkKind.MOTTA) == 0
    (row,) = await pair.municipal.inbound()
    assert (row.state, row.size) == (InboundState.KARANTENE, 5_000)
    said = read_statement(row.reason)
    assert said == Statement.of(InboundCode.MAIL_TOO_LARGE, size=5_000, most=1_000)
    assert [task.latest for task in await pair.municipal.tasks()] == [row.id]


def test_pauses_grow() -> None:
    """After each failure the wait doubles, from the mailbox's own pace to ten minutes at most."""
    assert [pause_after(failures, MINUTE) / MINUTE for failures in (0, 1, 2, 3, 4, 5, 60)] == [1, 1, 2, 4, 8, 10, 10]
    assert pause_after(9, 60 * MINUTE) == 60 * MINUTE


async def test_operations_is_told_after_a_quarter_of_an_hour(pair: Pair) -> None:
    """A mailbox that fails for fifteen minutes is a task with name, time and reason, once; success closes it."""
    ports, since = pair.municipal.ports, pair.clock.now()
    pair.clock.advance(minutes=14)
    await tell_of_failure(ports, "edi", since, "mailbox.log_in_refused")
    assert await pair.municipal.tasks() == []
    pair.clock.advance(minutes=1)
    await tell_of_failure(ports, "edi", since, "mailbox.log_in_refused")
    await tell_of_failure(ports, "edi", since, "mail_server.silent")
    (task,) = await pair.municipal.tasks()
    assert sentence(task.text, Language.NB) == (
        "Postkassen edi er ikke tømt siden 2.3.2026 10:00. Innloggingen er avvist. Ingen melding er tapt."
    )
    await tell_of_success(ports, "annen")
    assert len(await pair.municipal.tasks()) == 1
    await tell_of_success(ports, "edi")
    assert await pair.municipal.tasks() == []


async def test_the_task_of_a_mailbox_that_is_configured_no_more_closes(pair: Pair) -> None:
    """Tasks about mailboxes that are gone from samvik.toml close at the start; those of the others stay."""
    ports, since = pair.municipal.ports, pair.clock.now()
    pair.clock.advance(hours=1)
    for name in ("edi", "annen"):
        await tell_of_failure(ports, name, since, "x")
    await forget_others(ports, ["edi"])
    assert len(await ports.store.list_tasks(OPERATOR)) == 1
