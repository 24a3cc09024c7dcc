"""Envelopes of another project's test suite, each with the one defect that its name states (transport.md F.3, E)."""

import re

import pytest
from lxml import etree

from engine.agreements.services import Route, ServiceTable
from engine.agreements.terms import Terms, Usage
from engine.msh.checks import Agreed, check_agreement, check_form
from engine.msh.envelope import read_envelope
from engine.xml import BadXml, parse
from tests.fakes.world.clock import START
from tests.samples import samples_folder

FIELDS = {
    "fromPartyId": "8090301",
    "toPartyId": "8090101",
    "fromRole": "Avsender",
    "toRole": "Mottaker",
    "cpaId": "avtale-1",
    "uuid": "0f6fb6d6-7c2b-4f44-8f2a-2b4f0e0f5a11",
    "serviceType": "string",
    "service": "Tjeneste",
    "action": "Handling",
    "timestamp": START.isoformat(),
    "timeToLive": START.isoformat(),
    "partyType": "HER",
    "cid": "vedlegg",
    "'cid:' + cid": "cid:vedlegg",
}
AGREED = Agreed(
    Terms(
        check_cpa=True,
        cpa_id="avtale-1",
        ack_requested=Usage.ALWAYS,
        ack_signed=Usage.NEVER,
        duplicate_elimination=Usage.ALWAYS,
    ),
    ServiceTable({"X": Route("Tjeneste", "Handling", "Avsender", "Mottaker", "APPREC")}),
    START,
)
RULE_OF = {
    "EbMSMessage.xml": [],
    "EbMSMessageWithAttachments.xml": [],
    "EbMSMessageInvalidManifestVersion.xml": ["5"],
    "EbMSMessageInvalidSyncReplyVersion.xml": ["5"],
    "EbMSMessageMissingFromRole.xml": ["9"],
    "EbMSMessageInvalidRefToMessageId.xml": [],  # rule 10 is never broken by an envelope alone
    "EbMSMessageMessageOrder.xml": ["12"],
    "EbMSMessageNextMshAckRequested.xml": ["12"],
    "EbMSMessageInvalidAckRequestedSigned.xml": ["13"],
    "EbMSMessageMissingDuplicateElimination.xml": ["13"],
    "EbMSMessageMissingReference.xml": ["14"],
}


def filled(name: str) -> bytes:
    """Return a template with its fields filled and its `th:` attributes written as what they stand for."""
    text = (samples_folder("transport") / "oasis-negative" / name).read_text("utf-8")
    text = re.sub(r"th:each=\"[^\"]*\"", "", text)
    text = re.sub(r"th:(\w+:\w+)=", r"\1=", text)
    text = re.sub(r"\[\[\$\{(.*?)\}\]\]", lambda found: FIELDS[found.group(1)], text)
    return re.sub(r"\$\{(.*?)\}", lambda found: FIELDS[found.group(1)], text).encode()


def parts(root: etree._Element) -> tuple[str, ...]:
    """Return the attachments: one where the body has a Manifest."""
    return ("vedlegg",) if b"Manifest" in etree.tostring(root) else ()


@pytest.mark.parametrize("name", RULE_OF)
def test_the_findings_name_exactly_the_rule_that_the_file_states(name):
    """With the signature rules off, each template breaks one rule, and the two whole ones none."""
    root = parse(filled(name))
    envelope = read_envelope(root)
    findings = (*check_form(envelope, parts(root)), *check_agreement(envelope, AGREED))
    assert [found.rule for found in findings] == RULE_OF[name]


def test_a_hostile_dtd_is_refused_by_the_parser():
    """The entity of EbMSPingXXE.xml is never resolved: the document is refused before there is any tree."""
    with pytest.raises(BadXml):
        parse((samples_folder("transport") / "oasis-negative" / "EbMSPingXXE.xml").read_bytes())


def test_every_template_is_tried():
    """A file that comes into the folder must get its verdict here."""
    names = {path.name for path in (samples_folder("transport") / "oasis-negative").glob("*.xml")}
    assert names == {*RULE_OF, "EbMSPingXXE.xml"}
