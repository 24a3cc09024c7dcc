"""Answers in the folder of their channel: each whole and under a name of its own."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from adapters.folders import edialog_answers as module
from adapters.folders.edialog_answers import write_answer
from engine.case.channel import Channel
from tests.fakes.store.rows import letter

FIRST = letter(channel=Channel.EDIALOG, source="kommunen", shipment="forsendelse-1")
SECOND = replace(letter(802), channel=Channel.EDIALOG, source="kommunen", shipment="forsendelse-1")


def metadata(of) -> bytes:
    """Return what goes beside an answer, as far as names are made of it."""
    return json.dumps({"letter_id": str(of.id)}).encode()


def contents(out: Path) -> dict[str, bytes]:
    """Return the PDF in each folder."""
    return {path.name: (path / "svar.pdf").read_bytes() for path in out.iterdir()}


def test_each_answer_has_a_folder_of_its_own(tmp_path: Path) -> None:
    """A second answer to a shipment stands beside the first, and writing one again changes nothing."""
    for _ in range(2):
        write_answer(tmp_path, FIRST, b"1", metadata(FIRST))
        write_answer(tmp_path, SECOND, b"2", metadata(SECOND))
    assert contents(tmp_path) == {"forsendelse-1": b"1", f"forsendelse-1~{SECOND.id}": b"2"}


def test_two_answers_at_the_same_moment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where another answer takes the name between the look and the move, this one still finds its own."""
    real, looks = module._target, []

    def looked_too_early(out, of):
        looks.append(of)
        if len(looks) > 2 or of is FIRST:
            return real(out, of)
        if len(looks) == 2:
            write_answer(tmp_path, FIRST, b"1", metadata(FIRST))
        return tmp_path / "forsendelse-1"

    monkeypatch.setattr(module, "_target", looked_too_early)
    write_answer(tmp_path, SECOND, b"2", metadata(SECOND))
    monkeypatch.undo()
    assert contents(tmp_path) == {"forsendelse-1": b"1", f"forsendelse-1~{SECOND.id}": b"2"}


@pytest.mark.parametrize("id", ["../../etc", ".skjult", "-rf", "a/b", "a~b", "x" * 255, "æ øå", "."])
def test_the_id_of_a_shipment_leads_nowhere(tmp_path: Path, id: str) -> None:
    """Whatever its sender called it, the answer stands right below out/, in sight."""
    out = tmp_path / "out"
    out.mkdir()
    target = write_answer(out, replace(FIRST, shipment=id), b"1", metadata(FIRST))
    assert target.parent == out
    assert target.name[0] not in ".-"
    assert list(tmp_path.iterdir()) == [out]
