"""From two looks to the figures of a window: what counts in it, whose processor time it was, the median of several."""

from uuid import UUID

import pytest

from adapters.bench.counting import Counters
from adapters.bench.figures import Latency
from adapters.bench.hearing import Point
from adapters.bench.windows import Course, Look, courses, median_of, window
from adapters.bench.worker import Sent


def course(due, complete=None, apprec=None):
    """Return an exchange that was due then; the call that submits it returned a tenth of a second later."""
    reached = {Point.COMPLETE: complete, Point.APPREC: apprec}
    return Course(due, due + 0.1, {point: at for point, at in reached.items() if at is not None})


def look(at, sender=0.0, receiver=0.0, server=0.0, own=0.0, drafts=0.0, counters=(0, 0, 0, 0)):
    """Return what was used until a moment, by two nodes with a few stages."""
    nodes = {
        "sender 1": {"submit": sender, "loop": sender, "bench": drafts},
        "receiver 1": {"motta": receiver},
    }
    return Look(at, nodes, server, own, Counters(*counters))


def test_an_exchange_counts_in_the_window_in_which_it_was_complete():
    """The beginning belongs to a window, its end to the next one, and what is not complete to none."""
    found = [course(1, 9.9), course(1, 10.0), course(2, 19.9), course(2, 20.0), course(3)]
    assert window(look(10), look(20), found, even=False).exchanges == 2
    assert window(look(20), look(30), found, even=False).exchanges == 1
    assert window(look(10), look(20), found, even=False).exchanges_per_second == 0.2


def test_processor_time_is_of_the_window_alone_and_of_each_process():
    """What a sending node did to make drafts is the benchmark's own, and no part of the exchange's."""
    before = look(10, sender=1.0, receiver=2.0, server=3.0, own=4.0, drafts=5.0)
    after = look(20, sender=1.5, receiver=2.25, server=3.5, own=4.25, drafts=5.25)
    figures = window(before, after, [course(11, 12), course(11, 13)], even=False)
    assert figures.cpu_ms_by_process == {"sender 1": 500.0, "receiver 1": 125.0, "postgresql": 250.0, "bench": 250.0}
    assert figures.cpu_ms == 875.0
    assert figures.cpu_ms_by_stage == {
        "sender submit": 250.0,
        "sender loop": 250.0,
        "postgresql": 250.0,
        "receiver motta": 125.0,
    }


def test_a_stage_that_began_in_the_window_counts_whole():
    """A node that had no work of a kind before has nothing to take off."""
    after = look(20)
    after.nodes["receiver 1"]["innboks"] = 0.5
    assert window(look(10), after, [course(11, 12)], even=False).cpu_ms_by_stage["receiver innboks"] == 500.0


def test_two_nodes_of_an_engine_share_its_stages():
    """A stage is an engine's, however many nodes it has; a process is a node's."""
    before, after = look(10), look(20, receiver=0.25)
    before.nodes["receiver 2"], after.nodes["receiver 2"] = {"motta": 1.0}, {"motta": 1.5}
    figures = window(before, after, [course(11, 12)], even=False)
    assert figures.cpu_ms_by_stage["receiver motta"] == 750.0
    assert (figures.cpu_ms_by_process["receiver 1"], figures.cpu_ms_by_process["receiver 2"]) == (250.0, 500.0)


def test_what_the_server_counted_is_told_for_each_exchange():
    """Only what came between the two looks, divided by the exchanges."""
    before, after = look(10, counters=(100, 1000, 10_000, 7)), look(20, counters=(106, 1080, 510_000, 13))
    figures = window(before, after, [course(11, 12), course(11, 13)], even=False)
    counted = (figures.commits, figures.statements, figures.wal_bytes, figures.wal_fsyncs)
    assert counted == (3.0, 40.0, 250_000.0, 3.0)


def test_a_window_without_an_exchange_divides_by_nothing():
    """The engines' costs are shown whole, and no latency is made up."""
    figures = window(look(10), look(20, receiver=1.0), [], even=False)
    assert (figures.exchanges, figures.cpu_ms) == (0, 1000.0)
    assert set(figures.latency.values()) == {Latency(0.0, 0.0)}


def test_latency_counts_from_when_the_message_was_due():
    """Each part has its own: the call, the inbox, the AppRec, the end."""
    figures = window(look(10), look(20), [course(11, complete=11.5, apprec=11.25)], even=False)
    assert figures.latency["submitted"].p50_ms == pytest.approx(100)
    assert figures.latency["AppRec received"] == Latency(250.0, 250.0)
    assert figures.latency["AppRec acknowledged"] == Latency(500.0, 500.0)
    assert figures.latency["in the inbox"] == Latency(0.0, 0.0)


def test_at_an_even_rate_the_slow_ones_are_not_hidden_by_coming_late():
    """What was due in the window counts, though it was complete after it; what was due before does not."""
    found = [course(5, 11), course(12, 12.1), course(13, 33)]
    even = window(look(10), look(20), found, even=True).latency["AppRec acknowledged"]
    closed = window(look(10), look(20), found, even=False).latency["AppRec acknowledged"]
    assert even.p50_ms == pytest.approx((100 + 20_000) / 2)
    assert closed.p50_ms == pytest.approx((6_000 + 100) / 2)


def test_the_median_is_of_each_figure_by_itself():
    """One disturbed window of three moves nothing but the spread."""
    calm, other, disturbed = (
        window(look(0), look(10, receiver=used), [course(1, 2)] * count, even=False)
        for used, count in ((1.0, 40), (1.1, 44), (5.0, 10))
    )
    middle = median_of([calm, disturbed, other])
    assert middle.exchanges_per_second == 4.0
    assert middle.cpu_ms == 25.0
    assert middle.cpu_ms_by_process["receiver 1"] == 25.0
    assert middle.latency == calm.latency
    assert median_of([calm]) == calm


def test_the_course_of_an_exchange_is_put_together_from_what_all_nodes_heard():
    """Whichever node heard a row first says when; only rows that the databases hold count."""
    message, mail, apprec, unknown = (UUID(int=number) for number in range(1, 5))
    nothing = {point: {} for point in Point}
    heard = [
        nothing | {Point.APPREC: {message: 3.0}},
        nothing | {Point.INBOX: {mail: 2.5, unknown: 1.0}, Point.COMPLETE: {apprec: 5.0, unknown: 1.0}},
        nothing | {Point.INBOX: {mail: 2.0}, Point.COMPLETE: {apprec: 4.0}},
    ]
    sent = [Sent(message, "a", 1.0, 1.5), Sent(UUID(int=9), "b", 1.0, 1.5)]
    first, second = courses(sent, heard, inbox=[(mail, "a")], completed={apprec: "a"})
    assert first == Course(1.0, 1.5, {Point.INBOX: 2.0, Point.APPREC: 3.0, Point.COMPLETE: 4.0})
    assert second == Course(1.0, 1.5, {})
    assert courses(sent, heard, inbox=[(mail, "a")], completed={})[0].complete is None
