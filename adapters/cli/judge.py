"""Commands that judge one file alone: no configuration, no database. Exit 0 only for accept."""

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from adapters.cli.options import JsonOption, read_file
from adapters.machine.clocks import SystemClock
from adapters.registry.parties_file import load_registry
from adapters.showing.reports import document_data, print_document, print_report, report_data
from adapters.showing.tables import print_json
from adapters.wiring.engine import load_carriers, load_services
from adapters.xsd.files import SchemaFiles
from engine.conformance.validate import validate
from engine.msh.mime import MailLimits
from engine.verdict.verify import verify

judge_app = typer.Typer()


@judge_app.command("verify")
def verify_mail(
    file: Annotated[Path, typer.Argument(help="One ebXML mail as it was received, or its envelope alone (.xml).")],
    at: Annotated[
        datetime | None, typer.Option("--at", formats=["%Y-%m-%dT%H:%M:%S%z"], help="The time to judge at.")
    ] = None,
    trust: Annotated[Path | None, typer.Option("--trust", help="A parties file: whose certificates count.")] = None,
    allow_sha1: Annotated[
        bool, typer.Option("--allow-sha1", help="Take SHA-1 signatures, as an agreement with allow_sha1 does.")
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """Judge one mail as receipt does, without a database; exit 0 only for accept."""
    register = load_registry(trust) if trust else None
    now = at or SystemClock().now()
    services = load_services(load_carriers())
    mail = read_file(file)
    report = verify(mail, now, register, MailLimits(), SchemaFiles(), services=services, allow_sha1=allow_sha1)
    if as_json:
        print_json(report_data(report))
    else:
        print_report(report)
    raise typer.Exit(0 if report.verdict == "accept" else 1)


@judge_app.command("validate")
def validate_document(
    file: Annotated[Path, typer.Argument(help="One business document: MsgHead, AppRec, or a deviation.")],
    as_json: JsonOption = False,
) -> None:
    """Judge one business document without a database, as the strictest agreement does; exit 0 only for accept."""
    report = validate(read_file(file), SchemaFiles())
    if as_json:
        print_json(document_data(report))
    else:
        print_document(report)
    raise typer.Exit(0 if report.verdict == "accept" else 1)
