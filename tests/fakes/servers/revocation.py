"""Servers of revocation on loopback: openssl's OCSP responder, and a web server with files that a test can change."""

import subprocess
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.ocsp import OCSPCertStatus, OCSPResponderEncoding, OCSPResponseBuilder
from cryptography.x509.oid import AuthorityInformationAccessOID, ExtendedKeyUsageOID

from adapters.keys.pki import TestAuthority, key_bytes
from adapters.machine.ports import free_port


def points_to(*, crl: str = "", ocsp: str = "") -> list[x509.ExtensionType]:
    """Return the extensions that say where a certificate's revocation can be asked for."""
    found: list[x509.ExtensionType] = []
    if crl:
        point = x509.DistributionPoint([x509.UniformResourceIdentifier(crl)], None, None, None)
        found.append(x509.CRLDistributionPoints([point]))
    if ocsp:
        where = x509.UniformResourceIdentifier(ocsp)
        found.append(
            x509.AuthorityInformationAccess([x509.AccessDescription(AuthorityInformationAccessOID.OCSP, where)])
        )
    return found


class WebFiles:
    """A web server whose answers a test puts there: bytes, or a status. It counts what it was asked for."""

    def __init__(self, headers: Mapping[str, str] | None = None) -> None:
        self.answers: dict[str, bytes | int] = {}
        self.asked: list[str] = []
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                outer.asked.append(self.path)
                answer = outer.answers.get(self.path, 404)
                self.send_response(answer if isinstance(answer, int) else 200)
                for name, value in (headers or {}).items():
                    self.send_header(name, value)
                self.end_headers()
                if isinstance(answer, bytes):
                    self.wfile.write(answer)

            do_POST = do_GET

            def log_message(self, *_: object) -> None:
                """Say nothing."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}"

    @contextmanager
    def running(self) -> Iterator["WebFiles"]:
        """Serve until the test is done."""
        thread = threading.Thread(target=self._server.serve_forever)
        thread.start()
        try:
            yield self
        finally:
            self._server.shutdown()
            self._server.server_close()
            thread.join()


GOOD, REVOKED = OCSPCertStatus.GOOD, OCSPCertStatus.REVOKED


def ocsp_answer(
    status: OCSPCertStatus, *, about: x509.Certificate, by: TestAuthority, begun: datetime, until: datetime
) -> bytes:
    """Return an answer of the issuer's own about one of its certificates, revoked an hour before where it is."""
    revoked = (begun - timedelta(hours=1), x509.ReasonFlags.key_compromise) if status is REVOKED else (None, None)
    builder = OCSPResponseBuilder().add_response(about, by.certificate, hashes.SHA1(), status, begun, until, *revoked)
    builder = builder.responder_id(OCSPResponderEncoding.HASH, by.certificate)
    return builder.sign(by._key, hashes.SHA256()).public_bytes(Encoding.DER)


def responder_certificate(
    authority: TestAuthority, now: datetime, *, may_answer: bool = True
) -> tuple[x509.Certificate, rsa.RSAPrivateKey]:
    """Return the certificate and key of a responder that the authority has certified, for answering or for nothing."""
    key = rsa.generate_private_key(65537, 2048)
    usage = ExtendedKeyUsageOID.OCSP_SIGNING if may_answer else ExtendedKeyUsageOID.CLIENT_AUTH
    builder = x509.CertificateBuilder().subject_name(x509.Name([])).issuer_name(authority.certificate.subject)
    builder = builder.public_key(key.public_key()).serial_number(x509.random_serial_number())
    builder = builder.not_valid_before(now - timedelta(days=1)).not_valid_after(now + timedelta(days=30))
    builder = builder.add_extension(x509.ExtendedKeyUsage([usage]), critical=False)
    return builder.sign(authority._key, hashes.SHA256()), key


class OpensslResponder:
    """openssl's OCSP responder, answering with the authority's own key, or with that of a `signer` it has certified."""

    def __init__(
        self, folder: Path, authority: TestAuthority, signer: tuple[x509.Certificate, rsa.RSAPrivateKey] | None = None
    ) -> None:
        certificate, key = signer or (authority.certificate, authority._key)
        self._folder = folder
        (folder / "ca.pem").write_bytes(authority.certificate.public_bytes(Encoding.PEM))
        (folder / "signer.pem").write_bytes(certificate.public_bytes(Encoding.PEM))
        (folder / "signer.key").write_bytes(key_bytes(key))
        self._port = free_port()
        self.url = f"http://127.0.0.1:{self._port}"

    @contextmanager
    def running(self, certificates: Sequence[x509.Certificate], revoked: Sequence[x509.Certificate]) -> Iterator[None]:
        """Answer for these certificates until the test is done."""
        lines = [_index_line(each, "R" if each in revoked else "V") for each in certificates]
        (self._folder / "index.txt").write_text("".join(lines), "utf-8")
        command = ["openssl", "ocsp", "-index", "index.txt", "-port", str(self._port), "-CA", "ca.pem", "-nmin", "10"]
        command += ["-rsigner", "signer.pem", "-rkey", "signer.key"]
        with subprocess.Popen(command, cwd=self._folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT) as process:
            try:
                assert next(line for line in process.stdout or () if b"ACCEPT" in line)
                yield
            finally:
                process.kill()


def _index_line(certificate: x509.Certificate, state: str) -> str:
    end = f"{certificate.not_valid_after_utc:%y%m%d%H%M%SZ}"
    since = f"{certificate.not_valid_before_utc:%y%m%d%H%M%SZ},keyCompromise" if state == "R" else ""
    return f"{state}\t{end}\t{since}\t{certificate.serial_number:X}\tunknown\t/CN=x\n"
