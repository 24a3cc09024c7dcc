"""Ids that strangers choose: kept as marks where nobody vouches for them, and answered with all the same."""

from engine.msh.mime import read_mail
from engine.records.unvouched import PREFIX
from tests.fakes.partners.documents import document
from tests.fakes.partners.forgery import Letter, payload_mail
from tests.fakes.world.parties import VERDAL

SECRET = "Kari Nordmann 13097248022 \u009b2J \u202e"
FORGED = Letter(
    message_id=SECRET,
    conversation_id=f"{SECRET} 2",
    cpa_id=f"{SECRET} 3",
    action=f"{SECRET} 4",
    service=f"{SECRET} 5",
    signer=VERDAL,
)
UUID_ID = "{0A1B2C3D-1111-4111-8111-00000000000A}"


async def test_what_nobody_vouches_for_is_kept_as_marks(pair):
    """Neither the row, its events nor its tasks hold what a stranger wrote as an id; the same id finds the mail."""
    row = await pair.municipal.take(payload_mail(FORGED, document()))
    header = row.header
    for id in (header.message_id, header.conversation_id, header.cpa_id, header.action, header.service):
        assert id.startswith(PREFIX)
        assert len(id) < 40
    store = pair.municipal.ports.store
    kept = [row, *pair.municipal.ports.store.tables.events, *await store.list_tasks(row.owner)]
    assert all(word not in repr(kept) for word in ("Kari", "13097248022", "\u009b", "\u202e"))
    answer = await pair.municipal.outbound()
    assert "Kari" not in repr(answer)
    assert {found.id for found in await store.find(row.owner, SECRET)} == {row.id, *(each.id for each in answer)}


async def test_the_answer_to_it_names_its_id(pair):
    """The MessageError to the registered sender refers to the MessageId as it came, or it could not be matched."""
    await pair.municipal.take(payload_mail(Letter(message_id="id fra fremmed", signer=VERDAL), document()))
    await pair.municipal.work()
    (sent,) = pair.municipal.sent
    assert b"id fra fremmed" in read_mail(sent).soap


async def test_a_uuid_and_what_was_verified_stand_in_clear(pair):
    """A UUID says nothing of anybody, and a signed message's ids are its sender's."""
    forged = await pair.municipal.take(payload_mail(Letter(message_id=UUID_ID, signer=VERDAL), document()))
    assert forged.header.message_id == UUID_ID
    good = await pair.municipal.take(payload_mail(Letter(message_id="vår id 7"), document()))
    assert (good.header.message_id, good.header.action) == ("vår id 7", Letter().action)
