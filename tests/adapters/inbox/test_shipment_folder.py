"""The folder of shipments: whatever lies beside them, none is lost, and none stands in the way of another."""

from pathlib import Path

import pytest

from adapters.inbox import shipment_folder as module
from adapters.inbox.shipment_folder import ShipmentFolder, Unusable


def shipment(root: Path, name: str = "S1", files: int = 1) -> Path:
    """Put a shipment into the folder."""
    folder = root / "in" / name
    folder.mkdir(parents=True)
    (folder / "metadata.json").write_text("{}", "utf-8")
    for number in range(files):
        (folder / f"brev-{number}.pdf").write_bytes(b"%PDF-1.7")
    (folder / ".ready").touch()
    return folder


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Give a folder of shipments, empty."""
    (tmp_path / "edialog" / "in").mkdir(parents=True)
    return tmp_path / "edialog"


def test_hidden_files_hide_no_other(root: Path) -> None:
    """However many hidden files lie in a shipment, in whatever order they are listed, all its own are read."""
    folder = shipment(root, files=10)
    for number in range(200):
        (folder / f".nfs{number:04d}").touch()
    opened = ShipmentFolder(root)
    (item,) = opened.items()
    _, files = opened.read(item, 1_000)
    opened.close()
    assert [name for name, _ in files] == [f"brev-{number}.pdf" for number in range(10)]


def test_more_entries_than_are_listed_make_a_shipment_unusable(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What could not be listed whole is never taken in part."""
    monkeypatch.setattr(module, "MOST_LISTED", 20)
    folder = shipment(root)
    for number in range(20):
        (folder / f".nfs{number:04d}").touch()
    opened = ShipmentFolder(root)
    (item,) = opened.items()
    with pytest.raises(Unusable, match="for mange"):
        opened.read(item, 1_000)
    opened.close()


def test_another_shipment_of_the_same_name_is_not_removed(root: Path) -> None:
    """A shipment that came under a name after one was read there is left for the next look."""
    old = shipment(root)
    opened = ShipmentFolder(root)
    (item,) = opened.items()
    old.rename(root / "in" / "elsewhere")
    shipment(root)
    opened.remove(item)
    assert (root / "in" / "S1" / "metadata.json").exists()
    opened.close()


def test_a_name_of_the_greatest_length_is_removed(root: Path) -> None:
    """A shipment goes once it is taken, though its name has as many bytes as a name may have."""
    shipment(root, "å" * 127)
    opened = ShipmentFolder(root)
    (item,) = opened.items()
    opened.remove(item)
    opened.close()
    assert list((root / "in").iterdir()) == []


def test_what_lies_in_the_way_of_clearing_stops_no_look(root: Path) -> None:
    """Left-overs of a crash go, be they folders, files or links."""
    shipment(root, ".taken-1")
    (root / "in" / ".taken-2").touch()
    (root / "in" / ".taken-3").symlink_to(root)
    shipment(root)
    opened = ShipmentFolder(root)
    opened.clear()
    assert [item.name for item in opened.items()] == ["S1"]
    opened.close()
    assert [path.name for path in (root / "in").iterdir()] == ["S1"]
