"""How certificates are shown on standard output: a table for people, rows for programs."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from rich.table import Table

from adapters.showing.speech import heading, headings, term
from adapters.showing.tables import plainly, table_of
from engine.agreements.purpose import Purpose
from engine.operations.certificates import Standing

_PURPOSE = {Purpose.SIGNING: "signing", Purpose.ENCRYPTION: "encryption", None: "issuer"}
_SOON_DAYS = 60


def certificate_row(row: Standing, now: datetime) -> dict[str, Any]:
    """Return one certificate as data. `key_here` is null where the key is a partner's."""
    return {
        "her": row.her or None,
        "name": row.name,
        "purpose": row.purpose,
        "serial": f"{row.serial:x}",
        "starts": row.starts,
        "until": row.until,
        "days_left": (row.until - now).days,
        "replaced": row.replaced,
        "key_here": row.key_here,
    }


def certificates_table(rows: Sequence[Standing], now: datetime) -> Table:
    """Return the certificates as a table; what needs action is marked."""
    columns = headings("HER-id", "party", "purpose", "starts", "ends", "remark", "serial number")
    table = table_of(heading("certificates"), *columns, wraps=headings("party", "serial number"))
    for row in rows:
        cells = (row.her or "-", row.name, heading(_PURPOSE[row.purpose]))
        dates = (term("day", row.starts), term("day", row.until))
        table.add_row(*(plainly(cell) for cell in cells), *dates, _remark(row, now), f"{row.serial:x}")
    return table


def _remark(row: Standing, now: datetime) -> str:
    if row.key_here is False and row.until > now:
        return f"[bold red]{heading('key missing')}[/]"
    if row.until <= now:
        return heading("ended and replaced") if row.replaced else f"[bold red]{heading('ended')}[/]"
    if row.replaced:
        return heading("is replaced")
    days = (row.until - now).days
    if days < _SOON_DAYS:
        return f"[yellow]{days} {heading('days left')}[/]"
    return heading("planned") if row.starts > now else ""
