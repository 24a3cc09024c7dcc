"""The benchmark's arithmetic: what counts as lost or doubled, what a percentile is, what a deviation of 20 kB is."""

import random
from dataclasses import replace

from adapters.bench.counting import compare
from adapters.bench.filling import DEVIATION_BYTES, Drafts, filled
from adapters.bench.floor import SAMPLE_SECONDS, Exchange, Samples, crypto_floor
from adapters.bench.reading import percentile
from engine.deviation.xml import read_deviation, write_deviation
from tests.fakes.world.surroundings import DEVIATION


def test_what_was_sent_and_is_in_the_inbox_once_is_neither_lost_nor_doubled():
    """The order of arrival does not matter."""
    assert compare(["a", "b", "c"], ["c", "a", "b"]) == (0, 0)


def test_what_is_not_in_the_inbox_is_lost():
    """Each missing MsgId counts once."""
    assert compare(["a", "b", "c"], ["b"]) == (2, 0)


def test_what_is_in_the_inbox_again_is_doubled():
    """Each item beyond the first counts, also of a MsgId that nobody sent."""
    assert compare(["a"], ["a", "a", "a", "x", "x"]) == (0, 3)


def test_percentiles_are_of_the_values_measured():
    """The median and the 95th percentile lie within the values; a single value is its own."""
    values = [float(number) for number in range(1, 102)]
    assert percentile(values, 50) == 51.0
    assert percentile(values, 95) == 96.0
    assert percentile([7.0], 95) == 7.0
    assert percentile([], 50) == 0.0


def test_each_deviation_has_twenty_kilobytes_and_a_text_of_its_own():
    """The structured document is 20 kB give or take a word, and no two are alike."""
    chance = random.Random(7)
    first, second = (filled(read_deviation(DEVIATION), chance) for _ in range(2))
    for each in (first, second):
        assert abs(len(write_deviation(each)) - DEVIATION_BYTES) < 50
    assert first.description != second.description
    assert replace(first, description="") == replace(second, description="")


def test_each_draft_has_the_same_size_and_a_text_of_its_own():
    """Drafts come from pieces, but no two are alike, and only their description differs from the example."""
    example = read_deviation(DEVIATION)
    drafts = Drafts(example, random.Random(7))
    made = [drafts.next() for _ in range(100)]
    assert {len(write_deviation(each)) for each in made} == {DEVIATION_BYTES}
    assert len({each.description for each in made}) == 100
    assert {replace(each, description="") for each in made} == {replace(example, description="")}


def test_the_crypto_floor_does_what_it_says():
    """One exchange of the floor runs through with a mail that is no whole number of cipher blocks."""
    Exchange(mail_bytes=12_345).perform()


def test_the_crypto_floor_by_rate_counts_all_cores():
    """A short measurement with a process a core gives a rate."""
    assert crypto_floor(12_345, seconds=0.1) > 0


def test_the_crypto_floor_by_processor_time_is_sampled():
    """Each sample takes its time, and tells what one exchange of it costs: at least four signatures."""
    samples = Samples(12_345)
    for number in range(1, 4):
        samples.take()
        assert samples.used >= number * SAMPLE_SECONDS
    assert 0.5 < samples.cpu_ms() <= samples.used * 1000
