"""The profile rules: each row finds its own departure and nothing else, and weighs it by the way of the document."""

from dataclasses import replace

import pytest

from engine.conformance.judged import Way, paper_of
from engine.conformance.rules import RULES, apprec_findings, message_findings
from engine.deviation.follow_up import FollowUpKind
from engine.errors import APPREC_ERRORS, Severity
from engine.names import HerId, MsgId
from engine.payload.apprec import ApprecError, ReadApprecError, read_apprec
from engine.payload.attachment import Attachment
from engine.payload.elements import root_of
from engine.payload.feedback import feedback_carrier, feedback_note
from engine.payload.feedback_code import FeedbackCode
from engine.payload.msghead import build_msghead, read_msghead
from engine.payload.profiles import FUNCTIONS, PROFILES
from tests.fakes.partners.documents import apprec, document, follow_up, party, reply
from tests.fakes.partners.epj import plain_document
from tests.fakes.partners.feedback import feedback_document
from tests.fakes.world.clock import START
from tests.fakes.world.parties import GP_SERVICE, LEVANGER, LEVANGER_SERVICE
from tests.fakes.world.surroundings import CARRIERS
from tests.fakes.world.surroundings import DEVIATION as DEVIATION_XML

ID = "11111111-1111-4111-8111-111111111111"
GOOD = document(msg_id=ID)
PLAIN = plain_document(GP_SERVICE, LEVANGER_SERVICE, "Vi savner epikrisen.", msg_id=ID)
REPLY = reply(ID, ID)
FEEDBACK = feedback_document(LEVANGER_SERVICE, GP_SERVICE, about=ID, msg_id=ID)
DEVIATION = Attachment("avvik.xml", "application/vnd.samvik.deviation+xml", b"<x/>")
CARRIER = CARRIERS["samvik-1"]
ROLE = b'<RoleToPatient V="24"'


def found(data, carrier=CARRIER, way=Way.RECEIVED, enterprises=()):
    """Return (rule, severity) of everything that is found."""
    paper = paper_of(data, root_of(data), read_msghead(data), carrier, way, frozenset(map(HerId, enterprises)))
    return [(each.rule, each.severity) for each in message_findings(paper)]


def put(data, old, new, count=1):
    """Return a document with a change, which must have had something to change."""
    assert old in data
    return data.replace(old, new, count)


def never():
    """Return a deviation of ours that says it is a DIALOG_AVVIK."""
    data = reply(ID, ID, attachments=[follow_up(FollowUpKind.SVAR)])
    return put(data, b"DIALOG_HELSEFAGLIG", b"DIALOG_AVVIK")


BROKEN = {
    "encoding": (GOOD.partition(b"?>")[2].strip(), CARRIER),
    "type": (put(GOOD, b'V="DIALOG_HELSEFAGLIG"', b'V="DIALOG_UKJENT"'), None),
    "gen-date": (put(GOOD, b"+01:00</GenDate>", b"</GenDate>"), CARRIER),
    "msg-id": (document(msg_id="dokument-1"), CARRIER),
    "levels": (document(receiver=LEVANGER, msg_id=ID), CARRIER),
    "patient": (put(PLAIN, b"<Patient>", b"<!--").replace(b"</Patient>", b"-->"), None),
    "no-patient": (
        put(reply(ID, ID, attachments=[follow_up(FollowUpKind.SVAR)]), b"</MsgInfo>", b"<Patient/></MsgInfo>"),
        CARRIER,
    ),
    "main": (put(GOOD, b'<MsgType V="XML"', b'<MsgType V="A"'), CARRIER),
    "attachment": (reply(ID, ID, attachments=[Attachment("", "application/pdf", b"%PDF-")]), CARRIER),
    "dialog": (put(GOOD, b"dialog/2013-01-23", b"dialog/2006-10-11"), CARRIER),
    "tema": (put(GOOD, b'TemaKodet V="6"', b'TemaKodet V="66"'), CARRIER),
    "contact": (put(put(GOOD, ROLE, b'<RoleToPatient V="6"'), b"</MsgInfo>", b"<Patient/></MsgInfo>"), None),
    "thread": (document(msg_id=ID).replace(b"DIALOG_HELSEFAGLIG", b"DIALOG_SVAR"), None),
    "markup": (put(GOOD, b"<TekstNotatInnhold>", b"<TekstNotatInnhold><p>a</p>"), CARRIER),
    "script": (put(GOOD, b"<TekstNotatInnhold>", b"<TekstNotatInnhold><p onclick='x()'>a</p>"), CARRIER),
    "feedback": (put(FEEDBACK, b"Pasienten bor ikke i kommunen.", b""), CARRIER),
    "never": (never(), None),
}


@pytest.mark.parametrize("name", BROKEN)
def test_each_rule_finds_its_own(name):
    """A document that breaks a rule is noted for it; where one change breaks others too, they are there as well."""
    rules = {rule for rule, _ in found(*BROKEN[name])}
    beside = {"thread": {"dialog", "tema", "patient"}, "script": {"markup"}, "never": {"dialog", "tema", "feedback"}}
    assert name in rules
    assert rules - {name} <= beside.get(name, set())


def test_every_rule_has_its_case():
    """No row without a document that breaks it, and every code is one that an AppRec may hold."""
    assert [rule.name for rule in RULES] == list(dict.fromkeys(rule.name for rule in RULES))
    assert {rule.name for rule in RULES} == set(BROKEN)
    assert all(rule.code in APPREC_ERRORS for rule in RULES)


