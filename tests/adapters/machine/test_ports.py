"""Ports for servers that are started by a number: free, different, and none that the kernel gives away."""

import socket
from contextlib import ExitStack
from pathlib import Path

import pytest

from adapters.machine import ports
from adapters.machine.ports import free_port, free_ports
from engine.errors import OwnFault


def test_ports_are_free_different_and_below_the_kernels_own():
    """A server can listen on each of them at once."""
    found = free_ports(20)
    lowest = int(Path("/proc/sys/net/ipv4/ip_local_port_range").read_text().split()[0])
    assert len(set(found)) == 20
    assert max(found) < lowest
    with ExitStack() as stack:
        for port in found:
            stack.enter_context(socket.create_server(("127.0.0.1", port)))
        assert free_port() not in found


@pytest.mark.parametrize(
    ("said", "tried"), [("32768\t60999\n", (20_768, 32_768)), ("2000 3000", (1_024, 2_000)), ("1024 65535", None)]
)
def test_the_range_follows_what_the_kernel_keeps_for_itself(said, tried, tmp_path, monkeypatch):
    """Where it keeps all of them, the usual range is tried."""
    monkeypatch.setattr(ports, "_KERNELS_OWN", tmp_path / "range")
    (tmp_path / "range").write_text(said)
    assert ports._below_the_kernels() == (tried or (20_768, 32_768))


def test_a_machine_without_free_ports_is_told(tmp_path, monkeypatch):
    """It is no endless search."""
    monkeypatch.setattr(ports, "_KERNELS_OWN", tmp_path / "range")
    (tmp_path / "range").write_text("1026 2000")
    with pytest.raises(OwnFault, match="1024-1025"):
        free_ports(3)
