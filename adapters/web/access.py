"""The one table of which role sees which page, and whose rows a person sees.

A person sees the rows of the enterprise that their HER-id belongs to. Mail that could not be read belongs to nobody
yet (owner OPERATOR). Operations staff of the first enterprise in `parties` see it too, since that enterprise is
responsible for mail without an addressee (engine.commit.ports). Reporters see cases, not the delivery log.
"""

from enum import StrEnum

from engine.commit.ports import Ports
from engine.names import OPERATOR, HerId
from engine.states.role import Role


class Page(StrEnum):
    """A part of the site that a role may or may not see."""

    ACTION = "action"
    MESSAGES = "messages"
    CASES = "cases"
    SEARCH = "search"


_ALL = frozenset(Role)
_LOG = frozenset({Role.DRIFT, Role.SEKRETARIAT, Role.KVALITETSSIKRER, Role.SAKSBEHANDLER})

SEES: dict[Page, frozenset[Role]] = {
    Page.ACTION: _ALL,
    Page.MESSAGES: _LOG,
    Page.CASES: _ALL,
    Page.SEARCH: _ALL,
}


def may_see(role: Role, page: Page) -> bool:
    """True when a role may see a page or part of a page."""
    return role in SEES[page]


def owners_for(ports: Ports, owner: HerId, role: Role) -> tuple[HerId, ...]:
    """Return the owners whose rows a person sees, their own enterprise first."""
    if role is Role.DRIFT and ports.policy.hosted[:1] == (owner,):
        return (owner, OPERATOR)
    return (owner,)
