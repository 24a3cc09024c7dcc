"""Hands notices to webhooks over HTTP: one POST in bounded time, no redirect, no proxy from the environment."""

import asyncio
from collections.abc import Mapping

import httpx

from adapters.settings import Api
from engine.codes.record_system import RecordSystemCode
from engine.codes.statement import Statement
from engine.ports import WebhookReply

CONTENT_TYPE = {"Content-Type": "application/json", "Accept-Encoding": "identity"}


class WebhookSender:
    """Sends notices (engine.ports.Webhooks)."""

    def __init__(self, settings: Api) -> None:
        self._settings = settings
        self.base = settings.address

    async def post(self, url: str, headers: Mapping[str, str], body: bytes) -> WebhookReply:
        """Try once to hand over a notice. What the receiver answers is not read beyond its status."""
        seconds = self._settings.webhook_timeout_seconds
        try:
            async with (
                asyncio.timeout(seconds),
                self._client() as client,
                client.stream("POST", url, headers={**CONTENT_TYPE, **headers}, content=body) as response,
            ):
                return WebhookReply(
                    response.status_code, _stored(RecordSystemCode.WEBHOOK_STATUS, status=response.status_code)
                )
        except (TimeoutError, httpx.TimeoutException):
            return WebhookReply(None, _stored(RecordSystemCode.WEBHOOK_SILENT, seconds=seconds))
        except (httpx.HTTPError, httpx.InvalidURL, OSError, ValueError) as error:
            # The error's own text may hold the address, and with it a secret.
            return WebhookReply(None, _stored(RecordSystemCode.WEBHOOK_NOT_REACHED, error=type(error).__name__))

    def _client(self) -> httpx.AsyncClient:
        return httpx.AsyncClient(
            proxy=self._settings.webhook_proxy or None,
            timeout=self._settings.webhook_timeout_seconds,
            follow_redirects=False,
            trust_env=False,
        )


def _stored(code: RecordSystemCode, **params: object) -> str:
    return str(Statement.of(code, **params))
