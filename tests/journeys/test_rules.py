"""A verified message that breaks a rule of the message service gets the error code that belongs to the rule."""

import pytest

from engine.codes.statement import read_statement
from engine.msh import constants as c
from engine.names import CpaId
from engine.records.messages import Kind
from engine.states.inbound import InboundState
from tests.fakes.partners.documents import document
from tests.fakes.partners.forgery import Letter, altered, eb, payload_mail, remove, resigned
from tests.fakes.world.parties import GP_ADDRESS, GP_SERVICE, LEVANGER, with_terms

HREF = f"{{{c.XLINK}}}href"
GENUINE = payload_mail(Letter(), document())


async def test_a_message_for_somebody_else_is_refused_by_name_of_the_first_party(pair):
    """A signed message to a HER-id that we do not serve gets MessageError ValueNotRecognized."""
    row = await pair.municipal.take(payload_mail(Letter(receiver=GP_SERVICE), document()))
    assert row.state is InboundState.AVVIST_TRANSPORT
    (answer,) = await pair.municipal.outbound()
    assert (answer.header.from_her, answer.to_address) == (LEVANGER, GP_ADDRESS)
    assert "ValueNotRecognized" in row.reason


def set_text(root, name, text):
    """Set the text of the one element with this ebXML name."""
    next(root.iter(eb(name))).text = text


def time_to_live(text):
    """Return a change that adds a TimeToLive."""

    def change(root):
        data = next(root.iter(eb("MessageData")))
        element = data.makeelement(eb("TimeToLive"))
        element.text = text
        data.append(element)

    return change


def ping(root):
    """Make a Ping of a message."""
    set_text(root, "Service", c.MSH_SERVICE)
    set_text(root, "Action", "Ping")


RULES = {
    "an unknown Service": (lambda root: set_text(root, "Service", "S-ANNET"), "Inconsistent"),
    "an unknown Action": (lambda root: set_text(root, "Action", "ANNET"), "ValueNotRecognized"),
    "an expired TimeToLive": (time_to_live("2026-03-02T08:59:59Z"), "TimeToLiveExpired"),
    "a Ping": (ping, "NotSupported"),
    "a Manifest without the part": (
        lambda root: next(root.iter(eb("Reference"))).set(HREF, "cid:mangler"),
        "MimeProblem",
    ),
    "another version": (lambda root: next(root.iter(eb("MessageHeader"))).set(eb("version"), "3.0"), "Inconsistent"),
    "no CPAId": (lambda root: remove(next(root.iter(eb("CPAId")))), "OtherXml"),
}


@pytest.mark.parametrize(("change", "code"), RULES.values(), ids=RULES)
async def test_a_signed_message_that_breaks_a_rule_gets_its_error_code(pair, change, code):
    """Rules 4 to 14 of the transport profile answer a verified message with the code that belongs to them."""
    row = await pair.municipal.take(altered(GENUINE, lambda soap: resigned(soap, change)))
    assert row.state is InboundState.AVVIST_TRANSPORT
    assert read_statement(row.reason).params["error"] == code
    assert [answer.kind for answer in await pair.municipal.outbound()] == [Kind.FEIL]
    assert not pair.municipal.ports.store.tables.ledger


async def test_a_time_to_live_that_has_not_passed_does_no_harm(pair):
    """A TimeToLive of this very second is still in time."""
    change = time_to_live("2026-03-02T10:00:00+01:00")
    row = await pair.municipal.take(altered(GENUINE, lambda soap: resigned(soap, change)))
    assert row.state is InboundState.LEVERT_INTERNT


async def test_our_apprec_bears_the_agreed_cpaid_where_the_message_names_another(pair):
    """A message with another CPAId than the agreed one is taken with a note, and answered under the agreed one."""
    ours = CpaId("avtalt:1")
    pair.use(with_terms(cpa_id=ours))
    row = await pair.municipal.take(payload_mail(Letter(cpa_id="en:annen"), document()))
    answers = {answer.kind: answer.header.cpa_id for answer in await pair.municipal.outbound()}
    assert row.state is InboundState.LEVERT_INTERNT
    assert answers[Kind.APPREC] == ours
