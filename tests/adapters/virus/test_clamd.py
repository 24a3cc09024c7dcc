"""clamd over a real connection: its verdicts, and everything that is none."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from pydantic import ValidationError

from adapters.settings import Scanner
from adapters.virus.clamd import PIECE, ClamdScanner
from adapters.wiring.engine import LEASE_SECONDS
from engine.errors import OwnFault, Unavailable
from tests.fakes.servers.clamd import Clamd, clamd
from tests.fakes.world.files import EICAR, PDF, VIRUS_NAME


@pytest.fixture
async def server() -> AsyncIterator[Clamd]:
    """Give a scanner that runs."""
    async with clamd() as found:
        yield found


def scanner(server: Clamd, seconds: float = 20.0) -> ClamdScanner:
    """Return our side of it."""
    return ClamdScanner(server.address, seconds)


@pytest.mark.parametrize("size", [0, 1, PIECE - 1, PIECE, PIECE + 1, 3 * PIECE + 7])
async def test_every_byte_is_handed_over(server: Clamd, size: int) -> None:
    """Whatever its size, the file arrives whole, and a clean one has no name."""
    content = bytes(each % 251 for each in range(size))
    assert await scanner(server).scan([content]) is None
    assert server.seen == [content]


async def test_a_virus_has_its_name(server: Clamd) -> None:
    """What the scanner finds is told by the scanner's name for it, also far into a file."""
    assert await scanner(server).scan([bytes(2 * PIECE) + EICAR]) == (1, VIRUS_NAME)
    assert await scanner(server).scan([PDF]) is None


async def test_a_socket_file_works_as_well(tmp_path: Path) -> None:
    """clamd on the same machine is asked over its Unix socket."""
    async with clamd(str(tmp_path / "clamd.sock")) as server:
        assert await scanner(server).scan([EICAR]) == (1, VIRUS_NAME)


NO_VERDICTS = {
    "nothing": b"",
    "half a line": b"stream: OK",
    "no end": b"stream: " + b"A" * 100_000,
    "too long": b"stream: " + b"A" * 100_000 + b" FOUND\0",
    "an error": b"INSTREAM: Can't allocate memory. ERROR\0",
    "another stream": b"x: OK\0",
    "more than OK": b"stream: OK FOUNDED\0",
    "another word": b"UNKNOWN COMMAND\0",
}


@pytest.mark.parametrize("reply", NO_VERDICTS.values(), ids=NO_VERDICTS)
async def test_what_is_no_verdict_is_no_clean_file(server: Clamd, reply: bytes) -> None:
    """Only 'stream: OK' says that a file is clean: all else that names no virus means to ask again later."""
    server.reply = reply
    with pytest.raises(Unavailable, match=r"file\.scanner_(silent|unclear).*tcp://"):
        await scanner(server).scan([PDF])


async def test_a_name_is_made_printable(server: Clamd) -> None:
    """What stands in our log of a virus's name is printable, short, and never nothing."""
    server.reply = b"stream: \x1b[31m\xff" + b"A" * 500 + b" FOUND\0"
    found = await scanner(server).scan([PDF])
    assert found is not None
    assert found[1].startswith("[31mA")
    assert len(found[1]) == 100
    server.reply = b"stream:  FOUND\0"
    assert await scanner(server).scan([PDF]) == (1, "?")


async def test_a_scanner_that_says_nothing_is_out_of_reach(server: Clamd) -> None:
    """The whole conversation has its time, however slowly it is spoken."""
    server.hangs = True
    with pytest.raises(Unavailable, match="TimeoutError"):
        await scanner(server, 0.05).scan([PDF])


async def test_a_scanner_that_is_down_is_out_of_reach(server: Clamd) -> None:
    """A refused connection is told with the address."""
    await server.stop()
    with pytest.raises(Unavailable, match=server.address):
        await scanner(server).scan([PDF])


async def test_a_file_over_the_scanners_limit_says_what_to_do(server: Clamd) -> None:
    """clamd hangs up at its StreamMaxLength; the reason names that setting or the broken line, and is no verdict."""
    server.most = 10
    with pytest.raises(Unavailable, match=r"file\.scanner_limit|ConnectionResetError|BrokenPipeError"):
        await scanner(server).scan([bytes(8 * PIECE)])


@pytest.mark.parametrize(
    "address", ["clamd", "tcp://", "tcp://host", "tcp://host:0", "tcp://host:x", "unix:", "unix:a"]
)
def test_an_address_that_is_none_stops_the_start(address: str) -> None:
    """A mistyped address is told at once, with the key it stands under."""
    with pytest.raises(OwnFault, match=r"start\.scanner_address"):
        ClamdScanner(address, 1)


async def test_all_files_of_a_message_have_one_patience(server: Clamd) -> None:
    """However many files there are, the verdicts are waited for once, so that work ends before its lease does."""
    server.pause = 0.1
    with pytest.raises(Unavailable, match="TimeoutError"):
        await scanner(server, 0.25).scan([PDF] * 20)
    assert Scanner().timeout_seconds < LEASE_SECONDS
    with pytest.raises(ValidationError):
        Scanner(timeout_seconds=LEASE_SECONDS)
