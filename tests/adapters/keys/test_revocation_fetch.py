"""Revocation fetched ahead of need: lists from a web server, openssl's responder, and who is not believed."""

import gzip
import os
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from asn1crypto import crl
from cryptography.hazmat.primitives.serialization import Encoding

from adapters.keys.pki import TestAuthority
from adapters.keys.revocation import RevocationFiles, answer_path, list_path
from adapters.keys.revocation_fetch import RevocationFetcher
from adapters.settings import Revocation
from engine.agreements.purpose import Purpose
from engine.codes.certificate import CertificateCode
from engine.codes.statement import Statement
from engine.errors import Unavailable
from tests.fakes.servers.revocation import (
    GOOD,
    REVOKED,
    OpensslResponder,
    WebFiles,
    ocsp_answer,
    points_to,
    responder_certificate,
)
from tests.fakes.world.parties import ENTERPRISES

NOW = datetime.now(UTC).replace(microsecond=0)
AUTHORITY = TestAuthority(NOW, key_bits=2048)
CA = AUTHORITY.certificate.public_bytes(Encoding.DER)
HOUR = timedelta(hours=1)


@pytest.fixture
def web() -> Iterator[WebFiles]:
    """Give a web server without any file."""
    with WebFiles().running() as found:
        yield found


def issued(**where: str):
    """Return a certificate that says where its revocation can be asked for."""
    return AUTHORITY.issue(ENTERPRISES[2], Purpose.SIGNING, more=points_to(**where))[0]


def der(certificate) -> bytes:
    """Return a certificate as DER."""
    return certificate.public_bytes(Encoding.DER)


def fetcher(folder: Path, **settings) -> RevocationFetcher:
    """Return a fetcher into a folder."""
    return RevocationFetcher(Revocation(**settings), (CA,), folder)


def says(folder: Path, certificate, at: datetime = NOW + HOUR) -> bool:
    """Ask what was fetched whether a certificate is revoked."""
    return RevocationFiles((), folder).is_revoked(der(certificate), CA, at)


async def test_the_list_that_a_certificate_names_is_fetched(web: WebFiles, tmp_path: Path) -> None:
    """A registered certificate's own address gives the list, which then answers for every certificate of the issuer."""
    certificate = issued(crl=f"{web.url}/a.crl")
    with pytest.raises(Unavailable):
        says(tmp_path, certificate)
    web.answers["/a.crl"] = AUTHORITY.revocation_list([certificate])
    (source,) = await fetcher(tmp_path).refresh([der(certificate)], NOW)
    assert source.silent == ""
    assert says(tmp_path, certificate)
    assert not says(tmp_path, issued())


async def test_configured_lists_are_fetched_too(web: WebFiles, tmp_path: Path) -> None:
    """An address in the settings counts without any certificate that names it, and certificates can be left out."""
    web.answers["/b.crl"] = AUTHORITY.revocation_list()
    certificate = issued(crl=f"{web.url}/a.crl")
    found = await fetcher(tmp_path, lists=[f"{web.url}/b.crl"], from_certificates=False).refresh(
        [der(certificate)], NOW
    )
    assert [source.url for source in found] == [f"{web.url}/b.crl"]
    assert not says(tmp_path, certificate)


async def test_nothing_is_fetched_before_it_is_due(web: WebFiles, tmp_path: Path) -> None:
    """A list is asked for once an hour, by whichever node comes first, and again when its file has grown old."""
    web.answers["/a.crl"] = AUTHORITY.revocation_list()
    certificate = der(issued(crl=f"{web.url}/a.crl"))
    for _ in range(3):
        await fetcher(tmp_path).refresh([certificate], NOW)
    assert web.asked == ["/a.crl"]
    os.utime(list_path(tmp_path, f"{web.url}/a.crl"), (1, 1))
    await fetcher(tmp_path).refresh([certificate], NOW)
    assert len(web.asked) == 2


FOREIGN = TestAuthority(NOW, key_bits=2048)


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (404, Statement.of(CertificateCode.STATUS, status=404)),
        (500, Statement.of(CertificateCode.STATUS, status=500)),
        (b"<html>logg inn</html>", Statement.of(CertificateCode.LIST_UNREADABLE)),
        (b"", Statement.of(CertificateCode.LIST_UNREADABLE)),
        (FOREIGN.revocation_list(), Statement.of(CertificateCode.LIST_UNSIGNED)),
        (b"x" * 200_000, Statement.of(CertificateCode.LIST_UNREADABLE)),
    ],
)
async def test_a_bad_answer_changes_nothing_and_is_told(
    web: WebFiles, tmp_path: Path, answer, reason: Statement
) -> None:
    """What is missing, broken, or signed by a stranger is told with its reason; the list that we have stands."""
    certificate = issued(crl=f"{web.url}/a.crl")
    path = list_path(tmp_path, f"{web.url}/a.crl")
    path.write_bytes(AUTHORITY.revocation_list([certificate]))
    os.utime(path, (1, 1))
    web.answers["/a.crl"] = answer
    (source,) = await fetcher(tmp_path).refresh([der(certificate)], NOW)
    assert source.silent == str(reason)
    assert says(tmp_path, certificate)


async def test_an_older_list_does_not_make_us_forget_a_revocation(web: WebFiles, tmp_path: Path) -> None:
    """A list from before the one that we have, played back to us, is refused."""
    certificate = issued(crl=f"{web.url}/a.crl")
    path = list_path(tmp_path, f"{web.url}/a.crl")
    path.write_bytes(AUTHORITY.revocation_list([certificate]))
    os.utime(path, (1, 1))
    older = TestAuthority.__new__(TestAuthority)
    older.__dict__ = {**AUTHORITY.__dict__, "_now": NOW - HOUR}
    web.answers["/a.crl"] = older.revocation_list()
    (source,) = await fetcher(tmp_path).refresh([der(certificate)], NOW)
    assert source.silent == CertificateCode.LIST_OLDER
    assert says(tmp_path, certificate)


