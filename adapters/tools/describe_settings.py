"""Write the tables of keys in docs/configuration.md and docs/register.md: `make docs`.

They are made from the models that read samvik.toml and the parties file.

A test compares the pages with what this makes, so they cannot fall behind.
"""

import json
import re
from pathlib import Path
from typing import Any

from adapters.settings import Settings
from engine.register.parties_file import AgreementRow, PartiesFile

DOCS = Path(__file__).parents[2] / "docs"
PAGE = DOCS / "configuration.md"
REGISTER = DOCS / "register.md"
HEAD = """# Configuration

Made from `adapters/settings.py` by `make docs`; do not edit it here.
[`config/samvik.toml`](../config/samvik.toml) holds every key with its default and a longer explanation.

An unknown key or an impossible value stops the start. The error names the file, the key and the remedy. Paths are
relative to the folder of the file. A section in two brackets, such as `[[mailbox]]`, can occur several times.
"""

Schema = dict[str, Any]


def page() -> str:
    """Return the whole page of samvik.toml: its keys first, then one section after the other."""
    schema = Settings.model_json_schema()
    return "\n".join([HEAD, "## Keys above all sections\n", *_section(schema, schema["$defs"], "")])


def redescribed(text: str) -> str:
    """Return docs/register.md with its tables of keys made anew between their marks."""
    schema = PartiesFile.model_json_schema()
    models = schema["$defs"]
    shown: dict[str, list[str]] = {
        "party": _table(models["PartyRow"], models),
        "certificate": _certificate(),
        "terms": _table(models["TermsRow"], models),
        "agreement": _table(_own_keys(models), models),
    }
    for name, lines in shown.items():
        mark = re.compile(rf"(<!-- {name} -->\n).*?(\n<!-- /{name} -->)", re.DOTALL)
        text = mark.sub(lambda found, lines=lines: found[1] + "\n".join(lines).strip() + found[2], text)  # type: ignore[misc]
    return text


def _own_keys(models: Schema) -> Schema:
    row: Schema = models[AgreementRow.__name__]
    terms = models["TermsRow"]["properties"]
    return row | {"properties": {key: found for key, found in row["properties"].items() if key not in terms}}


def _certificate() -> list[str]:
    """Return the keys of a certificate as a person writes them. The import replaces `file` by its content."""
    return [
        "| key | value | default | meaning |",
        "|---|---|---|---|",
        "| `purpose` | `signing`, `encryption` | required | what the certificate is for |",
        "| `file` | path | required | PEM or DER file of the certificate, beside the parties file |",
        "| `valid_from` | time | the certificate's own | registered from |",
        "| `valid_to` | time | the certificate's own | registered to |",
    ]


def _section(model: Schema, models: Schema, path: str) -> list[str]:
    lines = _table(model, models)
    for key, found in model["properties"].items():
        inner = _model_of(found, models)
        if inner is None:
            continue
        name = f"{path}.{key}" if path else key
        brackets = f"[[{name}]]" if found.get("type") == "array" else f"[{name}]"
        lines += [f"## `{brackets}`\n", f"{inner['description']}\n", *_section(inner, models, name)]
    return lines


def _model_of(found: Schema, models: Schema) -> Schema | None:
    """Return the model of a key that is a section of its own, None for a plain key."""
    name = found.get("$ref") or found.get("items", {}).get("$ref", "")
    model: Schema = models.get(name.rpartition("/")[2], {})
    return model if "properties" in model else None


def _table(model: Schema, models: Schema) -> list[str]:
    plain = {key: found for key, found in model["properties"].items() if _model_of(found, models) is None}
    if not plain:
        return []
    lines = ["| key | value | default | meaning |", "|---|---|---|---|"]
    for key, found in plain.items():
        default = "required" if key in model.get("required", ()) else _shown(found)
        lines.append(f"| `{key}` | {_value(found, models)} | {default} | {found['description']} |")
    return [*lines, ""]


def _shown(found: Schema) -> str:
    """Write a default as the file would. A set has no order of its own, so its words are sorted."""
    default = found.get("default")
    if default is None:
        return "none"
    if isinstance(default, list):
        default = sorted(default)
    return f"`{default if found.get('format') == 'date' else json.dumps(default)}`"


def _value(found: Schema, models: Schema) -> str:
    """Say in words what a key takes."""
    if "anyOf" in found:
        return _value(next(each for each in found["anyOf"] if each.get("type") != "null"), models)
    if "$ref" in found:
        return _value(models[found["$ref"].rpartition("/")[2]], models)
    if "enum" in found:
        return ", ".join(f"`{word}`" for word in found["enum"])
    if found["type"] == "array":
        items = found.get("items") or found["prefixItems"][0]
        return f"list of {_value(items, models)}"
    if found["type"] in {"integer", "number"}:
        return f"number{_bounds(found)}"
    return {"boolean": "`true`, `false`", "string": _TEXTS.get(found.get("format", ""), "text")}[found["type"]]


_TEXTS = {"path": "path", "date": "date", "date-time": "time"}


def _bounds(found: Schema) -> str:
    least = found.get("minimum")
    most = found.get("maximum")
    above = found.get("exclusiveMinimum")
    words = [
        f" from {least:g}" if least is not None else "",
        f" above {above:g}" if above is not None else "",
        f" to {most:g}" if most is not None else "",
    ]
    return "".join(words)


if __name__ == "__main__":
    PAGE.write_text(page(), "utf-8")
    REGISTER.write_text(redescribed(REGISTER.read_text("utf-8")), "utf-8")
