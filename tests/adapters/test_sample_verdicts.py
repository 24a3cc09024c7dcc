"""What `samvik verify` and `samvik validate` say of every real sample: expected from the two INDEX files beforehand."""

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from adapters.cli.main import app
from tests.samples import samples_folder

AT = "2023-11-30T12:00:00Z"
"""A time that suits the certificates of 2023 (INDEX-transport.md); no chain or validity is checked without --trust."""
LATER = {"mail/nav-sync-egenandelfritak-response.mime": "2024-02-12T14:00:00Z"}
"""When a mail is looked at that was written after AT."""

SENT_BY_HERMES = "2026-11-22T20:00:00Z"

# file: kind, signature, verdict, rules that findings are of
VERIFIED: dict[str, tuple[str, str, str, set[str]]] = {
    "mail/nav-sykmelding-visma-full-received.eml": ("message", "valid", "accept", {"7"}),  # four PartyIds a side
    "mail/nav-behandlerkrav-speare-full-received.eml": ("message", "valid", "accept", set()),
    "mail/nav-acknowledgment.eml": ("acknowledgment", "valid", "accept", {"15"}),  # no XPath transform
    "mail/nav-inntektsforesporsel.eml": ("message", "invalid", "reject", {"15"}),  # cid FAIL
    "mail/nav-inntektsforesporsel_invalid_cpaid.eml": ("message", "invalid", "reject", {"15"}),  # root FAIL
    "mail/nav-ebxml_no_cpaid.eml": ("message", "invalid", "reject", {"15"}),  # root FAIL: goes before the schema
    "mail/nav-not_ebxml.eml": ("unreadable", "absent", "quarantine", {"1"}),
    # First expected without a finding: the INDEX says nothing of the SyncReply that a synchronous response bears.
    "mail/nav-sync-egenandelfritak-response.mime": ("message", "valid", "accept", {"15"}),
    "soap/nav-behandlerkrav-speare-envelope.xml": ("message", "valid", "accept", set()),  # cid is not checked alone
    "soap/nav-tmpl-acknowledgment.xml": ("acknowledgment", "invalid", "reject", {"15"}),  # dummy signature values
    "soap/nav-tmpl-payloadmessage.xml": ("message", "invalid", "reject", {"15"}),
    "soap/nav-tmpl-messageerror.xml": ("error", "absent", "reject", {"15"}),
    "soap/nav-unsigned_document.xml": ("message", "absent", "reject", {"15"}),
    # AppRec documents, although they stand among the envelopes.
    "soap/MetadataTests_Apprec10.xml": ("unreadable", "absent", "quarantine", {"1"}),
    "soap/MetadataTests_Apprec11.xml": ("unreadable", "absent", "quarantine", {"1"}),
}

HERMES: dict[str, tuple[str, str, str, set[str]]] = {
    "hermes/01-message-signed.eml": ("message", "valid", "accept", {"18"}),
    "hermes/02-ack-signed.eml": ("acknowledgment", "valid", "accept", {"18"}),
    "hermes/03-error-securityfailure.eml": ("error", "absent", "reject", {"15"}),
    "hermes/04-error-inconsistent.eml": ("error", "absent", "reject", {"15"}),
}

WRAPPED = ("unknown", None, "invalid", "reject", 2, "T10")
"""An EI_fellesformat of NAV: the INDEX validates the document inside, but the file itself is neither of our kinds."""

