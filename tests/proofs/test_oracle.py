"""Whatever a verified message holds, it has an end: answered, or kept with a reason that is not ours (issue of faults).

SAMVIK_PROOF_SEED and SAMVIK_PROOF_ORACLE (messages of each kind) choose what is tried; a failure names seed and try.
"""

import os
import random
from collections import Counter
from dataclasses import replace
from itertools import product
from pathlib import Path

import pytest

from engine.commit.policy import Policy
from engine.states.inbound import InboundState
from engine.verdict.kinds import Quarantine, Verified
from engine.verdict.mail import verdict_on
from tests.fakes.engines.pair import Pair, Side
from tests.fakes.fuzz.ends import no_end
from tests.fakes.fuzz.mail_mutations import signed_document, signed_seal
from tests.fakes.fuzz.verified import FROM_LEVANGER, KINDS, Played, message, played
from tests.fakes.partners.forgery import payload_mail
from tests.proofs.conftest import Tell, count_of
from tests.samples import samples_folder

ODD_CERTIFICATE = "ignore::cryptography.utils.CryptographyDeprecationWarning"
pytestmark = [pytest.mark.proof, pytest.mark.filterwarnings(ODD_CERTIFICATE)]

SEED = int(os.environ.get("SAMVIK_PROOF_SEED", "20261130"))
COUNT = count_of("SAMVIK_PROOF_ORACLE", full=10_000, share=1_000)
"""Verified messages of each kind."""
TOGETHER = 50
"""How many messages one engine gets, before the next begins with a new case: fewer answers than a list shows."""


async def engine() -> Played:
    """Return an engine whose hourly limits are not what is asked about here."""
    made = await played()
    policy: Policy = replace(made.side.ports.policy, refusals_an_hour=10**6, errors_an_hour=10**6)
    made.side.ports = replace(made.side.ports, policy=policy)
    return made


async def end_of(side: Side, raw: bytes) -> tuple[InboundState | None, str]:
    """Give an engine a mail; return where it ended and what is wrong with that. None for one that is not verified."""
    verdict = verdict_on(raw, side.ports, side.ports.clock.now())
    if not isinstance(verdict, Verified) and not (isinstance(verdict, Quarantine) and verdict.verified):
        return None, ""
    before = len(await side.outbound())
    row = await side.take(raw)
    side.ports.clock.advance(seconds=1)
    if isinstance(verdict, Quarantine):
        wrong = "" if row.state is InboundState.KARANTENE else f"{row.state}, not in quarantine"
        return row.state, wrong
    return row.state, await no_end(side, row, verdict, before)


@pytest.mark.parametrize("kind", KINDS)
async def test_every_verified_message_has_an_end(kind: str, tell: Tell) -> None:
    """Changed anywhere and signed anew, a message of each kind is answered, moves what it is about, or is kept."""
    ends: Counter[str] = Counter()
    tried = 0
    at = await engine()
    while ends.total() < COUNT:
        dice = random.Random(f"{SEED}/{kind}/{tried}")
        raw = message(kind, at, dice, tried)
        state, wrong = await end_of(at.side, raw)
        assert not wrong, f"seed {SEED}, {kind}, try {tried}: {wrong}"
        tried += 1
        if state is not None:
            ends[state.value] += 1
            if ends.total() % TOGETHER == 0:
                at = await engine()
        assert tried < 4 * COUNT, f"of {tried} messages only {ends.total()} were verified"
    told = ", ".join(f"{state} {number}" for state, number in ends.most_common())
    tell(f"oracle, {kind}, seed {SEED}: {ends.total()} verified of {tried}, 0 without an end; {told}")


async def test_every_sample_document_has_an_end(tell: Tell) -> None:
    """A partner may sign and send any file there is: each official example and each real document has an end."""
    folder = samples_folder("payload")
    files = [path for path in sorted(folder.rglob("*")) if path.is_file() and path.stat().st_size < 1_000_000]
    letters = (replace(FROM_LEVANGER, message_id=f"fil-{number}") for number in range(len(files)))
    mails = [payload_mail(letter, Path(path).read_bytes()) for letter, path in zip(letters, files, strict=True)]
    assert len(mails) > 20
    ends: Counter[InboundState | None] = Counter()
    for path, mail in zip(files, mails, strict=True):
        state, wrong = await end_of((await engine()).side, mail)
        assert not wrong, f"{path.name}: {wrong}"
        ends[state] += 1
    assert None not in ends
    tell(f"oracle, {len(mails)} sample files: 0 without an end; {dict(ends)}")


async def test_what_the_fuzzers_sign_has_an_end(tell: Tell) -> None:
    """The changed documents and the changed CMS of the fuzzers have ends too."""
    ends: Counter[InboundState | None] = Counter()
    for change, number in product((signed_document, signed_seal), range(COUNT // 2)):
        raw = change(random.Random(f"{SEED}/{change.__name__}/{number}"), b"")
        state, wrong = await end_of(Pair().municipal, raw)
        assert not wrong, f"seed {SEED}, {change.__name__}, try {number}: {wrong}"
        ends[state] += 1
    tell(f"oracle, fuzzers, seed {SEED}: {ends.total()} mails, 0 without an end; {dict(ends)}")
