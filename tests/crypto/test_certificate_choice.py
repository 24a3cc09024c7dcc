"""Which of several certificates is used: the newest good one, and of our own the newest whose key is here."""

from datetime import timedelta

import pytest

from engine.agreements.purpose import Purpose
from engine.codes.certificate import CertificateCode
from engine.errors import OwnFault, Unavailable
from engine.register.parties import RegisteredCertificate
from engine.trust.speakers import choose_certificate, choose_own
from tests.fakes.world.clock import START
from tests.fakes.world.keys import MemoryKeys, WordOfMouth
from tests.fakes.world.parties import GP, LEVANGER, test_keys
from tests.fakes.world.surroundings import ANCHOR

DAY = timedelta(days=1)
CHANGE = START + 10 * DAY
OLD = test_keys().der(GP, Purpose.ENCRYPTION)
NEW = test_keys().issue(GP, Purpose.ENCRYPTION)
KEYS = MemoryKeys(test_keys(), (GP,))


def held(der, start=START - DAY, end=START + 500 * DAY, purpose=Purpose.ENCRYPTION):
    """Return a row of the register."""
    return RegisteredCertificate(purpose, der, start, end)


ROWS = [held(NEW, start=CHANGE), held(OLD)]


def chosen(rows=ROWS, at=START, revocation=None):
    """Choose a partner's encryption certificate."""
    return choose_certificate(rows, GP, Purpose.ENCRYPTION, (ANCHOR,), revocation or WordOfMouth(), at)


def own(rows=ROWS, at=START, keys=KEYS):
    """Choose among our own certificates."""
    return choose_own(rows, GP, Purpose.ENCRYPTION, keys, at)


@pytest.mark.parametrize("choose", [chosen, own])
def test_a_rollover_happens_on_the_day_that_was_planned(choose):
    """The older certificate is used until the newer one's first day, and the newer one from then on."""
    assert choose(at=CHANGE - timedelta(seconds=1)) == OLD
    assert choose(at=CHANGE) == NEW


def test_a_revoked_new_certificate_gives_way_to_the_old_one():
    """When the newest certificate of a partner is revoked, the one before is used while it is good."""
    revocation = WordOfMouth()
    revocation.revoked.add(NEW)
    assert chosen(at=CHANGE, revocation=revocation) == OLD
    revocation.revoked.add(OLD)
    with pytest.raises(OwnFault, match=rf"certificate\.revoked.*{GP}.*encryption.*serial"):
        chosen(at=CHANGE, revocation=revocation)


def test_nobody_encrypts_to_a_certificate_that_may_be_revoked():
    """While revocation cannot be known, sending waits; the reason names party, purpose and serial."""
    revocation = WordOfMouth()
    revocation.silent = True
    with pytest.raises(Unavailable, match=rf"certificate\.not_checked.*{GP}.*encryption.*serial"):
        chosen(revocation=revocation)


@pytest.mark.parametrize(
    ("rows", "reason"),
    [
        ([], CertificateCode.NONE),
        ([held(OLD, start=START + DAY)], CertificateCode.NONE),
        ([held(OLD, end=START - DAY)], CertificateCode.NONE),
        ([held(test_keys().der(GP, Purpose.SIGNING))], CertificateCode.OTHER_USE),
        ([held(test_keys().issue(GP, Purpose.ENCRYPTION, start=START - 9 * DAY, lasts=DAY))], CertificateCode.EXPIRED),
    ],
)
def test_without_a_good_certificate_nothing_is_sent(rows, reason):
    """What is missing, not registered now, meant for something else or expired is told with the party's HER-id."""
    with pytest.raises(OwnFault, match=rf"certificate\.ask_party.*{reason}.*{GP}"):
        chosen(rows)
    with pytest.raises(OwnFault, match=rf"certificate\.none_of_ours.*certificate\.none\b.*{GP}.*encryption"):
        own(rows)


def test_our_new_certificate_waits_for_its_key():
    """A certificate of ours whose key is not here yet is not used: a rollover planned too early stops nothing."""
    without_new = MemoryKeys(test_keys(), (GP,))
    without_new.holds = lambda der: der != NEW
    assert own(at=CHANGE, keys=without_new) == OLD
    with pytest.raises(OwnFault, match=r"certificate\.none_of_ours"):
        own(at=CHANGE, keys=MemoryKeys(test_keys(), (LEVANGER,)))