OUT, IN = "msghead-dialog/", "apprec/"
# file: kind, type, schema, verdict, status and code of the AppRec that it would earn (an AppRec is never answered)
VALIDATED: dict[str, tuple[str, str | None, str, str, int | None, str | None]] = {
    f"{IN}fiks_INVALID_missing-migversion.xml": ("AppRec", None, "invalid", "reject", None, "T02"),
    f"{IN}fiks_INVALID_unknown-migversion.xml": ("AppRec", None, "invalid", "reject", None, "T02"),
    f"{IN}fiks_apprec1.0_all-data.xml": ("AppRec", "DIALOG_HELSEFAGLIG", "valid", "accept", None, None),
    f"{IN}fiks_apprec1.0_example-avvist.xml": ("AppRec", "EPIKRISE", "valid", "accept", None, None),
    # First expected to be accepted: VALID is about the schema alone, and these parties are named without any HER-id.
    f"{IN}fiks_apprec1.0_example-ok-feil-i-delmelding.xml": ("AppRec", None, "valid", "reject", None, "T02"),
    f"{IN}fiks_apprec1.0_example-ok.xml": ("AppRec", "EPIKRISE", "valid", "accept", None, None),
    f"{IN}fiks_apprec1.0_unknown-status.xml": ("AppRec", None, "valid", "reject", None, "T02"),
    f"{IN}fiks_apprec1.1_all-data.xml": ("AppRec", "DIALOG_HELSEFAGLIG", "valid", "accept", None, None),
    f"{IN}fiks_apprec1.1_example-avvist.xml": ("AppRec", "EPIKRISE", "valid", "accept", None, None),
    f"{IN}fiks_apprec1.1_example-ok.xml": ("AppRec", "EPIKRISE", "valid", "accept", None, None),
    f"{IN}helsenorge_amqp_soapfault.xml": ("unknown", None, "invalid", "reject", 2, "T10"),  # NOROOT
    f"{IN}nav_isdialog_apprecError.xml": WRAPPED,
    f"{IN}nav_isdialog_apprecErrorUkjentMottaker.xml": WRAPPED,
    f"{IN}nav_isdialog_apprecOK.xml": WRAPPED,
    # Another MIGversion is T10, another format, before it is T02: the reader is asked first.
    "constructed/INVALID_migversion.xml": ("MsgHead", "DIALOG_HELSEFAGLIG", "invalid", "reject", 2, "T10"),
    "constructed/INVALID_missing_temakodet.xml": ("MsgHead", "DIALOG_SVAR", "invalid", "reject", 2, "T02"),
    "constructed/INVALID_mixed_foresporsel_notat.xml": ("MsgHead", "DIALOG_SVAR", "invalid", "reject", 2, "T02"),
    "constructed/apprec10_rejected_E21.xml": ("AppRec", "DIALOG_FORESPORSEL", "valid", "accept", None, None),
    "constructed/apprec11_ok.xml": ("AppRec", "DIALOG_HELSEFAGLIG", "valid", "accept", None, None),
    "constructed/apprec11_rejected_E35.xml": ("AppRec", "DIALOG_HELSEFAGLIG", "valid", "accept", None, None),
    "constructed/dialog_avvik_his1151.xml": ("MsgHead", "DIALOG_AVVIK", "valid", "accept", 1, None),
    "constructed/helsefaglig_first.xml": ("MsgHead", "DIALOG_HELSEFAGLIG", "valid", "accept", 1, None),
    "constructed/helsefaglig_reminder_in_thread.xml": ("MsgHead", "DIALOG_HELSEFAGLIG", "valid", "accept", 1, None),
    "constructed/helsefaglig_reply.xml": ("MsgHead", "DIALOG_HELSEFAGLIG", "valid", "accept", 1, None),
    "constructed/helsefaglig_without_patient.xml": ("MsgHead", "DIALOG_HELSEFAGLIG", "valid", "accept", 1, None),
    "constructed/plo_foresporsel_v10.xml": ("MsgHead", "DIALOG_FORESPORSEL", "valid", "accept", 1, None),
    "constructed/plo_svar_v10.xml": ("MsgHead", "DIALOG_SVAR", "valid", "accept", 1, None),
    f"{OUT}fiks_INVALID_invalid-version.xml": ("MsgHead", None, "invalid", "reject", 2, "T10"),
    f"{OUT}fiks_v1.0_dialog-foresporsel-samsvar-test.xml": (
        "MsgHead",
        "DIALOG_FORESPORSEL",
        "valid",
        "accept",
        1,
        None,
    ),
    f"{OUT}fiks_v1.0_dialog-notat-webmed-test.xml": ("MsgHead", "DIALOG_NOTAT", "valid", "accept", 1, None),
    f"{OUT}fiks_v1.0_dialog-svar-webmed-test.xml": ("MsgHead", "DIALOG_SVAR", "valid", "accept", 1, None),
    f"{OUT}fiks_v1.1_helsefaglig_samsvar.xml": ("MsgHead", "DIALOG_HELSEFAGLIG", "valid", "accept", 1, None),
    f"{OUT}helsenorge_dialog11_helsefaglig_3vedlegg_conversationref.xml": (
        "MsgHead",
        "DIALOG_HELSEFAGLIG",
        "invalid",
        "reject",
        2,
        "T02",
    ),
    f"{OUT}helsenorge_dialog_innbygger_ekontakt.xml": (
        "MsgHead",
        "DIALOG_INNBYGGER_EKONTAKT",
        "valid",
        "accept",
        1,
        None,
    ),
    f"{OUT}helsenorge_dialog_innbygger_test.xml": ("MsgHead", "DIALOG_INNBYGGER_TEST", "valid", "accept", 1, None),
    f"{OUT}nav_padm2_dialogmelding_dialog_notat.xml": WRAPPED,
    f"{OUT}nav_padm2_dialogmelding_dialog_notat_in_behandlerdialog.xml": WRAPPED,
    f"{OUT}nav_padm2_dialogmelding_dialog_notat_in_behandlerdialog_with_error.xml": WRAPPED,
    f"{OUT}nav_padm2_dialogmelding_dialog_notat_invalid.xml": WRAPPED,
    f"{OUT}nav_padm2_dialogmelding_dialog_notat_missing_givenname.xml": WRAPPED,
    f"{OUT}nav_padm2_dialogmelding_dialog_notat_vedlegg.xml": WRAPPED,
    f"{OUT}nav_padm2_dialogmelding_dialog_svar_foresporsel_om_pasient_invalid.xml": WRAPPED,
    f"{OUT}nav_padm2_dialogmelding_dialog_svar_innkalling_dialogmote.xml": WRAPPED,
    # No Dialogmelding in it: T10 goes before the strict wildcard's T02. Its type is no function that payload.md names.
    "msghead-other/nav_egenandelforesporsel.xml": ("MsgHead", None, "invalid", "reject", 2, "T10"),
}

