"""Holds our schemas against the official ones, document by document."""

import random

from hypothesis import HealthCheck, Phase, given, reject, seed, settings
from hypothesis import strategies as st
from lxml import etree

from engine.schemas import DocumentKind
from tests.fakes.schemas.instances import Writer, roots, types
from tests.fakes.schemas.mutants import mutant, neighbours
from tests.fakes.schemas.sides import verdicts


def compare(kind: DocumentKind, chosen: int, count: int) -> tuple[int, int]:
    """Try `count` mutants; return how many were tried and how many were valid.

    Raises AssertionError with the smallest document that was found on which the two sides disagree.
    """
    tried = accepted = 0

    @seed(chosen)
    @settings(
        max_examples=count,
        deadline=None,
        database=None,
        phases=(Phase.generate, Phase.shrink),
        suppress_health_check=list(HealthCheck),
    )
    @given(st.randoms(use_true_random=False))
    def run(dice) -> None:
        nonlocal tried, accepted
        document = mutant(kind, dice)
        try:
            mine, theirs = verdicts(kind, document)
        except etree.XMLSyntaxError:
            reject()  # an attribute of the namespace xml that no parser takes
        tried, accepted = tried + 1, accepted + theirs
        assert mine == theirs, f"seed {chosen}: ours {mine}, official {theirs}: {document.decode()}"

    run()
    return tried, accepted


def compare_neighbours(kind: DocumentKind, chosen: int, rounds: int) -> int:
    """Write `rounds` small documents of each global element and type, and try every one that is a step away.

    Returns how many were tried. Raises AssertionError with the first document on which the two sides disagree.
    """
    tried = 0
    for number in range(rounds):
        for name in [*roots(kind), *types(kind)]:
            writer = Writer(kind, random.Random(f"{chosen}/{kind}/{number}/{name}"), ours=False, largest=12)
            root = writer.claiming(name) if name in types(kind) else writer.document(name)
            for document in neighbours(root):
                tried += _same(kind, document, f"seed {chosen}, round {number}, {name}")
    return tried


def _same(kind: DocumentKind, document: bytes, where: str) -> bool:
    try:
        mine, theirs = verdicts(kind, document)
    except etree.XMLSyntaxError:
        return False  # an identifier of the namespace xml that stands twice
    assert mine == theirs, f"{where}: ours {mine}, official {theirs}: {document.decode()}"
    return True


def same_on_whole_documents(kind: DocumentKind, dice, tag: str) -> bytes:
    """Write a document from either side's schemas, check that both judge it alike, and return it."""
    document = etree.tostring(Writer(kind, dice, ours=bool(dice.randrange(2))).document(tag), encoding="UTF-8")
    mine, theirs = verdicts(kind, document)
    assert mine == theirs, f"ours {mine}, official {theirs}: {document.decode()}"
    return document
