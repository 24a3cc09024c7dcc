"""Which mails are never decided on together."""

from dataclasses import replace

from engine.names import MsgId
from engine.verdict.kinds import Quarantine, ids_of
from tests.fakes.decisions.verdicts import ping, rule_broken, signal, taken, unverified


def test_two_documents_of_a_thread_are_not_decided_on_together() -> None:
    """A reply whose envelope has a conversation of its own still has the id of the document that it replies to."""
    first = taken(message_id="A", conversation_id="A")
    reply = taken(message_id="B", conversation_id="B")
    opening = replace(first, head=replace(first.head, msg_id=MsgId("Document-1"), conversation=None, parent=None))
    reply = replace(reply, head=replace(reply.head, msg_id=MsgId("document-2"), parent=MsgId("document-1")))
    ids, others = ids_of(opening), ids_of(reply)
    assert ids is not None
    assert others is not None
    assert "document-1" in ids & others


def test_what_is_counted_is_decided_on_alone() -> None:
    """Answers to strangers, to broken rules and to Pings are limited: two at once might both be the last."""
    for verdict in (Quarantine("reason"), unverified(), rule_broken(), ping()):
        assert ids_of(verdict) is None
    assert ids_of(signal())
