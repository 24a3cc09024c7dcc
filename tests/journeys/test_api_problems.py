"""What a record system is told when what it asks or says over HTTP cannot be used at all."""

from collections.abc import AsyncIterator
from pathlib import Path
from uuid import uuid4

import pytest

from tests.fakes.engines.running_node import LEVANGER_SERVICE, running
from tests.fakes.record_systems.api_client import PREFIX, SETTINGS, ApiClient, asking, by_api, token_of


@pytest.fixture
async def epj(tmp_path: Path, pg_url: str, quick_keys: Path) -> AsyncIterator[ApiClient]:
    """Give Levanger's record system, and a node that it asks."""
    opening = running(tmp_path / "motor", pg_url, quick_keys, SETTINGS, by_api)
    async with opening as here, asking(here, await token_of(here, "epj", LEVANGER_SERVICE)) as client:
        yield client


NO_JSON = {
    "cut": (b'{"status":', "application/json"),
    "deep": (b"[" * 30_000, "application/json"),
    "Latin-1": ('{"status": 2, "errors": [{"code": "X99", "detail": "æ"}]}'.encode("latin-1"), "application/json"),
    "a huge number": (b'{"status": ' + b"9" * 6_000 + b"}", "application/json"),
    "nothing": (b"", "application/json"),
    "called text": (b'{"status": 1}', "text/plain"),
    "UTF-16": ('{"status": 1}'.encode("utf-16"), "application/json"),
    "UTF-16 without a mark": ('{"status": 1}'.encode("utf-16-le"), "application/json"),
    "UTF-32": ('{"status": 1}'.encode("utf-32-be"), "application/json"),
}


@pytest.mark.parametrize(("body", "media_type"), NO_JSON.values(), ids=NO_JSON)
async def test_what_is_no_json_is_told_so(epj: ApiClient, body: bytes, media_type: str) -> None:
    """A word that is no JSON, or is not called so, is told that, by no place that nobody could find."""
    path = f"/inbox/{uuid4()}/apprec"
    refused = await epj.post(path, content=body, headers={"content-type": media_type})
    assert (refused.status_code, refused.json()["detail"]) == (
        422,
        "Innholdet skal være et JSON-objekt i UTF-8, med Content-Type: application/json. Se openapi.json.",
    )


@pytest.mark.parametrize("status", [b"true", b"1.0", b"1e0", b'"1"', b"false", b"0", b"4", b"null"])
async def test_only_the_numbers_are_an_apprec_status(epj: ApiClient, status: bytes) -> None:
    """What a language may take for 1 is no word that a document was taken."""
    body = b'{"status": ' + status + b"}"
    refused = await epj.post(f"/inbox/{uuid4()}/apprec", content=body, headers={"content-type": "application/json"})
    assert refused.status_code == 422
    assert "status" in refused.json()["detail"]


async def test_the_doors_own_address_is_answered_as_all_below_it(epj: ApiClient) -> None:
    """Who asks for the door itself gets a problem, not a page for people."""
    for path in ("", "/", "/noe"):
        refused = await epj.http.get(f"{PREFIX}{path}")
        assert (refused.status_code, refused.headers["content-type"]) == (404, "application/problem+json")


@pytest.mark.parametrize(
    ("wish", "language", "told"),
    [
        ("", "nb", "Her er det ingenting."),
        ("nn-NO, en;q=0.5", "nn", "Sjå openapi.json"),
        ("de, en;q=0.5", "en", "There is nothing here."),
    ],
)
async def test_a_problem_is_told_in_the_language_that_is_asked_for(
    epj: ApiClient, wish: str, language: str, told: str
) -> None:
    """Accept-Language chooses the language of a problem, which its answer names."""
    refused = await epj.http.get(f"{PREFIX}/noe", headers={"accept-language": wish})
    assert told in refused.json()["detail"]
    assert refused.headers["content-language"] == language
