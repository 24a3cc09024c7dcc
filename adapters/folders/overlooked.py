"""What lies untouched in a folder and is not taken: told once, after a while, so that nobody waits in silence."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

LIES_FOR = timedelta(minutes=15)
MOST_TOLD = 20
"""Names of one folder that are looked at and told of, the first ones: a program gone wrong may leave thousands."""


_LEFT_BY_SYSTEMS = {"thumbs.db", "ehthumbs.db", "desktop.ini", ".ds_store"}


def is_left_by_system(name: str) -> bool:
    """Say whether Windows or macOS puts a file of this name into every folder that people look at: it is nobody's."""
    return name.lower() in _LEFT_BY_SYSTEMS


@dataclass(frozen=True, slots=True)
class _Lying:
    id: str
    since: datetime
    told: bool = False


@dataclass(frozen=True, slots=True)
class Looked:
    """Names that are to be told of now, and ids of what was told of and is gone or changed."""

    due: list[str]
    over: list[str]


class Overlooked:
    """Remembers since when what is not taken lies in folders. An `id` changes with what it stands for."""

    def __init__(self) -> None:
        self._lying: dict[str, dict[str, _Lying]] = {}

    def look(self, place: str, present: Mapping[str, str], now: datetime) -> Looked:
        """Note the names and ids that lie in a folder now, and return what follows."""
        held = self._lying.get(place, {})
        lying = {name: _Lying(id, now) for name, id in present.items()}
        lying |= {name: held[name] for name, new in lying.items() if name in held and held[name].id == new.id}
        self._lying[place] = lying
        due = [name for name, each in lying.items() if not each.told and now - each.since >= LIES_FOR]
        over = [each.id for name, each in held.items() if each.told and lying.get(name) is not each]
        return Looked(due, over)

    def told(self, place: str, name: str) -> None:
        """Note that a name has been told of."""
        self._lying[place][name] = replace(self._lying[place][name], told=True)
