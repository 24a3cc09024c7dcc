"""`samvik verify` and receipt judge a mail alike, whatever it is: they ask the same functions."""

from collections.abc import Callable, Iterator
from functools import partial
from itertools import islice

import pytest
from lxml import etree

from engine.codes.envelope import EnvelopeCode
from engine.errors import Severity
from engine.msh import constants as c
from engine.msh.mime import DEFAULT_LIMITS, read_mail
from engine.msh.rules import finding
from engine.verdict.kinds import Quarantine, RuleBroken, Signal, Unverified, Verdict
from engine.verdict.mail import verdict_on
from engine.verdict.verify import Report, verify
from tests.fakes.engines.pair import Pair
from tests.fakes.partners.documents import document
from tests.fakes.partners.forgery import (
    Letter,
    acknowledgment_mail,
    altered,
    eb,
    edited,
    error_mail,
    payload_mail,
    remove,
    resigned,
    unsigned,
)
from tests.fakes.world.clock import START
from tests.fakes.world.parties import STRANGER
from tests.fakes.world.surroundings import SCHEMAS
from tests.samples import samples_folder

PORTS = Pair().municipal.ports
REFERS = Letter(ref_to="vår-1")
ACKNOWLEDGMENT = acknowledgment_mail(REFERS, {"": "eA=="})


def _pings(root: etree._Element) -> None:
    next(root.iter(eb("Action"))).text = c.PING


KINDS = {
    "message": payload_mail(Letter(), document()),
    "acknowledgment": ACKNOWLEDGMENT,
    "error": error_mail(REFERS, finding("cms", EnvelopeCode.NOT_DECRYPTED)),
    "ping": altered(ACKNOWLEDGMENT, lambda soap: resigned(soap, _pings)),
}


def both(raw: bytes) -> tuple[Report, Verdict]:
    """Return what verify says of a mail and what receipt does with it, by the same register."""
    policy = PORTS.policy
    report = verify(raw, START, policy.registry, DEFAULT_LIMITS, SCHEMAS, services=policy.services)
    return report, verdict_on(raw, PORTS, START)


def assert_alike(raw: bytes) -> None:
    """Check that a mail is accepted by both or by none, and for the same reason."""
    report, verdict = both(raw)
    accepted = not isinstance(verdict, Quarantine | RuleBroken | Unverified)
    if isinstance(verdict, RuleBroken) and verdict.finding.rule in {"19", "20"}:
        # Nobody can open a document without our key: verify says so in its note.
        return
    assert (report.verdict == "accept") == accepted, (report, verdict)
    if isinstance(verdict, RuleBroken | Unverified):
        assert verdict.finding in report.findings
    if isinstance(verdict, Signal):
        assert set(verdict.notes) <= set(report.findings)


def _changes(mail: bytes) -> list[bytes]:
    """Return a mail in every form that one change of its envelope gives, signed anew."""
    made: list[bytes | None] = []
    for number, element in enumerate(list(_elements(read_mail(mail).soap))):
        changes = [_removed, _doubled, _emptied, _of_another_namespace]
        for name in element.attrib:
            changes += [partial(_given, name=name, value=value) for value in (None, "", "x", "1.0", "0")]
        made += [_changed(mail, number, change) for change in changes]
    return [each for each in made if each is not None]


def _elements(soap: bytes) -> Iterator[etree._Element]:
    return islice(etree.fromstring(soap).iter(etree.Element), 1, None)


def _changed(mail: bytes, number: int, change: Callable[[etree._Element], None]) -> bytes | None:
    """Return a mail with one element changed and the signature made anew, None where nothing is left to sign."""

    def changed(root: etree._Element) -> None:
        change(next(islice(root.iter(etree.Element), number + 1, None)))

    try:
        return altered(mail, lambda soap: resigned(soap, changed))
    except (StopIteration, AttributeError, KeyError, TypeError, ValueError):
        return None


def _given(node: etree._Element, name: str, value: str | None) -> None:
    if value is None:
        del node.attrib[name]
    else:
        node.set(name, value)


def _removed(node: etree._Element) -> None:
    remove(node)


def _doubled(node: etree._Element) -> None:
    node.addnext(etree.fromstring(etree.tostring(node, with_tail=False)))


def _emptied(node: etree._Element) -> None:
    node.text = ""


def _of_another_namespace(node: etree._Element) -> None:
    node.tag = "{urn:fremmed}" + etree.QName(node).localname


