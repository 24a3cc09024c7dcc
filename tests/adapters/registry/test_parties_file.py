"""The parties file: what is read, what is refused by file and key, and what a version remembers."""

import base64
import hashlib
import re
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.serialization import Encoding

from adapters.registry.difference import difference
from adapters.registry.importing import keep_version
from adapters.registry.kept import as_text, from_text
from adapters.registry.parties_file import load_registry, read_parties
from adapters.words.language import Language
from adapters.words.speaking import sentence
from engine.agreements.purpose import Purpose
from engine.errors import OwnFault
from engine.ports import Store
from engine.register.parties import Registry
from engine.register.parties_file import registry_from
from tests.fakes.world.clock import START
from tests.fakes.world.parties import (
    GP,
    GP_SERVICE,
    LEVANGER,
    LEVANGER_SERVICE,
    VERDAL_RETIRED,
    registry,
    table,
    test_keys,
)

PLAIN = """
format = 1
[[party]]
her = "8090100"
name = "Levanger kommune"
kind = "enterprise"
edi_address = "innherred@testedi.nhn.no"
"""
SIGNER = test_keys().issued[LEVANGER, Purpose.SIGNING][0]


def put(folder: Path, text: str | bytes) -> Path:
    """Write a parties file."""
    path = folder / "parties.toml"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    path.chmod(0o644)
    return path


@pytest.mark.parametrize("encoding", [Encoding.PEM, Encoding.DER])
def test_certificates_come_from_files_beside(tmp_path: Path, encoding: Encoding) -> None:
    """A certificate's file counts from the folder of the parties file, in PEM or DER, and stands inline after."""
    (tmp_path / "certs").mkdir()
    (tmp_path / "certs" / "s.pem").write_bytes(SIGNER.public_bytes(encoding))
    row = 'certificates = [{ purpose = "signing", file = "certs/s.pem" }]'
    read, data = read_parties(put(tmp_path, PLAIN + row))
    assert data == (PLAIN + row).encode()
    der = SIGNER.public_bytes(Encoding.DER)
    assert read["party"][0]["certificates"] == [{"purpose": "signing", "der": base64.b64encode(der).decode()}]
    assert [each.der for each in registry_from(read).certificates(LEVANGER, Purpose.SIGNING)] == [der]


def test_a_file_that_anyone_may_write_is_refused(tmp_path: Path) -> None:
    """World-writable means that anyone may speak for anyone: refused with the command that cures it."""
    path = put(tmp_path, PLAIN)
    path.chmod(0o646)
    with pytest.raises(OwnFault, match=rf"register\.written_by_anyone.*{path}"):
        read_parties(path)


CERTIFICATE = 'certificates = [{ purpose = "signing", %s }]'
SECOND = '[[party]]\nher = "8090101"\nname = "Tjeneste"\nkind = "service"\n'
BROKEN: list[tuple[str | bytes, str]] = [
    ("format = ", "parties.toml: line 1, character 10 is no TOML"),
    (b"\xff\xfe", "parties.toml is not UTF-8 text"),
    ("", "format"),
    ("format = 1", "party"),
    ("format = 2\n" + PLAIN.removeprefix("\nformat = 1"), "format"),
    (PLAIN + "nmae = 'x'", "party.0.nmae"),
    (PLAIN + "organisation_number = '12'", "party.0.organisation_number"),
    (PLAIN + "valid_to = 'snart'", "party.0.valid_to"),
    (PLAIN + CERTIFICATE % 'file = "borte.pem"', "Party 8090100: its certificate file .*borte.pem cannot be read"),
    (PLAIN + CERTIFICATE % 'file = "parties.toml"', "Party 8090100: .*parties.toml is no certificate"),
    (PLAIN + CERTIFICATE % 'der = "AAAA"', "Party 8090100: its signing certificate cannot be read"),
    (PLAIN + CERTIFICATE % 'der = "ikke base64!"', "Party 8090100: its signing certificate cannot be read"),
    (PLAIN + CERTIFICATE % "fil = 1", "certificates.0.der"),
    (PLAIN + "certificates = 7", "party.0.certificates"),
    (PLAIN + "certificates = [7]", "party.0.certificates.0"),
    (PLAIN + SECOND, "Party 8090101: an enterprise has no parent"),
    (PLAIN + SECOND + 'parent = "8090999"', "Party 8090101: parent 8090999 is not in the file"),
    (PLAIN + SECOND + 'parent = "8090101"', "Party 8090101: its parents go in a ring"),
    (PLAIN + PLAIN.removeprefix("\nformat = 1"), "same HER-id twice"),
    (PLAIN + 'successor = "1"', "successor 1 is not in the file"),
    (PLAIN + '[[agreement]]\nbetween = ["8090100", "8090101"]', "8090101 is no enterprise here"),
    (PLAIN + '[[agreement]]\nbetween = ["8090100"]', "agreement.0.between"),
    (PLAIN + "[defaults]\nlevel = 3", "defaults.level"),
    ("format = 1\nparty = 7", "party"),
    ("format = 1\nparty = [7]", "party.0"),
    (PLAIN.replace("8090100", "80901\\u000000"), "party.0.her"),
]