NOTED = {
    "constructed/helsefaglig_without_patient.xml": {"patient", "contact"},
    "constructed/helsefaglig_first.xml": set(),
    f"{OUT}fiks_v1.1_helsefaglig_samsvar.xml": {"gen-date", "encoding"},
    f"{OUT}fiks_v1.0_dialog-notat-webmed-test.xml": set(),
}
"""The rules that an accepted document is noted for; of 'encoding' (no declaration) the INDEX says nothing."""


def judged(command: str, file: Path, *words: str) -> dict[str, Any]:
    """Run a command on a file, and hold its exit code against its verdict."""
    found = CliRunner().invoke(app, [command, str(file), "--json", *words])
    report: dict[str, Any] = json.loads(found.stdout)
    assert found.exit_code == (0 if report["verdict"] == "accept" else 1)
    return report


def verified(name: str, at: str, *words: str) -> tuple[str, str, str, set[str]]:
    """Return what verify says, as the table has it."""
    report = judged("verify", samples_folder("transport") / name, "--at", at, *words)
    return report["kind"], report["signature"], report["verdict"], {found["rule"] for found in report["findings"]}


@pytest.mark.parametrize("name", VERIFIED)
def test_every_mail_and_envelope_gets_its_verdict(name: str) -> None:
    """Kind, signature, verdict and the rules broken are those that the INDEX lets us expect."""
    assert verified(name, LATER.get(name, AT)) == VERIFIED[name]


@pytest.mark.parametrize("name", HERMES)
def test_mails_of_hermes_are_valid_by_the_switch_and_its_unsigned_errors_are_not_believed(name: str) -> None:
    """With --allow-sha1 message and acknowledgment are valid, with a finding of rule 18; without it nothing is."""
    assert verified(name, SENT_BY_HERMES, "--allow-sha1") == HERMES[name]
    assert verified(name, SENT_BY_HERMES)[2] == "reject"


@pytest.mark.parametrize("name", VALIDATED)
def test_every_document_gets_its_verdict(name: str) -> None:
    """Kind, type, schema, verdict and the AppRec that it would earn are those that the INDEX lets us expect."""
    report = judged("validate", samples_folder("payload") / "xml" / name)
    told = report["apprec"]
    assert (
        report["kind"],
        report["type"],
        report["schema"],
        report["verdict"],
        told["status"],
        told["code"],
    ) == VALIDATED[name]
    if name in NOTED:
        assert {found["rule"] for found in report["findings"]} == NOTED[name]


@pytest.mark.parametrize("name", ["MetadataTests_Apprec10.xml", "MetadataTests_Apprec11.xml"])
def test_the_receipts_among_the_envelopes_are_good_documents(name: str) -> None:
    """What is no envelope may be a document: these two AppRecs are."""
    report = judged("validate", samples_folder("transport") / "soap" / name)
    assert (report["kind"], report["verdict"]) == ("AppRec", "accept")


def test_no_sample_is_forgotten() -> None:
    """Each file of the four folders has its row."""
    transport, payload = samples_folder("transport"), samples_folder("payload") / "xml"
    mails = [each for part in ("mail", "soap", "hermes") for each in (transport / part).iterdir()]
    there = {str(each.relative_to(transport)) for each in mails if each.suffix != ".pem"}
    assert there == {*VERIFIED, *HERMES}
    assert {str(each.relative_to(payload)) for each in payload.rglob("*.xml")} == set(VALIDATED)
