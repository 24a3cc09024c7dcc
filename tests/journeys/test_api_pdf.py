"""A record system fetches the PDF that the sender of a deviation left to us."""

from pathlib import Path

from engine.deviation.xml import read_deviation
from engine.outbound.compose import compose_deviation
from engine.outbound.deliveries import queue
from tests.fakes.engines.running_node import LEVANGER_SERVICE, VERDAL_SERVICE, Running, running, unsaid
from tests.fakes.record_systems.api_client import SETTINGS, ApiClient, asking, by_api, token_of
from tests.fakes.waiting import comes


async def test_the_pdf_that_a_sender_left_out_is_made_when_it_is_fetched(
    tmp_path: Path, pg_url: str, quick_keys: Path
) -> None:
    """`pdf_url` gives the sender's own bytes where the sender left them out, and is null where a PDF came."""
    async with running(tmp_path / "motor", pg_url, quick_keys, SETTINGS, lambda text: unsaid(by_api(text))) as here:
        await _sent_with_and_without(here)
        async with asking(here, await token_of(here, "epj", LEVANGER_SERVICE)) as epj:
            with_it, without = await _both(epj)
            assert (with_it["pdf_url"], without["pdf_url"]) == (None, f"{without['url']}/pdf")
            (came,) = [each for each in with_it["attachments"] if each["name"] == "avvik.pdf"]
            made, theirs = await epj.get(without["pdf_url"]), await epj.get(came["url"])
            assert made.content == theirs.content
            assert made.headers["content-type"] == "application/pdf"
            assert made.headers["content-disposition"] == "attachment; filename*=UTF-8''avvik.pdf"
            assert (await epj.get(f"{with_it['url']}/pdf")).status_code == 404
        async with asking(here, await token_of(here, "annen", VERDAL_SERVICE)) as other:
            assert (await other.get(without["pdf_url"])).status_code == 404, "another party's"


async def _sent_with_and_without(here: Running) -> None:
    """Send the same deviation at the same time with its PDF and without."""
    ports, at = here.other.ports, here.other.ports.clock.now()
    deviation = read_deviation((here.project.folder / "avvik.xml").read_bytes())
    for shown in (False, True):
        draft = compose_deviation(ports, deviation, VERDAL_SERVICE, LEVANGER_SERVICE, at, shown=shown)
        async with ports.store.begin() as uow:
            await queue(uow, ports.policy, draft, at)


async def _both(epj: ApiClient) -> list[dict]:
    """Return what the two documents are said to hold, the one with more files first."""

    async def there() -> bool:
        return len((await epj.get("/inbox")).json()["items"]) == 2

    await comes(there)
    listed = (await epj.get("/inbox")).json()["items"]
    wholes = [(await epj.get(each["url"])).json() for each in listed]
    return sorted(wholes, key=lambda whole: len(whole["attachments"]), reverse=True)
