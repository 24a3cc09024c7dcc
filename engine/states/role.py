"""Who acts, and whose turn it is: roles that persons have, and systems."""

from enum import StrEnum


class Role(StrEnum):
    """A role. The first group is persons', the second systems'."""

    MELDER = "melder"
    KVALITETSSIKRER = "kvalitetssikrer"
    SAKSBEHANDLER = "saksbehandler"
    SEKRETARIAT = "sekretariat"
    DRIFT = "drift"

    MOTOR = "motor"
    MOTPART = "motpart"
    FAGSYSTEM = "fagsystem"
    EPOSTTJENER = "e-posttjener"
    EDIALOG = "edialog"


PERSONS = frozenset({Role.MELDER, Role.KVALITETSSIKRER, Role.SAKSBEHANDLER, Role.SEKRETARIAT, Role.DRIFT})
"""Roles that persons have."""