@pytest.mark.parametrize("name", [name for name in BROKEN if name != "never"])
def test_what_comes_is_noted_and_what_goes_is_refused(name):
    """A departure is a Warning in what we receive, and an Error in what we write."""
    data, carrier = BROKEN[name]
    assert all(severity is Severity.WARNING for _, severity in found(data, carrier))
    written = dict(found(data, carrier, Way.WRITTEN))
    assert written[name] is Severity.ERROR


def test_a_deviation_as_his_1151_is_refused_whoever_brings_it():
    """DIALOG_AVVIK never carries a deviation of ours, in or out, whatever it is called."""
    assert ("never", Severity.ERROR) in found(*BROKEN["never"])
    hidden = reply(ID, ID, attachments=[Attachment("fil.xml", "text/xml", DEVIATION_XML)])
    for way in Way:
        assert ("never", Severity.ERROR) in found(put(hidden, b"DIALOG_HELSEFAGLIG", b"DIALOG_AVVIK"), None, way)


def test_a_feedback_as_it_should_be_has_nothing_to_note():
    """HIS 1151 as a record system writes it, and as we write it: one document, a code of 8117, text, and a thread."""
    assert found(FEEDBACK, None) == found(FEEDBACK) == []
    head = {"msg_id": MsgId(ID), "gen_date": START, "sender": party(LEVANGER_SERVICE), "receiver": party(GP_SERVICE)}
    for code in FeedbackCode:
        carrier = feedback_carrier(code, "S-DIALOG_AVVIK", "DIALOG_AVVIK", ("sender", "receiver"))
        note = feedback_note(code, MsgId(ID), START.date(), "Feil kommune.")
        conversation = (MsgId(ID), MsgId(ID))
        data = build_msghead(carrier, **head, conversation=conversation, notat=note, attachments=[], test=True)
        assert found(data, carrier, Way.WRITTEN) == []


@pytest.mark.parametrize(
    ("old", "new", "rule"),
    [
        (b'V="1" S', b'V="2" S', "tema"),
        (b"8117", b"7322", "tema"),
        (b"Pasienten bor ikke i kommunen.", b" ", "feedback"),
        (b"dialog/2006-10-11", b"dialog/2013-01-23", "dialog"),
        (b' DN="Notat"', b"", "tema"),
    ],
)
def test_a_feedback_is_taken_with_a_note_and_sent_only_as_it_should_be(old, new, rule):
    """The withdrawn code, a code of another list, no text: a Warning where it comes, an Error where it goes."""
    data = put(FEEDBACK, old, new)
    assert found(data) == found(data, None) == [(rule, Severity.WARNING)]
    assert (rule, Severity.ERROR) in found(data, CARRIER, Way.WRITTEN)


def test_a_feedback_answers_something_and_is_alone():
    """Without ConversationRef, and with a file, it is noted for that."""
    first = feedback_document(LEVANGER_SERVICE, GP_SERVICE, msg_id=ID)
    assert found(first) == [("thread", Severity.WARNING)]
    with_file = reply(ID, ID, attachments=[Attachment("a.pdf", "application/pdf", b"%PDF-")], carrier="dialog-1.0")
    assert "feedback" in dict(found(put(with_file, b"DIALOG_NOTAT", b"DIALOG_AVVIK")))


def test_what_a_record_system_may_do_that_we_do_not():
    """A MsgId that is no UUID, and XHTML, go on as they are; all else is as strict as for us."""
    weights = {rule.name: (rule.forwarded, rule.written) for rule in RULES}
    softer = {name for name, (forwarded, written) in weights.items() if forwarded is not written}
    assert softer == {"msg-id", "markup"}


@pytest.mark.parametrize(("data", "carrier"), [(GOOD, CARRIER), (PLAIN, None), (PLAIN, CARRIER), (REPLY, CARRIER)])
def test_good_documents_have_nothing_to_note(data, carrier):
    """Ours by its carrier, and a plain one as record systems write it."""
    assert found(data, carrier) == []


def test_an_enterprise_that_is_addressed_itself_has_one_level():
    """Where somebody has looked it up, one level is whole."""
    assert found(BROKEN["levels"][0], CARRIER, Way.WRITTEN, [LEVANGER]) == []


def test_a_carrier_may_use_a_code_of_its_own():
    """What is agreed on is known, though no national list has it."""
    data = put(GOOD, b'TemaKodet V="6"', b'TemaKodet V="66"')
    assert found(data, replace(CARRIER, tema_code="66"), Way.WRITTEN) == []
    assert [rule for rule, _ in found(put(GOOD, b' DN="Henvendelse om pasient"', b""), CARRIER)] == ["tema"]


def test_a_first_deviation_answers_nothing_and_a_follow_up_something():
    """ConversationRef is there if and only if something is answered."""
    assert "thread" in dict(found(reply(ID, ID, attachments=[DEVIATION]), CARRIER))
    alone = put(reply(ID, ID, attachments=[follow_up(FollowUpKind.SVAR)]), b"<ConversationRef>", b"<!--")
    assert "thread" in dict(found(alone.replace(b"</ConversationRef>", b"-->"), CARRIER))


def test_functions_with_a_profile_are_known():
    """Each profile is of a known function, with codes."""
    assert set(PROFILES) <= FUNCTIONS
    assert all(profile.codes for profile in PROFILES.values())


def test_an_odd_receipt_is_noted():
    """A refusal without reason, an OK with one, an Error without code system, an id that is no UUID."""
    good = replace(read_apprec(apprec(ID, LEVANGER_SERVICE, GP_SERVICE, 2, [ApprecError("X99")])), id=ID)
    odd = ReadApprecError("X99", "", "", "")
    assert apprec_findings(good) == ()
    for change in ({"errors": ()}, {"status": 1}, {"errors": (odd,)}, {"id": "kvittering-1"}):
        (told,) = apprec_findings(replace(good, **change))
        assert told.severity is Severity.WARNING
