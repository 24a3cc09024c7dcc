"""What people and programs see on standard output: tables and timelines, or JSON and nothing else."""

import json
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from pydantic_core import to_jsonable_python
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from engine.records import Event, Header, Inbound, InboxItem, Outbound, StoredEvent, Task
from engine.routing.parties import OSLO, Registry
from engine.states import delivery, inbound
from engine.verify import Report

_STYLES = {"drift": "bold red", "motpart": "yellow", "motor": "cyan", "fagsystem": "yellow", "": "green"}


def print_json(value: object) -> None:
    """Write one JSON document to standard output, UTF-8, times in ISO 8601 with zone."""
    print(json.dumps(plain(value), ensure_ascii=False, indent=2))  # noqa: T201 the output of a command


def plain(value: object) -> Any:  # noqa: ANN401 whatever JSON can hold
    """Return a value as JSON can hold it; bytes become hex, times ISO 8601, rows objects."""
    return to_jsonable_python(value, bytes_mode="hex")


def waits_for(found: Inbound | Outbound) -> str:
    """Return who must act next on a message, '' where nobody must."""
    if isinstance(found, Outbound):
        return delivery.OWNER_OF.get(found.state, "")
    return inbound.OWNER_OF.get(found.state, "")


def message_row(found: Inbound | Outbound) -> dict[str, Any]:
    """Return one line of the delivery log as data, the same keys for both directions."""
    out = isinstance(found, Outbound)
    header = found.header
    return {
        "id": str(found.id),
        "direction": "out" if out else "in",
        "at": (found.created_at if isinstance(found, Outbound) else found.received_at).isoformat(),
        "kind": found.kind.value if found.kind else None,
        "state": found.state.value,
        "waits_for": waits_for(found),
        "deadline": found.deadline.isoformat() if found.deadline else None,
        "attempts": found.attempts if isinstance(found, Outbound) else None,
        "msg_id": found.msg_id,
        "owner": found.owner,
        **_ids(header),
        "reason": found.reason,
    }


def _ids(header: Header) -> dict[str, str | None]:
    return {
        "from": header.from_her,
        "to": header.to_her,
        "message_id": header.message_id,
        "conversation_id": header.conversation_id,
        "ref_to_message_id": header.ref_to,
        "service": header.service,
        "action": header.action,
    }


def messages_table(rows: Iterable[Inbound | Outbound], registry: Registry, title: str = "Leveringslogg") -> Table:
    """Return the delivery log as a table in Norwegian, times in Europe/Oslo."""
    table = Table(title=title, title_justify="left", header_style="bold")
    for name in ("Tid", "", "Type", "Fra", "Til", "Tilstand", "Forsøk", "Venter på", "Id"):
        table.add_column(name, no_wrap=name in {"Tid", "Tilstand", "Id"})
    for found in rows:
        row = message_row(found)
        style = _STYLES.get(row["waits_for"], "")
        at = datetime.fromisoformat(row["at"]).astimezone(OSLO)
        state = f"[{style}]{row['state']}[/]" if style else row["state"]
        arrow = "ut" if row["direction"] == "out" else "inn"
        names = [_named(registry, row["from"]), _named(registry, row["to"])]
        tries = "" if row["attempts"] is None else str(row["attempts"])
        table.add_row(
            f"{at:%d.%m. %H:%M:%S}",
            arrow,
            row["kind"] or "ukjent",
            *names,
            state,
            tries,
            row["waits_for"],
            row["id"][:8],
        )
    return table


def _named(registry: Registry, her: str | None) -> str:
    party = registry.find(her)  # type: ignore[arg-type]
    return escape(f"{party.name} ({her})" if party else (her or "ukjent"))


def print_timeline(found: Inbound | Outbound, events: Sequence[StoredEvent], registry: Registry) -> None:
    """Write one message and everything that happened to it, in order."""
    console = Console()
    row = message_row(found)
    console.print(f"[bold]{row['kind'] or 'ukjent'}[/] {row['id']}  [bold]{row['state']}[/]")
    console.print(f"  fra {_named(registry, row['from'])} til {_named(registry, row['to'])}")
    for key in ("message_id", "msg_id", "conversation_id", "ref_to_message_id", "service", "action", "reason"):
        if row[key]:
            console.print(f"  {key}: {escape(str(row[key]))}")
    if row["deadline"]:
        console.print(f"  frist {_oslo(found.deadline)}, venter på {row['waits_for'] or 'ingen'}")
    for stored in events:
        console.print(f"  {_oslo(stored.event.at)}  {escape(_told(stored.event))}")


def _told(event: Event) -> str:
    details = "; ".join(f"{key} {value}" for key, value in event.data.items() if value)
    return f"{event.action} ({event.actor})" + (f": {details}" if details else "")


def _oslo(at: datetime | None) -> str:
    return f"{at.astimezone(OSLO):%d.%m.%Y %H:%M:%S}" if at else ""


def tasks_table(tasks: Sequence[Task]) -> Table:
    """Return open tasks as a table, the most urgent first."""
    table = Table(title="Oppgaver", title_justify="left", header_style="bold")
    for name in ("Frist", "Rolle", "Oppgave", "Gjelder", "Id"):
        table.add_column(name, no_wrap=name != "Oppgave")
    for task in tasks:
        table.add_row(_oslo(task.due), task.role, escape(task.text), str(task.subject)[:8], str(task.id))
    return table


def inbox_table(items: Sequence[InboxItem], registry: Registry) -> Table:
    """Return what stands in inboxes as a table."""
    table = Table(title="Innbokser", title_justify="left", header_style="bold")
    for name in ("Mottatt", "Innboks", "Fra", "Type", "MsgId", "Merknad"):
        table.add_column(name)
    for item in items:
        names = [_named(registry, item.receiver), _named(registry, item.sender)]
        table.add_row(_oslo(item.received_at), *names, item.message_type, item.msg_id, escape(item.note))
    return table


def report_data(report: Report) -> dict[str, Any]:
    """Return a verification report with the keys that `samvik verify --json` promises."""
    envelope = report.envelope
    return {
        "kind": report.kind,
        "message_id": envelope.message_id if envelope else None,
        "from": envelope.from_her if envelope else None,
        "to": envelope.to_her if envelope else None,
        "service": envelope.service if envelope else None,
        "action": envelope.action if envelope else None,
        "signature": report.signature,
        "certificate": report.certificate,
        "references": list(report.references),
        "findings": plain(list(report.findings)),
        "verdict": report.verdict,
        "note": report.note,
    }


def print_report(report: Report) -> None:
    """Write a verification report for a person."""
    console = Console()
    data = report_data(report)
    colour = {"accept": "green", "reject": "red", "quarantine": "yellow"}[report.verdict]
    console.print(f"[bold {colour}]{report.verdict}[/]  {report.kind}, signature {report.signature}")
    for key in ("message_id", "from", "to", "service", "action", "certificate"):
        console.print(f"  {key}: {escape(str(data[key] if data[key] is not None else '-'))}")
    for reference in report.references:
        console.print(f"  signed: {escape(reference or 'the envelope')}")
    for found in report.findings:
        console.print(
            f"  {found.severity} {found.code}, rule {found.rule}, {escape(found.location)}: {escape(found.description)}"
        )
    console.print(f"  {report.note}")
