"""The choice of inbox, one row of design.md 6 each."""

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from engine.codes.document import DocumentCode
from engine.codes.register import RegisterCode
from engine.errors import OwnFault, PayloadFault
from engine.names import HerId
from engine.register.parties import OSLO
from engine.register.receiver import choose_receiver
from tests.fakes.world.clock import START
from tests.fakes.world.parties import (
    GP_SERVICE,
    LEVANGER,
    LEVANGER_SERVICE,
    LEVANGER_WARD,
    VERDAL,
    VERDAL_RETIRED,
    VERDAL_SERVICE,
    registry,
)

END = datetime(2026, 2, 2, tzinfo=OSLO)
"""The first moment in Oslo after the retired party's last day."""


@dataclass(frozen=True)
class Row:
    """Whom a document is addressed to, and whose inbox it goes to; `says` are codes and parameters of what is said."""

    addressed: str
    owner: str
    receiver: str
    says: tuple[str, ...] = ()
    at: datetime = START
    in_thread: bool = False
    register: dict[str, Any] = field(default_factory=dict)


def ward(**keys: Any) -> Row:
    """Return a document to the ward, with these keys of the ward changed."""
    return Row(LEVANGER_WARD, LEVANGER, LEVANGER_SERVICE, register={f"her_{LEVANGER_WARD}": keys})


def retired(days: float = 1, **changes: dict[str, Any]) -> Row:
    """Return a document to the retired party some days after its end, with other parties changed."""
    at = END + timedelta(days=days)
    return Row(VERDAL_RETIRED, VERDAL, VERDAL_SERVICE, (RegisterCode.TO_SUCCESSOR,), at=at, register=changes)


TAKEN = {
    "open with an inbox": Row(LEVANGER_SERVICE, LEVANGER, LEVANGER_SERVICE),
    "the enterprise itself": Row(LEVANGER, LEVANGER, LEVANGER),
    "a department without an inbox": replace(
        ward(), says=(RegisterCode.TO_CONTACT_POINT, "Korttidsavdelingen", LEVANGER_WARD)
    ),
    "a contact point of its own": replace(
        ward(contact_point=LEVANGER), receiver=LEVANGER, says=(RegisterCode.TO_CONTACT_POINT,)
    ),
    "its first day": replace(ward(inbox="engine", valid_from="2026-03-02"), receiver=LEVANGER_WARD),
    "its last day": replace(retired(), at=END - timedelta(seconds=1), receiver=VERDAL_RETIRED, says=()),
    "retired just now": replace(retired(0), says=("Sykehjem", VERDAL_RETIRED, RegisterCode.TO_SUCCESSOR)),
    "retired 89 days ago": retired(89),
    "retired 90 days ago": retired(90),
    "in a thread, long after": replace(retired(900), in_thread=True),
    "over two mergers": replace(
        retired(20, her_8090201={"valid_to": "2026-02-10", "successor": VERDAL}), receiver=VERDAL
    ),
    "a successor without an inbox": retired(1, her_8090209={"successor": VERDAL}, her_8090200={"inbox": "none"}),
}


def chosen(row: Row):
    """Choose the receiver for a row."""
    register = registry(**row.register)
    return choose_receiver(register, HerId(row.addressed), HerId(row.owner), row.at, in_thread=row.in_thread)


@pytest.mark.parametrize("row", TAKEN.values(), ids=TAKEN)
def test_a_document_goes_to_the_inbox_of_its_row(row):
    """Receiver and note are those of the row; the one addressed is kept, and a note stands only where they differ."""
    found = chosen(row)
    assert (found.receiver, found.addressed_to) == (row.receiver, row.addressed)
    assert all(word in found.note for word in row.says)
    assert bool(found.note) == (row.receiver != row.addressed)


UNUSED = (DocumentCode.RECEIVER_NOT_IN_USE,)
CLOSED = {"valid_to": "2026-02-10"}
REFUSED = {
    "unknown": Row("8099999", LEVANGER, "", (DocumentCode.UNKNOWN_RECEIVER, "8099999")),
    "another enterprise's": Row(GP_SERVICE, LEVANGER, "", (GP_SERVICE,)),
    "the neighbour's in the same engine": Row(VERDAL_SERVICE, LEVANGER, "", (VERDAL_SERVICE,)),
    "retired 91 days ago": replace(retired(91), says=(VERDAL_SERVICE, DocumentCode.RECEIVER_REPLACED)),
    "retired 90 days and a second ago": replace(retired(90 + 1 / 86400), says=(VERDAL_SERVICE,)),
    "a successor in another enterprise": replace(
        retired(1, her_8090209={"successor": LEVANGER_SERVICE}), says=(LEVANGER_SERVICE, DocumentCode.RECEIVER_REPLACED)
    ),
    "not open yet, though a successor is named": replace(
        ward(valid_from="2026-03-03", successor=LEVANGER_SERVICE), says=UNUSED
    ),
    "closed without successor": replace(ward(valid_to="2026-03-01"), says=UNUSED),
    "not open yet": replace(ward(valid_from="2026-03-03"), says=UNUSED),
    "in a thread, but without successor": replace(ward(valid_to="2026-03-01"), says=UNUSED, in_thread=True),
    "a successor that is closed too": replace(retired(20, her_8090201=CLOSED), says=UNUSED),
    "successors in a ring": replace(retired(20, her_8090201={**CLOSED, "successor": VERDAL_RETIRED}), says=UNUSED),
}


@pytest.mark.parametrize("row", REFUSED.values(), ids=REFUSED)
def test_a_document_that_nobody_may_take_gets_e21_with_its_reason(row):
    """The sender is told that the receiver does not exist, and who took over where somebody did."""
    with pytest.raises(PayloadFault) as caught:
        chosen(row)
    assert caught.value.code == "E21"
    assert caught.value.location == "/MsgHead/MsgInfo/Receiver"
    assert all(word in str(caught.value.said) for word in row.says)


@pytest.mark.parametrize("contact", [{"contact_point": None}, {"inbox": "none", "contact_point": LEVANGER}])
def test_a_tree_without_any_inbox_is_our_own_fault(contact):
    """Where our register leads nowhere, the sender is not to blame."""
    register = registry(her_8090100=contact)
    with pytest.raises(OwnFault, match=r"register\.no_inbox"):
        choose_receiver(register, LEVANGER_WARD, LEVANGER, START, in_thread=False)
