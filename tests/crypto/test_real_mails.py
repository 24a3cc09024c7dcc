"""Real mails of other systems come out as INDEX-transport.md says; nothing in them makes us raise."""

from datetime import UTC, datetime

import pytest

from engine.codes.signature import SignatureCode
from engine.codes.statement import Statement
from engine.errors import EbxmlCode
from engine.msh.mime import DEFAULT_LIMITS, content_id_of, read_mail
from engine.msh.reading import read
from engine.verdict.verify import verify
from tests.fakes.partners.forgery import altered, mail_of

AT = datetime(2023, 11, 30, 12, tzinfo=UTC)
LATER = {"nav-sync-egenandelfritak-response.mime": datetime(2024, 2, 12, 14, tzinfo=UTC)}
"""When a mail is looked at that was written after AT."""

MAILS = {
    "nav-sykmelding-visma-full-received.eml": ("message", "valid", "accept", "431001063", "79768", 1),
    "nav-behandlerkrav-speare-full-received.eml": ("message", "valid", "accept", "8141253", "79768", 1),
    "nav-acknowledgment.eml": ("acknowledgment", "valid", "accept", "92239", "79768", 0),
    "nav-sync-egenandelfritak-response.mime": ("message", "valid", "accept", "79768", "8090595", 1),
    "nav-inntektsforesporsel.eml": ("message", "invalid", "reject", None, None, 1),
    "nav-inntektsforesporsel_invalid_cpaid.eml": ("message", "invalid", "reject", None, None, 1),
    "nav-ebxml_no_cpaid.eml": ("message", "invalid", "reject", None, None, 1),
    "nav-not_ebxml.eml": ("unreadable", "absent", "quarantine", None, None, 1),
}


@pytest.mark.parametrize("name", MAILS)
def test_a_real_mail_gets_the_verdict_of_its_index_row(transport, name):
    """Kind, signature, verdict and addresses of each real mail are those that its row gives."""
    kind, signature, verdict, sender, receiver, _ = MAILS[name]
    report = verify((transport / "mail" / name).read_bytes(), LATER.get(name, AT), None, DEFAULT_LIMITS)
    assert (report.kind, report.signature, report.verdict) == (kind, signature, verdict)
    found = report.envelope
    assert ((found.from_her, found.to_her) if found else (None, None)) == (sender, receiver)
    assert report.certificate == "not-checked"
    assert report.note.code == "inbound.form_only"


def test_every_sample_mail_has_a_row_here(transport):
    """A mail that is added to the samples must get its expectation."""
    assert {path.name for path in (transport / "mail").iterdir()} == set(MAILS)


@pytest.mark.parametrize("name", MAILS)
def test_a_real_mail_is_cut_into_its_parts(transport, name):
    """Envelope and attachments are found whatever the vendor's way of writing MIME, without a MIME finding."""
    mail = read_mail((transport / "mail" / name).read_bytes())
    assert (len(mail.parts), mail.findings) == (MAILS[name][-1], ())
    assert b"Envelope" in mail.soap
    assert all(part.content_id and part.data and not part.problem for part in mail.parts)


@pytest.mark.parametrize(
    ("name", "references"),
    [
        ("nav-sykmelding-visma-full-received.eml", 2),
        ("nav-behandlerkrav-speare-full-received.eml", 2),
        ("nav-acknowledgment.eml", 1),
        ("nav-sync-egenandelfritak-response.mime", 2),
    ],
)
def test_a_real_signature_covers_the_envelope_and_every_part(transport, name, references):
    """The verified references are the envelope's first and then one for each attachment, by its Content-ID."""
    reading = read((transport / "mail" / name).read_bytes(), lambda _: False)
    uris = [reference.uri for reference in reading.signed.references]
    assert len(uris) == references
    assert uris[0] == ""
    assert [content_id_of(uri) for uri in uris[1:]] == [part.content_id for part in reading.mail.parts]


@pytest.mark.parametrize(
    "name", ["nav-sykmelding-visma-full-received.eml", "nav-behandlerkrav-speare-full-received.eml"]
)
@pytest.mark.parametrize("where", [b"ConversationId>", b"MessageId>", b"PartyId"])
def test_a_real_mail_that_is_changed_by_one_letter_is_rejected(transport, name, where):
    """A change of one letter in a signed field of a real envelope is found."""

    def change(soap):
        at = soap.index(where) - 3
        return soap[:at] + bytes([soap[at] ^ 1]) + soap[at + 1 :]

    mail = altered((transport / "mail" / name).read_bytes(), change)
    assert verify(mail, AT, None, DEFAULT_LIMITS).verdict != "accept"


def test_a_real_acknowledgment_tells_what_it_confirms(transport):
    """The reference to the original is read, and so is the copied digest."""
    reading = read((transport / "mail" / "nav-acknowledgment.eml").read_bytes(), lambda _: False)
    block = reading.envelope.acknowledgment
    assert block.ref_to == reading.envelope.ref_to
    assert list(block.digests) == [""]


HERMES = {
    "01-message-signed.eml": ("valid", ["", "cid:Payload-0"]),
    "02-ack-signed.eml": ("valid", [""]),
    "03-error-securityfailure.eml": ("absent", []),
    "04-error-inconsistent.eml": ("absent", []),
}


@pytest.mark.parametrize("name", HERMES)
def test_mails_of_hermes_are_verified_with_sha1_allowed_and_refused_without(transport, name):
    """Hermes signs with SHA-1: valid where the agreement allows that, else refused for the algorithm."""
    raw = (transport / "hermes" / name).read_bytes()
    signature, uris = HERMES[name]
    allowed = read(raw, lambda _: True)
    assert allowed.signature == signature
    assert [found.uri for found in allowed.signed.references] == uris if allowed.signed else not uris
    refused = read(raw, lambda _: False)
    assert refused.signed is None
    assert refused.errors[0].code == EbxmlCode.SECURITY_FAILURE
    if uris:
        assert refused.errors[0].said == Statement.of(SignatureCode.ALGORITHM)


def test_whether_sha1_is_allowed_is_asked_for_the_parties_that_the_message_names(transport):
    """A mail that uses SHA-1, and no other, asks about the sender and receiver that its envelope names."""
    asked = []
    for mail in ("mail/nav-behandlerkrav-speare-full-received.eml", "hermes/01-message-signed.eml"):
        read((transport / mail).read_bytes(), lambda names: asked.append((names.from_her, names.to_her)) or False)
    assert asked == [("8094866", "8094867")]


def test_the_oasis_templates_and_attacks_never_raise(transport):
    """Envelopes with one defect each, and one with a hostile DTD, are read as unreadable or unsigned."""
    for path in sorted((transport / "oasis-negative").glob("*.xml")) + sorted((transport / "soap").glob("*.xml")):
        reading = read(mail_of(path.read_bytes(), {}), lambda _: True)
        assert reading.unreadable or reading.errors, path.name
