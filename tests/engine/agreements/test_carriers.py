"""Carriers come from configuration and never carry a deviation as HIS 1151."""

import pytest

from engine.agreements.carriers import carriers_from
from engine.codes.agreement import AgreementCode
from engine.errors import OwnFault
from tests.engine.payload.payload_examples import CARRIERS

ROW = {
    "enabled": True,
    "message_type": "DIALOG_NOTAT",
    "message_type_name": "Notat",
    "dialog_version": "1.0",
    "tema_code": "2",
    "tema_system": "2.16.578.1.12.4.1.1.7321",
    "tema_name": "Melding om avvik",
    "apprec_version": "1.0",
    "patient": "absent",
    "service": "S-DIALOG_NOTAT",
    "action": "DIALOG_NOTAT",
    "sender_role": "DIALOG_NOTATsender",
    "receiver_role": "DIALOG_NOTATreceiver",
}


def test_the_shipped_rows_are_those_of_the_design():
    """The configuration has the default, the dialog 1.0 row, and the patient row switched off."""
    assert set(CARRIERS) == {"samvik-1", "dialog-1.0", "patient"}
    assert [CARRIERS[name].enabled for name in ("samvik-1", "dialog-1.0", "patient")] == [True, True, False]
    assert CARRIERS["samvik-1"].service == "S-DIALOG_HELSEFAGLIG"
    assert CARRIERS["patient"].patient == "required"


def test_every_shipped_row_follows_the_pattern_of_service_action_and_roles():
    """Service, Action and Roles are built from the message function (payload.md F)."""
    for carrier in CARRIERS.values():
        kind = carrier.message_type
        found = (carrier.service, carrier.action, carrier.sender_role, carrier.receiver_role)
        assert found == (f"S-{kind}", kind, f"{kind}sender", f"{kind}receiver")


@pytest.mark.parametrize("written", ["DIALOG_AVVIK", " dialog_avvik "])
def test_a_deviation_is_never_carried_as_his_1151(written):
    """A row with DIALOG_AVVIK is refused, whatever else it says and however it is written."""
    with pytest.raises(OwnFault, match=r"agreement\.carrier_never.*feil.*DIALOG_AVVIK"):
        carriers_from({"feil": ROW | {"message_type": written}})


@pytest.mark.parametrize("key", sorted(ROW))
def test_a_missing_key_is_named_with_its_row(key):
    """Each key is needed, and the fault says which row lacks which."""
    row = {name: value for name, value in ROW.items() if name != key}
    with pytest.raises(OwnFault, match=rf"agreement\.carrier_key_missing.*rad.*\"{key}\""):
        carriers_from({"rad": row})


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"colour": "red"}, (AgreementCode.CARRIER_KEY_UNKNOWN, "colour")),
        ({"enabled": "yes"}, (AgreementCode.CARRIER_NOT_A_BOOLEAN, "enabled")),
        ({"service": ""}, (AgreementCode.CARRIER_NOT_A_TEXT, "service")),
        ({"tema_code": 2}, (AgreementCode.CARRIER_NOT_A_TEXT, "tema_code")),
        ({"dialog_version": "2.0"}, (AgreementCode.CARRIER_NOT_A_CHOICE, "dialog_version")),
        ({"patient": "maybe"}, (AgreementCode.CARRIER_NOT_A_CHOICE, "patient")),
    ],
)
def test_a_wrong_value_or_unknown_key_is_named_with_its_row(change, said):
    """A typing error in the configuration stops us with its place."""
    with pytest.raises(OwnFault) as caught:
        carriers_from({"rad": ROW | change})
    statement = caught.value.statement
    assert (statement.code, statement.params["key"], statement.params["name"]) == (*said, "rad")


def test_a_row_that_is_no_table_is_refused():
    """A carrier written as a single value is named."""
    with pytest.raises(OwnFault, match=r"agreement\.carrier_not_a_table.*rad"):
        carriers_from({"rad": "DIALOG_NOTAT"})
