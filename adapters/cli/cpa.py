"""Commands that judge a collaboration protocol agreement (CPA), or take one into use."""

import asyncio
import getpass
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from adapters.cli.cpa_list import cpa_app
from adapters.cli.options import CONFIG, ConfigOption, JsonOption, read_file
from adapters.machine.clocks import SystemClock
from adapters.registry.difference import difference
from adapters.registry.importing import keep_version, with_cpa
from adapters.registry.kept import from_text
from adapters.settings import Settings, load_settings
from adapters.showing.cpas import cpa_data, print_heading
from adapters.showing.speech import phrase, said
from adapters.showing.tables import console, plainly, print_json
from adapters.wiring.desk import newest_version
from adapters.wiring.environment import check_environment
from adapters.wiring.opening import open_store
from adapters.wiring.trust import known_with
from adapters.words import command_showing as words
from adapters.xsd.files import SchemaFiles
from engine.agreements.cpa import Cpa
from engine.agreements.cpa_check import CpaFinding, usable
from engine.agreements.cpa_reading import read_cpa
from engine.agreements.kept_cpas import with_added
from engine.errors import Refused, Severity
from engine.schemas import DocumentKind
from engine.trust.cpa_adding import accept_cpa, judge_cpa
from engine.trust.known import Known

FileArgument = Annotated[Path, typer.Argument(help="A CPA as XML.")]
AtOption = Annotated[
    datetime | None, typer.Option("--at", formats=["%Y-%m-%dT%H:%M:%S%z"], help="The time to judge at.")
]


@cpa_app.command("check")
def check(
    file: FileArgument,
    at: AtOption = None,
    config: Annotated[
        Path | None, typer.Option("--config", help="Judge as `cpa add` does: by this engine's register and keys.")
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Say whether an agreement can be used, and what should be asked about; exit 0 only for accept."""
    data, known = read_file(file), asyncio.run(_known(load_settings(config))) if config else None
    try:
        cpa = read_cpa(data)
        findings = [*judge_cpa(cpa, at or SystemClock().now(), known), *_against_schema(data)]
    except Refused as error:
        cpa, findings = None, [_refused(error)]
    verdict = "accept" if usable(findings) else "reject"
    if as_json:
        about = cpa_data(cpa) if cpa else {"cpa_id": None}
        print_json({**about, "findings": [_finding(each) for each in findings], "verdict": verdict})
    else:
        _print(cpa, findings, verdict)
    raise typer.Exit(0 if verdict == "accept" else 1)


async def _known(settings: Settings) -> Known:
    async with open_store(settings) as store:
        return known_with(settings, from_text((await newest_version(store)).content))


def _against_schema(data: bytes) -> list[CpaFinding]:
    """Return where a CPA departs from its schema: worth asking about, and no reason to refuse it."""
    faults = SchemaFiles().check(DocumentKind.AGREEMENT, data)
    return [CpaFinding(Severity.WARNING, fault.path, fault.said) for fault in faults]


def _refused(error: Refused) -> CpaFinding:
    return CpaFinding(Severity.ERROR, "file", error.statement)


@cpa_app.command("add")
def add(
    file: FileArgument,
    config: ConfigOption = CONFIG,
    yes: Annotated[bool, typer.Option("--yes", help="Add without asking.")] = False,
) -> None:
    """Take an agreement into use from its Start on; what it supersedes is shown first, and kept for late mail."""
    asyncio.run(_add(load_settings(config), read_file(file), yes=yes))


async def _add(settings: Settings, data: bytes, *, yes: bool) -> None:
    now, cpa = SystemClock().now(), read_cpa(data)
    async with open_store(settings) as store:
        version = await newest_version(store)
        old = from_text(version.content)
        known = known_with(settings, old)
        kept = with_added(old.cpas(), accept_cpa(known, cpa, now))
        new = old.with_cpas(kept)
        check_environment(settings, new, known.hosted)
        typer.echo("\n".join(map(said, difference(old, new))))
        if yes or typer.confirm(phrase(words.ADD)):
            number, digest = await keep_version(store, with_cpa(version, kept, data), data, getpass.getuser(), now)
            typer.echo(phrase(words.CPA_KEPT, number=number, digest=digest))


def _finding(finding: CpaFinding) -> dict[str, str]:
    return {"severity": finding.severity, "place": finding.place, "text": said(finding.said)}


def _print(cpa: Cpa | None, findings: list[CpaFinding], verdict: str) -> None:
    out = console()
    out.print(f"[bold {'green' if verdict == 'accept' else 'red'}]{verdict}[/]")
    if cpa is not None:
        print_heading(cpa)
    for each in findings:
        out.print(f"  {each.severity} {plainly(each.place)}: {plainly(said(each.said))}")
