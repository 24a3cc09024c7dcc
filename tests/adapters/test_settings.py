"""The configuration: one file that shows every key, and refusals that name file, key and remedy."""

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel
from pydantic_core import to_jsonable_python

from adapters.settings import Edialog, EdialogKeys, Environment, Mailbox, Settings, load_settings, settings_from
from adapters.words.language import Language
from adapters.words.speaking import sentence
from engine.errors import OwnFault
from tests.fakes.world.surroundings import PROJECT

SHOWN = PROJECT / "config" / "samvik.toml"
ENTERPRISE = "8090100"


def keys(model: type[BaseModel], before: str = "") -> Iterator[tuple[str, Any]]:
    """Yield every key of a model as a dotted name with its default as JSON can hold it."""
    for name, field in model.model_fields.items():
        row = next((each for each in (Mailbox, Edialog) if field.annotation == tuple[each, ...]), None)
        if row is not None:
            yield from ((key, None) for key, _ in keys(row, f"{before}{name}."))
        elif isinstance(field.annotation, type) and issubclass(field.annotation, BaseModel):
            yield from keys(field.annotation, f"{before}{name}.")
        else:
            yield before + name, to_jsonable_python(None if field.is_required() else field.default)


def flat(table: dict[str, Any], before: str = "") -> dict[str, Any]:
    """Return a table with dotted names."""
    found: dict[str, Any] = {}
    for name, value in table.items():
        found |= flat(value, f"{before}{name}.") if isinstance(value, dict) else {before + name: value}
    return found


def shown_keys() -> list[tuple[str, str, bool]]:
    """Return every key of the shown file as dotted name, the comment above it, and whether it is commented out."""
    found, section, comment = [], "", ""
    for line in SHOWN.read_text("utf-8").splitlines():
        key = re.match(r"(# )?([a-z_]+) = ", line)
        if header := re.match(r"(?:# )?\[+(.+?)\]+$", line):
            section = header.group(1) + "."
        elif key:
            found.append((section + key.group(2), comment, bool(key.group(1))))
        comment = line.removeprefix("# ") if line.startswith("# ") and not key else ""
    return found


def test_the_shown_file_has_every_key_and_no_other() -> None:
    """config/samvik.toml and the models name the same keys, in both directions."""
    assert sorted(name for name, _, _ in shown_keys()) == sorted(name for name, _ in keys(Settings))


def test_every_shown_default_is_the_default() -> None:
    """Each value in config/samvik.toml is what the key has when it is left out; what has no value is commented out."""
    shown = flat(tomllib.loads(SHOWN.read_text("utf-8")))
    defaults = dict(keys(Settings))
    without = {name for name, _, commented in shown_keys() if commented}
    assert without == {name for name, value in defaults.items() if value is None} - {"parties"}
    assert {**shown, "parties": None} == {name: value for name, value in defaults.items() if name not in without}


@pytest.mark.parametrize(("name", "comment"), [(name, comment) for name, comment, _ in shown_keys()])
def test_every_key_has_its_sentence(name: str, comment: str) -> None:
    """Above every key stands at least one sentence."""
    assert comment.endswith("."), name
    assert len(comment.split()) >= 4, name


def test_the_shown_mailbox_is_one_with_the_defaults(tmp_path: Path) -> None:
    """Without its number signs the section of a mailbox can be used; what could be left out has its default there."""
    text = SHOWN.read_text("utf-8")
    begin, end = text.index("# [[mailbox]]"), text.index("# A folder of shipments")
    lines = re.findall(r"^# (\[\[mailbox\]\]|[a-z_]+ = .*)$", text[begin:end], re.MULTILINE)
    copy = tmp_path / "samvik.toml"
    copy.write_text(text[:begin] + "\n".join(lines) + "\n" + text[end:], "utf-8")
    (shown,) = load_settings(copy).mailbox
    assert shown.password_file == tmp_path / "mailbox.password"
    assert shown.ca_file == tmp_path / "post-ca.pem"
    assert shown.usual_port == 995
    optional = {name for name, field in Mailbox.model_fields.items() if not field.is_required()} - {"ca_file"}
    assert {name: getattr(shown, name) for name in optional} == {
        name: Mailbox.model_fields[name].default for name in optional
    }


def test_the_shown_folder_of_shipments_is_one_with_the_defaults(tmp_path: Path) -> None:
    """Without its number signs the section of a folder can be used, and its keys are those that are taken anyway."""
    text = SHOWN.read_text("utf-8")
    begin, end = text.index("# [[edialog]]"), text.index("[relay]")
    lines = re.findall(r"^# (\[+edialog.*\]|[a-z_]+ = .*)$", text[begin:end], re.MULTILINE)
    copy = tmp_path / "samvik.toml"
    copy.write_text(text[:begin] + "\n".join(lines) + "\n" + text[end:], "utf-8")
    (shown,) = load_settings(copy).edialog
    assert (shown.directory, shown.keys) == (tmp_path / "edialog", EdialogKeys())
    assert len(lines) == 5 + len(EdialogKeys.model_fields)


def test_the_shown_file_is_a_configuration(tmp_path: Path) -> None:
    """config/samvik.toml can be copied and used as it is."""
    copy = tmp_path / "samvik.toml"
    copy.write_bytes(SHOWN.read_bytes())
    assert load_settings(copy).parties == (ENTERPRISE,)


