"""The shape of the project: pictures, map and guards say what is true, and the guards bite."""

import re
import shutil
import subprocess
import sys
from fnmatch import fnmatch
from pathlib import Path

import pytest

from adapters.tools.draw_states import PAGE, redrawn
from tests.fakes.world.surroundings import PROJECT

MOST_LINES = 400
SOURCES = ("engine", "adapters", "schemas", "config", "docs", "tests")
TOOLS = Path(sys.executable).parent
TEXT = (PROJECT / "README.md").read_text("utf-8")
PAGES = (*sorted(PROJECT.glob("*.md")), *sorted((PROJECT / "docs").rglob("*.md")))


def test_the_pictures_are_those_of_the_tables() -> None:
    """The diagrams of docs/states.md are what the state tables draw; `make states` cures it."""
    text = PAGE.read_text("utf-8")
    assert redrawn(text) == text
    assert text.count("```mermaid") >= 3


def _map() -> list[tuple[str, str]]:
    """Return each room of README's map with the names on its line."""
    drawing = TEXT.split("## Map")[1].split("\n## ")[0]
    rooms: list[tuple[str, str]] = []
    top = ""
    for line in drawing.splitlines():
        if found := re.match(r"    (\w+)/", line):
            top = found.group(1)
            rooms.append((top, ""))
        elif found := re.match(r"      (\S.*?)(?:  |$)", line):
            names = re.sub(r"\([^)]*\)", "", found.group(1))
            rooms += [(top, name) for name in names.split()]
    return rooms


@pytest.mark.parametrize(("room", "name"), _map())
def test_every_room_of_the_map_exists(room: str, name: str) -> None:
    """What README's map names is there: a folder, a module, or modules that begin so."""
    folder = PROJECT / room
    assert folder.is_dir()
    if name.endswith("*"):
        assert list(folder.glob(f"{name}.py"))
    elif name:
        assert (folder / name).is_dir() or (folder / f"{name}.py").is_file(), f"{room}/{name}"


@pytest.mark.parametrize("side", ["engine", "adapters"])
def test_every_module_is_on_the_map(side: str) -> None:
    """A module beside the packages has its place on README's map, by its name or the beginning of it."""
    names = [name for room, name in _map() if room == side]
    stems = {path.stem for path in (PROJECT / side).glob("*.py")} - {"__init__"}
    assert [stem for stem in sorted(stems) if not any(fnmatch(stem, name) for name in names)] == []


def test_the_map_has_the_rooms_of_the_design() -> None:
    """All top-level folders and the packages of both sides are on the map."""
    rooms = set(_map())
    assert {room for room, name in rooms if not name} == set(SOURCES)
    for side in ("engine", "adapters"):
        packages = {path.parent.name for path in (PROJECT / side).glob("*/__init__.py")}
        assert packages <= {name.rstrip("/") for room, name in rooms if room == side}, side


def test_every_link_between_the_pages_leads_somewhere() -> None:
    """What the pages of the project and of docs/ link to is there, the part of a page that is named included."""
    broken = [
        f"{page.relative_to(PROJECT)}: {link}"
        for page in PAGES
        for link in re.findall(r"\]\((?!https?:)([^)\s]+)\)", page.read_text("utf-8"))
        if not _leads_somewhere(page, link)
    ]
    assert broken == []


def _leads_somewhere(page: Path, link: str) -> bool:
    place, _, part = link.partition("#")
    target = page.parent / place if place else page
    return target.exists() and (not part or part in _parts(target.read_text("utf-8")))


def _parts(text: str) -> set[str]:
    """Return what a link can name on a page: its headings as GitHub writes them, and the ids that it sets."""
    headings = re.findall(r"^#+ (.*)$", text, re.MULTILINE)
    named = {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}
    return named | set(re.findall(r'<a id="([^"]+)"', text))


def test_every_path_that_a_page_names_exists() -> None:
    """A folder or file of the project that stands in backticks on a page is there."""
    rooms = "|".join(SOURCES)
    missing = [
        f"{page.relative_to(PROJECT)}: {path}"
        for page in PAGES
        for path in re.findall(rf"`((?:{rooms})/[\w./-]*)`", page.read_text("utf-8"))
        if not (PROJECT / path).exists()
    ]
    assert missing == []


def test_no_module_is_too_long() -> None:
    """A module over 400 lines has become two things."""
    long = {
        str(path.relative_to(PROJECT)): count
        for room in SOURCES
        for path in (PROJECT / room).rglob("*.py")
        if (count := len(path.read_text("utf-8").splitlines())) > MOST_LINES
    }
    assert not long


