"""When operations is warned of a certificate, a key or a source of revocation, and in which words' code."""

from datetime import timedelta

import pytest

from engine.agreements.purpose import Purpose
from engine.names import OPERATOR, HerId
from engine.operations.certificates import Standing
from engine.operations.trust_watch import Source, over, source_warning, subject_of, warnings_of
from tests.fakes.store.rows import OURS, THEIRS
from tests.fakes.world.clock import START

DAY, SECOND = timedelta(days=1), timedelta(seconds=1)


def standing(left: timedelta, **changed: object) -> Standing:
    """Return a signing certificate of ours that ends so long from now, with its key here and none to follow."""
    plain = {
        "her": OURS,
        "name": "Vår kommune",
        "purpose": Purpose.SIGNING,
        "der": b"der",
        "serial": 255,
        "starts": START - 300 * DAY,
        "until": START + left,
        "replaced": False,
        "key_here": True,
        "owner": OURS,
    }
    return Standing(**(plain | changed))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("left", "threshold"),
    [
        (60 * DAY + SECOND, None),
        (60 * DAY, 60),
        (30 * DAY + SECOND, 60),
        (30 * DAY, 30),
        (7 * DAY + SECOND, 30),
        (7 * DAY, 7),
        (SECOND, 7),
        (0 * DAY, 0),
        (-DAY, 0),
    ],
)
def test_the_last_threshold_that_was_passed_is_the_one_that_is_told(left: timedelta, threshold: int | None) -> None:
    """Sixty, thirty and seven days before, and at the end."""
    assert [each.threshold for each in warnings_of([standing(left)], START)] == (
        [] if threshold is None else [threshold]
    )


def test_a_certificate_with_a_successor_is_nobodys_trouble() -> None:
    """Nobody is told of an end that somebody has planned for."""
    assert warnings_of([standing(DAY, replaced=True)], START) == []


@pytest.mark.parametrize(
    ("left", "changed", "codes"),
    [
        (DAY, {}, ("certificate_ends", "signing_certificate", "renew_ours")),
        (0 * DAY, {}, ("certificate_ended", "signing_certificate", "renew_ours")),
        (
            DAY,
            {"purpose": Purpose.ENCRYPTION, "owner": OPERATOR, "her": THEIRS, "key_here": None},
            ("certificate_ends", "encryption_certificate", "ask_partner"),
        ),
        (
            DAY,
            {"purpose": None, "owner": OPERATOR, "her": HerId(""), "key_here": None},
            ("certificate_ends", "issuer_certificate", "renew_issuer"),
        ),
    ],
)
def test_the_task_says_what_ends_and_who_renews_it(
    left: timedelta, changed: dict[str, object], codes: tuple[str, str, str]
) -> None:
    """Ours, a partner's and an issuer's certificate are renewed in three ways; the serial number is in hex."""
    (warned,) = warnings_of([standing(left, **changed)], START)
    said = warned.task.said
    certificate, remedy = said.params["certificate"], said.params["remedy"]
    assert not isinstance(certificate, str | tuple)
    assert not isinstance(remedy, str | tuple)
    assert (said.code, certificate.code, remedy.code) == tuple(f"operations.{code}" for code in codes)
    assert certificate.params["serial"] == "ff"
    assert warned.task.due == START + DAY


def test_a_key_is_missed_only_while_its_certificate_lasts() -> None:
    """A partner's key is not ours to have, and one that has ended is needed no more."""
    (missing,) = warnings_of([standing(90 * DAY, key_here=False)], START)
    assert (missing.task.cause, missing.threshold) == ("key missing", None)
    assert warnings_of([standing(90 * DAY, key_here=None)], START) == []
    assert [each.threshold for each in warnings_of([standing(-DAY, key_here=False)], START)] == [0]


def test_a_task_closes_when_its_cause_is_gone() -> None:
    """What is still due stays open."""
    warned = warnings_of([standing(DAY)], START)
    other = subject_of(b"gone")
    assert over({warned[0].subject: OURS, other: THEIRS}, warned) == [(THEIRS, other)]


def test_a_silent_source_is_named_by_its_host_alone() -> None:
    """The address may hold more than should be shown."""
    warned = source_warning(Source("http://crl.test/hemmelig?x=1", "503"), START)
    assert str(warned.task.said) == 'operations.source_silent {"host": "crl.test", "why": "503"}'
