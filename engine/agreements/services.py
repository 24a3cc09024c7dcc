"""Service, Action and Roles: how a message function is named on the wire (HIS 1209, transport.md B.6).

None of it is settled nationally for these messages, so all of it is configuration: the rows of config/services.toml.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields

from engine.codes.agreement import AgreementCode
from engine.errors import OwnFault

Roles = tuple[str, str]
"""The Roles of From and To."""


@dataclass(frozen=True, slots=True)
class Route:
    """How one message function travels, and the Action of the AppRec that answers it, on the same Service."""

    service: str
    action: str
    sender_role: str
    receiver_role: str
    apprec_action: str


_KEYS = tuple(each.name for each in fields(Route))


class ServiceTable:
    """The message functions that we take and send, by their names in MsgInfo/Type."""

    def __init__(self, routes: Mapping[str, Route], more: Iterable[Route] = ()) -> None:
        self._routes = dict(routes)
        self._actions: defaultdict[str, dict[str, Roles]] = defaultdict(dict)
        self._apprecs: dict[str, str] = {}
        for route in (*routes.values(), *more):
            self._actions[route.service][route.action] = (route.sender_role, route.receiver_role)
            self._actions[route.service][route.apprec_action] = (route.receiver_role, route.sender_role)
            self._apprecs[route.service] = route.apprec_action

    def route(self, message_type: str) -> Route | None:
        """Return how a message function travels, None where it is not configured."""
        return self._routes.get(message_type)

    def actions(self, service: str) -> Mapping[str, Roles] | None:
        """Return the Actions of a Service with the Roles of each, None where the Service is not taken."""
        return self._actions.get(service)

    def apprec_action(self, service: str) -> str:
        """Return the Action of AppRecs on a Service. Raises OwnFault where the Service is not configured."""
        if service not in self._apprecs:
            raise OwnFault(AgreementCode.SERVICE_NOT_CONFIGURED)
        return self._apprecs[service]


def routes_from(table: Mapping[str, object]) -> dict[str, Route]:
    """Return the routes of a configuration table, by message function.

    Raises OwnFault, naming row and key, for a missing or unknown key and a value that is no text.
    """
    return {name: _route(name, row) for name, row in table.items()}


def _route(name: str, row: object) -> Route:
    if not isinstance(row, Mapping) or set(row) != set(_KEYS):
        raise OwnFault(AgreementCode.ROUTE_KEYS, name=name, keys=_KEYS)
    for key, value in row.items():
        if not isinstance(value, str) or not value:
            raise OwnFault(AgreementCode.ROUTE_NOT_A_TEXT, name=name, key=key)
    return Route(**row)
