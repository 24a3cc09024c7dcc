"""Commands for collaboration protocol agreements (CPA)."""

from datetime import datetime
from pathlib import Path
from typing import Annotated, Any

import typer
from cryptography import x509
from rich.markup import escape

from adapters.cli_options import JsonOption, read_file
from adapters.showing import console, plain, print_json, table_of
from adapters.system import SystemClock
from engine.errors import Refused, Severity
from engine.msh.cpa import Cpa, CpaParty, read_cpa
from engine.msh.cpa_check import CpaFinding, check_cpa, usable

cpa_app = typer.Typer(help="Agreements between two parties (CPA 2.0).", no_args_is_help=True)

FileArgument = Annotated[Path, typer.Argument(help="A CPA as XML.")]
AtOption = Annotated[
    datetime | None, typer.Option("--at", formats=["%Y-%m-%dT%H:%M:%S%z"], help="The time to judge at.")
]


@cpa_app.command("check")
def check(file: FileArgument, at: AtOption = None, as_json: JsonOption = False) -> None:
    """Say whether an agreement can be used, and what should be asked about; exit 0 only for accept."""
    data = read_file(file)
    try:
        cpa = read_cpa(data)
        findings = check_cpa(cpa, at or SystemClock().now())
    except Refused as error:
        cpa, findings = None, [CpaFinding(Severity.ERROR, "file", str(error))]
    verdict = "accept" if usable(findings) else "reject"
    if as_json:
        about = _data(cpa) if cpa else {"cpa_id": None}
        print_json({**about, "findings": plain(findings), "verdict": verdict})
    else:
        _print(cpa, findings, verdict)
    raise typer.Exit(0 if verdict == "accept" else 1)


@cpa_app.command("show")
def show(file: FileArgument, as_json: JsonOption = False) -> None:
    """Show what two parties have agreed on: Services, Actions, channels and certificates."""
    cpa = read_cpa(read_file(file))
    if as_json:
        print_json(_data(cpa))
        return
    _heading(cpa)
    for party in cpa.parties:
        _party(party)


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
    out.print(f"  gjelder fra {cpa.start:%d.%m.%Y} til {cpa.end:%d.%m.%Y}")


def _party(party: CpaParty) -> None:
    out = console()
    out.print(f"\n[bold]{escape(party.name)}[/] (HER-id {party.her or 'mangler'})")
    table = table_of("Meldinger", "Tjeneste", "Rolle", "Handling", "Vei", "Kanal")
    for each in party.bindings:
        way = "ut" if each.sends else "inn"
        table.add_row(*(escape(text) for text in (each.service, each.role, each.action, way, each.channel)))
    out.print(table)
    for channel in party.channels:
        again = f"{channel.resend_limit} ganger, hver {channel.resend_interval}" if channel.resend_interval else "ikke"
        out.print(f"  kanal {escape(channel.id)}: {escape(channel.protocol)} {escape(', '.join(channel.endpoints))}")
        out.print(f"    kvittering {channel.ack_requested}, signert {channel.ack_signed}, sendes om igjen {again}")
    for id, der in party.certificates.items():
        row = _certificate(id, der)
        out.print(f"  sertifikat {escape(id)}: serienummer {row['serial']}, til {row['valid_to']:%d.%m.%Y}")


def _print(cpa: Cpa | None, findings: list[CpaFinding], verdict: str) -> None:
    out = console()
    out.print(f"[bold {'green' if verdict == 'accept' else 'red'}]{verdict}[/]")
    if cpa is not None:
        _heading(cpa)
    for each in findings:
        out.print(f"  {each.severity} {escape(each.place)}: {escape(each.text)}")
