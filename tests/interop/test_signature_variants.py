"""Legal ways to write one signature: whatever libxmlsec signs and verifies in the profile, we verify too."""

import os
import random
from collections.abc import Callable

import pytest
from lxml import etree

from engine.agreements.purpose import Purpose
from engine.errors import PartnerFault
from tests.fakes.partners.forgery import der_of, ds, eb, soap_name
from tests.fakes.tools.xmlsec_partner import signed_template, verifies, with_template
from tests.fakes.world.parties import GP, test_keys
from tests.interop.test_signatures import envelope, read_by_us

SEED = int(os.environ.get("SAMVIK_PROOF_SEED", "20261130"))
COUNT = int(os.environ.get("SAMVIK_VARIANTS", "250"))
XML = "{http://www.w3.org/XML/1998/namespace}"

Change = Callable[[etree._Element, random.Random], None]


def _any(root: etree._Element, chance: random.Random, *tags: str) -> etree._Element:
    return chance.choice([found for tag in tags for found in root.iter(tag)])


def _xml_attribute(root: etree._Element, chance: random.Random) -> None:
    """Put an xml: attribute on the envelope, its header, the signature or what is signed."""
    tags = (soap_name("Envelope"), soap_name("Header"), ds("Signature"), ds("SignedInfo"), eb("MessageHeader"))
    name, value = chance.choice([("lang", "nb"), ("lang", ""), ("space", "preserve"), ("base", "http://example.test/")])
    _any(root, chance, *tags).set(XML + name, value)


def _comment(root: etree._Element, chance: random.Random) -> None:
    """Put a comment somewhere where only elements stand, or into the XPath."""
    tags = (soap_name("Header"), soap_name("Body"), ds("SignedInfo"), ds("Transforms"), ds("XPath"), ds("Reference"))
    where = _any(root, chance, *tags)
    where.insert(chance.randint(0, len(where)), etree.Comment(" x "))


def _blanks(root: etree._Element, chance: random.Random) -> None:
    """Put white space between elements."""
    where = _any(root, chance, soap_name("Envelope"), soap_name("Header"), ds("Signature"), ds("SignedInfo"))
    inside = chance.choice(list(where.iterchildren(etree.Element)))
    inside.tail = (inside.tail or "") + chance.choice([" ", "\n", "\t", "\r\n  "])


def _instruction(root: etree._Element, chance: random.Random) -> None:
    """Put a processing instruction beside the blocks of the header, where it is signed with them."""
    where = next(root.iter(soap_name("Header")))
    where.insert(chance.randint(0, len(where)), etree.ProcessingInstruction("x", "y"))


def _declaration(root: etree._Element, chance: random.Random) -> None:
    """Declare a namespace that nothing uses on the envelope, by a block that is free to be there."""
    etree.SubElement(next(root.iter(soap_name("Header"))), f"{{urn:x:{chance.randint(1, 9)}}}Fri")


CHANGES: tuple[Change, ...] = (_xml_attribute, _comment, _blanks, _instruction, _declaration)


def _variant(number: int) -> tuple[bytes, dict[str, bytes], list[str]]:
    """Return a signed variant, its attachments, and what was changed before it was signed."""
    chance = random.Random(SEED + number)
    unsigned, parts = envelope(chance.choice(["message", "acknowledgment", "error"]))
    certificate, key = test_keys().issued[GP, Purpose.SIGNING]
    prefix = chance.choice(["ds", "dsig", None])
    root = etree.fromstring(with_template(unsigned, parts, der_of(certificate), prefix=prefix))
    changes = chance.choices(CHANGES, k=chance.randint(1, 4))
    for change in changes:
        change(root, chance)
    return signed_template(root, parts, key), parts, [change.__name__ for change in changes]


def test_legal_variants_are_verified_as_libxmlsec_verifies_them() -> None:
    """Attributes of xml:, comments, white space, instructions and prefixes change nothing of what is accepted."""
    certificate = der_of(test_keys().issued[GP, Purpose.SIGNING][0])
    refused: list[tuple[int, list[str], str]] = []
    valid = 0
    for number in range(COUNT):
        soap, parts, changes = _variant(number)
        if not verifies(soap, parts, certificate):
            continue
        valid += 1
        try:
            read_by_us(soap, parts)
        except PartnerFault as fault:
            refused.append((number, changes, str(fault.finding.said.code)))
    assert valid > COUNT * 0.9, f"seed {SEED}: only {valid} are variants"
    assert refused == [], f"seed {SEED}: {len(refused)} of {valid} refused"


@pytest.mark.parametrize("where", [soap_name("Envelope"), soap_name("Header"), ds("Signature")])
def test_another_language_around_a_signature_breaks_it(where: str) -> None:
    """What SignedInfo inherits is signed with it: a language put there afterwards is a change."""
    unsigned, parts = envelope("acknowledgment")
    certificate, key = test_keys().issued[GP, Purpose.SIGNING]
    root = etree.fromstring(with_template(unsigned, parts, der_of(certificate)))
    soap = signed_template(root, parts, key)
    changed = etree.fromstring(soap)
    next(changed.iter(where)).set(XML + "lang", "nb")
    assert not verifies(etree.tostring(changed), parts, der_of(certificate))
    with pytest.raises(PartnerFault):
        read_by_us(etree.tostring(changed), parts)
