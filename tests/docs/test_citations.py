"""Comments cite the fact sheets by section, such as `transport.md C.4`: each cited section exists."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.fakes.world.surroundings import PROJECT

PAGES = {
    "transport": PROJECT / "docs" / "standards" / "transport.md",
    "payload": PROJECT / "docs" / "standards" / "payload.md",
    "process": PROJECT / "docs" / "standards" / "process.md",
    "design": PROJECT / "docs" / "design.md",
}
ROOMS = ("engine", "adapters", "schemas", "config", "tests")
KINDS = {".py", ".sql", ".toml", ".xsd", ".html", ".css"}
PLACE = r"[A-Z](?:\.?\d+)?(?:\.\d+)?|\d+(?:\.\d+)*"
BETWEEN = r", rule | rule |, promise |, finding | and |, | to |-| "
CITATION = re.compile(rf"(?<![\w-])({'|'.join(PAGES)})\.md ((?:{PLACE})(?![\w])(?:(?:{BETWEEN})(?:{PLACE})(?![\w]))*)")


def sections(text: str) -> set[str]:
    """Return what can be cited on a page: headings, and the numbered rows and items below them."""
    found: set[str] = set()
    heading = ""
    for line in text.splitlines():
        if opened := re.match(r"#+ (.*)", line):
            named = re.match(r"([A-Z](?:\.\d+)?|\d+(?:\.\d+)?)\.? ", opened[1])
            heading = named[1] if named else ""
            found |= {heading} if heading else set()
        elif item := re.match(r"(?:\| |- \**|)(?:([A-Z]\d+)\b|(\d+)(?=\.| \|) ?)", line):
            found.add(item[1] or f"{heading}.{item[2]}")
    return found


def places(words: str) -> Iterator[str]:
    """Return each section that one citation names; `rule 15` is row 15 of F.3, `promise 3` item 3 of section 3."""
    for between, place in re.findall(rf"({BETWEEN}|^)({PLACE})", words):
        if "rule" in between:
            yield f"F.3.{place}"
        elif "promise" in between:
            yield f"3.{place}"
        else:
            yield place


def cited() -> dict[tuple[str, str], set[str]]:
    """Return page and section of each citation, with the files that it stands in."""
    found: dict[tuple[str, str], set[str]] = {}
    files = [path for room in ROOMS for path in sorted((PROJECT / room).rglob("*")) if path.suffix in KINDS]
    for path in files:
        if path == Path(__file__):
            continue
        for page, words in CITATION.findall(path.read_text("utf-8")):
            for place in places(words):
                found.setdefault((page, place), set()).add(str(path.relative_to(PROJECT)))
    return found


def test_every_cited_section_exists() -> None:
    """A citation without its section fails, and names the files that cite it."""
    known = {page: sections(path.read_text("utf-8")) for page, path in PAGES.items()}
    missing = {place: files for place, files in cited().items() if place[1] not in known[place[0]]}
    assert missing == {}


def test_citations_are_found() -> None:
    """The search sees the citations, in every form that they are written in."""
    assert len(cited()) > 40
    assert list(places("F.3 rule 3, G.19")) == ["F.3", "F.3.3", "G.19"]
    assert list(places("3, promise 1")) == ["3", "3.1"]
    assert list(places("1.2 R14, 1.5")) == ["1.2", "R14", "1.5"]
    assert list(places("B.2-B.5")) == ["B.2", "B.5"]


@pytest.mark.parametrize("place", ["C.9", "H", "F.3.23"])
def test_a_missing_section_is_noticed(place: str) -> None:
    """A section that transport.md does not have is not taken for one."""
    assert place not in sections(PAGES["transport"].read_text("utf-8"))
