"""Operations is told of certificates that run out, keys that are missing and sources that are silent, once each."""

import base64
from dataclasses import replace
from datetime import timedelta

import pytest

from adapters.words.language import Language
from adapters.words.speaking import sentence
from engine.agreements.purpose import Purpose
from engine.codes.certificate import CertificateCode
from engine.codes.statement import Statement
from engine.names import OPERATOR
from engine.operations.by_hand import close_task
from engine.operations.certificates import certificates_to_ask_about, standings
from engine.operations.trust_watch import Source, look_at_certificates, look_at_sources
from engine.register.parties import Registry
from tests.engine.agreements.test_cpa import agreement
from tests.fakes.engines.pair import Pair
from tests.fakes.world.clock import START
from tests.fakes.world.keys import MemoryKeys
from tests.fakes.world.parties import GP, KARI, LEVANGER, VERDAL, certificates_of, inline, registry, test_keys
from tests.journeys.test_cpas import with_cpa

DAY = timedelta(days=1)
END = START + 100 * DAY


def expiring(her: str, purpose: Purpose = Purpose.SIGNING, **more) -> list[dict]:
    """Return an enterprise's rows with one certificate that runs out after a hundred days, and `more` rows."""
    kept = [row for row in certificates_of(her) if row["purpose"] != purpose.value]
    return [*kept, inline(test_keys().issue(her, purpose, lasts=END - START), purpose), *more.get("rows", [])]


def with_end(her: str, **more) -> Registry:
    """Return the register with such an enterprise."""
    return registry(**{f"her_{her}": {"certificates": expiring(her, **more)}})


@pytest.fixture
def pair() -> Pair:
    """Give two engines; Levanger's is looked at."""
    return Pair()


async def told(pair: Pair, at=None) -> list[str]:
    """Look at all certificates at a time, and return the causes of open tasks."""
    pair.clock.set(at or pair.clock.now())
    await look_at_certificates(pair.municipal.ports)
    return sorted(task.cause for task in await pair.municipal.tasks())


@pytest.mark.parametrize("her", [LEVANGER, GP])
async def test_each_threshold_is_told_once(pair: Pair, her: str) -> None:
    """Sixty, thirty and seven days before, and at the end, one task stands, ours under us, a partner's under nobody."""
    pair.use(with_end(her))
    seen = [await told(pair, END - days) for days in (61 * DAY, 60 * DAY, 45 * DAY, 30 * DAY, 7 * DAY, DAY, -DAY)]
    days = [[60], [60], [30], [7], [7], [0]]
    assert seen == [[], *([f"certificate {left}" for left in each] for each in days)]
    (task,) = await pair.municipal.tasks()
    assert task.owner == (LEVANGER if her == LEVANGER else OPERATOR)


async def test_the_sentence_names_party_serial_purpose_and_day(pair: Pair) -> None:
    """Whoever reads the task knows which certificate it is, when it ends and what to do."""
    pair.use(with_end(GP))
    await told(pair, END - 10 * DAY)
    (task,) = await pair.municipal.tasks()
    (row,) = [each for each in standings(pair.municipal.ports.known, START) if each.her == GP and each.until == END]
    for part in ("operations.signing_certificate", GP, f"{row.serial:x}", "2026-06-10", "operations.ask_partner"):
        assert part in task.text


async def test_a_task_that_a_person_closed_stays_closed_until_the_next_threshold(pair: Pair) -> None:
    """Nobody is told again hour after hour of what they have seen."""
    pair.use(with_end(LEVANGER))
    await told(pair, END - 59 * DAY)
    (task,) = await pair.municipal.tasks()
    await close_task(pair.municipal.ports, KARI, task.id, "Bestilt")
    assert await told(pair, END - 50 * DAY) == []
    assert await told(pair, END - 30 * DAY) == ["certificate 30"]


async def test_a_planned_successor_calms(pair: Pair) -> None:
    """A newer certificate that is registered before the old one ends closes the task; a later one does not."""
    pair.use(with_end(LEVANGER))
    assert await told(pair, END - 20 * DAY) == ["certificate 30"]
    der = test_keys().issue(LEVANGER, Purpose.SIGNING)
    for first_day, left in ((END + DAY, ["certificate 30"]), (END - DAY, [])):
        pair.use(with_end(LEVANGER, rows=[inline(der, Purpose.SIGNING, valid_from=first_day)]))
        assert await told(pair) == left


async def test_a_missing_key_of_ours_is_told_until_it_is_there(pair: Pair) -> None:
    """A certificate of ours without its key is told at once, before anything fails; partners' keys are theirs."""
    side = pair.municipal
    keys = side.ports.keys
    side.ports = replace(side.ports, keys=MemoryKeys(test_keys(), (VERDAL,)))
    assert await told(pair) == ["key missing", "key missing"]
    assert {task.owner for task in await side.tasks()} == {LEVANGER}
    assert await told(pair) == ["key missing", "key missing"]
    side.ports = replace(side.ports, keys=keys)
    assert await told(pair) == []


async def test_a_key_that_is_not_read_is_told_until_it_is_gone(pair: Pair) -> None:
    """A file that looks like a key and has another ending is one task of operations with its name, until it is gone."""
    side = pair.municipal
    keys = side.ports.keys

    class Keys(MemoryKeys):
        def left_out(self) -> list[str]:
            return ["virksomhet.key"]

    side.ports = replace(side.ports, keys=Keys(test_keys(), (LEVANGER, VERDAL)))
    assert await told(pair) == await told(pair) == ["key left out"]
    (task,) = await side.tasks()
    assert task.owner == OPERATOR
    assert "virksomhet.key" in sentence(task.text, Language.EN)
    side.ports = replace(side.ports, keys=keys)
    assert await told(pair) == []


async def test_a_silent_source_is_one_task_until_it_answers(pair: Pair) -> None:
    """However often a source is silent there is one task, naming its host; it closes when the source is back."""
    side = pair.municipal
    silent = Source("http://crl.example.test/a.crl?x=1", str(Statement.of(CertificateCode.STATUS, status=503)))
    for _ in range(5):
        await look_at_sources(side.ports, [silent, Source("http://other.example.test/")])
    (task,) = await side.tasks()
    assert sentence(task.text, Language.EN).startswith("Revocation cannot be fetched from crl.example.test")
    assert "503" in sentence(task.text, Language.EN)
    await look_at_sources(side.ports, [replace(silent, silent="")])
    assert await side.tasks() == []


def test_only_certificates_in_use_are_asked_about() -> None:
    """Revocation is fetched for what is registered now, partners' and ours."""
    later = inline(test_keys().issue(GP, Purpose.SIGNING), Purpose.SIGNING, valid_from=START + DAY)
    found = registry(her_8090300={"certificates": [*certificates_of(GP), later]})
    assert len(list(certificates_to_ask_about(found, START))) == 6
    assert len(list(certificates_to_ask_about(found, START + DAY))) == 7


async def test_certificates_of_a_cpa_are_watched_too(pair: Pair) -> None:
    """What a CPA alone holds is asked about, warned of, and missed where it is ours and its key is not here."""
    short = test_keys().issue(GP, Purpose.SIGNING, lasts=END - START)
    file = agreement(end="2039-01-01T00:00:00Z").replace(_text(test_keys().der(GP, Purpose.SIGNING)), _text(short))
    register = with_cpa(file)
    assert short in list(certificates_to_ask_about(register, START))
    pair.use(register)
    assert await told(pair, END - 20 * DAY) == ["certificate 30"]


def _text(der: bytes) -> bytes:
    return base64.b64encode(der)
