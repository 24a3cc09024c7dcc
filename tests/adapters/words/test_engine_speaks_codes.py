"""No sentence leaves the engine: what it raises, stores and shows are codes, which doors put into words."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.fakes.world.surroundings import PROJECT

ENGINE = PROJECT / "engine"
HOLD_WORDS = {
    "deviation/labels.py": "the words of our own document, in each language that it is written in",
    "errors.py": "the names that code system 8221 gives its codes, which go on the wire",
    "payload/apprec.py": "the names that AppRec gives its status, which go on the wire",
    "payload/feedback.py": "the names that code system 8117 gives its codes, and the text of a HIS 1151",
    "payload/national_numbers.py": "the letters that a number may stand between",
    "msh/rules.py": "what each rule asks for, to whoever reads the table",
    "conformance/rules.py": "what each rule asks for, to whoever reads the table",
    "register/parties_file.py": "what each key of the parties file means, from which docs/register.md is made",
}
"""Modules that hold words which are no sentences of the engine, and why."""
LONGEST_CODE = 3
"""Words that a code, an event or an attribute may have; what is longer is a sentence."""


def _texts(path: Path) -> Iterator[tuple[int, str]]:
    """Yield the texts of a module that may be shown: no docstrings, no values of enums."""
    tree = ast.parse(path.read_text("utf-8"))
    silent: set[int] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            silent.add(id(node.value))
        if isinstance(node, ast.ClassDef) and any("Enum" in ast.unparse(base) for base in node.bases):
            silent |= {id(part) for part in ast.walk(node)}
        # A ValueError is a fault of our own code, or is caught where it is raised: nobody is told its text.
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "ValueError":
            silent |= {id(part) for part in ast.walk(node)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in silent:
            yield node.lineno, node.value


def _is_sentence(text: str) -> bool:
    words = [word for word in text.split() if word.strip(".,:;()'\"").isalpha()]
    return len(words) > LONGEST_CODE


@pytest.mark.parametrize("path", sorted(ENGINE.rglob("*.py")), ids=lambda path: str(path.relative_to(ENGINE)))
def test_a_module_of_the_engine_holds_no_sentence(path: Path) -> None:
    """A text of more than three words is a sentence, and belongs into a table of words; so does any Norwegian."""
    if str(path.relative_to(ENGINE)) in HOLD_WORDS:
        return
    found = [(line, text) for line, text in _texts(path) if _is_sentence(text) or set("æøåÆØÅ") & set(text)]
    assert found == []
