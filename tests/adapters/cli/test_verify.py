"""`samvik verify`: real mails are judged as the index of the samples says, in the shape that was promised."""

import re
from functools import cache
from pathlib import Path

import pytest

from tests.fakes.engines.project import Answer, Project
from tests.fakes.partners.documents import document
from tests.fakes.partners.forgery import Letter, altered, payload_mail, unsigned
from tests.fakes.world.clock import START
from tests.fakes.world.parties import GP, LEVANGER_SERVICE, test_keys
from tests.samples import samples_folder

AT = "2023-11-30T12:00:00Z"
KEYS = [
    "kind", "message_id", "from", "to", "service", "action", "signature", "certificate", "references", "findings",
    "verdict", "note",
]  # fmt: skip
FINDING_KEYS = {"rule", "code", "severity", "location", "description"}
NOT_ACCEPTED = (
    "nav-inntektsforesporsel.eml",
    "nav-inntektsforesporsel_invalid_cpaid.eml",
    "nav-ebxml_no_cpaid.eml",
    "nav-not_ebxml.eml",
)


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """Give a folder; verify needs neither configuration nor database."""
    made = Project(tmp_path / "motor")
    (made.folder / "samvik.toml").unlink()
    return made


@cache
def sound_mails(transport: Path) -> list[str]:
    """Return the mails whose row in the index has no FAIL and says value OK."""
    index = (transport.parent / "INDEX-transport.md").read_text("utf-8")
    table = index.split("## mail/")[1].split("\n## ")[0]
    rows = re.findall(r"^\| (\S+\.(?:eml|mime)) \|.*\| ([^|]*) \|[^|]*\|$", table, re.MULTILINE)
    return [name for name, check in rows if "value OK" in check and "FAIL" not in check]


def judged(project: Project, mail: Path, *words: str) -> Answer:
    """Run verify on a mail, at the time that suits the samples."""
    answer = project.samvik("verify", str(mail), "--at", AT, "--json", *words)
    assert list(answer.json) == KEYS
    assert all(set(found) == FINDING_KEYS for found in answer.json["findings"])
    assert answer.code == (0 if answer.json["verdict"] == "accept" else 1)
    assert answer.err == ""
    return answer


def test_every_sound_mail_is_validly_signed(project: Project) -> None:
    """Each real mail that the index calls sound, the acknowledgment included, has a valid signature."""
    transport = samples_folder("transport")
    names = sound_mails(transport)
    assert len(names) >= 4
    assert "nav-acknowledgment.eml" in names
    found = {name: judged(project, transport / "mail" / name).json for name in names}
    assert {name: each["signature"] for name, each in found.items()} == dict.fromkeys(names, "valid")
    assert {each["certificate"] for each in found.values()} == {"not-checked"}
    assert found["nav-acknowledgment.eml"]["kind"] == "acknowledgment"


@pytest.mark.parametrize("name", NOT_ACCEPTED)
def test_what_was_spoilt_is_not_accepted(project: Project, name: str) -> None:
    """A cut attachment, an altered or missing CPAId and damaged XML are rejected or quarantined, with a finding."""
    report = judged(project, samples_folder("transport") / "mail" / name).json
    assert report["verdict"] in {"reject", "quarantine"}
    assert report["signature"] != "valid"
    assert any(found["severity"] == "Error" for found in report["findings"])


def test_a_signature_of_sha1_is_taken_only_by_agreement(project: Project) -> None:
    """An older engine's rsa-sha1 is refused without a register that allows it, and unsigned errors are not believed."""
    folder = samples_folder("transport") / "hermes"
    for mail in sorted(folder.glob("*.eml")):
        assert judged(project, mail).json["verdict"] != "accept"


PARTIES = """
format = 1
[defaults]
allow_sha1 = true
[[party]]
her = "{her}"
name = "Namdalen legekontor"
kind = "enterprise"
certificates = [{{ purpose = "signing", file = "{file}" }}]
"""


def trust(project: Project, her: str, certificate: bytes) -> str:
    """Write a parties file with one enterprise and its signing certificate."""
    project.put("signer.pem", certificate)
    file = project.put("trust.toml", PARTIES.format(her=her, file="signer.pem"))
    file.chmod(0o644)
    return file.name


