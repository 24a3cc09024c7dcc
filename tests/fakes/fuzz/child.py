"""Feeds the readers in a process of its own, so that time and memory are theirs alone, and tells what came of it.

    python -m tests.fakes.fuzz.child mutated|guided|hostile SEED COUNT FOLDER SAMPLES READER...

`mutated` changes genuine inputs by hypothesis, COUNT for each reader. `guided` does as much by atheris, which keeps
what leads to new lines of ours. `hostile` feeds what was written to cost, each input in a fork of its own. The answer
is one line of JSON; an input that broke a promise is left in FOLDER. Time is the processor's for one call
(time.process_time), which a busy machine does not stretch; memory is the peak of the whole process, interpreter
and input included.
"""

import json
import os
import random
import re
import resource
import sys
import time
import traceback
import warnings
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

LONGEST_CALL = 1.0
"""Seconds of processor time that one input may take."""
KILLED_AFTER = 60
"""Seconds of processor time after which a fork is ended."""
LARGEST_FILE = 1_000_000
"""Files of our own side are searched for numbers letter by letter; larger ones take more than a second by design."""


@dataclass
class Tally:
    """What was fed, how much of it was taken, the slowest call, the peak of memory, and the promises broken."""

    inputs: dict[str, int] = field(default_factory=dict)
    taken: dict[str, int] = field(default_factory=dict)
    slowest_ms: float = 0
    slowest: str = ""
    peak_mb: float = 0
    largest: str = ""
    broken: list[str] = field(default_factory=list)

    def add(self, reader: str, name: str, seconds: float, *, taken: bool) -> None:
        """Count one input."""
        self.inputs[reader] = self.inputs.get(reader, 0) + 1
        self.taken[reader] = self.taken.get(reader, 0) + taken
        if seconds * 1000 > self.slowest_ms:
            self.slowest_ms, self.slowest = seconds * 1000, f"{reader}: {name}"

    def remember(self, what: str) -> None:
        """Note the peak of this process where it is the highest so far."""
        if (peak := peak_mb()) > self.peak_mb:
            self.peak_mb, self.largest = peak, what


def peak_mb() -> float:
    """Return the peak of this process's memory in MB (10^6 bytes)."""
    status = Path("/proc/self/status")
    if status.exists():
        # Not ru_maxrss: on Linux a new process inherits it from the one that started it.
        return int(re.findall(r"VmHWM:\s+(\d+) kB", status.read_text())[0]) * 1024 / 1e6
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6


class Feeder:
    """Feeds one input at a time, and leaves in the folder what broke a promise."""

    def __init__(self, folder: Path, seed: str) -> None:
        self.tally, self._folder, self._seed = Tally(), folder, seed

    def feed(self, reader: str, known: Mapping[str, Any], data: bytes, name: str) -> None:
        """Give an input to a reader; raises what was not its own fault, after noting it."""
        begun = time.process_time()
        try:
            taken = known[reader].answers(data)
        except Exception as error:
            self._note(reader, name, data, f"{type(error).__name__}: {error}")
            raise
        seconds = time.process_time() - begun
        self.tally.add(reader, name, seconds, taken=taken)
        if seconds > LONGEST_CALL:
            self._note(reader, name, data, f"{seconds:.2f} s")

    def _note(self, reader: str, name: str, data: bytes, what: str) -> None:
        kept = self._folder / f"{reader}-{len(self.tally.broken)}.bin"
        kept.write_bytes(data)
        self.tally.broken.append(f"seed {self._seed}, {reader}, {name}: {what} ({kept})")


def mutated(feeder: Feeder, known: Mapping[str, Any], seed: int, count: int) -> None:
    """Feed each reader what hypothesis makes of genuine inputs; a failure is made as small as can be."""
    from hypothesis import HealthCheck, given, settings
    from hypothesis import seed as seeded
    from hypothesis import strategies as st

    def play(reader: str) -> None:
        throws = st.tuples(st.sampled_from(known[reader].changes), st.integers(0, 2**32))

        @seeded(seed)
        @settings(max_examples=count, deadline=None, database=None, suppress_health_check=list(HealthCheck))
        @given(data=st.sampled_from(known[reader].genuine), changes=st.lists(throws, min_size=1, max_size=4))
        def tried(data: bytes, changes: list[Any]) -> None:
            for change, throw in changes:
                data = change(random.Random(throw), data or b"x")
            feeder.feed(reader, known, data, "mutated")

        tried()

    for reader in known:
        play(reader)


