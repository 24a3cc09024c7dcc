"""Commands for collaboration protocol agreements (CPA)."""

import asyncio
import getpass
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any

import typer
from cryptography import x509
from rich.markup import escape
from rich.text import Text

from adapters.cli.options import CONFIG, ConfigOption, JsonOption, read_file
from adapters.machine.system import SystemClock
from adapters.registry.difference import difference
from adapters.registry.importing import keep_version, with_cpa
from adapters.registry.parties_file import from_text
from adapters.settings import Settings, load_settings
from adapters.showing.speech import heading, headings, phrase, said, term
from adapters.showing.tables import console, plain, print_json, table_of
from adapters.store.postgres import PostgresStore
from adapters.wiring.engine import load_anchors, load_keys
from adapters.wiring.environment import check_environment
from adapters.wiring.opening import open_store
from adapters.words import command_showing as words
from adapters.xsd.files import SchemaFiles
from engine.agreements.cpa import Cpa, CpaParty, read_cpa
from engine.agreements.cpa_check import CpaFinding, usable
from engine.agreements.kept_cpas import KeptCpa, with_added
from engine.codes.command import CommandCode
from engine.codes.start import StartCode
from engine.errors import OwnFault, Refused, Severity
from engine.names import HerId
from engine.records.versions import RegistryVersion
from engine.register.parties import Registry
from engine.schemas import DocumentKind
from engine.trust.cpa_adding import Known, accept_cpa, judge_cpa, standing

cpa_app = typer.Typer(help="Agreements between two parties (CPA 2.0).", no_args_is_help=True)

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
        about = _data(cpa) if cpa else {"cpa_id": None}
        print_json({**about, "findings": [_finding(each) for each in findings], "verdict": verdict})
    else:
        _print(cpa, findings, verdict)
    raise typer.Exit(0 if verdict == "accept" else 1)


async def _known(settings: Settings) -> Known:
    async with open_store(settings) as store:
        return _known_with(settings, from_text((await _newest(store)).content))


def _known_with(settings: Settings, registry: Registry) -> Known:
    hosted = tuple(HerId(her_id) for her_id in settings.parties)
    return Known(registry, hosted, load_anchors(settings.keys.anchors), load_keys(settings).holds)


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
        version = await _newest(store)
        old = from_text(version.content)
        known = _known_with(settings, old)
        kept = with_added(old.cpas(), accept_cpa(known, cpa, now))
        new = old.with_cpas(kept)
        check_environment(settings, new, known.hosted)
        typer.echo("\n".join(map(said, difference(old, new))))
        if yes or typer.confirm(phrase(words.ADD)):
            number, digest = await keep_version(store, with_cpa(version, kept, data), data, getpass.getuser(), now)
            typer.echo(phrase(words.CPA_KEPT, number=number, digest=digest))


async def _newest(store: PostgresStore) -> RegistryVersion:
    versions = await store.registry_versions(1)
    if not versions:
        raise OwnFault(StartCode.NO_REGISTER)
    return versions[0]


@cpa_app.command("list")
def list_all(config: ConfigOption = CONFIG, as_json: JsonOption = False) -> None:
    """List the agreements that are kept, the newest last, and how each stands now."""
    asyncio.run(_list(load_settings(config), as_json=as_json))


async def _list(settings: Settings, *, as_json: bool) -> None:
    async with open_store(settings) as store:
        kept = from_text((await _newest(store)).content).cpas()
    now = SystemClock().now()
    if as_json:
        print_json([_kept_row(each, now) for each in kept])
        return
    table = table_of(
        heading("cpas"), *headings("CPAId", "between", "starts", "until", "standing", "entered"), wraps=["CPAId"]
    )
    for each in kept:
        days = [term("day", at) for at in (each.cpa.start, each.ends, each.added_at)]
        table.add_row(escape(each.cpa.id), ", ".join(each.hers), *days[:2], _standing(each, now), days[2])
    console().print(table)


_COLOURS = {"in force": "green", "late messages": "yellow"}


def _standing(kept: KeptCpa, now: datetime) -> Text:
    stands = standing(kept, now)
    return Text(phrase(words.STANDINGS[stands]), style=_COLOURS.get(stands, ""))


