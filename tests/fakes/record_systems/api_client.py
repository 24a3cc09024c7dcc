"""A record system that asks over HTTP, and holds every answer against openapi.json."""

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import httpx
from jsonschema import Draft202012Validator

from tests.fakes.engines.running_node import Running

PREFIX = "/api/v1"
SETTINGS = "[api]\nenabled = true\n"


@dataclass
class ApiClient:
    """Asks with a token, '' for none; an answer that openapi.json does not foresee fails the test."""

    http: httpx.AsyncClient
    spec: dict[str, Any]
    token: str

    async def get(self, path: str, **how: Any) -> httpx.Response:
        """Ask for something, by its path below the prefix or with it."""
        return await self.ask("GET", path, **how)

    async def post(self, path: str, **how: Any) -> httpx.Response:
        """Say something."""
        return await self.ask("POST", path, **how)

    async def ask(self, method: str, path: str, **how: Any) -> httpx.Response:
        """Make a request, and check the answer."""
        short = path.removeprefix(PREFIX)
        headers = {"authorization": f"Bearer {self.token}"} if self.token else {}
        answer = await self.http.request(method, PREFIX + short, headers={**headers, **how.pop("headers", {})}, **how)
        self.check(method, short.partition("?")[0], answer)
        return answer

    def check(self, method: str, path: str, answer: httpx.Response) -> None:
        """Fail for an answer that is not as openapi.json says."""
        foreseen = self.spec["paths"][template(self.spec, path)][method.lower()]["responses"]
        assert str(answer.status_code) in foreseen, (path, answer.status_code)
        media = answer.headers["content-type"].partition(";")[0]
        content = foreseen[str(answer.status_code)]["content"]
        if media not in content:
            assert "application/octet-stream" in content, (path, media)
            return
        schema = content[media]["schema"]
        if "json" in media:
            whole = {**schema, "components": self.spec["components"]}
            Draft202012Validator(whole, format_checker=Draft202012Validator.FORMAT_CHECKER).validate(answer.json())


def template(spec: dict[str, Any], path: str) -> str:
    """Return the path of openapi.json that an address is one of."""
    found = [each for each in spec["paths"] if re.fullmatch(re.sub(r"\{\w+\}", "[^/]+", each), path)]
    assert len(found) == 1, path
    return found[0]


def by_api(text: str) -> str:
    """Let the record systems of both municipalities ask over HTTP, and leave the AppRec to them."""
    return text.replace('inbox = "folder"', 'inbox = "api"').replace("[defaults]\n", '[defaults]\napprec_by = "epj"\n')


async def token_of(here: Running, name: str, party: str) -> str:
    """Add a client as an administrator does, and return its token."""
    added = await asyncio.to_thread(here.project.samvik, "client", "add", name, "--party", party)
    assert added.code == 0, added.err
    return added.out.strip()


@asynccontextmanager
async def asking(here: Running, token: str) -> AsyncIterator[ApiClient]:
    """Give a client with a token."""
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{here.node.web_port}") as http:
        spec = (await http.get(f"{PREFIX}/openapi.json")).json()
        yield ApiClient(http, spec, token)