@pytest.fixture
def mail(project: Project) -> Path:
    """Give a mail as the GP's enterprise signs it."""
    return project.put("mail.eml", payload_mail(Letter(sender=GP), document()))


def at_start(project: Project, mail: Path, *words: str) -> Answer:
    """Judge a mail at the time that it was made."""
    return project.samvik("verify", str(mail), "--at", START.isoformat().replace("+00:00", "Z"), "--json", *words)


@pytest.mark.parametrize(
    ("her", "signer", "certificate", "verdict"),
    [
        (GP, GP, "trusted", "accept"),
        (GP, "8090100", "untrusted", "reject"),
        ("8090555", GP, "untrusted", "reject"),
    ],
)
def test_a_parties_file_says_whose_certificate_counts(
    project: Project, mail: Path, her: str, signer: str, certificate: str, verdict: str
) -> None:
    """With --trust the signer must be the one registered for the sender; otherwise the mail is rejected."""
    file = trust(project, her, test_keys().der(signer, "signing"))
    report = at_start(project, mail, "--trust", file).json
    assert (report["signature"], report["certificate"], report["verdict"]) == ("valid", certificate, verdict)
    without = at_start(project, mail).json
    assert (without["certificate"], without["verdict"]) == ("not-checked", "accept")
    assert "form and signature only" in without["note"]


def test_ids_come_from_the_signed_bytes_alone(project: Project, mail: Path) -> None:
    """A valid mail shows who it is from; without its signature nothing is shown of what anyone could have written."""
    report = at_start(project, mail).json
    assert (report["from"], report["to"], report["kind"]) == (GP, LEVANGER_SERVICE, "message")
    assert report["references"] == ["", "cid:vedlegg@example.test"]
    mail.write_bytes(altered(mail.read_bytes(), unsigned))
    report = at_start(project, mail).json
    assert (report["signature"], report["verdict"]) == ("absent", "reject")
    assert (report["from"], report["to"], report["message_id"]) == (None, None, None)


def test_a_certificate_out_of_its_time_is_untrusted(project: Project, mail: Path) -> None:
    """The time to judge at decides: years later the same mail is signed by an expired certificate."""
    file = trust(project, GP, test_keys().der(GP, "signing"))
    later = START.replace(year=START.year + 6).isoformat().replace("+00:00", "Z")
    report = project.samvik("verify", str(mail), "--at", later, "--json", "--trust", file).json
    assert (report["certificate"], report["verdict"]) == ("untrusted", "reject")


def test_people_read_the_same(project: Project, mail: Path) -> None:
    """Without --json the report is in words, with verdict, parties and what the verdict leaves open."""
    told = project.samvik("verify", str(mail), "--at", START.isoformat().replace("+00:00", "Z")).out
    assert told.startswith("accept  message, signature valid")
    assert f"from: {GP}" in told
    assert "form and signature only" in told


@pytest.mark.parametrize(
    "data",
    [b"", b"\x00" * 1_000, b"hei", bytes(range(256)) * 99, b"Content-Type: multipart/related\r\n\r\n--\r\n" * 500,
     b"Content-Type: text/xml\r\n\r\n" + b"<a>" * 100_000, b"Content-Type: text/xml\r\n\r\n<!DOCTYPE a>[bold]<a/>"],
)  # fmt: skip
def test_what_is_no_ebxml_is_quarantined(project: Project, data: bytes) -> None:
    """Anything else than an ebXML mail is quarantined with its reason, in both forms, and never a traceback."""
    file = project.put("x.eml", data)
    report = at_start(project, file)
    assert (report.code, report.json["verdict"], report.json["kind"]) == (1, "quarantine", "unreadable")
    assert report.json["findings"][0]["description"]
    assert project.samvik("verify", str(file)).code == 1


def test_a_file_or_time_that_is_off(project: Project, mail: Path) -> None:
    """A missing file is one sentence; a time that is none ends with 2; without --at it is judged now."""
    assert "cannot be read" in project.samvik("verify", "borte.eml").sentence
    assert project.samvik("verify", str(mail), "--at", "i går").code == 2
    assert project.samvik("verify", str(mail), "--at", "2023-11-30T12:00:00").code == 2
    assert project.samvik("verify", str(mail), "--json").json["signature"] == "valid"
