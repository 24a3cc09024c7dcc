"""How certificates are shown on standard output: a table for people, rows for programs."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from rich.markup import escape
from rich.table import Table

from adapters.showing.tables import table_of
from engine.agreements.purpose import Purpose
from engine.case.calendar import oslo_date
from engine.operations.certificates import Standing

_PURPOSE = {Purpose.SIGNING: "signering", Purpose.ENCRYPTION: "kryptering", None: "utsteder"}
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
    table = table_of(
        "Sertifikater",
        "HER-id",
        "Part",
        "Til",
        "Fra",
        "Går ut",
        "Merknad",
        "Serienummer",
        wraps=("Part", "Serienummer"),
    )
    for row in rows:
        cells = (row.her or "-", row.name, _PURPOSE[row.purpose])
        dates = (f"{oslo_date(row.starts):%d.%m.%Y}", f"{oslo_date(row.until):%d.%m.%Y}")
        table.add_row(*(escape(cell) for cell in cells), *dates, _remark(row, now), f"{row.serial:x}")
    return table


def _remark(row: Standing, now: datetime) -> str:
    if row.key_here is False and row.until > now:
        return "[bold red]nøkkelen mangler[/]"
    if row.until <= now:
        return "utgått, avløst" if row.replaced else "[bold red]utgått[/]"
    if row.replaced:
        return "avløses"
    days = (row.until - now).days
    return f"[yellow]{days} dager igjen[/]" if days < _SOON_DAYS else ("planlagt" if row.starts > now else "")
