"""Our schemas and the official ones give the same verdict, on everything that can be thought of.

SAMVIK_PROOF_SEED and SAMVIK_PROOF_COUNT choose what is tried; hypothesis makes a failing document as small as it can.
"""

import os
import random

import pytest

from engine.schemas import DocumentKind
from tests.fakes.schemas.coverage import declared, used
from tests.fakes.schemas.differential import compare, compare_neighbours, same_on_whole_documents
from tests.fakes.schemas.instances import roots
from tests.fakes.schemas.sides import SIDES, samples
from tests.proofs.conftest import Tell, count_of

pytestmark = pytest.mark.proof

SEED = int(os.environ.get("SAMVIK_PROOF_SEED", "20261122"))
COUNT = count_of("SAMVIK_PROOF_COUNT", full=6_000, share=3_000)
FREE_TEXT = "{http://www.kith.no/xmlstds/dialog/2013-01-23}Notat"
"""An element with free text, where xsi:type may claim any type."""


@pytest.mark.parametrize("kind", SIDES)
def test_no_mutant_is_judged_differently(kind: DocumentKind, tell: Tell) -> None:
    """Real documents and written ones, changed once to three times: both sides say the same of each."""
    tried, accepted = compare(kind, SEED, COUNT // 3)
    tell(f"{kind}: {tried} mutants ({accepted} valid), seed {SEED}, 0 disagreements")
    assert tried >= COUNT // 3


@pytest.mark.parametrize("kind", SIDES)
def test_no_step_away_is_judged_differently(kind: DocumentKind, tell: Tell) -> None:
    """Small documents of every element and type, each of their parts gone, doubled or wrong: both sides agree."""
    tried = compare_neighbours(kind, SEED, max(1, COUNT // 3000))
    tell(f"{kind}: {tried} documents one step away, seed {SEED}, 0 disagreements")
    assert tried >= COUNT


@pytest.mark.parametrize("kind", SIDES)
def test_documents_that_use_everything_are_judged_alike(kind: DocumentKind, tell: Tell) -> None:
    """Each part, attribute and code that the official schemas declare stands in a document that both sides judge."""
    missing = declared(kind) - used(samples(kind).values())
    unused, written = len(missing), 0
    while missing and written < COUNT:
        dice = random.Random(f"{SEED}/{kind}/{written}")
        only_types = all(mark[0] == "type" for mark in missing)
        tag = FREE_TEXT if only_types else roots(kind)[written % len(roots(kind))]
        missing -= used([same_on_whole_documents(kind, dice, tag)])
        written += 1
    known = len(declared(kind))
    tell(f"{kind}: no sample uses {unused} of {known} declarations; {written} documents do")
    assert not missing
