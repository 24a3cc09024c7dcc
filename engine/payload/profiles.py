"""Message functions, and what each carries: one row set a function (payload.md A and B)."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from engine.agreements.carriers import NEVER

_OID = "2.16.578.1.12.4.1.1."
HELSEFAGLIG = "DIALOG_HELSEFAGLIG"
ABOUT_PATIENT = (f"{_OID}7322", "6")
"""The TemaKodet of a first Helsefaglig dialog that has to name a contact at the receiver (HIS 1077)."""


@dataclass(frozen=True, slots=True)
class Profile:
    """What a message function carries.

    `versions` and `part` say which Dialogmelding, `codes` the known values of its TemaKodet or TypeForesp by code
    system (OID), `patient` whether the profile expects one; `reply` is true where it always answers something.
    """

    versions: tuple[str, ...]
    part: Literal["Notat", "Foresporsel"]
    codes: Mapping[str, frozenset[str]]
    patient: bool = True
    reply: bool = False


def _codes(**lists: str) -> dict[str, frozenset[str]]:
    """Return code lists by OID: each name is `s` and the last arc, each value the codes with blanks between."""
    return {_OID + name.removeprefix("s"): frozenset(values.split()) for name, values in lists.items()}


PROFILES: Mapping[str, Profile] = {
    HELSEFAGLIG: Profile(("1.1",), "Notat", _codes(s7322="6 7 8 9")),
    "DIALOG_NOTAT": Profile(("1.0",), "Notat", _codes(s7321="1 2 3 4 5", s9153="3 5 99", s8127="1 2 3 4 8 9")),
    "DIALOG_FORESPORSEL": Profile(
        ("1.0",),
        "Foresporsel",
        _codes(s9152="1 4 6 7 8 99", s9153="3 5 99", s9065="1 2 3 4 5", s8331="5", s8125="1 2 3 4 5", s8129="1 2"),
    ),
    "DIALOG_SVAR": Profile(
        ("1.0",), "Notat", _codes(s9069="1 2 3 4 5 9", s9153="3 5 99", s8126="1 2 3 4", s8128="1 2"), reply=True
    ),
    # Its code 2, withdrawn, is one of those that are noted where they come, and never sent.
    NEVER: Profile(("1.0",), "Notat", _codes(s8117="1 9"), reply=True),
}
"""The dialogs that have a profile. NAV's own codes count too: its messages are real."""

FUNCTIONS = frozenset(PROFILES) | {
    "APPREC",
    "DIALOG_INNBYGGER_EKONTAKT",
    "DIALOG_INNBYGGER_TEST",
    "DIALOG_OVERFORING_JOURNAL",
    "DIALOG_STATUS_HENVISNING",
    "EBREV",
    "EPIKRISE",
    "HELSEOPPLYSNINGER_LEGE",
    "HELSEOPPL_SOKNAD",
    "HENVISNING",
    "HODE_FOLGEBREV",
    "INNLEGGELSESRAPPORT",
    "LOG_AVMELDING",
    "LOG_DOD",
    "LOG_INNLAGT",
    "LOG_UTSKREVET",
    "LOG_UTSKRIVNINGSKLAR",
    "MEDISINSKE_OPPLYSNINGER",
    "ORIENTERING_TJENESTETILBUD",
    "TILBAKEMELD",
    "TVERRFAGLIG_EPIKRISE",
    "UTSKRIVNINGSRAPPORT",
}
"""The message functions (8279) that are known; payload.md A names them."""
