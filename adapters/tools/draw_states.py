"""Draw the state machines into docs/states.md from their tables: `make states`.

A test holds that page against what this draws, so that the pictures cannot fall behind.
"""

import re
from collections.abc import Mapping
from enum import StrEnum
from pathlib import Path

from engine.states.alarm import ALARM
from engine.states.apprec import APPREC
from engine.states.case import CASE
from engine.states.delivery import DELIVERY
from engine.states.inbound import INBOUND
from engine.states.table import Otherwise

PAGE = Path(__file__).parents[2] / "docs" / "states.md"
MACHINES: dict[str, Mapping[StrEnum, Mapping[StrEnum, StrEnum | Otherwise]]] = {
    "delivery": DELIVERY,  # type: ignore[dict-item]
    "inbound": INBOUND,  # type: ignore[dict-item]
    "case": CASE,  # type: ignore[dict-item]
    "alarm": ALARM,  # type: ignore[dict-item]
    "apprec": APPREC,  # type: ignore[dict-item]
}


def drawn(table: Mapping[StrEnum, Mapping[StrEnum, StrEnum | Otherwise]]) -> str:
    """Return a Mermaid diagram of every move in a table; events that lead the same way share an arrow."""
    lines = ["```mermaid", "stateDiagram-v2", "    direction LR"]
    for state, row in table.items():
        ways: dict[StrEnum, list[str]] = {}
        for event, target in row.items():
            if not isinstance(target, Otherwise) and target != state:
                ways.setdefault(target, []).append(event.value)
        lines += [f"    {state} --> {target}: {', '.join(events)}" for target, events in ways.items()]
    return "\n".join([*lines, "```"])


def redrawn(text: str) -> str:
    """Return the page's text with each machine drawn anew between its marks."""
    for name, table in MACHINES.items():
        mark = re.compile(rf"(<!-- {name} -->\n).*?(\n<!-- /{name} -->)", re.DOTALL)
        text = mark.sub(lambda found, table=table: found.group(1) + drawn(table) + found.group(2), text)  # type: ignore[misc]
    return text


if __name__ == "__main__":
    PAGE.write_text(redrawn(PAGE.read_text("utf-8")), "utf-8")
