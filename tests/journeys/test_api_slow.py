"""Record systems that send slowly: they use up nobody else's places."""

import asyncio
from pathlib import Path

from tests.fakes.engines.running_node import LEVANGER_SERVICE, VERDAL_SERVICE, running
from tests.fakes.record_systems.api_client import PREFIX, SETTINGS, asking, by_api, token_of
from tests.fakes.waiting import PATIENCE, comes


async def test_slow_replies_of_one_client_stop_nobody_else(tmp_path: Path, pg_url: str, quick_keys: Path) -> None:
    """Of fourteen slow replies two may come, the others hear 503 and when to ask again; another client is answered."""
    async with running(tmp_path / "motor", pg_url, quick_keys, SETTINGS, by_api) as here:
        token, others = [await token_of(here, name, LEVANGER_SERVICE) for name in ("epj", "annen")]
        await here.submit(VERDAL_SERVICE, LEVANGER_SERVICE)
        async with asking(here, token) as epj:

            async def there() -> bool:
                return bool((await epj.get("/inbox")).json()["items"])

            await comes(there)
            (listed,) = (await epj.get("/inbox")).json()["items"]
        head = (
            f"POST {PREFIX}{listed['url'].removeprefix(PREFIX)}/reply HTTP/1.1\r\nHost: x\r\n"
            f"Authorization: Bearer {token}\r\nTransfer-Encoding: chunked\r\n\r\n3\r\n<a>\r\n"
        )
        lines = [await asyncio.open_connection("127.0.0.1", here.node.web_port) for _ in range(14)]
        for _, writer in lines:
            writer.write(head.encode())
        answers = {asyncio.create_task(reader.readuntil(b"\r\n\r\n")): writer for reader, writer in lines}
        waits = set(answers)
        while len(waits) > 2:
            done, waits = await asyncio.wait(waits, timeout=PATIENCE, return_when=asyncio.FIRST_COMPLETED)
            assert done
            for answer in done:
                assert answer.result().startswith(b"HTTP/1.1 503")
                assert b"retry-after: 10" in answer.result()
        async with asking(here, others) as other:
            assert (await other.post(f"{listed['url']}/reply", content=b"<a/>")).status_code == 422
        for answer in waits:
            answers[answer].write(b"4\r\n</a>\r\n0\r\n\r\n")
            assert (await answer).startswith(b"HTTP/1.1 422")
        for _, writer in lines:
            writer.close()
