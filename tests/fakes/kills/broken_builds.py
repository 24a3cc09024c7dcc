"""Copies of the engine with one promise broken, for proofs that must catch them."""

import shutil
from pathlib import Path

from tests.fakes.world.surroundings import PROJECT

ROOMS = ("engine", "adapters", "schemas", "config")
Patch = tuple[str, str, str]
"""A file of the tree, what stands there once, and what is put in its place."""

COMMIT_AFTER_250: tuple[Patch, ...] = (
    (
        "adapters/smtp/listener.py",
        "stored = await self._taker(envelope)(content, peer)",
        "stored = self._late = asyncio.ensure_future(self._taker(envelope)(content, peer))",
    ),
)
"""The listener says 250 first, and stores the mail after."""

SHARED_COMMIT_AFTER_250: tuple[Patch, ...] = (
    (
        "engine/inbound/storing.py",
        "        await ports.store.share(partial(keep, mail=mail, raw=raw))\n",
        "        import asyncio\n\n"
        "        asyncio.ensure_future(ports.store.share(partial(keep, mail=mail, raw=raw)))\n",
    ),
)
"""The listener says 250 when a mail has got its place in the next shared transaction, and does not wait for that."""

LOOK_UP_FIRST: tuple[Patch, ...] = (
    (
        "schemas/sql/0002_desk.sql",
        "    PRIMARY KEY (owner, kind, party, id),\n    CONSTRAINT ledger",
        "    CONSTRAINT ledger",
    ),
    (
        "adapters/store/queries/ledger.sql",
        "    ON CONFLICT DO NOTHING\n    RETURNING owner, kind, party, id)",
        "    RETURNING owner, kind, party, id)",
    ),
    (
        "adapters/store/ledger.py",
        "        kill_hooks.reached(kill_hooks.Step.CLAIMING)\n",
        '        known = await self._one("held_claim", **key)\n        kill_hooks.reached(kill_hooks.Step.CLAIMING)\n',
    ),
    ("adapters/store/ledger.py", 'if await self._one("claim"', 'if known is None and await self._one("claim"'),
)
"""An id is claimed by looking whether it is there, without a unique key."""


def broken(folder: Path, *patches: Patch) -> Path:
    """Return a copy of the source tree with these patches; a patch that does not fit any more fails the proof."""
    for room in ROOMS:
        shutil.copytree(PROJECT / room, folder / room, ignore=shutil.ignore_patterns("__pycache__"))
    for name, there, instead in patches:
        text = (folder / name).read_text("utf-8")
        assert text.count(there) == 1, f"{name} is not what the broken build was made from: {there}"
        (folder / name).write_text(text.replace(there, instead), "utf-8")
    return folder