@pytest.mark.parametrize(("text", "told"), BROKEN)
def test_a_broken_file_names_row_and_key(tmp_path: Path, text: str | bytes, told: str) -> None:
    """Whatever is wrong with the file is refused in one sentence that says where."""
    with pytest.raises(OwnFault) as caught:
        load_registry(put(tmp_path, text))
    assert re.search(told, sentence(caught.value, Language.EN))


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    """A file that is not there, or is a folder, is refused by name."""
    with pytest.raises(OwnFault, match=r"disk\.not_read.*borte\.toml"):
        read_parties(tmp_path / "borte.toml")
    with pytest.raises(OwnFault, match=r"disk\.not_read"):
        read_parties(tmp_path)


def test_a_kept_version_is_the_whole_register() -> None:
    """The text of a version gives the same register again, without any file beside it."""
    assert from_text(as_text(table())).all() == registry().all()


def changed(**rows: dict[str, Any]) -> list[str]:
    """Return the lines of the difference that a change of the register makes."""
    return lines_of(registry(), registry(**rows))


def lines_of(old: Registry | None, new: Registry) -> list[str]:
    """Return the difference as the command line shows it."""
    return [sentence(line, Language.EN) for line in difference(old, new)]


def test_the_first_import_shows_everything_as_new() -> None:
    """Without an earlier version every party is a line with plus, in the file's order."""
    lines = lines_of(None, registry())
    assert len(lines) == len(table()["party"])
    assert lines[0] == f"+ {LEVANGER} Levanger kommune (enterprise)"
    assert lines_of(registry(), registry()) == []


def test_new_and_gone_parties_are_lines() -> None:
    """A party that is new has a plus, one that is gone a minus."""
    fewer = table()
    fewer["party"] = [row for row in fewer["party"] if row["her"] != GP_SERVICE]
    fewer["party"][-1] |= {"contact_point": None, "deviation_service": None}
    less = registry_from(fewer)
    assert f"- {GP_SERVICE} Fastlegetjenesten (service)" in lines_of(registry(), less)
    assert f"+ {GP_SERVICE} Fastlegetjenesten (service)" in lines_of(less, registry())


@pytest.mark.parametrize(
    ("her", "change", "told"),
    [
        (LEVANGER, {"edi_address": "ny@testedi.nhn.no"}, "edi_address innherred@testedi.nhn.no -> ny@testedi.nhn.no."),
        (LEVANGER, {"edi_address": ""}, "edi_address innherred@testedi.nhn.no -> -."),
        (LEVANGER_SERVICE, {"inbox": "engine"}, "inbox folder -> engine."),
        (LEVANGER_SERVICE, {"functions": ["B", "A"]}, "functions - -> A/B."),
        (VERDAL_RETIRED, {"successor": None}, "successor 8090201 -> -."),
        (GP, {"certificates": []}, "certificates (2 before, 0 now)."),
    ],
)
def test_a_change_shows_before_and_after(her: str, change: dict[str, Any], told: str) -> None:
    """A changed party has one line that says which key became what."""
    (line,) = changed(**{f"her_{her}": change})
    assert line.startswith(f"~ {her} ")
    assert line.endswith(told)


