"""A national number that is wrapped or disguised stops a person's text in every step of a case, and is not repeated."""

from dataclasses import replace

import pytest

from engine.casework import steps
from engine.deviation.fields import Answer
from engine.deviation.xml import read_deviation
from engine.errors import Refused
from engine.operations import by_hand
from tests.fakes.engines.history import ASSURER, HANDLER, REPORTER, begin, our_case
from tests.fakes.engines.pair import Pair
from tests.fakes.world.parties import KARI, LEVANGER, LEVANGER_SERVICE
from tests.fakes.world.surroundings import DEVIATION

WRITTEN = [
    "158202\n50068",
    "fnr. 158202\r\n50068",
    "158202\u200b50068",
    "158202\u00ad50068",
    "158202 /50068",
    "158202\u201450068",
    "".join(chr(0x660 + int(digit)) for digit in "15820250068"),
    "00000000-0000-0000-0000-015820250068",
]


@pytest.mark.parametrize("written", WRITTEN)
async def test_a_draft_is_stopped(pair: Pair, written: str) -> None:
    """Neither the reporter nor the quality assurer gets it past them."""
    ports = pair.gp.ports
    draft = replace(read_deviation(DEVIATION), description=f"Gjelder {written}.")
    case = await steps.new(ports, REPORTER, draft, LEVANGER_SERVICE)
    with pytest.raises(Refused, match="Description") as refused:
        await steps.submit(ports, REPORTER, case.number)
    assert written not in str(refused.value)
    await steps.submit(ports, REPORTER, case.number, read_deviation(DEVIATION))
    await steps.approve(ports, ASSURER, case.number)


@pytest.mark.parametrize("written", WRITTEN)
async def test_answers_and_reasons_are_stopped(pair: Pair, written: str) -> None:
    """It stands in no answer that leaves, and in no reason that is logged."""
    await begin(pair)
    await pair.settle()
    (theirs,) = await pair.municipal.ports.store.list_cases(LEVANGER)
    sent = await pair.gp.outbound()
    for field in ("assessment", "cause", "measures", "responsible"):
        given = replace(Answer("Vi beklager."), **{field: f"Gjelder {written}."})
        with pytest.raises(Refused, match=r"case\.number_in_(text|reason)"):
            await steps.answer(pair.municipal.ports, HANDLER, theirs.number, given, final=True)
    with pytest.raises(Refused, match=r"case\.number_in_reason"):
        await steps.withdraw(pair.gp.ports, REPORTER, (await our_case(pair)).number, written)
    with pytest.raises(Refused, match=r"case\.number_in_reason"):
        await by_hand.resend(pair.gp.ports, KARI, sent[0].id, written)
