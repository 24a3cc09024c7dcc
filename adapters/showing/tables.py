"""What people and programs see on standard output: tables and timelines, or JSON and nothing else."""

import json
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from pydantic_core import to_jsonable_python
from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from adapters.showing.speech import (
    action_of,
    cause_of,
    detail,
    heading,
    headings,
    kind_of,
    phrase,
    role_of,
    said,
    term,
    turn,
)
from adapters.text.printable import printable
from adapters.text.streams import write_utf8
from adapters.words import command_showing as words
from engine.names import HerId
from engine.records.inbox import ReceivedDocument
from engine.records.log import Alarm, Event, StoredEvent, Task
from engine.records.messages import Header, IncomingMail, OutgoingMessage
from engine.register.parties import Registry
from engine.states import delivery, inbound
from engine.times import in_oslo

WIDTH = 132
_STYLES = {"drift": "bold red", "motpart": "yellow", "motor": "cyan", "fagsystem": "yellow", "": "green"}


def plainly(text: str) -> str:
    """Return a text as a printed table or line shows it: nothing in it is markup, and no terminal obeys it."""
    return escape(printable(text))


def print_json(value: object) -> None:
    """Write one JSON document to standard output, UTF-8, times in ISO 8601 with zone."""
    write_utf8(json.dumps(plain(value), ensure_ascii=False, indent=2))


def plain(value: object) -> Any:  # noqa: ANN401 whatever JSON can hold
    """Return a value as JSON can hold it; bytes become hex, times ISO 8601, rows objects."""
    return to_jsonable_python(value, bytes_mode="hex")


def waits_for(found: IncomingMail | OutgoingMessage) -> str:
    """Return who must act next on a message, '' where nobody must."""
    if isinstance(found, OutgoingMessage):
        return delivery.OWNER_OF.get(found.state, "")
    return inbound.OWNER_OF.get(found.state, "")


