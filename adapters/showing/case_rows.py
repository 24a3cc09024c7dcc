"""Cases as rows: data for programs, and a table in the language of the command line."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from rich.table import Table

from adapters.showing.speech import phrase, spoken, term
from adapters.showing.tables import name_of, plain, table_of
from adapters.words import case_showing as words
from adapters.words.language import in_language
from engine.case.record import Case
from engine.register.parties import Registry
from engine.states.case import OPEN, PARTNER_HAS_IT


def case_row(case: Case) -> dict[str, Any]:
    """Return a case as data, with who must act next."""
    return {**plain(case), "waits_for": OPEN[case.state][0] if case.state in OPEN else ""}


def standing(case: Case, today: date) -> str:
    """Return where a case stands after a step, and the day that its answer is due, which may have passed."""
    now = phrase(words.STANDING, number=case.number, state=case.state)
    if case.due is None or case.state not in PARTNER_HAS_IT:
        return now
    return f"{now} {phrase(words.DUE_PASSED if case.due < today else words.DUE, day=case.due)}"


def cases_table(cases: Sequence[Case], registry: Registry, title: str = "") -> Table:
    """Return cases as a table, in the language of the command line."""
    tongue = spoken()
    columns = {name: in_language(row, tongue) for name, row in words.COLUMNS.items()}
    table = table_of(title or in_language(words.CASES, tongue), *columns.values(), wraps=(columns["partner"],))
    for case in cases:
        table.add_row(
            case.number,
            in_language(words.BY_US if case.reporting else words.TO_US, tongue),
            name_of(registry, case.their_her),
            case.state,
            term("day", case.due, tongue) if case.due else "",
            term("instant", case.deadline, tongue) if case.deadline else "",
            term("owner", case_row(case)["waits_for"], tongue),
        )
    return table
