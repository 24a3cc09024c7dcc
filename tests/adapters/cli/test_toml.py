"""TOML by its lines: where a key stands, and what is told of a file that is off."""

import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.text.toml import Key, line_of
from tests.fakes.engines.project import Project

TEXT = '''# the first line
format = 1
note = """
party = 7
[[party]]
"""
[[party]]
her = "1" # [x]
certificates = [
  { purpose = "signing", file = "]" },
]

[[party]]
"name" = 'Levanger [[party]]'
[party.inner]
deep.er = 1
[defaults]
level = 3
'''


@pytest.mark.parametrize(
    ("key", "line"),
    [
        (["format"], 2), (["note"], 3), (["party", 0, "her"], 8), (["party", 0, "certificates", 0, "file"], 9),
        (["party", 1, "name"], 14), (["party", 1, "kind"], 13), (["party", 1, "inner", "deep", "er"], 16),
        (["defaults", "level"], 18), (["defaults", "x"], 17), (["borte"], None), (["party", 7], None),
    ],
)  # fmt: skip
def test_a_key_is_found_by_its_line(key: Key, line: int | None) -> None:
    """A key has its own line, what is missing that of its table; texts and comments hold no keys."""
    tomllib.loads(TEXT)
    assert line_of(TEXT, key) == line


@given(st.text(alphabet="[]{}=\"'#.\n ab1\\", max_size=60))
def test_no_text_stops_the_search(text: str) -> None:
    """Whatever stands in a file, the search ends, with a line of it or none."""
    found = line_of(text, ["a", 0, "b"])
    assert found is None or 1 <= found <= len(text.splitlines())


OFF = [
    ('parties = ["8090100"]\n[relay]\nprot = 25', "Line 3: relay.prot: unknown key. Did you mean relay.port?"),
    ('parties = ["8090100"]\n[relay]\nPort = 25', "Line 3: relay.Port: unknown key. Did you mean relay.port?"),
    ('parties = ["8090100"]\nurl = "x"', "Line 2: url: unknown key. Did you mean database.url?"),
    ('parties = ["8090100"]\nxyzzy = "x"', "Line 2: xyzzy: unknown key. Correct"),
    ('parties = ["8090100"]\n[edialg]', "Line 2: edialg: unknown key. Did you mean edialog?"),
    ('\nparties = ["809010O"]', "Line 2: parties.0: A HER-id must be a whole number of one to ten digits without"),
    ("parties = [8090100]", "Line 1: parties.0: must be a text in quotation marks. Correct"),
    ('parties = ["8090100"]\n[relay]\nport = "x"', "Line 3: relay.port: must be a whole number."),
    ('parties = ["8090100"]\nenvironment = "x"', "Line 2: environment: must be one of demo, test, production."),
    ('[relay]\nport = 1\n', "parties: missing."),
    ('parties = ["8090100"\n[relay]', "samvik.toml: line 2, character 1 is no TOML. Look at equals signs"),
    ("format = ", "samvik.toml: line 1, character 10 is no TOML."),
    ('parties = ["8090100"]\nparties = ["8090100"]', "samvik.toml: line 2 says what the file says already."),
]  # fmt: skip


@pytest.mark.parametrize(("text", "told"), OFF)
def test_a_configuration_that_is_off_is_told_by_line_and_key(tmp_path: Path, text: str, told: str) -> None:
    """File, line, key, what it must be, and the key that may be meant; a fault that only follows is not told."""
    project = Project(tmp_path / "motor")
    project.put("samvik.toml", text)
    refused = project.samvik("messages")
    assert refused.code == 2
    assert told in refused.sentence
    assert "at least 1" not in refused.sentence


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ('nmae = "x"', "Line 4: party.0.nmae: unknown key. Did you mean party.0.name?"),
        ("edi_adress = ''", "Line 4: party.0.edi_adress: unknown key. Did you mean party.0.edi_address?"),
        ('[[agreement]]\nbetween = ["1", "2"]\nlevle = 1', "Line 6: agreement.0.levle: unknown key. Did you mean"),
    ],
)
def test_a_register_that_is_off_is_told_by_line_and_key(keyed: Project, change: str, told: str) -> None:
    """The parties file likewise, in each command that takes one."""
    keyed.put("feil.toml", f'format = 1\n[[party]]\nher = "8090100"\n{change}')
    for words in (["parties", "import", "feil.toml"], ["verify", "avvik.xml", "--trust", "feil.toml"]):
        assert told in keyed.samvik(*words).sentence


@pytest.mark.parametrize(
    ("language", "told"),
    [
        ("nb", "Linje 2: environment: skal være en av demo, test, production. Linje 3: prot: ukjent nøkkel."),
        ("nn", "Linje 2: environment: skal vere ein av demo, test, production. Linje 3: prot: ukjend nøkkel."),
    ],
)
def test_a_fault_is_told_in_one_language(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, language: str, told: str
) -> None:
    """No word of a library stands inside a Norwegian sentence."""
    monkeypatch.setenv("SAMVIK_LANGUAGE", language)
    project = Project(tmp_path / "motor")
    project.put("samvik.toml", 'parties = ["8090100"]\nenvironment = "x"\nprot = 1')
    assert told in project.samvik("messages").sentence
