"""How collaboration protocol agreements are shown on standard output: tables for people, rows for programs."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from cryptography import x509
from rich.table import Table
from rich.text import Text

from adapters.showing.speech import heading, headings, phrase, term
from adapters.showing.tables import console, plain, plainly, table_of
from adapters.words import command_showing as words
from engine.agreements.cpa import Cpa, CpaParty
from engine.agreements.kept_cpas import KeptCpa, standing

_COLOURS = {"in force": "green", "late messages": "yellow"}


def cpas_table(kept: Iterable[KeptCpa], now: datetime) -> Table:
    """Return the kept CPAs as a table, and how each stands."""
    table = table_of(
        heading("cpas"), *headings("CPAId", "between", "starts", "until", "standing", "entered"), wraps=["CPAId"]
    )
    for each in kept:
        days = [term("day", at) for at in (each.cpa.start, each.ends, each.added_at)]
        table.add_row(plainly(each.cpa.id), ", ".join(each.hers), *days[:2], _standing(each, now), days[2])
    return table


def _standing(kept: KeptCpa, now: datetime) -> Text:
    stands = standing(kept, now)
    return Text(phrase(words.STANDINGS[stands]), style=_COLOURS.get(stands, ""))


def kept_row(kept: KeptCpa, now: datetime) -> dict[str, Any]:
    """Return a kept CPA as data, and how it stands."""
    row = {"added_at": kept.added_at, "ends": kept.ends, "between": list(kept.hers), "standing": standing(kept, now)}
    return {"cpa_id": kept.cpa.id, "start": kept.cpa.start, **row}


def cpa_data(cpa: Cpa) -> dict[str, Any]:
    """Return a CPA as data."""
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


def print_cpa(cpa: Cpa) -> None:
    """Print what two parties have agreed on."""
    print_heading(cpa)
    for party in cpa.parties:
        _party(party)


def print_heading(cpa: Cpa) -> None:
    """Print which CPA it is, and from when until when it holds."""
    out = console()
    out.print(f"[bold]{plainly(cpa.id)}[/]  {plainly(cpa.status)}")
    out.print(f"  {phrase(words.CPA_PERIOD, start=cpa.start, end=cpa.end)}")


def _party(party: CpaParty) -> None:
    out = console()
    out.print(f"\n[bold]{plainly(party.name)}[/] (HER-id {party.her or phrase(words.NO_HER_ID)})")
    table = table_of(heading("messages"), *headings("service", "role", "action", "way", "channel"))
    for each in party.bindings:
        way = heading("out" if each.sends else "in")
        table.add_row(*(plainly(text) for text in (each.service, each.role, each.action, way, each.channel)))
    out.print(table)
    for channel in party.channels:
        to = {"id": channel.id, "protocol": channel.protocol, "endpoints": ", ".join(channel.endpoints)}
        out.print(f"  {plainly(phrase(words.CPA_CHANNEL, **to))}")
        receipts = words.CPA_RECEIPTS if channel.resend_interval else words.CPA_RECEIPTS_ONCE
        again = {"times": channel.resend_limit, "interval": channel.resend_interval}
        out.print(f"    {phrase(receipts, asked=channel.ack_requested, signed=channel.ack_signed, **again)}")
    for id, der in party.certificates.items():
        row = _certificate(id, der)
        said_of_it = phrase(words.CPA_CERTIFICATE, id=id, serial=row["serial"], end=row["valid_to"])
        out.print(f"  {plainly(said_of_it)}")
