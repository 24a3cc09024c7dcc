"""Who acts, and with which reason."""

from engine.case.roles import Actor
from engine.commit.policy import Policy
from engine.errors import Refused
from engine.names import HerId
from engine.payload.national_numbers import fields_with_numbers


def owner_of(policy: Policy, who: Actor) -> HerId:
    """Return the enterprise whose cases an actor may see. Raises Refused where it is not served here."""
    owner = policy.owner_of(who.her)
    if owner is None:
        raise Refused(f"HER-id {who.her} is not served by this engine.")
    return owner


def need_reason(reason: str) -> str:
    """Return a reason that may be logged. Raises Refused where there is none, or it holds a national number."""
    if not reason.strip():
        raise Refused("A reason is needed. Say it with --reason.")
    if fields_with_numbers([("reason", reason)]):
        raise Refused("A national identity number stands in the reason. Take it out.")
    return reason
