"""Processor time and memory of processes, as the kernel counts them."""

import resource
from pathlib import Path

import psutil

_STATUS = Path("/proc/self/status")


def tree_cpu_seconds(pid: int) -> float:
    """Return what a process and all below it have used, those included that have ended and been waited for."""
    try:
        root = psutil.Process(pid)
        processes = [root, *root.children(recursive=True)]
    except psutil.NoSuchProcess:
        return 0.0
    return sum(map(_cpu_seconds, processes))


def _cpu_seconds(process: psutil.Process) -> float:
    try:
        times = process.cpu_times()
    except psutil.NoSuchProcess:
        return 0.0
    ended = getattr(times, "children_user", 0.0) + getattr(times, "children_system", 0.0)
    return float(times.user + times.system + ended)


def peak_rss_mb() -> float:
    """Return the most memory that this process had at once, in MB.

    The kernel's other count, of `getrusage`, begins with what the process had that started this one.
    """
    try:
        lines = _STATUS.read_text("ascii").splitlines()
    except OSError:
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM:")) / 1024
