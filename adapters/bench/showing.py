"""The benchmark's figures for people."""

from rich.table import Table

from adapters.bench.figures import Figures, Latencies
from adapters.showing.tables import console


def print_figures(figures: Figures) -> None:
    """Write the figures as two small tables."""
    out = console()
    share = 100 * figures.exchanges_per_second / max(figures.crypto_floor_per_second, 0.01)
    out.print(f"[bold]{figures.exchanges_per_second:.2f} exchanges/s[/] with {figures.processes} node(s) an engine,")
    out.print(f"  {share:.1f} % of the crypto floor ({figures.crypto_floor_per_second:.1f}/s on all cores)")
    out.print(f"  latency {figures.latency_p50_ms:.0f} ms (median), {figures.latency_p95_ms:.0f} ms (95 %)")
    out.print(f"  {figures.exchanges} exchanges in {figures.seconds:.1f} s; {figures.mail_bytes} bytes a business mail")
    colour = "green" if figures.lost == figures.duplicated == 0 else "bold red"
    out.print(f"  [{colour}]{figures.sent} sent, {figures.lost} lost, {figures.duplicated} duplicated[/]")
    out.print(f"  {figures.peak_rss_mb:.0f} MB in the largest node")
    table = Table("stage", "CPU ms a message", title="Where the time goes", title_justify="left")
    for stage, cost in sorted(figures.cpu_ms_by_stage.items(), key=lambda row: -row[1]):
        table.add_row(stage, f"{cost:.2f}")
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
