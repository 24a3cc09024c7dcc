"""Every code of the engine has a sentence in each language, filled with exactly what the engine gives it."""

import ast
import importlib
import pkgutil
from collections.abc import Iterator
from string import Formatter
from types import ModuleType

import pytest

import engine.codes
from adapters.words import case_showing, command_showing, wire
from adapters.words.headings import HEADINGS
from adapters.words.language import Language
from adapters.words.speaking import FORMATS, SENTENCES, all_codes, fields_of, sentence
from engine.codes.premise import PremiseCode
from engine.codes.statement import Code, Statement, read_statement
from engine.errors import APPREC_ERRORS, EbxmlCode
from engine.files.kind import FileKind
from tests.fakes.world.surroundings import PROJECT

for module in pkgutil.iter_modules(engine.codes.__path__):
    importlib.import_module(f"engine.codes.{module.name}")

RAISERS = {"Refused", "OwnFault", "Unavailable", "Unreadable"}


def test_every_code_has_words_and_no_words_are_left_over() -> None:
    """The tables of words hold the engine's codes, all of them and no others."""
    assert sorted(SENTENCES) == sorted(all_codes())


@pytest.mark.parametrize("code", all_codes())
def test_a_code_says_the_same_in_each_language(code: Code) -> None:
    """The three sentences of a code name the same parameters, in formats that exist, and none is empty."""
    row = SENTENCES[code]
    assert len(row) == len(Language)
    assert all(text.strip() for text in row)
    first, *others = fields_of(row)
    assert all(other == first for other in others)
    specs = {spec for text in row for _, name, spec, _ in Formatter().parse(text) if name and spec}
    assert specs <= FORMATS


@pytest.mark.parametrize("language", Language)
@pytest.mark.parametrize("code", all_codes())
def test_a_code_is_put_into_words(code: Code, language: Language) -> None:
    """A stored statement comes back as a whole sentence with its parameters, and with no braces left."""
    names = fields_of(SENTENCES[code])[0]
    stored = str(Statement.of(code, **dict.fromkeys(names, "42")))
    told = sentence(stored, language)
    assert read_statement(stored) == Statement.of(code, **dict.fromkeys(names, "42"))
    assert told.count("42") >= len(names)
    assert not set("{}") & set(told)


def _uses() -> Iterator[tuple[str, str, str, set[str]]]:
    """Yield each place that makes a statement: file and line, class, member, and parameters."""
    for path in (*(PROJECT / "engine").rglob("*.py"), *(PROJECT / "adapters").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if not isinstance(node, ast.Call) or any(word.arg is None for word in node.keywords):
                continue
            if ast.unparse(node.func) == "about_element":  # it gives the element itself
                continue
            for argument in node.args:
                if (
                    isinstance(argument, ast.Attribute)
                    and isinstance(argument.value, ast.Name)
                    and argument.value.id.endswith("Code")
                    and argument.value.id not in {"EbxmlCode", "FeedbackCode"}
                ):
                    given = {str(word.arg) for word in node.keywords}
                    yield f"{path.name}:{node.lineno}", argument.value.id, argument.attr, given


def test_each_sentence_is_given_its_parameters() -> None:
    """Who makes a statement, in engine or adapters, gives the parameters that the sentence has, by their names."""
    themes = {theme.__name__: theme for theme in Code.__subclasses__()}
    wrong = []
    for place, theme, member, given in _uses():
        text = SENTENCES[themes[theme][member]][0]
        # What stands aside may be missing: it then leaves no trace in the sentence.
        wanted = {name for _, name, spec, _ in Formatter().parse(text) if name and spec != "aside"}
        if not wanted <= given:
            wrong.append(f"{place}: {theme}.{member} lacks {sorted(wanted - given)}")
    assert not wrong


def test_headings_have_words_in_each_language() -> None:
    """Every title, heading and cell of a printed table is there in each language."""
    assert all(len(row) == len(Language) and all(row) for row in HEADINGS.values())


@pytest.mark.parametrize("module", [case_showing, command_showing])
def test_the_command_line_says_the_same_in_each_language(module: ModuleType) -> None:
    """A row of what commands print names the same parameters in each language, in formats that exist."""
    for row in (value for value in vars(module).values() if isinstance(value, tuple)):
        first, *others = fields_of(row)
        assert len(row) == len(Language)
        assert all(other == first for other in others)
        assert {spec for text in row for _, name, spec, _ in Formatter().parse(text) if name and spec} <= FORMATS


def test_codes_of_the_wire_have_words_in_each_language() -> None:
    """Every error code and kind of file that the engine knows is told in each language, and none besides."""
    assert set(wire.EBXML) == set(EbxmlCode)
    assert set(wire.APPREC) == set(APPREC_ERRORS)
    assert set(wire.FILES) == set(FileKind)
    assert set(wire.BOUNCES) == set("1234567")
    assert {code: row[0] for code, row in wire.APPREC.items()} == APPREC_ERRORS


@pytest.mark.parametrize(
    ("free", "english", "norwegian"),
    [
        (999_949_999, "999949999 bytes (999.9 MB)", "999949999 byte (999,9 MB)"),
        (79_430_873_088, "79.4 GB", "79,4 GB"),
    ],
)
def test_a_number_of_bytes_is_told_as_people_read_it(free: int, english: str, norwegian: str) -> None:
    """Below a gigabyte the exact number stands before the megabytes; above it nobody needs it."""
    told = Statement.of(PremiseCode.DISK, path="/srv", free=free)
    assert english in sentence(told, Language.EN)
    assert norwegian in sentence(told, Language.NB)
