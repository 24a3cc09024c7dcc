"""Everything that reads what comes from outside, with the faults that it may raise and what its inputs are made of."""

import base64
import gzip
import io
import zipfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from engine.agreements.cpa_check import check_cpa
from engine.agreements.cpa_reading import read_cpa
from engine.agreements.purpose import Purpose
from engine.conformance.validate import validate
from engine.deviation.follow_up import FollowUpKind, read_follow_up
from engine.deviation.xml import read_deviation
from engine.errors import PartnerFault, PayloadFault, Refused, SamvikError, Unreadable
from engine.files.texts import Unpacker
from engine.msh.encryption import decrypt, encrypt
from engine.msh.mime import DEFAULT_LIMITS, read_mail
from engine.msh.reading import read_alone
from engine.payload.apprec import read_apprec
from engine.payload.attachment import Attachment
from engine.payload.msghead import read_identity, read_msghead
from engine.payload.national_numbers import holds_national_number
from engine.verdict.mail import verdict_on
from engine.verdict.verify import verify
from tests.fakes.engines.pair import Pair
from tests.fakes.fuzz.mail_mutations import (
    MUTATIONS,
    mutated_envelope,
    mutated_mail,
    mutated_parts,
    signed_document,
    signed_seal,
)
from tests.fakes.fuzz.mutations import ASN1_CHANGES, XML_CHANGES, Mutation, changed_bytes, changed_tree, numbered
from tests.fakes.partners.documents import apprec, document, follow_up, reply
from tests.fakes.partners.forgery import Letter, acknowledgment_mail, error_mail, payload, payload_mail
from tests.fakes.world.clock import START
from tests.fakes.world.keys import MemoryKeys
from tests.fakes.world.parties import GP_SERVICE, LEVANGER, LEVANGER_SERVICE, test_keys
from tests.fakes.world.surroundings import DEVIATION, SCHEMAS

OURS = test_keys().der(LEVANGER, Purpose.ENCRYPTION)
KEYS = MemoryKeys(test_keys(), (LEVANGER,))
PORTS = Pair().municipal.ports
Read = Callable[[bytes], object]


@dataclass(frozen=True)
class Reader:
    """One reader: what it may raise, the genuine inputs to change, and the ways to change them."""

    read: Read
    faults: tuple[type[SamvikError], ...]
    genuine: Sequence[bytes]
    changes: tuple[Mutation, ...]

    def answers(self, data: bytes) -> bool:
        """Say whether the input is taken; anything raised that is not the reader's own fault comes through."""
        try:
            self.read(data)
        except self.faults:
            return False
        return True


def _envelope(soap: bytes) -> None:
    read_alone(soap, lambda _: True, SCHEMAS)


def _mail(raw: bytes) -> None:
    verify(raw, START, PORTS.policy.registry, DEFAULT_LIMITS, SCHEMAS, allow_sha1=True)


def _deviation(data: bytes) -> None:
    try:
        read_deviation(data)
    except PayloadFault:
        read_deviation(data, SCHEMAS)


def _files(data: bytes) -> None:
    for text in Unpacker().texts(data):
        holds_national_number(text)


def _assess(raw: bytes) -> None:
    verdict_on(raw, PORTS, START)


def _cpa(data: bytes) -> None:
    check_cpa(read_cpa(data), START)


