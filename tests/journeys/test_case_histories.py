"""Five hundred random histories of one case: answers, plain replies, withdrawals, lost and late receipts, outages."""

import asyncio

from hypothesis import HealthCheck, given, seed, settings

from tests.fakes.engines.history import begun, histories_astray, play


@seed(20261122)
@settings(max_examples=80, database=None, suppress_health_check=list(HealthCheck))
@given(history=histories_astray)
def test_no_history_reminds_twice_or_after_an_answer_or_leaves_a_case_alone(history: list[str]) -> None:
    """Whatever happens to a case, it is reminded of at most once, never after an answer, and always has a deadline."""

    async def run() -> None:
        await play(await begun(), history)

    asyncio.run(run())
