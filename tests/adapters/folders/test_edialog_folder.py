"""The folder of shipments: whatever lies beside them, none is lost, and none stands in the way of another."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from adapters.folders import edialog_folder as module
from adapters.folders.edialog_folder import ShipmentFolder
from adapters.folders.out_folder import alone
from engine.errors import Refused


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
    with pytest.raises(Refused, match=r"channel\.too_many_entries"):
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


@pytest.mark.parametrize("ready", [False, True])
def test_another_shipment_with_the_inode_of_one_that_is_gone_is_not_removed(root: Path, ready: bool) -> None:
    """Where another node took a shipment, the next of its name often gets its inode: it stays, half filled or whole."""
    folder = shipment(root)
    opened = ShipmentFolder(root)
    (item,) = opened.items()
    for file in folder.iterdir():
        file.unlink()
    (folder / "brev.pdf").touch()
    if ready:
        (folder / ".ready").touch()
    opened.remove(item)
    assert (folder / "brev.pdf").exists()
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


@pytest.mark.parametrize("step", ["remove", "fail"])
def test_nodes_move_shipments_one_at_a_time(root: Path, step: str) -> None:
    """While one node looks whether a name still stands for its shipment, no other frees that name."""
    shipment(root)
    ours, theirs = ShipmentFolder(root), ShipmentFolder(root)
    (item,) = ours.items()
    move = {"remove": lambda: theirs.remove(item), "fail": lambda: theirs.fail(item, "Den er for stor.")}[step]
    with ThreadPoolExecutor(1) as other:
        with alone(ours._in):
            moving = other.submit(move)
            with pytest.raises(TimeoutError):
                moving.result(0.2)
            assert (root / "in" / "S1").exists()
        moving.result(10)
    assert not (root / "in" / "S1").exists()
    ours.close()
    theirs.close()


def came_anew(root: Path) -> None:
    """Let another node take the shipment S1 away, and another one come under its name."""
    (root / "in" / "S1").rename(root / "in" / ".taken-7")
    shipment(root)


def test_another_shipment_of_the_same_name_does_not_fail_for_it(root: Path) -> None:
    """What is set aside is the shipment that was read, never one that came under its name since."""
    shipment(root)
    opened = ShipmentFolder(root)
    (item,) = opened.items()
    came_anew(root)
    opened.fail(item, "Den er for stor.")
    assert (root / "in" / "S1" / "metadata.json").exists()
    assert list((root / "failed").iterdir()) == []
    opened.close()


def test_another_shipment_of_the_same_name_is_not_read_for_it(root: Path) -> None:
    """One that came under a name after the look may still be filled, so it waits for the next look."""
    shipment(root)
    opened = ShipmentFolder(root)
    (item,) = opened.items()
    came_anew(root)
    with pytest.raises(FileNotFoundError):
        opened.read(item, 1_000)
    opened.close()


def test_what_another_node_deletes_meanwhile_is_gone_and_not_broken(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A shipment that loses files while it is read was taken by another node: nobody is called about it."""
    folder = shipment(root)
    opened = ShipmentFolder(root)
    (item,) = opened.items()
    read = module._content

    def half_deleted(descriptor: int, most_bytes: int) -> object:
        (folder / "metadata.json").unlink()
        folder.rename(root / "in" / ".taken-7")
        return read(descriptor, most_bytes)

    monkeypatch.setattr(module, "_content", half_deleted)
    with pytest.raises(FileNotFoundError):
        opened.read(item, 1_000)
    opened.close()


def test_the_node_that_loses_the_race_for_a_bad_shipment_leaves_the_reason(root: Path) -> None:
    """Both nodes write the same reason, for the task is the same: it stays beside what one of them moved."""
    shipment(root)
    first, late = ShipmentFolder(root), ShipmentFolder(root)
    (item,) = first.items()
    moved = late._moved

    def too_late(*step: object) -> bool:
        first.fail(item, "Den er for stor.")
        return moved(*step)

    late._moved = too_late
    late.fail(item, "Den er for stor.")
    assert sorted(path.name for path in (root / "failed").iterdir()) == ["S1", "S1.reason.txt"]
    first.close()
    late.close()