@cache
def readers(samples: Path | None) -> dict[str, Reader]:
    """Return all readers; real samples are among what is changed, where they are at hand."""
    mails, documents = _own_mails(), _own_documents()
    receipts = [apprec("x", GP_SERVICE, LEVANGER_SERVICE, version=each) for each in ("1.0", "1.1")]
    real = _real(samples)
    mime = (mutated_mail, mutated_mail, mutated_envelope, mutated_parts)
    deviations = [DEVIATION, *(follow_up(kind).content for kind in FollowUpKind)]
    return {
        "MIME": Reader(read_mail, (Unreadable,), mails + real["mail"], mime),
        "envelope": Reader(_envelope, (), [payload(Letter(), document()).soap, *real["soap"]], XML_CHANGES),
        "signature": Reader(_mail, (), mails + real["mail"], MUTATIONS),
        "CMS": Reader(lambda data: decrypt(data, [OURS], KEYS), (PartnerFault,), _sealed() + real["cms"], ASN1_CHANGES),
        "MsgHead": Reader(read_msghead, (PayloadFault,), documents + real["document"], XML_CHANGES),
        "identity": Reader(read_identity, (), documents + real["document"], XML_CHANGES),
        "AppRec": Reader(read_apprec, (PayloadFault,), receipts + real["apprec"], XML_CHANGES),
        "deviation": Reader(_deviation, (PayloadFault,), deviations, XML_CHANGES),
        "follow-up": Reader(read_follow_up, (PayloadFault,), deviations[1:], XML_CHANGES),
        "validate": Reader(
            lambda data: validate(data, SCHEMAS), (), documents + receipts + real["document"], XML_CHANGES
        ),
        "files": Reader(_files, (Refused,), _odd_files(), (changed_bytes, numbered, changed_tree)),
        "CPA": Reader(_cpa, (Refused,), real["cpa"] or documents, XML_CHANGES),
        "assess": Reader(_assess, (), mails + real["mail"], (*MUTATIONS, signed_document, signed_seal)),
    }


def _own_mails() -> list[bytes]:
    receipt = apprec("x", GP_SERVICE, LEVANGER_SERVICE)
    return [
        payload_mail(Letter(), document()),
        payload_mail(Letter(message_id="a-1", action="APPREC"), receipt),
        acknowledgment_mail(Letter(message_id="k-1", ref_to="m-1"), {"": "AAAA", "cid:a": "BBBB"}),
        error_mail(Letter(message_id="f-1", ref_to="m-1")),
    ]


def _own_documents() -> list[bytes]:
    attached = [follow_up(FollowUpKind.SVAR), Attachment("a.pdf", "application/pdf", bytes(range(256)))]
    return [document(), reply("t-1", attachments=attached)]


def _sealed() -> list[bytes]:
    packed = gzip.compress(document())
    return [encrypt(document(), OURS), encrypt(b"", OURS), encrypt(packed, OURS), encrypt(packed[:-3], OURS)]


def _odd_files() -> list[bytes]:
    """Return files of many kinds, with numbers that are nobody's in them."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", "<w:t>1234</w:t>" * 99)
        archive.writestr("vedlegg.eml", b"Content-Transfer-Encoding: base64\n\n" + base64.b64encode(b"12345678901" * 9))
    mail = b"Content-Type: text/plain\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n=31=32=33\r\n--b\r\n" * 3
    rtf = b"{\\rtf1\\ansi 15\\'37\\u50 ?{\\b 20255178}}"
    page = b"<html><!--x--><p title='a>b'>1&#50;3<b>4</b>&#x35;\\u0036</p></html>"
    return [packed.getvalue(), mail, rtf, page, "12 34 æøå ١٢٣".encode("utf-16"), b"%PDF-1.7", b"1234567890 1" * 50]


def _real(samples: Path | None) -> dict[str, list[bytes]]:
    places = {
        "mail": ("transport/mail/*", "transport/hermes/*.eml"),
        "soap": ("transport/soap/*.xml", "transport/oasis-negative/*.xml"),
        "cms": ("transport/cms/*.p7m",),
        "cpa": ("transport/cpa/*.xml",),
        "document": ("payload/xml/*/*.xml",),
        "apprec": ("payload/xml/apprec/*.xml",),
    }
    found = {
        kind: [path for glob in globs for path in sorted((samples or Path()).glob(glob))]
        for kind, globs in places.items()
    }
    return {kind: [path.read_bytes() for path in paths if samples] for kind, paths in found.items()}
