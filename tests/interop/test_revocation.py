"""Revocation answers of issuers with every kind of key, as openssl's CA and responder write them."""

import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509

from engine.trust.revocation import NoAnswer, read_ocsp

PSS = ("-sigopt", "rsa_padding_mode:pss")
ISSUERS = {
    "RSA": (("RSA", "rsa_keygen_bits:2048"), ()),
    "RSA that signs PSS": (("RSA", "rsa_keygen_bits:2048"), PSS),
    "RSA that signs PSS with a short salt": (
        ("RSA", "rsa_keygen_bits:2048"),
        (*PSS, "-sigopt", "rsa_pss_saltlen:20", "-sigopt", "rsa_mgf1_md:sha512"),
    ),
    "P-256": (("EC", "ec_paramgen_curve:P-256"), ()),
    "P-384": (("EC", "ec_paramgen_curve:P-384"), ()),
    "P-521": (("EC", "ec_paramgen_curve:P-521"), ()),
}


def soon() -> datetime:
    """Return a time just after that of an answer: openssl answers by the machine's clock, also late in a long run."""
    return datetime.now(UTC) + timedelta(seconds=30)


class Issuer:
    """An issuer of openssl's with one certificate given out; it answers about that one and lists it when revoked."""

    def __init__(self, folder: Path, key: tuple[str, str], options: tuple[str, ...]) -> None:
        self._folder, self._options = folder, options
        ca = ("-addext", "basicConstraints=critical,CA:TRUE", "-addext", "keyUsage=critical,keyCertSign,cRLSign")
        self._key("ca", *key)
        self._key("leaf", "RSA", "rsa_keygen_bits:2048")
        self._run("req", "-x509", "-key", "ca.key", "-subj", "/CN=Utsteder", "-out", "ca.pem", *options, *ca)
        self._run("req", "-new", "-key", "leaf.key", "-subj", "/CN=Virksomhet", "-out", "leaf.csr")
        (folder / "leaf.ext").write_text("keyUsage=critical,nonRepudiation\n", "utf-8")
        signed = ("-CA", "ca.pem", "-CAkey", "ca.key", "-set_serial", "4097", "-extfile", "leaf.ext", *options)
        self._run("x509", "-req", "-in", "leaf.csr", *signed, "-out", "leaf.pem")

    def certificate(self, name: str) -> x509.Certificate:
        """Return the certificate of the issuer ('ca') or of its enterprise ('leaf')."""
        return x509.load_pem_x509_certificate((self._folder / f"{name}.pem").read_bytes())

    def answer(self, *, revoked: bool, signer: str = "ca") -> bytes:
        """Return an OCSP answer (DER) about the enterprise's certificate."""
        state = "R\t351130120000Z\t261101120000Z" if revoked else "V\t351130120000Z\t"
        (self._folder / "index.txt").write_text(f"{state}\t1001\tunknown\t/CN=Virksomhet\n", "utf-8")
        self._run("ocsp", "-issuer", "ca.pem", "-cert", "leaf.pem", "-no_nonce", "-reqout", "question")
        options = ["-rsigopt" if word == "-sigopt" else word for word in self._options]
        signs = ("-rsigner", f"{signer}.pem", "-rkey", f"{signer}.key", *options, "-ndays", "1")
        known = ("-index", "index.txt", "-CA", "ca.pem")
        self._run("ocsp", *known, *signs, "-reqin", "question", "-respout", "answer")
        return (self._folder / "answer").read_bytes()

    def _key(self, name: str, kind: str, option: str) -> None:
        self._run("genpkey", "-algorithm", kind, "-pkeyopt", option, "-out", f"{name}.key")

    def _run(self, *words: str) -> None:
        subprocess.run(["openssl", *words], cwd=self._folder, check=True, capture_output=True)


@pytest.fixture(scope="module", params=ISSUERS.values(), ids=ISSUERS)
def issuer(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Issuer:
    """Give an issuer with each kind of key."""
    return Issuer(tmp_path_factory.mktemp("ca"), *request.param)


@pytest.mark.parametrize("revoked", [False, True], ids=["good", "revoked"])
def test_an_answer_of_any_issuer_is_read(issuer: Issuer, revoked: bool) -> None:
    """What an issuer's responder says of a certificate counts, whatever key it signs with."""
    leaf, ca = issuer.certificate("leaf"), issuer.certificate("ca")
    written = issuer.answer(revoked=revoked)
    now = soon()
    answer = read_ocsp(written, leaf, ca, now)
    assert (answer.revoked_at is not None) == revoked
    assert answer.holds_at(now)


def test_one_changed_bit_ends_an_answer(issuer: Issuer) -> None:
    """An answer that the issuer did not sign so is none: in what is signed and in the signature."""
    data, leaf, ca = issuer.answer(revoked=False), issuer.certificate("leaf"), issuer.certificate("ca")
    signature = x509.ocsp.load_der_ocsp_response(data).signature
    for at in (data.index(signature) + 5, data.index(signature) + len(signature) - 2):
        with pytest.raises(NoAnswer):
            read_ocsp(data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :], leaf, ca, soon())


def test_an_answer_signed_by_the_certificate_itself_is_none(issuer: Issuer) -> None:
    """Nobody vouches for their own certificate."""
    data = issuer.answer(revoked=False, signer="leaf")
    with pytest.raises(NoAnswer):
        read_ocsp(data, issuer.certificate("leaf"), issuer.certificate("ca"), soon())