def test_another_certificate_of_the_same_kind_is_a_change() -> None:
    """A certificate that replaces another shows, for it decides who may speak."""
    rows = table()["party"][0]["certificates"]
    der = base64.b64encode(test_keys().der(GP, Purpose.SIGNING)).decode()
    (line,) = changed(**{f"her_{LEVANGER}": {"certificates": [{"purpose": "signing", "der": der}, rows[1]]}})
    assert "certificates (2 before, 2 now)" in line


def test_agreements_and_defaults_show() -> None:
    """A new, changed or ended agreement and changed default terms are lines of their own."""
    agreement = {"between": [GP, LEVANGER], "valid_from": date(2026, 1, 1), "level": 1}
    with_one = registry_from({**table(), "agreement": [agreement]})
    told = f"agreement between {LEVANGER} and {GP} from 2026-01-01 to 9999-12-31"
    assert lines_of(registry(), with_one) == [f"+ {told}"]
    assert lines_of(with_one, registry()) == [f"- {told}"]
    other = registry_from({**table(), "agreement": [{**agreement, "level": 2}]})
    assert lines_of(with_one, other) == [f"~ {told}: level 1 -> 2."]
    changed_defaults = registry_from({**table(), "defaults": {"resend_limit": 2}})
    assert lines_of(registry(), changed_defaults) == ["~ defaults: resend_limit 5 -> 2."]


async def test_a_version_remembers_who_when_and_what(store: Store) -> None:
    """Each import keeps the text, who, when and the SHA-256 of the file; older ones stay and the newest counts."""
    first, second = table(), table(her_8090100={"name": "Nytt navn"})
    numbers = []
    for hours, each in enumerate((first, second)):
        data = f"fil {hours}".encode()
        number, digest = await keep_version(store, each, data, "kari", START + timedelta(hours=hours))
        assert digest == hashlib.sha256(data).hexdigest()
        numbers.append(number)
    newest, oldest = await store.registry_versions()
    assert [newest.id, oldest.id] == [numbers[1], numbers[0]]
    assert numbers[1] > numbers[0]
    assert (newest.imported_by, newest.imported_at) == ("kari", START + timedelta(hours=1))
    assert newest.sha256 == hashlib.sha256(b"fil 1").digest()
    assert from_text(oldest.content).get(LEVANGER).name == "Levanger kommune"
    assert from_text(newest.content).get(LEVANGER).name == "Nytt navn"


OFF_VALUES = [
    ("edi_address", "mailto:x@y.no", "no mail address. Write it as name@domain"),
    ("edi_address", "sør@testedi.nhn.no", "no mail address"),
    ("edi_address", "x@sør.no", "no mail address"),
    ("edi_address", "Levanger <x@y.no>", "no mail address"),
    ("edi_address", "x@y.no, z@y.no", "no mail address"),
    ("edi_address", "x..y@y.no", "no mail address"),
    ("edi_address", "x@-y.no", "no mail address"),
    ("edi_address", "x@y@z.no", "no mail address"),
    ("organisation_number", "999000011", "no organisation number"),
    ("organisation_number", "99900001", "no organisation number"),
    ("organisation_number", "99900001٠", "no organisation number"),
    ("organisation_number", "NO999000010MVA", "no organisation number"),
]


@pytest.mark.parametrize(("key", "value", "told"), OFF_VALUES)
def test_what_no_partner_could_be_reached_by_is_refused(tmp_path: Path, key: str, value: str, told: str) -> None:
    """An address that no mail server takes and a number with a slip are refused with line, key and remedy."""
    text = PLAIN.replace('edi_address = "innherred@testedi.nhn.no"\n', "") + f'{key} = "{value}"\n'
    with pytest.raises(OwnFault) as caught:
        load_registry(put(tmp_path, text))
    assert f"Line 7: party.0.{key}: {told}" in sentence(caught.value, Language.EN)


def test_an_organisation_number_is_taken_with_its_blanks(tmp_path: Path) -> None:
    """People group it in threes; every address that the register may hold is still taken."""
    text = PLAIN.replace("innherred@", "Edi.Post+1_x'y@") + 'organisation_number = "999 000 010"\n'
    party = load_registry(put(tmp_path, text)).get(LEVANGER)
    assert (party.organisation_number, party.edi_address) == ("999000010", "Edi.Post+1_x'y@testedi.nhn.no")