@pytest.mark.parametrize("room", ["engine", "adapters"])
def test_nothing_is_called_by_what_it_is_not(room: str) -> None:
    """No room for leftovers: utils, helpers, common and manager say nothing."""
    names = {path.stem for path in (PROJECT / room).rglob("*.py")}
    assert not [name for name in names if re.search(r"util|helper|common|manager", name)]


def test_every_test_says_what_it_shows() -> None:
    """Each test has a docstring, for it is the sentence that a failure is read by."""
    silent = []
    for path in (PROJECT / "tests").rglob("test_*.py"):
        found = re.findall(
            r"^(?:async )?def (test_\w+)\((?:[^)]*)\)[^:]*:\n\s+(\S{3})", path.read_text("utf-8"), re.MULTILINE
        )
        silent += [f"{path.name}::{name}" for name, start in found if start not in {'"""', 'r""'}]
    assert not silent


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """Give a copy of the project to plant violations in."""
    for name in ("engine", "adapters", "pyproject.toml"):
        source = PROJECT / name
        if source.is_dir():
            shutil.copytree(source, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(source, tmp_path)
    return tmp_path


def plant(copy: Path, module: str, text: str) -> None:
    """Add lines to the end of a module."""
    with (copy / module).open("a", encoding="utf-8") as file:
        file.write(f"\n\n{text}\n")


def ran(tool: str, *words: str, at: Path) -> subprocess.CompletedProcess[str]:
    """Run a tool of the development environment."""
    command = [str(TOOLS / tool), *words]
    environment = {"PYTHONPATH": str(at), "PATH": "/usr/bin:/bin", "COLUMNS": "200"}
    return subprocess.run(command, cwd=at, env=environment, capture_output=True, text=True, check=False)


PLANTED_FOR_RUFF = [
    ("from datetime import datetime\n\nNOW = datetime.now(None)", "datetime.datetime.now"),
    ("import datetime as when\n\nTODAY = when.date.today()", "datetime.date.today"),
    ("import socket\n\nSOCKET = socket", "`socket` is banned"),
    ("import time\n\nTIME = time", "`time` is banned"),
    ("from uuid import uuid4\n\nID = uuid4", "uuid.uuid4"),
    ("import random\n\nLUCK = random", "`random` is banned"),
    ("from pathlib import Path\n\nHERE = Path", "pathlib"),
]


def test_ruff_finds_what_the_engine_must_not_do(copy: Path) -> None:
    """A clock, a socket, chance, identifiers or files in the engine fail the style check; without them it passes."""
    assert ran("ruff", "check", "--no-cache", "engine", at=copy).returncode == 0
    for number, (text, _) in enumerate(PLANTED_FOR_RUFF):
        (copy / "engine" / f"planted_{number}.py").write_text(f'"""Planted."""\n\n{text}\n', "utf-8")
    done = ran("ruff", "check", "--no-cache", "--select", "TID251", "engine", at=copy)
    assert done.returncode == 1
    for number, (_, told) in enumerate(PLANTED_FOR_RUFF):
        (part,) = re.findall(rf"TID251 ([^\n]*)\n +--> engine/planted_{number}\.py", done.stdout)
        assert told.strip("`").split("`")[0] in part, part


BELOW = "a room imports only what stands below it"
PLANTED_FOR_IMPORTS = [
    ("engine/names.py", "from adapters import settings", "engine never imports adapters"),
    ("engine/xml.py", "import socket", "engine does no input or output"),
    ("engine/msh/mime.py", "import engine.payload.msghead", "the message service knows no document and no case"),
    ("engine/payload/times.py", "import engine.msh.mime", BELOW),
    ("engine/states/table.py", "import engine.ports", BELOW),
    ("engine/verdict/kinds.py", "import engine.casework.steps", BELOW),
    ("engine/delivery/send.py", "import engine.outbound.transitions", "who moves a message lets its case follow"),
]


def test_import_linter_keeps_what_is_clean(copy: Path) -> None:
    """The project as it stands keeps every contract."""
    done = ran("lint-imports", "--no-cache", at=copy)
    assert done.returncode == 0, done.stdout


def test_import_linter_finds_every_wrong_direction(copy: Path) -> None:
    """An import in each forbidden direction breaks its contract."""
    for module, text, _ in PLANTED_FOR_IMPORTS:
        plant(copy, module, text)
    done = ran("lint-imports", "--no-cache", at=copy)
    assert done.returncode == 1
    for _, _, contract in PLANTED_FOR_IMPORTS:
        assert re.search(rf"{contract}.* BROKEN", done.stdout), contract