def _kept_row(kept: KeptCpa, now: datetime) -> dict[str, Any]:
    row = {"added_at": kept.added_at, "ends": kept.ends, "between": list(kept.hers), "standing": standing(kept, now)}
    return {"cpa_id": kept.cpa.id, "start": kept.cpa.start, **row}


@cpa_app.command("show")
def show(
    file: Annotated[str, typer.Argument(help="A CPA as XML, or the CPAId of one that is kept.")],
    config: ConfigOption = CONFIG,
    as_json: JsonOption = False,
) -> None:
    """Show what two parties have agreed on: Services, Actions, channels and certificates."""
    cpa = read_cpa(read_file(Path(file))) if Path(file).exists() else asyncio.run(_kept(load_settings(config), file))
    if as_json:
        print_json(_data(cpa))
        return
    _heading(cpa)
    for party in cpa.parties:
        _party(party)


async def _kept(settings: Settings, id: str) -> Cpa:
    async with open_store(settings) as store:
        kept = from_text((await _newest(store)).content).cpas()
    found = [each.cpa for each in kept if each.cpa.id.lower() == id.lower()]
    if not found:
        raise Refused(CommandCode.NO_CPA, id=id[:64])
    return found[-1]


def _data(cpa: Cpa) -> dict[str, Any]:
    return {
        "cpa_id": cpa.id,
        "version": cpa.version,
        "status": cpa.status,
        "start": cpa.start,
        "end": cpa.end,
        "parties": [_party_data(party) for party in cpa.parties],
    }


def _party_data(party: CpaParty) -> dict[str, Any]:
    return {
        "name": party.name,
        "her": party.her,
        "ids": [list(each) for each in party.ids],
        "bindings": plain(list(party.bindings)),
        "channels": plain(list(party.channels)),
        "certificates": [_certificate(id, der) for id, der in party.certificates.items()],
    }


def _certificate(id: str, der: bytes) -> dict[str, Any]:
    found = x509.load_der_x509_certificate(der)
    return {"id": id, "serial": f"{found.serial_number:x}", "valid_to": found.not_valid_after_utc}


def _heading(cpa: Cpa) -> None:
    out = console()
    out.print(f"[bold]{escape(cpa.id)}[/]  {escape(cpa.status)}")
    out.print(f"  {phrase(words.CPA_PERIOD, start=cpa.start, end=cpa.end)}")


def _party(party: CpaParty) -> None:
    out = console()
    out.print(f"\n[bold]{escape(party.name)}[/] (HER-id {party.her or phrase(words.NO_HER_ID)})")
    table = table_of(heading("messages"), *headings("service", "role", "action", "way", "channel"))
    for each in party.bindings:
        way = heading("out" if each.sends else "in")
        table.add_row(*(escape(text) for text in (each.service, each.role, each.action, way, each.channel)))
    out.print(table)
    for channel in party.channels:
        to = {"id": channel.id, "protocol": channel.protocol, "endpoints": ", ".join(channel.endpoints)}
        out.print(f"  {escape(phrase(words.CPA_CHANNEL, **to))}")
        receipts = words.CPA_RECEIPTS if channel.resend_interval else words.CPA_RECEIPTS_ONCE
        again = {"times": channel.resend_limit, "interval": channel.resend_interval}
        out.print(f"    {phrase(receipts, asked=channel.ack_requested, signed=channel.ack_signed, **again)}")
    for id, der in party.certificates.items():
        row = _certificate(id, der)
        said_of_it = phrase(words.CPA_CERTIFICATE, id=id, serial=row["serial"], end=row["valid_to"])
        out.print(f"  {escape(said_of_it)}")


def _finding(finding: CpaFinding) -> dict[str, str]:
    return {"severity": finding.severity, "place": finding.place, "text": said(finding.said)}


def _print(cpa: Cpa | None, findings: list[CpaFinding], verdict: str) -> None:
    out = console()
    out.print(f"[bold {'green' if verdict == 'accept' else 'red'}]{verdict}[/]")
    if cpa is not None:
        _heading(cpa)
    for each in findings:
        out.print(f"  {each.severity} {escape(each.place)}: {escape(said(each.said))}")
