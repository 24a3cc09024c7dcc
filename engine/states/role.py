"""Who acts, and whose turn it is: roles that persons have, and roles that systems have."""

from enum import StrEnum


class Role(StrEnum):
    """A role that a person has at a party."""

    MELDER = "melder"
    KVALITETSSIKRER = "kvalitetssikrer"
    SAKSBEHANDLER = "saksbehandler"
    SEKRETARIAT = "sekretariat"
    DRIFT = "drift"


class SystemRole(StrEnum):
    """A role that a system has: this engine, the other side, a record system (EPJ), a mail server, eDialog."""

    MOTOR = "motor"
    MOTPART = "motpart"
    FAGSYSTEM = "fagsystem"
    EPOSTTJENER = "e-posttjener"
    EDIALOG = "edialog"


Turn = Role | SystemRole
"""Who must act next."""
