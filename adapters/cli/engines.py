"""Commands that start whole engines: to run one, to measure two, to tell a story with three.

What they start is imported when they do: it takes a second, for which no other command should wait.
"""

from pathlib import Path
from typing import Annotated

import typer

from adapters.bench.figures import Door
from adapters.cli.options import CONFIG, ConfigOption, JsonOption
from adapters.settings import load_settings
from adapters.showing.tables import print_json
from engine.codes.disk import DiskCode
from engine.errors import Refused

engines_app = typer.Typer()

IN_FLIGHT = 40
"""Enough to keep two cores busy (docs/performance.md)."""
DOOR_RATE = 20.0


@engines_app.command()
def run(
    config: ConfigOption = CONFIG,
    processes: Annotated[int, typer.Option("--processes", min=1, max=64, help="Nodes to start.")] = 1,
) -> None:
    """Run the engine until it is stopped: take mail in, process, send."""
    from adapters.machine.logs import configure_logs
    from adapters.node.supervisor import run_nodes

    configure_logs()
    run_nodes(config, load_settings(config), processes)


@engines_app.command()
def bench(
    seconds: Annotated[float, typer.Option("--seconds", min=1, help="How long a window is.")] = 60,
    windows: Annotated[
        int, typer.Option("--windows", min=1, help="How many windows follow each other; the median counts.")
    ] = 1,
    warm_up: Annotated[float, typer.Option("--warm-up", min=0, help="Seconds before the first window.")] = 10,
    processes: Annotated[int, typer.Option("--processes", min=1, max=64, help="Nodes an engine.")] = 1,
    in_flight: Annotated[
        int, typer.Option("--in-flight", min=1, help="Messages that are kept under way without their AppRec.")
    ] = IN_FLIGHT,
    rate: Annotated[
        float | None,
        typer.Option("--rate", min=0.1, help="Messages (with --door: mails) a second, at an even rate instead."),
    ] = None,
    door: Annotated[
        Door | None, typer.Option("--door", help="Measure how long mail takes from this door to the inbox instead.")
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Measure how many exchanges a second two engines on this machine carry, or how long mail takes to the inbox."""
    from adapters.bench.arrivals import arrivals
    from adapters.bench.exchanges import Plan, exchanges
    from adapters.bench.fleet import Pressure
    from adapters.bench.showing import print_figures, print_latencies
    from adapters.machine.logs import configure_logs

    configure_logs(quiet=True)

    def say(text: str) -> None:
        typer.echo(text, err=True)

    if door is not None:
        latencies = arrivals(door, rate or DOOR_RATE, seconds, processes, say)
        print_json(latencies) if as_json else print_latencies(latencies)
    else:
        plan = Plan(seconds, windows, warm_up, processes, Pressure(None if rate else in_flight, rate))
        figures = exchanges(plan, say)
        print_json(figures) if as_json else print_figures(figures)


def _check_writable(path: Path) -> None:
    """Find out before a long story that its summary could not be written."""
    try:
        path.touch()
    except OSError as error:
        raise Refused(DiskCode.NOT_WRITTEN, path=path, error=error.strerror) from None


@engines_app.command()
def demo(
    once: Annotated[bool, typer.Option("--once", help="Tell the story once and stop.")] = False,
    as_json: Annotated[Path | None, typer.Option("--json", help="Write a summary to this file.")] = None,
) -> None:
    """Three engines on this machine exchange deviations, and everything goes wrong that can."""
    from adapters.demo import tell
    from adapters.machine.logs import configure_logs

    configure_logs(quiet=True)
    if as_json is not None:
        _check_writable(as_json)
    raise typer.Exit(0 if tell(once=once, summary=as_json) else 1)
