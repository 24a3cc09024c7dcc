"""Fetch revocation lists and OCSP answers ahead of need, into the folder that adapters.keys.revocation reads.

A source is fetched again when its file is older than `refresh_minutes`. The nodes of one machine share the folder, so
only one of them fetches. An answer is kept only when an issuer that we trust has signed it and it is not older than the
one that we have: no server and no proxy can make us forget a revocation.

Diagnostics: for a source that is silent or answers nonsense, `refresh` returns a statement with the reason.
"""

import asyncio
import os
import time
from collections.abc import AsyncIterator, Callable, Iterable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from pathlib import Path
from typing import TypeVar

import httpx
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from adapters.keys.revocation import answer_path, list_path
from adapters.settings import Revocation
from engine.codes.certificate import CertificateCode
from engine.codes.statement import Statement
from engine.operations.trust_watch import Source
from engine.trust.certificates import chain_of
from engine.trust.revocation import (
    NoAnswer,
    RevocationList,
    list_addresses,
    ocsp_addresses,
    ocsp_request,
    read_ocsp,
)

T = TypeVar("T")

MOST_LIST_BYTES = 20_000_000
MOST_ANSWER_BYTES = 100_000
AT_ONCE = 8
_REDIRECTS = 3


@dataclass(frozen=True, slots=True)
class _Pair:
    """A certificate and its issuer, from the chain of a registered certificate."""

    certificate: x509.Certificate
    issuer: x509.Certificate


