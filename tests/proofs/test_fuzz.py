"""Everything that reads from outside, fed with changed, guided and hostile inputs; and changed mails through `assess`.

No reader raises what is not its own, takes a second or fills the memory, and no changed message is taken for the
genuine one. Each reader gets a sixth of the count by hypothesis, and as many by atheris where that installs.
SAMVIK_PROOF_SEED and SAMVIK_PROOF_COUNT choose what is tried; a failure names the seed and the number of its try.
"""

import json
import os
import random
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
from lxml import etree

from engine.msh.mime import read_mail
from engine.msh.signature import canonical_fragment, remove_other_actors
from engine.verdict.kinds import ApprecReceived, DocumentTaken, Quarantine, RuleBroken, Signal, Verified
from engine.verdict.mail import verdict_on
from tests.fakes.engines.pair import Pair
from tests.fakes.fuzz.mail_mutations import MUTATIONS, mutated_mail
from tests.fakes.partners.documents import apprec, document
from tests.fakes.partners.forgery import Letter, acknowledgment_mail, ds, payload_mail
from tests.fakes.world.clock import START
from tests.fakes.world.parties import GP_SERVICE, LEVANGER_SERVICE
from tests.fakes.world.surroundings import PROJECT
from tests.proofs.conftest import Tell, count_of
from tests.samples import samples_folder

# A mutated certificate may make cryptography warn of what it will refuse one day; only raising counts here.
ODD_CERTIFICATE = "ignore::cryptography.utils.CryptographyDeprecationWarning"
pytestmark = [pytest.mark.proof, pytest.mark.filterwarnings(ODD_CERTIFICATE)]

SEED = int(os.environ.get("SAMVIK_PROOF_SEED", "20261122"))
COUNT = count_of("SAMVIK_PROOF_COUNT", full=6_000, share=3_000)

ORIGINALS = {
    "message": payload_mail(Letter(), document()),
    "AppRec": payload_mail(Letter(message_id="a-1", action="APPREC"), apprec("x", GP_SERVICE, LEVANGER_SERVICE)),
    "acknowledgment": acknowledgment_mail(Letter(message_id="k-1", ref_to="m-1"), {"": "AAAA", "cid:a": "BBBB"}),
}


def meaning(found: Verified, *, content_too: bool) -> tuple[object, ...]:
    """Return everything that a decision is made of, the document included where it was opened."""
    envelope = found.envelope
    told = (envelope.header, envelope.from_role, envelope.to_role, envelope.ack_requested, envelope.time_to_live)
    said = (envelope.acknowledgment, envelope.errors, envelope.timestamp, envelope.manifest)
    signed = (told, said, found.signed.digest, found.signed.certificate)
    if not content_too:
        return signed
    content = (
        found.digest
        if isinstance(found, DocumentTaken)
        else found.apprec
        if isinstance(found, ApprecReceived)
        else None
    )
    return (*signed, type(found), content)


def independently_canonical(mail: bytes) -> bytes:
    """Return the signed bytes of the original, found by another way than the verifier's."""
    root = etree.fromstring(read_mail(mail).soap)
    signature = next(root.iter(ds("Signature")))
    signature.getparent().remove(signature)
    remove_other_actors(root)
    return canonical_fragment(root)


@pytest.mark.parametrize("kind", ORIGINALS)
def test_no_mutation_of_a_mail_raises_or_passes_for_another_message(kind):
    """Whatever is changed in a signed mail, `assess` answers; what it still believes says what the sender signed."""
    ports, original = Pair().municipal.ports, ORIGINALS[kind]
    genuine = verdict_on(original, ports, START)
    assert isinstance(genuine, DocumentTaken | ApprecReceived | Signal)
    signed = independently_canonical(original)
    for number in range(COUNT):
        dice = random.Random(f"{SEED}/{kind}/{number}")
        mutant = dice.choice(MUTATIONS)(dice, original)
        try:
            found = verdict_on(mutant, ports, START)
        except Exception as error:
            pytest.fail(f"seed {SEED}, {kind}, try {number}: {type(error).__name__}: {error}")
        if isinstance(found, Verified):
            # What stands around the signed parts may still be refused, under the name of the genuine message.
            opened = not isinstance(found, RuleBroken)
            same = meaning(found, content_too=opened) == meaning(genuine, content_too=opened)
            assert same, f"seed {SEED}, {kind}, try {number}"
            assert found.signed.envelope == signed, f"seed {SEED}, {kind}, try {number}"


