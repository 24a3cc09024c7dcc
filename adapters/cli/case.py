"""Commands that take a step in a deviation case, or read one; each says who acts with --as ROLE@HER-ID."""

import asyncio
from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from adapters.cli.acting import Step, acting, as_person
from adapters.cli.case_list import AsOption, case_app
from adapters.cli.options import (
    CONFIG,
    AttachOption,
    ConfigOption,
    JsonOption,
    ReasonOption,
    new_private_file,
    read_file,
    read_files,
    sizes_of,
)
from adapters.settings import load_settings
from adapters.showing.case_rows import case_row, standing
from adapters.showing.cases import print_case, print_original
from adapters.showing.speech import phrase
from adapters.showing.tables import print_json
from adapters.wiring.engine import opened_engine
from adapters.words import case_showing as words
from engine.case.calendar import oslo_date
from engine.case.record import Case
from engine.casework import steps
from engine.casework.gather import find_case
from engine.casework.originals import original
from engine.casework.reading import read_case
from engine.commit.actor import Person, owner_of
from engine.commit.ports import Ports
from engine.deviation.fields import Answer, Deviation
from engine.deviation.xml import read_deviation
from engine.names import her_id
from engine.outbound.attachments import check_sizes

FinalOption = Annotated[bool, typer.Option("--final/--interim", help="A final answer, or an interim one.")]


def take_step(config: Path, who: str, step: Step[Case], *, as_json: bool) -> None:
    """Let somebody take a step in a case, and show where it stands then."""

    async def step_today(ports: Ports, by: Person) -> tuple[Case, date]:
        return await step(ports, by), oslo_date(ports.clock.now())

    case, today = as_person(config, who, step_today)
    if as_json:
        print_json(case_row(case))
    else:
        typer.echo(standing(case, today))


@case_app.command("new")
def new(
    file: Annotated[Path, typer.Argument(help="A deviation as XML (schemas/xsd/deviation.xsd).")],
    who: AsOption,
    to: Annotated[str, typer.Option("--to", help="HER-id of the receiver.")],
    attach: AttachOption = None,
    config: ConfigOption = CONFIG,
    as_json: JsonOption = False,
) -> None:
    """Open a draft, with the files that go along."""
    data, sizes = read_file(file), sizes_of(attach or [])

    async def step(ports: Ports, by: Person) -> Case:
        deviation, receiver = _deviation(ports, data), her_id(to)
        check_sizes(ports.policy, by.her_id, receiver, sizes, ports.clock.now())
        return await steps.new(ports, by, deviation, receiver, read_files(attach or []))

    take_step(config, who, step, as_json=as_json)


@case_app.command("submit")
def submit(
    number: str,
    who: AsOption,
    file: Annotated[Path | None, typer.Option("--file", help="The corrected deviation as XML.")] = None,
    config: ConfigOption = CONFIG,
    as_json: JsonOption = False,
) -> None:
    """Hand a draft to the quality assurer."""
    data = read_file(file) if file else None

    async def step(ports: Ports, by: Person) -> Case:
        return await steps.submit(ports, by, number, _deviation(ports, data) if data else None)

    take_step(config, who, step, as_json=as_json)


@case_app.command("return")
def return_(
    number: str, who: AsOption, reason: ReasonOption = "", config: ConfigOption = CONFIG, as_json: JsonOption = False
) -> None:
    """Give a draft back to the reporter."""
    take_step(config, who, lambda ports, by: steps.return_(ports, by, number, reason), as_json=as_json)


@case_app.command("reject")
def reject(
    number: str, who: AsOption, reason: ReasonOption = "", config: ConfigOption = CONFIG, as_json: JsonOption = False
) -> None:
    """End what is no deviation to the other side."""
    take_step(config, who, lambda ports, by: steps.reject(ports, by, number, reason), as_json=as_json)


@case_app.command("approve")
def approve(number: str, who: AsOption, config: ConfigOption = CONFIG, as_json: JsonOption = False) -> None:
    """Approve a draft for sending."""
    take_step(config, who, lambda ports, by: steps.approve(ports, by, number), as_json=as_json)


@case_app.command("send")
def send(
    number: str,
    who: AsOption,
    to: Annotated[str | None, typer.Option("--to", help="Another receiver, for what went astray.")] = None,
    config: ConfigOption = CONFIG,
    as_json: JsonOption = False,
) -> None:
    """Send an approved deviation; a running node carries it."""
    receiver = her_id(to) if to else None
    take_step(config, who, lambda ports, by: steps.send(ports, by, number, receiver), as_json=as_json)


