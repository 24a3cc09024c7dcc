"""placeholder"""

from pathlib import Path


def tell(*, once: bool, summary: Path | None) -> bool:
    """x"""
    return True
