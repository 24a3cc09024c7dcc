"""The figures as people see them, and the waits before and after the windows."""

from adapters.bench import exchanges
from adapters.bench.counting import Counters
from adapters.bench.figures import Figures, Floor, Statement
from adapters.bench.fleet import Pressure
from adapters.bench.hearing import Point
from adapters.bench.showing import print_figures
from adapters.bench.windows import Course, Look, median_of, window


def figures(lost=0, rate=None):
    """Return what a run of three windows of ten seconds tells, of 40, 50 and 60 exchanges."""
    looks = [
        Look(10.0 * n, {"sender 1": {"submit": 2.0 * n}, "receiver 1": {"motta": 1.0 * n}}, 0.5 * n, 0.1 * n, counted)
        for n, counted in enumerate(Counters(150 * n, 2000 * n, 12_000_000 * n, 150 * n) for n in range(4))
    ]
    windows = []
    for n, count in enumerate((40, 50, 60)):
        at = 10.0 * n + 1
        done = [Course(at, at + 0.1, dict.fromkeys(Point, at + 0.25))] * count
        windows.append(window(looks[n], looks[n + 1], done, even=False))
    floor = Floor(100.0, 7.0)
    peaks, statements = {"sender": 140.0, "receiver": 130.0}, [Statement(1.0, 2.0, "SELECT 1")]
    return Figures(
        median_of(windows), windows, floor, 0.05, 0.1, 150, lost, 0, 0, 0, peaks, 100_000, 1, 40, rate, statements
    )


def test_people_see_the_median_with_its_spread_the_floor_and_the_costs(capsys):
    """The headline, both ratios, a row of the windows, a part's latency, a process and a stage."""
    print_figures(figures())
    shown = capsys.readouterr().out
    lines = [" ".join(line.replace("│", " ").split()) for line in shown.splitlines()]
    assert lines[0] == "5.00 exchanges/s with 1 node(s) an engine, 40 under way at once; 3 window(s) of 10 s"
    assert "5.0 % of the crypto floor by rate (100.0/s on all cores), 10.0 % by processor time" in shown
    assert "exchanges a second 5.00 4.00 6.00" in lines
    assert "CPU ms an exchange, engines and PostgreSQL 70.0 58.3 87.5" in lines
    assert "commits an exchange 3.0 2.5 3.8" in lines
    assert "WAL kB an exchange 240.0 200.0 300.0" in lines
    assert "AppRec acknowledged 250 250" in lines
    assert lines.count("postgresql 10.00") == 2
    assert "sender 1 40.00" in lines
    assert "sender submit 40.00" in lines
    assert "150 sent, 0 lost, 0 duplicated, 0 unfinished, 0 refused" in shown


def test_at_an_even_rate_people_see_the_rate(capsys):
    """Latency then counts from when it was due."""
    print_figures(figures(lost=3, rate=2.5))
    shown = capsys.readouterr().out
    assert "2.5 due a second" in shown
    assert "Latency since it was due" in shown
    assert "3 lost" in shown


class Under:
    """A database in which less and less is under way, down to `last`."""

    def __init__(self, first, last):
        self.left, self.last = first, last

    def unfinished(self):
        """Return how much is left, one less each time."""
        left, self.left = self.left, max(self.left - 1, self.last)
        return left


def test_the_wait_ends_when_nothing_is_under_way(monkeypatch):
    """However long it takes, as long as something moves."""
    monkeypatch.setattr(exchanges, "LOOK_SECONDS", 0)
    assert exchanges._drain([Under(5, 0), Under(9, 0)]) == 0


def test_the_wait_ends_when_nothing_moves_and_tells_what_is_left(monkeypatch):
    """Two of one engine's do not come."""
    monkeypatch.setattr(exchanges, "LOOK_SECONDS", 0)
    monkeypatch.setattr(exchanges, "HOPE_SECONDS", 0.05)
    assert exchanges._drain([Under(5, 2), Under(1, 0)]) == 2


class Counting:
    """Nodes that complete three exchanges between two looks."""

    def __init__(self):
        self.looks = 0

    def complete(self):
        """Return how many are complete."""
        self.looks += 1
        return 3 * self.looks


def plan(pressure):
    """Return a short plan."""
    return exchanges.Plan(seconds=1, windows=1, warm_up=0, processes=1, pressure=pressure)


def test_windows_begin_when_as_many_are_complete_as_are_under_way(monkeypatch):
    """The first ones met engines without a queue; at an even rate there is nothing to wait for."""
    monkeypatch.setattr(exchanges, "LOOK_SECONDS", 0)
    steady, even, never = Counting(), Counting(), Counting()
    exchanges._become_steady(steady, plan(Pressure(10, None)))
    exchanges._become_steady(even, plan(Pressure(None, 5.0)))
    monkeypatch.setattr(exchanges, "STEADY_SECONDS", 0)
    exchanges._become_steady(never, plan(Pressure(10, None)))
    assert (steady.looks, even.looks, never.looks) == (4, 1, 1)


def test_a_long_statement_shows_its_beginning_and_its_end():
    """What it locks stands last."""
    shown = exchanges._shortened(f"SELECT {'column, ' * 100}FROM outbound WHERE id = $1 FOR UPDATE")
    assert shown.startswith("SELECT column")
    assert shown.endswith("FROM outbound WHERE id = $1 FOR UPDATE")
    assert len(shown) < 210
    assert exchanges._shortened("SELECT 1") == "SELECT 1"