async def test_a_huge_answer_is_cut_off(web: WebFiles, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An answer beyond the limit is not read to its end."""
    monkeypatch.setattr("adapters.keys.revocation_fetch.MOST_LIST_BYTES", 1_000)
    web.answers["/a.crl"] = b"x" * 100_000
    (source,) = await fetcher(tmp_path).refresh([der(issued(crl=f"{web.url}/a.crl"))], NOW)
    assert source.silent == str(Statement.of(CertificateCode.TOO_LARGE, most=1_000))


async def test_a_server_that_is_not_there_is_told(tmp_path: Path) -> None:
    """A refused connection and an address that is none are told, and stop nothing else."""
    urls = ["http://127.0.0.1:1/a.crl", "http://[finnes-ikke/a.crl"]
    found = await fetcher(tmp_path, lists=urls, timeout_seconds=2).refresh([], NOW)
    assert all(source.silent.startswith(CertificateCode.NOT_REACHED) for source in found)
    assert len(found) == 2


@pytest.mark.parametrize("delegated", [False, True])
async def test_openssls_responder_is_asked(tmp_path: Path, *, delegated: bool) -> None:
    """A certificate that names a responder is asked about: good, revoked and unknown are told apart, for their time."""
    signer = responder_certificate(AUTHORITY, NOW) if delegated else None
    responder = OpensslResponder(tmp_path, AUTHORITY, signer)
    good, bad, unknown = (issued(ocsp=responder.url) for _ in range(3))
    with responder.running([good, bad], revoked=[bad]):
        now = datetime.now(UTC)
        found = await fetcher(tmp_path / "svar", ocsp=True).refresh([der(each) for each in (good, bad, unknown)], now)
    assert [source.silent for source in found] == ["", "", CertificateCode.RESPONDER_KNOWS_NOT]
    later = datetime.now(UTC)
    assert not says(tmp_path / "svar", good, later)
    assert says(tmp_path / "svar", bad, later)
    with pytest.raises(Unavailable):
        says(tmp_path / "svar", unknown, later)
    with pytest.raises(Unavailable):
        says(tmp_path / "svar", good, NOW + 24 * HOUR)


async def test_responders_are_asked_only_where_that_is_configured(web: WebFiles, tmp_path: Path) -> None:
    """Without `ocsp` no responder learns whom we talk to."""
    assert await fetcher(tmp_path).refresh([der(issued(ocsp=f"{web.url}/ocsp"))], NOW) == []
    assert web.asked == []


def test_an_answer_lies_under_its_certificates_name(tmp_path: Path) -> None:
    """Two certificates never share an answer."""
    assert answer_path(tmp_path, b"a") != answer_path(tmp_path, b"b")


def dated(begun: datetime, *revoked) -> bytes:
    """Return a list of our issuer from a time, good for years."""
    made = TestAuthority.__new__(TestAuthority)
    made.__dict__ = {**AUTHORITY.__dict__, "_now": begun + timedelta(days=1)}
    return made.revocation_list(revoked)


def test_of_two_lists_the_newer_one_decides(tmp_path: Path) -> None:
    """An older list that still counts, put there or played back at another address, hides no newer revocation."""
    certificate = issued()
    for old, new in (("0.crl", "1.crl"), ("1.crl", "0.crl")):
        (tmp_path / old).write_bytes(dated(NOW - 5 * HOUR))
        (tmp_path / new).write_bytes(dated(NOW - HOUR, certificate))
        assert says(tmp_path, certificate, NOW + 48 * HOUR)


async def test_an_older_ocsp_answer_makes_nobody_forget(web: WebFiles, tmp_path: Path) -> None:
    """Yesterday's good answer, played back, does not take the place of today's that says revoked."""
    certificate = issued(ocsp=f"{web.url}/ocsp")
    for begun, status, told in ((NOW - HOUR, REVOKED, ""), (NOW - 24 * HOUR, GOOD, "older")):
        web.answers["/ocsp"] = ocsp_answer(status, about=certificate, by=AUTHORITY, begun=begun, until=NOW + 48 * HOUR)
        (source,) = await fetcher(tmp_path, ocsp=True).refresh([der(certificate)], NOW)
        assert told in source.silent
        assert says(tmp_path, certificate, NOW)
        os.utime(answer_path(tmp_path, der(certificate)), (1, 1))


async def test_one_odd_source_costs_the_others_nothing(web: WebFiles, tmp_path: Path) -> None:
    """A list of a version that nobody knows is told, and every other list is fetched."""
    good, bad = issued(crl=f"{web.url}/god.crl"), issued(crl=f"{web.url}/rar.crl")
    odd = crl.CertificateList.load(AUTHORITY.revocation_list())
    odd["tbs_cert_list"]["version"] = "v3"
    web.answers = {"/god.crl": AUTHORITY.revocation_list(), "/rar.crl": odd.dump(force=True)}
    found = await fetcher(tmp_path).refresh([der(bad), der(good)], NOW)
    assert [bool(source.silent) for source in found] == [True, False]


async def test_what_is_packed_is_not_unpacked(tmp_path: Path) -> None:
    """A server that packs its answer unasked is told, and nothing of it is unpacked."""
    with WebFiles(headers={"Content-Encoding": "gzip"}).running() as web:
        web.answers["/a.crl"] = gzip.compress(AUTHORITY.revocation_list())
        (source,) = await fetcher(tmp_path).refresh([der(issued(crl=f"{web.url}/a.crl"))], NOW)
    assert "packed" in source.silent
