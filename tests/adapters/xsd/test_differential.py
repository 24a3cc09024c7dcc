"""Our schemas give the verdict of the official ones. The long proof is tests/proofs/test_schemas.py."""

import pytest

from engine.schemas import DocumentKind
from tests.fakes.schemas.differential import compare
from tests.fakes.schemas.sides import SIDES, samples, verdicts


@pytest.mark.parametrize("kind", SIDES)
def test_every_real_document_gets_the_official_verdict(kind: DocumentKind) -> None:
    """Each message, receipt, envelope and agreement among the samples is judged alike, the invalid ones too."""
    found = {name: verdicts(kind, text) for name, text in samples(kind).items()}
    assert {name: mine for name, (mine, _) in found.items()} == {name: theirs for name, (_, theirs) in found.items()}
    assert {True, False} == {theirs for _, theirs in found.values()}


@pytest.mark.parametrize("kind", SIDES)
def test_a_hundred_mutants_get_the_official_verdict(kind: DocumentKind) -> None:
    """Documents changed once to three times are judged alike."""
    tried, accepted = compare(kind, 20261122, 100)
    assert tried >= 100
    assert 0 < accepted < tried
