"""What `samvik verify` is told of one mail: form and signature always, the certificate where a register is given."""

from datetime import timedelta

import pytest

from engine.codes.mail import MailCode
from engine.codes.statement import Statement
from engine.errors import Severity
from engine.msh.mime import DEFAULT_LIMITS
from engine.register.parties import Registry
from engine.verdict.verify import verify
from tests.fakes.partners.documents import document
from tests.fakes.partners.forgery import (
    Letter,
    acknowledgment_mail,
    altered,
    eb,
    edited,
    payload_mail,
    resigned,
    unsigned,
)
from tests.fakes.world.clock import START
from tests.fakes.world.parties import GP_SERVICE, LEVANGER_SERVICE, STRANGER, registry

MAIL = payload_mail(Letter(), document())


def report(mail: bytes, register: Registry | None = None, at=START):
    """Verify a mail at a time."""
    return verify(mail, at, register, DEFAULT_LIMITS)


def test_a_good_mail_is_accepted_for_its_form_and_says_what_that_leaves_open():
    """Without a register the certificate was not checked, and the note says so."""
    found = report(MAIL)
    assert (found.kind, found.signature, found.certificate, found.verdict) == (
        "message",
        "valid",
        "not-checked",
        "accept",
    )
    assert (found.envelope.from_her, found.envelope.to_her) == (GP_SERVICE, LEVANGER_SERVICE)
    assert found.references[0] == ""
    assert found.note.code == "inbound.form_only"


def test_a_good_mail_of_a_registered_party_is_trusted():
    """With a register the certificate is held against it, and the note tells what was not checked."""
    found = report(MAIL, registry())
    assert (found.certificate, found.verdict) == ("trusted", "accept")
    assert found.note.code == "inbound.no_chain"


UNTRUSTED = {
    "another's certificate": (payload_mail(Letter(signer=STRANGER), document()), START),
    "before it was valid": (MAIL, START - timedelta(days=2)),
    "after it expired": (MAIL, START + timedelta(days=1200)),
}


@pytest.mark.parametrize(("mail", "at"), UNTRUSTED.values(), ids=UNTRUSTED)
def test_a_certificate_that_the_register_does_not_hold_then_rejects_the_mail(mail, at):
    """The signature stays valid; the certificate is untrusted and the finding says why."""
    found = report(mail, registry(), at)
    assert (found.signature, found.certificate, found.verdict) == ("valid", "untrusted", "reject")
    assert ("17", Severity.ERROR) in [(each.rule, each.severity) for each in found.findings]


def test_an_unsigned_mail_has_no_addresses_that_count():
    """What nobody signed is not repeated as from and to."""
    found = report(altered(MAIL, unsigned), registry())
    assert (found.signature, found.verdict, found.envelope) == ("absent", "reject", None)
    assert found.references == ()


def test_a_tampered_mail_is_rejected_with_the_place_of_the_fault():
    """The signature is invalid, nothing of the content is believed, and the finding has rule, code and place."""
    mail = altered(MAIL, lambda soap: edited(soap, lambda root: next(root.iter(eb("Action"))).set("x", "y")))
    found = report(mail)
    assert (found.signature, found.verdict, found.envelope) == ("invalid", "reject", None)
    assert found.findings[0].location == "//Header/Signature"


def test_an_acknowledgment_is_called_one():
    """Signals have kinds of their own."""
    assert report(acknowledgment_mail(Letter(ref_to="melding-0"), {})).kind == "acknowledgment"


def test_a_time_to_live_that_has_passed_rejects_the_mail():
    """A TimeToLive is judged at the time that is asked for."""

    def change(root):
        data = next(root.iter(eb("MessageData")))
        element = data.makeelement(eb("TimeToLive"))
        element.text = "2026-03-02T09:00:00Z"
        data.append(element)

    mail = altered(MAIL, lambda soap: resigned(soap, change))
    assert report(mail).verdict == "accept"
    assert report(mail, at=START + timedelta(seconds=1)).verdict == "reject"


def test_what_is_no_ebxml_is_quarantined():
    """An ordinary mail gets a reason and no kind."""
    found = report(b"Content-Type: text/plain\r\n\r\nHei")
    assert (found.kind, found.verdict) == ("unreadable", "quarantine")
    assert found.findings[0].said.params["why"] == Statement.of(MailCode.NOT_MULTIPART)