@case_app.command("confirm")
def confirm(number: str, who: AsOption, config: ConfigOption = CONFIG, as_json: JsonOption = False) -> None:
    """Confirm to the other side that a received deviation is taken and registered; once a case."""
    take_step(config, who, lambda ports, by: steps.confirm(ports, by, number), as_json=as_json)


@case_app.command("answer")
def answer(
    number: str,
    who: AsOption,
    text: Annotated[str, typer.Option("--text", help="The assessment.")],
    cause: Annotated[str, typer.Option("--cause", help="The cause.")] = "",
    measures: Annotated[str, typer.Option("--measures", help="What is done about it.")] = "",
    attach: AttachOption = None,
    final: FinalOption = True,
    config: ConfigOption = CONFIG,
    as_json: JsonOption = False,
) -> None:
    """Answer a received deviation in its thread, with the files that go along."""
    given, sizes = Answer(text, cause, measures), sizes_of(attach or [])

    async def step(ports: Ports, by: Person) -> Case:
        if sizes:
            case = await find_case(ports, owner_of(ports.policy, by), number)
            check_sizes(ports.policy, case.our_her, case.their_her, sizes, ports.clock.now())
        return await steps.answer(ports, by, number, given, final=final, files=read_files(attach or []))

    take_step(config, who, step, as_json=as_json)


@case_app.command("assess")
def assess(
    number: str, who: AsOption, final: FinalOption = True, config: ConfigOption = CONFIG, as_json: JsonOption = False
) -> None:
    """Judge a plain reply: final, or interim."""
    take_step(config, who, lambda ports, by: steps.judge_reply(ports, by, number, final=final), as_json=as_json)


@case_app.command("remind")
def remind(number: str, who: AsOption, config: ConfigOption = CONFIG, as_json: JsonOption = False) -> None:
    """Send a reminder that a restore has left in doubt; all others are sent by themselves."""
    take_step(config, who, lambda ports, by: steps.remind(ports, by, number), as_json=as_json)


@case_app.command("withdraw")
def withdraw(
    number: str, who: AsOption, reason: ReasonOption = "", config: ConfigOption = CONFIG, as_json: JsonOption = False
) -> None:
    """Take a deviation back."""
    take_step(config, who, lambda ports, by: steps.withdraw(ports, by, number, reason), as_json=as_json)


@case_app.command("close")
def close(number: str, who: AsOption, config: ConfigOption = CONFIG, as_json: JsonOption = False) -> None:
    """Close an answered case."""
    take_step(config, who, lambda ports, by: steps.close(ports, by, number), as_json=as_json)


@case_app.command("show")
def show(number: str, who: AsOption, config: ConfigOption = CONFIG, as_json: JsonOption = False) -> None:
    """Show one case: what it says, what was said in its thread, and all that happened. The look is logged."""
    asyncio.run(_show(config, number, who, as_json=as_json))


async def _show(config: Path, number: str, who: str, *, as_json: bool) -> None:
    async with opened_engine(load_settings(config)) as opened:
        read = await read_case(opened.ports, acting(config, who), number)
        events = await opened.store.timeline(read.case.owner, read.case.id)
        if as_json:
            said = {"deviation": read.deviation, "thread": read.thread, "files": read.files}
            print_json({**case_row(read.case), **said, "events": [each.event for each in events]})
        else:
            print_case(read, events, opened.ports.policy.registry)


@case_app.command("original")
def show_original(
    number: str,
    who: AsOption,
    reason: ReasonOption = "",
    out: Annotated[Path | None, typer.Option("--out", help="A new file for the whole document, else its text.")] = None,
    config: ConfigOption = CONFIG,
) -> None:
    """Read what the other side sent, as it came; it may name a patient. Who looked, and why, is logged first."""

    def read() -> bytes:
        return as_person(config, who, lambda ports, by: original(ports, by, number, reason))

    if out is None:
        print_original(read())
        return
    with new_private_file(out) as file:
        file.write(read())
    typer.echo(phrase(words.WRITTEN, path=out))


def _deviation(ports: Ports, data: bytes) -> Deviation:
    return read_deviation(data, ports.policy.schemas)