def test_no_mutation_of_a_real_mail_raises():
    """Real mails of other vendors, changed anywhere, give an answer."""
    ports = Pair().municipal.ports
    folder = samples_folder("transport")
    mails = [path.read_bytes() for path in sorted((folder / "mail").iterdir())]
    mails += [path.read_bytes() for path in sorted((folder / "hermes").glob("*.eml"))]
    for number in range(COUNT):
        dice = random.Random(f"{SEED}/real/{number}")
        mutant = mutated_mail(dice, dice.choice(mails))
        try:
            found = verdict_on(mutant, ports, START)
        except Exception as error:
            pytest.fail(f"seed {SEED}, real, try {number}: {type(error).__name__}: {error}")
        assert isinstance(found, Quarantine), f"seed {SEED}, real, try {number}: nobody here is a party of it"


def test_no_bytes_raise():
    """Random bytes behind headers that lead deeper and deeper are read as nothing, or refused."""
    ports = Pair().municipal.ports
    heads = (b"", b"Content-Type: text/xml\r\n\r\n", b"Content-Type: text/xml\r\n\r\n<x>", b"Content-Type: ")
    for number in range(COUNT):
        dice = random.Random(f"{SEED}/bytes/{number}")
        raw = dice.choice(heads) + dice.randbytes(dice.randrange(400))
        assert isinstance(verdict_on(raw, ports, START), Quarantine), f"seed {SEED}, bytes, try {number}"


READERS = (
    ("MIME", "envelope", "CMS", "MsgHead", "AppRec", "follow-up", "CPA"),
    ("signature", "assess", "identity", "deviation", "validate", "files"),
)
"""The readers in two groups of about the same work, one for each core."""

INPUTS = max(1, COUNT // 6)
"""Inputs for each reader by each way of making them."""

MOST_MB = 300


def test_no_reader_fails_or_tires(tmp_path: Path, tell: Tell) -> None:
    """Every reader takes what it gets or raises its own fault, in under a second of processor time and 300 MB.

    Mutated and guided inputs share a process for each group of readers; each hostile one has its own.
    """
    ways = ["mutated", "guided", "hostile"] if find_spec("atheris") else ["mutated", "mutated again", "hostile"]
    jobs = [(way, group) for way in ways for group in READERS]
    with ThreadPoolExecutor(max_workers=2) as both:
        found = list(both.map(lambda job: fed(tmp_path, *job), jobs))
    total = sum(sum(each["inputs"].values()) for each in found)
    for (way, _), each in zip(jobs, found, strict=True):
        tell(told(way, each))
    tell(f"{total} inputs, seed {SEED}, {'with' if 'guided' in ways else 'without'} atheris")
    assert not [broken for each in found for broken in each["broken"]]
    assert max(each["slowest_ms"] for each in found) < 1000
    assert max(each["peak_mb"] for each in found) < MOST_MB
    for reader in (name for group in READERS for name in group):
        assert sum(each["inputs"].get(reader, 0) for each in found) >= 2 * INPUTS, reader


def fed(folder: Path, way: str, group: tuple[str, ...]) -> dict[str, Any]:
    """Return what the child says that fed a group of readers."""
    seed = SEED + (1 if way == "mutated again" else 0)
    samples = str(samples_folder("transport").parent)
    command = [sys.executable, "-m", "tests.fakes.fuzz.child", way.split()[0], str(seed), str(INPUTS)]
    done = subprocess.run(
        [*command, str(folder), samples, *group], cwd=PROJECT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr[-2000:]
    return json.loads(done.stdout.splitlines()[-1])


def told(way: str, found: dict[str, Any]) -> str:
    """Return a report line: inputs for each reader, the slowest call, the peak of memory."""
    counts = ", ".join(f"{reader} {number}" for reader, number in sorted(found["inputs"].items()))
    slowest = f"slowest {found['slowest_ms']:.0f} ms ({found['slowest']})"
    return f"{way}: {counts}; {slowest}; peak {found['peak_mb']:.0f} MB ({found['largest']})"