@pytest.mark.parametrize("kind", KINDS)
def test_every_change_of_an_envelope_is_judged_alike(kind):
    """Whatever is taken out, doubled, emptied or renamed in a signed envelope, verify says what receipt does."""
    changed = _changes(KINDS[kind])
    assert len(changed) > 100
    for raw in [KINDS[kind], *changed]:
        assert_alike(raw)


@pytest.mark.parametrize("kind", KINDS)
def test_what_nobody_vouches_for_is_judged_alike(kind):
    """A mail without signature, with another's, or changed after it, is accepted by neither."""
    mail = KINDS[kind]
    strangers = payload_mail(Letter(signer=STRANGER), document())
    changed = altered(mail, lambda soap: edited(soap, lambda root: next(root.iter(eb("Action"))).set("x", "y")))
    for raw in (altered(mail, unsigned), strangers, changed, b"", b"To: x\r\n\r\nhei", mail[: len(mail) // 2]):
        report, _ = both(raw)
        assert report.verdict != "accept"
        assert_alike(raw)


def test_every_sample_is_judged_alike():
    """Real mails, all of senders whom the register does not know, are accepted by neither."""
    folder = samples_folder("transport")
    mails = [each for each in sorted(folder.rglob("*")) if each.suffix in {".eml", ".mime"}]
    assert len(mails) >= 10
    for path in mails:
        assert_alike(path.read_bytes())


BROKEN = {
    "5": lambda root: next(root.iter(eb("Acknowledgment"))).set(eb("version"), "1.0"),
    "12": lambda root: _header(root).append(_block()),
    "14": lambda root: root[-1].append(_manifest()),
    "11": lambda root: next(root.iter(eb("MessageData"))).append(_time_to_live()),
}


def _header(root: etree._Element) -> etree._Element:
    return root[0]


def _block() -> etree._Element:
    return etree.fromstring(f'<x:Fremmed xmlns:x="urn:x" xmlns:s="{c.SOAP}" s:mustUnderstand="1">x</x:Fremmed>')


def _manifest() -> etree._Element:
    return etree.fromstring(
        f'<eb:Manifest xmlns:eb="{c.EB}" xmlns:xlink="http://www.w3.org/1999/xlink" eb:version="2.0">'
        '<eb:Reference xlink:href="cid:borte"/></eb:Manifest>'
    )


def _time_to_live() -> etree._Element:
    return etree.fromstring(f'<eb:TimeToLive xmlns:eb="{c.EB}">2001-01-01T00:00:00Z</eb:TimeToLive>')


@pytest.mark.parametrize(("rule", "change"), BROKEN.items(), ids=BROKEN)
def test_a_receipt_that_breaks_a_rule_of_form_counts_with_a_warning(rule, change):
    """What a verified Acknowledgment may break is a Warning for both, by one row of the table of what is tolerated."""
    raw = altered(ACKNOWLEDGMENT, lambda soap: resigned(soap, change))
    report, verdict = both(raw)
    assert report.verdict == "accept"
    assert [(each.rule, each.severity) for each in report.findings if each.rule == rule] == [(rule, Severity.WARNING)]
    assert isinstance(verdict, Signal)
    assert set(verdict.notes) == set(report.findings)


def test_an_acknowledgment_without_its_block_is_accepted_by_neither():
    """An Acknowledgment that confirms nothing is kept for a person, and verify says so."""
    raw = altered(
        ACKNOWLEDGMENT, lambda soap: resigned(soap, lambda root: remove(next(root.iter(eb("Acknowledgment")))))
    )
    report, verdict = both(raw)
    assert report.verdict == "quarantine"
    assert isinstance(verdict, Quarantine)
    assert str(report.note) == verdict.reason


def test_a_ping_is_refused_where_the_agreement_does_not_have_it_answered():
    """A signed Ping without such an agreement is no message to accept."""
    report, verdict = both(KINDS["ping"])
    assert report.verdict == "reject"
    assert isinstance(verdict, RuleBroken)


def test_an_acknowledgment_that_copies_no_digests_is_noted():
    """It counts, and the timeline says that it does not show what arrived."""
    report, verdict = both(acknowledgment_mail(REFERS, {}))
    assert report.verdict == "accept"
    assert [each.said.code for each in verdict.notes] == [EnvelopeCode.WITHOUT_DIGESTS]
