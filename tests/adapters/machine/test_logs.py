"""What libraries log is one line of JSON too, without what they quote, and not again and again."""

import json
import subprocess
import sys

from tests.fakes.engines.project import environment

CODE = """
import logging, warnings
from adapters.machine.logs import configure_logs
configure_logs()
pool, ticks = logging.getLogger("psycopg.pool"), logging.getLogger("apscheduler.scheduler")
for number in range(50):
    pool.warning("error connecting in %r: %s", "pool-1", 'FATAL: no "hemmelig" here\\nline two')
    ticks.warning('Execution of job "%s" skipped: maximum number of running instances reached (%d)', "seal", 1)
try:
    raise ValueError("hemmelig")
except ValueError:
    ticks.exception('Job "%s" raised an exception', "hemmelig")
logging.getLogger("asyncio").error("Task exception was never retrieved", exc_info=KeyError("hemmelig"))
warnings.warn("hemmelig")
"""


def test_a_library_complains_in_one_line_of_json() -> None:
    """A hundred complaints of two kinds are two lines, a traceback is its type, nothing quoted is repeated (C13)."""
    said = subprocess.run([sys.executable, "-c", CODE], env=environment(), capture_output=True, text=True, check=True)
    lines = [json.loads(line) for line in said.stderr.splitlines()]
    assert [(line["source"], line["kind"]) for line in lines] == [
        ("psycopg.pool", "error connecting in %r: %s"),
        ("apscheduler.scheduler", 'Execution of job "%s" skipped: maximum number of running instances reached (%d)'),
        ("apscheduler.scheduler", "ValueError"),
        ("asyncio", "KeyError"),
        ("py.warnings", "warning"),
    ]
    assert "hemmelig" not in said.stderr