def message_row(found: IncomingMail | OutgoingMessage) -> dict[str, Any]:
    """Return one line of the delivery log as data, the same keys for both directions."""
    out = isinstance(found, OutgoingMessage)
    header = found.header
    return {
        "id": str(found.id),
        "direction": "out" if out else "in",
        "at": (found.created_at if isinstance(found, OutgoingMessage) else found.received_at).isoformat(),
        "kind": found.kind.value if found.kind else None,
        "state": found.state.value,
        "waits_for": waits_for(found),
        "deadline": found.deadline.isoformat() if found.deadline else None,
        "attempts": found.attempts if isinstance(found, OutgoingMessage) else None,
        "msg_id": found.msg_id,
        "owner": found.owner,
        **_ids(header),
        "reason": said(found.reason),
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


def console() -> Console:
    """Return standard output for people; where it is no terminal, wide enough for the tables."""
    found = Console(highlight=False)
    return found if found.is_terminal else Console(highlight=False, width=WIDTH)


def messages_table(rows: Iterable[IncomingMail | OutgoingMessage], registry: Registry, title: str = "") -> Table:
    """Return the delivery log as a table, times in Europe/Oslo."""
    columns = headings("time", "way", "type", "from", "to", "state", "tries", "waits for", "id")
    table = table_of(title or heading("delivery log"), *columns, wraps=headings("from", "to"))
    for found in rows:
        row = message_row(found)
        style = _STYLES.get(row["waits_for"], "")
        state = f"[{style}]{row['state']}[/]" if style else row["state"]
        way = heading(row["direction"])
        names = [name_of(registry, row["from"]), name_of(registry, row["to"])]
        tries = "" if row["attempts"] is None else str(row["attempts"])
        at = in_oslo(datetime.fromisoformat(row["at"]))
        kind, waits = kind_of(row["kind"]), turn(row["waits_for"])
        table.add_row(term("instant", at), way, kind, *names, state, tries, waits, row["id"][:8])
    return table


def table_of(title: str, *columns: str, wraps: Sequence[str] = ()) -> Table:
    """Return an empty table; only the columns in `wraps` may break lines."""
    table = Table(title=title, title_justify="left", caption_justify="left", header_style="bold", box=SIMPLE_HEAD)
    for column in columns:
        table.add_column(column, no_wrap=column not in wraps, overflow="fold" if column in wraps else "ellipsis")
    return table


def name_of(registry: Registry, her_id: str | None) -> str:
    """Return a party's name as the register has it, else its HER-id."""
    party = registry.find(HerId(her_id)) if her_id else None
    return plainly(party.name if party else (her_id or heading("unknown")))


def _named(registry: Registry, her_id: str | None) -> str:
    return f"{name_of(registry, her_id)} ({her_id})" if her_id else heading("unknown")


def print_timeline(
    found: IncomingMail | OutgoingMessage, events: Sequence[StoredEvent], registry: Registry, word: str = ""
) -> None:
    """Write one message, what the partner wrote about it, and everything that happened to it, in order."""
    out = console()
    row = message_row(found)
    out.print(f"[bold]{kind_of(row['kind'])}[/] {row['id']}  [bold]{row['state']}[/]")
    sender, receiver = _named(registry, row["from"]), _named(registry, row["to"])
    out.print(f"  {heading('line from')} {sender} {heading('line to')} {receiver}")
    for key in ("message_id", "msg_id", "conversation_id", "ref_to_message_id", "service", "action", "reason"):
        if row[key]:
            out.print(f"  {key}: {plainly(said(str(row[key])))}")
    if row["deadline"]:
        waits = turn(row["waits_for"]) or heading("nobody")
        out.print(f"  {heading('line due')} {oslo(found.deadline)}, {heading('line waits for')} {waits}")
    for line in word.splitlines():
        out.print(f"  {heading('partner wrote')}: {plainly(line)}")
    for stored in events:
        out.print(f"  {oslo(stored.event.at)}  {plainly(event_line(stored.event))}")


def event_line(event: Event) -> str:
    """Return one event as a line."""
    details = "; ".join(f"{detail(key)} {said(value)}" for key, value in event.data.items() if value)
    return f"{action_of(event.action)} ({event.actor})" + (f": {details}" if details else "")


def oslo(at: datetime | None) -> str:
    """Return a time as people in Norway read it, '' for none."""
    return f"{term('instant', at)}:{at:%S}" if at else ""


def task_row(task: Task) -> dict[str, Any]:
    """Return a task as data; its text is in words, and `statement` is what a program can tell it by."""
    return {**plain(task), "text": said(task.text), "statement": task.text}


def told(task: Task) -> str:
    """Return what a task says, and how many mails it counts."""
    text = said(task.text)
    return text if task.count == 1 else phrase(words.TASK_COUNT, said=text, number=task.count)


def tasks_table(tasks: Sequence[Task]) -> Table:
    """Return open tasks as a table, the most urgent first."""
    table = table_of(heading("tasks"), *headings("due", "role", "task", "about", "id"), wraps=headings("task"))
    for task in tasks:
        about = str(task.latest or task.subject)[:8]
        table.add_row(oslo(task.due), role_of(task.role), plainly(told(task)), about, str(task.id))
    return table


def alarms_table(alarms: Sequence[Alarm], registry: Registry) -> Table:
    """Return alarms as a table."""
    columns = headings("since", "partner", "cause", "failures", "state", "id")
    table = table_of(heading("alarms"), *columns, wraps=headings("partner"))
    for alarm in alarms:
        who = name_of(registry, alarm.partner) if alarm.partner else heading("our way out")
        table.add_row(oslo(alarm.first_at), who, cause_of(alarm.cause), str(alarm.count), alarm.state, str(alarm.id))
    return table


def inbox_table(items: Sequence[ReceivedDocument], registry: Registry) -> Table:
    """Return what stands in inboxes as a table."""
    columns = headings("received", "inbox", "from", "type", "id", "remark")
    table = table_of(heading("inboxes"), *columns, wraps=headings("inbox", "from", "remark"))
    for item in items:
        names = [name_of(registry, item.receiver), name_of(registry, item.sender)]
        table.add_row(oslo(item.received_at), *names, item.message_type, str(item.id)[:8], plainly(said(item.note)))
    return table
