"""Where the official schemas and real messages stand: beside the project, never part of it."""

import os
from pathlib import Path

import pytest


def samples_folder(part: str) -> Path:
    """Return one folder of samples; without it the test skips, but fails in CI."""
    beside = Path(__file__).resolve().parents[2] / "shared" / "samples"
    folder = Path(os.environ.get("SAMVIK_SAMPLES", beside)) / part
    if not folder.is_dir():
        if os.environ.get("CI"):
            pytest.fail("The samples are not here; set SAMVIK_SAMPLES.")
        pytest.skip("The official schemas and samples are not beside the project; set SAMVIK_SAMPLES.")
    return folder
