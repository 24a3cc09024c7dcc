"""A restored engine does not know what it gave since the backup: the record system is told what may be a repeat."""

import json
import shutil
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from uuid import uuid4

import pytest

from adapters.folders.inbox import InboxFolder
from adapters.keys.at_rest import AtRest
from engine.inbound.storing import take_in
from engine.inbox.repeats import Repeat
from engine.record_system.http_client import stored, take, waiting
from engine.records.inbox import Client
from engine.records.messages import Kind
from engine.records.work import WorkKind
from tests.fakes.engines.real_pair import real_pair
from tests.fakes.engines.restoring import Here
from tests.fakes.world.clock import START
from tests.fakes.world.parties import GP, GP_SERVICE, LEVANGER_SERVICE, registry

EPJ = Client(uuid4(), GP, "epj", GP_SERVICE, START)


@pytest.fixture
async def here(urls: tuple[str, str], at_rest: AtRest, tmp_path: Path) -> AsyncIterator[Here]:
    """Give two engines over real SMTP; the GP's, which is restored, has a record system that reads a folder."""
    async with real_pair(urls, at_rest) as (pair, _):
        serve(here := Here(pair, urls[1], at_rest, tmp_path), "folder")
        yield here


def serve(here: Here, inbox: str) -> None:
    """Let the GP's record system read in a folder or over HTTP."""
    ports = here.pair.gp.ports
    here.pair.gp.ports = replace(ports, policy=replace(ports.policy, registry=registry(her_8090301={"inbox": inbox})))


async def fill(here: Here) -> dict[str, tuple[str, str | None]]:
    """Put what is due into the folder as a node does; return what each folder there says of a repeat."""
    ports, folder = here.pair.gp.ports, InboxFolder(here.folder / "inn")
    for work in await ports.store.take_work([WorkKind.INNBOKS], ports.clock.now(), 9):
        await folder.fill(work, ports)
    texts = {path.parent.name: path.read_text("utf-8") for path in folder_of(here).glob("*/metadata.json")}
    return {name: (json.loads(text)["repeat"], json.loads(text)["repeat_of"]) for name, text in texts.items()}


def folder_of(here: Here) -> Path:
    """Return the folder that the GP's record system reads."""
    return here.folder / "inn" / GP_SERVICE / "in"


async def sent(here: Here) -> str:
    """Let the municipality send a deviation; return its MsgId."""
    message = await here.pair.submit(LEVANGER_SERVICE, GP_SERVICE)
    await here.pair.settle()
    return str(message.msg_id)


async def mail_of(here: Here) -> bytes:
    """Return the last message that came to the GP, as it came."""
    ports = here.pair.gp.ports
    mail = [row for row in await here.pair.gp.inbound() if row.kind is Kind.MELDING][-1]
    async with ports.store.begin() as unit:
        raw = await unit.raw(mail.owner, mail.id)
    assert raw is not None
    return raw


async def resend(here: Here, mail: bytes) -> None:
    """Let the partner send a mail once more, as it was."""
    await take_in(here.pair.gp.ports, mail, "192.0.2.1")
    await here.pair.settle()


async def test_what_is_sent_again_after_a_restore_is_told_as_a_repeat(here: Here) -> None:
    """The folder still has the first one: both stand, and the second says that it surely is a repeat, and of what."""
    await here.back_up()
    msg_id = await sent(here)
    assert await fill(here) == {msg_id: ("no", None)}
    mail, first = await mail_of(here), json.loads((folder_of(here) / msg_id / "metadata.json").read_text("utf-8"))
    here.pair.clock.advance(hours=3)
    await here.restore()
    await resend(here, mail)
    (item,) = await here.pair.gp.inbox(GP)
    assert await fill(here) == {msg_id: ("no", None), f"{msg_id}~{item.id}": ("yes", first["item_id"])}


async def test_what_the_record_system_has_fetched_may_be_a_repeat(here: Here) -> None:
    """Where the folder is empty, the engine cannot know: it gives the document and says that it may be a repeat."""
    await here.back_up()
    msg_id = await sent(here)
    await fill(here)
    mail = await mail_of(here)
    shutil.rmtree(folder_of(here) / msg_id)
    here.pair.clock.advance(days=3)
    await here.restore()
    await here.release()
    await resend(here, mail)
    assert await fill(here) == {msg_id: ("may", None)}


async def test_what_is_made_after_the_restore_is_none(here: Here) -> None:
    """A day after the restore by its sender's clock, which may be a day ahead, a new document is told as new."""
    await here.back_up()
    here.pair.clock.advance(hours=3)
    await here.restore()
    await here.release()
    early = await sent(here)
    here.pair.clock.advance(days=1, minutes=1)
    late = await sent(here)
    assert await fill(here) == {early: ("may", None), late: ("no", None)}


async def test_what_the_backup_held_as_not_given_may_have_been_given(here: Here) -> None:
    """An item that was put into the folder after the backup comes again under its own id, unless it still stands."""
    fetched, stands = await sent(here), await sent(here)
    await here.back_up()
    before = await fill(here)
    assert before == {fetched: ("no", None), stands: ("no", None)}
    shutil.rmtree(folder_of(here) / fetched)
    await here.restore()
    assert await fill(here) == {fetched: ("may", None), stands: ("no", None)}


async def test_what_was_not_decided_when_the_backup_was_made_may_be_a_repeat(here: Here) -> None:
    """A mail that the backup held as stored but not read gets another id than before: its repeat is told."""
    message = await here.pair.submit(LEVANGER_SERVICE, GP_SERVICE)
    await here.pair.municipal.one()
    await here.back_up()
    await here.pair.settle()
    await fill(here)
    here.pair.clock.advance(days=2)
    await here.restore()
    await here.pair.settle()
    (item,) = await here.pair.gp.inbox(GP)
    told = await fill(here)
    assert set(told) == {str(message.msg_id), f"{message.msg_id}~{item.id}"}
    assert told[f"{message.msg_id}~{item.id}"][0] == "yes"


async def test_over_http_it_is_told_too(here: Here) -> None:
    """List, single document and notice say `may` for what was not taken, or came again; never for what was taken."""
    serve(here, "api")
    taken, given = await sent(here), await sent(here)
    ports = here.pair.gp.ports
    ids = {str(item.msg_id): item.id for item, _ in await waiting(ports, EPJ, None, 9)}
    await take(ports, EPJ, ids[taken])
    await here.back_up()
    lost = await sent(here)
    mail = await mail_of(here)
    assert {repeat for _, repeat in await waiting(ports, EPJ, None, 9)} == {Repeat.NO}
    here.pair.clock.advance(hours=3)
    await here.restore()
    await here.release()
    await resend(here, mail)
    here.pair.clock.advance(days=2)
    fresh = await sent(here)
    ports = here.pair.gp.ports
    listed = {str(item.msg_id): (item.id, repeat) for item, repeat in await waiting(ports, EPJ, None, 9)}
    assert {msg_id: repeat for msg_id, (_, repeat) in listed.items()} == {
        given: Repeat.MAY,
        lost: Repeat.MAY,
        fresh: Repeat.NO,
    }
    assert listed[given][0] == ids[given]
    whole = {msg_id: await stored(ports, EPJ, id) for msg_id, (id, _) in listed.items()} | {
        taken: await stored(ports, EPJ, ids[taken])
    }
    assert {msg_id: found.repeat for msg_id, found in whole.items() if found} == {
        taken: Repeat.NO,
        given: Repeat.MAY,
        lost: Repeat.MAY,
        fresh: Repeat.NO,
    }