def guided(feeder: Feeder, known: Mapping[str, Any], seed: int, count: int, finish: Callable[[], None]) -> None:
    """Feed the readers what atheris makes; the first byte says whose an input is. Never returns."""
    import atheris

    names = list(known)
    corpus = feeder._folder / f"corpus-{os.getpid()}"
    corpus.mkdir()
    for at, reader in enumerate(names):
        for number, data in enumerate(known[reader].genuine):
            (corpus / f"{at:02}-{number:03}").write_bytes(bytes([at]) + data)

    def wanting() -> list[int]:
        return [at for at, name in enumerate(names) if feeder.tally.inputs.get(name, 0) < count]

    def tried(data: bytes) -> None:
        try:
            if data:
                feeder.feed(names[data[0] % len(names)], known, data[1:], "guided")
        except Exception:
            finish()
        if not wanting():
            finish()

    def changed(data: bytes, most: int, throw: int) -> bytes:
        dice, whose, body = random.Random(throw), data[:1], data[1:]
        if not whose or whose[0] not in (left := wanting()):
            # This reader has had its share: another one begins with something genuine.
            whose = bytes([dice.choice(left or [0])])
            body = dice.choice(known[names[whose[0]]].genuine)
        its = known[names[whose[0]]]
        made = (
            dice.choice(its.changes)(dice, body or b"x")
            if dice.random() < 0.5
            else atheris.Mutate(body[: most - 1], most - 1)
        )
        return (whose + bytes(made))[:most]

    options = ["fuzz", "-runs=-1", f"-seed={seed}", "-max_len=200000", "-verbosity=0", "-rss_limit_mb=0", str(corpus)]
    atheris.Setup(options, tried, custom_mutator=changed)
    atheris.Fuzz()


def hostile(feeder: Feeder, known: Mapping[str, Any]) -> None:
    """Feed each reader what was written to cost, one fork an input, so that none inherits another's memory."""
    file = feeder._folder / f"hostile-{os.getpid()}"
    for name, make, only in _hostile():
        _apart(lambda make=make: file.write_bytes(make()))
        for reader in only & known.keys() if only else known:
            if reader == "files" and file.stat().st_size > LARGEST_FILE:
                continue

            def fed(reader: str = reader, name: str = name) -> dict[str, Any]:
                alone = Feeder(feeder._folder, "none")
                try:
                    alone.feed(reader, known, file.read_bytes(), name)
                except Exception:
                    alone.tally.inputs[reader] = 1
                alone.tally.remember(f"{reader}: {name}")
                return asdict(alone.tally)

            _merge(
                feeder.tally, _apart(fed) or {"inputs": {reader: 1}, "broken": [f"{reader}, {name}: ended by force"]}
            )


def _hostile() -> Iterator[tuple[str, Callable[[], bytes], frozenset[str]]]:
    """Yield every hostile input, and which readers it is for; none says all of them."""
    from engine.msh.encryption import encrypt
    from tests.fakes.fuzz.asn1 import costly_cms, key
    from tests.fakes.fuzz.mail_mutations import signed
    from tests.fakes.fuzz.mails import costly_mails
    from tests.fakes.fuzz.xml import costly_xml
    from tests.fakes.partners.forgery import mail_of

    whole = frozenset({"MIME", "signature", "assess"})
    for family in (costly_mails, costly_xml, costly_cms):
        yield from ((name, make, frozenset()) for name, make in family().items())
    for name, make in costly_xml().items():
        yield f"{name}, as an envelope", lambda make=make: mail_of(make(), {}), whole
        yield f"{name}, in a signed mail", lambda make=make: signed(encrypt(make(), key())), whole
    for name, make in costly_cms().items():
        yield f"{name}, in a signed mail", lambda make=make: signed(make()), whole


def _apart(work: Callable[[], Any]) -> Any:
    """Return what `work` answers in a fork of its own; None where it was ended by force."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        resource.setrlimit(resource.RLIMIT_CPU, (KILLED_AFTER, KILLED_AFTER))
        with os.fdopen(writing, "w") as pipe:
            json.dump(work(), pipe)
        os._exit(0)
    os.close(writing)
    with os.fdopen(reading) as pipe:
        answer = pipe.read()
    os.waitpid(child, 0)
    return json.loads(answer) if answer else None


def _merge(into: Tally, found: Mapping[str, Any]) -> None:
    for kind in ("inputs", "taken"):
        for reader, number in found.get(kind, {}).items():
            counts = getattr(into, kind)
            counts[reader] = counts.get(reader, 0) + number
    if found.get("slowest_ms", 0) > into.slowest_ms:
        into.slowest_ms, into.slowest = found["slowest_ms"], found["slowest"]
    if found.get("peak_mb", 0) > into.peak_mb:
        into.peak_mb, into.largest = found["peak_mb"], found["largest"]
    into.broken += found["broken"]


def main() -> None:
    """Do what the command line says."""
    way, seed, count, folder, samples, *wanted = sys.argv[1:]
    with ExitStack() as stack:
        if way == "guided":
            import atheris

            stack.enter_context(atheris.instrument_imports(include=["engine"], enable_loader_override=False))
        from tests.fakes.fuzz.readers import readers

        known = readers(Path(samples) if samples else None)
    known = {name: known[name] for name in wanted}
    feeder = Feeder(Path(folder), seed)

    def finish() -> None:
        feeder.tally.remember(f"{way}, whole process")
        sys.stdout.write(json.dumps(asdict(feeder.tally)) + "\n")
        sys.stdout.flush()
        os._exit(0)

    # A mutated certificate may make cryptography warn of what it will refuse one day; only raising counts here.
    warnings.simplefilter("ignore")
    try:
        if way == "guided":
            guided(feeder, known, int(seed), int(count), finish)
        elif way == "mutated":
            mutated(feeder, known, int(seed), int(count))
        else:
            hostile(feeder, known)
    except Exception as error:
        # What a reader raised is noted already; what we did wrong ourselves is not.
        if not feeder.tally.broken:
            feeder.tally.broken.append(f"the feeder: {traceback.format_exc()}"[-2000:] + str(error))
    finish()


if __name__ == "__main__":
    main()