class RevocationFetcher:
    """Fetches what is due. `anchors` are the issuers that we trust (DER)."""

    def __init__(self, settings: Revocation, anchors: Sequence[bytes], folder: Path) -> None:
        self._settings = settings
        self._anchors = tuple(anchors)
        self._folder = folder
        self._slots = asyncio.Semaphore(AT_ONCE)

    async def refresh(self, certificates: Iterable[bytes], at: datetime) -> list[Source]:
        """Fetch what is due for these certificates (DER); return every source that was asked, silent or not."""
        lists, questions = await asyncio.to_thread(self._due, certificates, at)
        if not lists and not questions:
            return []
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        async with self._client() as client:
            asked = [self._fetch_list(client, url) for url in lists]
            asked += [self._ask(client, url, pair, at) for url, pair in questions]
            return list(await asyncio.gather(*asked))

    def _due(self, certificates: Iterable[bytes], at: datetime) -> tuple[list[str], list[tuple[str, _Pair]]]:
        pairs = self._pairs(certificates, at)
        return self._due_lists(pairs), self._due_questions(pairs) if self._settings.ocsp else []

    def _pairs(self, certificates: Iterable[bytes], at: datetime) -> list[_Pair]:
        found: dict[bytes, _Pair] = {}
        for der in certificates:
            chain = chain_of(x509.load_der_x509_certificate(der), self._anchors, at) or []
            found |= {child.public_bytes(Encoding.DER): _Pair(child, issuer) for child, issuer in pairwise(chain)}
        return list(found.values())

    def _due_lists(self, pairs: Iterable[_Pair]) -> list[str]:
        named = [url for pair in pairs for url in list_addresses(pair.certificate)]
        wanted = (*self._settings.lists, *(named if self._settings.from_certificates else ()))
        return [url for url in dict.fromkeys(wanted) if self._is_due(list_path(self._folder, url))]

    def _due_questions(self, pairs: Iterable[_Pair]) -> list[tuple[str, _Pair]]:
        return [
            (url, pair)
            for pair in pairs
            for url in ocsp_addresses(pair.certificate)[:1]
            if self._is_due(answer_path(self._folder, pair.certificate.public_bytes(Encoding.DER)))
        ]

    def _is_due(self, path: Path) -> bool:
        try:
            age = time.time() - path.stat().st_mtime
        except OSError:
            return True
        return not 0 <= age < self._settings.refresh_minutes * 60

    @asynccontextmanager
    async def _client(self) -> AsyncIterator[httpx.AsyncClient]:
        async with httpx.AsyncClient(
            proxy=self._settings.proxy or None,
            timeout=self._settings.timeout_seconds,
            follow_redirects=True,
            max_redirects=_REDIRECTS,
            trust_env=False,
            # No compression: a small answer on the wire must not become a huge one in memory.
            headers={"Accept-Encoding": "identity"},
        ) as client:
            yield client

    async def _fetch_list(self, client: httpx.AsyncClient, url: str) -> Source:
        path = list_path(self._folder, url)
        try:
            data = await self._bytes(client, client.build_request("GET", url), MOST_LIST_BYTES)
            await asyncio.to_thread(self._keep_list, path, data)
        except (NoAnswer, httpx.HTTPError, httpx.InvalidURL, TimeoutError, OSError) as error:
            return Source(url, _why(error))
        return Source(url)

    def _keep_list(self, path: Path, data: bytes) -> None:
        listed = RevocationList(data)
        if not any(listed.is_of(anchor) for anchor in self._anchors):
            raise NoAnswer(CertificateCode.LIST_UNSIGNED)
        held = _held(path, RevocationList)
        if held is not None and held.begun > listed.begun:
            raise NoAnswer(CertificateCode.LIST_OLDER)
        _write(path, data)

    async def _ask(self, client: httpx.AsyncClient, url: str, pair: _Pair, at: datetime) -> Source:
        content = ocsp_request(pair.certificate, pair.issuer)
        headers = {"Content-Type": "application/ocsp-request", "Accept": "application/ocsp-response"}
        try:
            request = client.build_request("POST", url, content=content, headers=headers)
            data = await self._bytes(client, request, MOST_ANSWER_BYTES)
            self._keep_answer(pair, data, at)
        except (NoAnswer, httpx.HTTPError, httpx.InvalidURL, TimeoutError, OSError) as error:
            return Source(url, _why(error))
        return Source(url)

    def _keep_answer(self, pair: _Pair, data: bytes, at: datetime) -> None:
        answer = read_ocsp(data, pair.certificate, pair.issuer, at)
        path = answer_path(self._folder, pair.certificate.public_bytes(Encoding.DER))
        if not answer.holds_at(at):
            raise NoAnswer(CertificateCode.ANSWER_OF_ANOTHER_TIME)
        held = _held(path, lambda kept: read_ocsp(kept, pair.certificate, pair.issuer, at))
        if held is not None and held.this_update > answer.this_update:
            raise NoAnswer(CertificateCode.ANSWER_OLDER)
        _write(path, data)

    async def _bytes(self, client: httpx.AsyncClient, request: httpx.Request, most: int) -> bytes:
        """Return the body of an answer. `timeout_seconds` bounds the whole fetch, not each piece of it."""
        parts, size = [], 0
        async with self._slots, asyncio.timeout(self._settings.timeout_seconds):
            answer = await client.send(request, stream=True)
            try:
                answer.raise_for_status()
                if answer.headers.get("Content-Encoding", "identity").lower() != "identity":
                    raise NoAnswer(CertificateCode.PACKED)
                async for part in answer.aiter_raw():
                    size += len(part)
                    if size > most:
                        raise NoAnswer(CertificateCode.TOO_LARGE, most=most)
                    parts.append(part)
            finally:
                await answer.aclose()
        return b"".join(parts)


def _held(path: Path, read: Callable[[bytes], T]) -> T | None:
    """Return what was fetched before, None when nothing readable is there."""
    try:
        return read(path.read_bytes())
    except (OSError, NoAnswer):
        return None


def _why(error: Exception) -> str:
    if isinstance(error, httpx.HTTPStatusError):
        return str(Statement.of(CertificateCode.STATUS, status=error.response.status_code))
    if isinstance(error, NoAnswer):
        return str(error)
    return str(Statement.of(CertificateCode.NOT_REACHED, error=type(error).__name__))


def _write(path: Path, data: bytes) -> None:
    """Write a file atomically: readers see the old content or the new, never half of it."""
    beside = path.with_suffix(f".{os.getpid()}.new")
    beside.write_bytes(data)
    beside.replace(path)
