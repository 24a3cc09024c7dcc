"""The benchmark's figures for people."""

from collections.abc import Callable

from rich.console import Console
from rich.table import Table

from adapters.bench.figures import Figures, Latencies, WindowFigures
from adapters.showing.tables import console

_ROWS: tuple[tuple[str, str, Callable[[WindowFigures], float]], ...] = (
    ("exchanges a second", ".2f", lambda each: each.exchanges_per_second),
    ("CPU ms an exchange, engines and PostgreSQL", ".1f", lambda each: each.cpu_ms),
    ("commits an exchange", ".1f", lambda each: each.commits),
    ("statements an exchange", ".1f", lambda each: each.statements),
    ("WAL kB an exchange", ".1f", lambda each: each.wal_bytes / 1000),
    ("WAL flushes an exchange", ".1f", lambda each: each.wal_fsyncs),
)


def print_figures(figures: Figures) -> None:
    """Write the figures as small tables."""
    out = console()
    out.print(_headline(figures))
    out.print(
        f"  {100 * figures.ratio_by_rate:.1f} % of the crypto floor by rate "
        f"({figures.floor.exchanges_per_second:.1f}/s on all cores), "
        f"{100 * figures.ratio_by_cpu:.1f} % by processor time ({figures.floor.cpu_ms:.2f} ms an exchange)"
    )
    whole = figures.lost == figures.duplicated == figures.unfinished == figures.refused == 0
    out.print(
        f"  [{'green' if whole else 'bold red'}]{figures.sent} sent, {figures.lost} lost, {figures.duplicated} "
        f"duplicated, {figures.unfinished} unfinished, {figures.refused} refused[/]"
    )
    peaks = ", ".join(f"{peak:.0f} MB in the largest {engine} node" for engine, peak in figures.peak_rss_mb.items())
    out.print(f"  {figures.mail_bytes} bytes a business mail; {peaks}")
    _print_windows(out, figures)
    _print_latencies(out, figures)
    _print_costs(out, "process", figures.median.cpu_ms_by_process)
    _print_costs(out, "stage", figures.median.cpu_ms_by_stage)


def _headline(figures: Figures) -> str:
    pressure = f"{figures.rate:g} due a second" if figures.rate else f"{figures.in_flight} under way at once"
    count, seconds = len(figures.windows), figures.median.seconds
    return (
        f"[bold]{figures.median.exchanges_per_second:.2f} exchanges/s[/] with {figures.processes} node(s) an engine, "
        f"{pressure}; {count} window(s) of {seconds:.0f} s"
    )


def _print_windows(out: Console, figures: Figures) -> None:
    table = Table("", "median", "least", "most", title="Windows", title_justify="left")
    for name, form, of in _ROWS:
        values = [of(each) for each in figures.windows]
        table.add_row(name, *(format(value, form) for value in (of(figures.median), min(values), max(values))))
    out.print(table)


def _print_latencies(out: Console, figures: Figures) -> None:
    since = "it was due" if figures.rate else "the call that submits"
    table = Table("until", "p50 ms", "p95 ms", title=f"Latency since {since}", title_justify="left")
    for part, latency in figures.median.latency.items():
        table.add_row(part, f"{latency.p50_ms:.0f}", f"{latency.p95_ms:.0f}")
    out.print(table)


def _print_costs(out: Console, what: str, costs: dict[str, float]) -> None:
    table = Table(what, "CPU ms an exchange", title_justify="left")
    for name, cost in costs.items():
        table.add_row(name, f"{cost:.2f}")
    out.print(table)


def print_latencies(found: Latencies) -> None:
    """Write how long mail took from a door to the inbox."""
    out = console()
    how = f", looked into every {found.poll_seconds} s" if found.poll_seconds else ""
    out.print(f"[bold]{found.door}{how}: {found.rate:g} mails/s[/] with {found.processes} node(s),")
    out.print(f"  in the inbox after {found.latency_p50_ms:.0f} ms (median), {found.latency_p95_ms:.0f} ms (95 %)")
    colour = "green" if found.lost == found.duplicated == 0 else "bold red"
    out.print(f"  [{colour}]{found.sent} sent, {found.lost} lost, {found.duplicated} duplicated[/]")
    out.print(f"  {found.peak_rss_mb:.0f} MB in the largest node")