MAILBOX = "[[mailbox]]\nname = 'edi'\nhost = 'post'\nuser = 'en'\npassword_file = 'p'\n"
EDIALOG = "[[edialog]]\nname = 'levanger'\ndirectory = 'e'\nparty = '8090101'\n"
BROKEN = [
    ("partes = []", "partes"),
    ("[listen]\nprot = 1", "listen.prot"),
    ("[limits]\nmost_mail_bytes = 'mange'", "limits.most_mail_bytes"),
    ("[listen]\nport = 70000", "listen.port"),
    ("[listen]\nidle_seconds = 0", "listen.idle_seconds"),
    ("[relay]\nport = 0", "relay.port"),
    ("[limits]\nledger_days = 29", "limits.ledger_days"),
    ("environment = 'prod'", "environment"),
    ("data_dir = 7", "data_dir"),
    ("[keys]\nanchors = 'pki/ca.pem'", "keys.anchors"),
    ("listen = 25", "listen"),
    ("environment = 'production'", "database.url"),
    (f"{MAILBOX}tls = 'ja'", "mailbox.0.tls"),
    (f"{MAILBOX}password = 'x'", "mailbox.0.password"),
    ("[[mailbox]]\nname = 'edi'", "mailbox.0.host"),
    (MAILBOX.replace("edi", "EDI post"), "mailbox.0.name"),
    (MAILBOX.replace("'en'", '"en\\r\\nDELE 1"'), "mailbox.0.user"),
    (MAILBOX + MAILBOX.replace("'en'", "'to'"), "same name"),
    (MAILBOX + MAILBOX.replace("edi", "edi-2"), "same mailbox"),
    (EDIALOG.replace("levanger", "lev anger"), "edialog.0.name"),
    (EDIALOG.replace("8090101", "x"), "edialog.0.party"),
    (f"{EDIALOG}[edialog.keys]\nid = 'x'", "edialog.0.keys.id"),
    (EDIALOG + EDIALOG.replace("'e'", "'f'"), "same name"),
    (EDIALOG + EDIALOG.replace("levanger", "to"), "same directory"),
    ("[api]\naddress = 'samvik.example.no'", "api.address"),
    ("[api]\naddress = 'https://samvik.example.no/'", "api.address"),
    ("environment = 'production'\n[database]\nurl = ''", "database.url"),
]


@pytest.mark.parametrize(("text", "key"), BROKEN)
def test_a_broken_key_is_named_with_file_and_remedy(tmp_path: Path, text: str, key: str) -> None:
    """An unknown key or a value that cannot be stops the start; the sentence names file, key and what to do."""
    file = tmp_path / "samvik.toml"
    file.write_text(f'parties = ["{ENTERPRISE}"]\n{text}\n', "utf-8")
    with pytest.raises(OwnFault) as raised:
        load_settings(file)
    told = sentence(raised.value, Language.EN)
    assert str(file) in told
    assert key in told
    assert "Correct or remove the key" in told


@pytest.mark.parametrize("text", ["", "parties = []", "parties = ['']", "parties = ['80901x0']", "parties = [8090100]"])
def test_parties_have_no_default(tmp_path: Path, text: str) -> None:
    """Whom an engine serves must be said, as HER-ids."""
    file = tmp_path / "samvik.toml"
    file.write_text(text, "utf-8")
    with pytest.raises(OwnFault, match="parties"):
        load_settings(file)


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"parties = [", "disk.not_toml"),
        (b"\xff\xfe", "disk.not_text"),
        (b"a = 1\na = 2", "disk.toml_twice"),
        (None, "disk.not_read"),
    ],
)
def test_a_file_that_cannot_be_read_is_named(tmp_path: Path, content: bytes | None, code: str) -> None:
    """A file that is missing, no TOML, no UTF-8 or a folder is told by name, and which of these it is."""
    file = tmp_path / "samvik.toml"
    if content is None:
        file.mkdir()
    else:
        file.write_bytes(content)
    with pytest.raises(OwnFault, match=re.escape(str(file))) as raised:
        load_settings(file)
    assert code in str(raised.value)
    with pytest.raises(OwnFault, match=r"start\.no_settings"):
        load_settings(tmp_path / "annen.toml")


def test_a_refused_value_is_not_repeated(tmp_path: Path) -> None:
    """A password that stands under a wrong key does not come back in the error."""
    file = tmp_path / "samvik.toml"
    with pytest.raises(OwnFault) as raised:
        settings_from({"parties": [ENTERPRISE], "database": {"ulr": "postgresql://x:hemmelig@h/d"}}, file)
    assert "hemmelig" not in str(raised.value)


def test_paths_are_relative_to_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every path counts from the folder of the file, wherever the command is run; absolute ones stay."""
    folder = tmp_path / "motor"
    folder.mkdir()
    text = f'parties = ["{ENTERPRISE}"]\ncarriers = "c.toml"\ninbox_dir = "/srv/inn"\n'
    (folder / "samvik.toml").write_text(
        text + '[schemas]\ndirectory = "xsd"\n[keys]\nanchors = ["a.pem", "/etc/b.pem"]\n', "utf-8"
    )
    monkeypatch.chdir(tmp_path)
    settings = load_settings(Path("motor/samvik.toml"))
    assert settings.data_dir == folder / "data"
    assert settings.inbox_dir == Path("/srv/inn")
    assert settings.carriers == folder / "c.toml"
    assert settings.keys.directory == folder / "pki" / "private"
    assert settings.keys.anchors == (folder / "a.pem", Path("/etc/b.pem"))
    assert settings.keys.revocation_lists == (folder / "pki" / "ca.crl",)
    assert settings.keys.at_rest == folder / "data" / "at-rest.key"
    assert settings.schemas.directory == folder / "xsd"


def test_production_with_a_database_is_whole() -> None:
    """Production needs nothing more than its own database to be accepted."""
    table = {"environment": "production", "parties": [ENTERPRISE], "database": {"url": "postgresql://db/samvik"}}
    assert settings_from(table, Path("samvik.toml")).environment is Environment.PRODUCTION
