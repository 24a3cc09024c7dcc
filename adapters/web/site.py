"""What every page needs: the engine's ports, the viewer, and the rendering of a template in one language."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from importlib import resources
from typing import Any
from urllib.parse import urlencode

from jinja2 import Environment as Templates
from jinja2 import PackageLoader, StrictUndefined
from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import HTMLResponse

from adapters.settings import Settings
from adapters.store.log_ins import User
from adapters.store.postgres import PostgresStore
from adapters.text.printable import printable
from adapters.web.access import Page, may_see, owners_for
from adapters.web.sessions import Sessions
from adapters.web.texts import LANGUAGE_NAMES, Voice, chosen
from adapters.web.views import Views
from adapters.words.language import Language
from engine.commit.ports import Ports
from engine.names import HerId
from engine.times import in_oslo

LANGUAGE_COOKIE = "samvik_sprak"
_YEAR_SECONDS = 31_536_000
_KEPT_IN_LINKS = ("tilstand", "vei", "type", "for")
STATIC = {
    name: ((resources.files("adapters.web") / "static" / name).read_bytes(), kind)
    for name, kind in (("style.css", "text/css; charset=utf-8"), ("icon.svg", "image/svg+xml"))
}
VERSION = sha256(b"".join(data for data, _ in STATIC.values())).hexdigest()[:12]


@dataclass(frozen=True, slots=True)
class Viewer:
    """The person who looks at a page: the user, and the owners whose rows they may see."""

    user: User
    owners: tuple[HerId, ...]

    def sees(self, page: Page) -> bool:
        """True when the viewer's role may see a page."""
        return may_see(self.user.who.role, page)


def _harmless(value: object) -> object:
    """Return what a page shows without the signs that turn the direction of text, or that programs obey."""
    return printable(value) if type(value) is str else value


class Site:
    """What the pages work with. `ports` returns the engine's current ports: the register may change while we run."""

    def __init__(self, settings: Settings, store: PostgresStore, ports: Callable[[], Ports]) -> None:
        self.settings = settings
        self.store = store
        self._ports = ports
        self.sessions = Sessions(settings, store.log_ins(), ports().clock)
        self._templates = Templates(
            loader=PackageLoader("adapters.web"),
            autoescape=True,
            finalize=_harmless,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._templates.globals.update(version=VERSION, environment=settings.environment.value, Page=Page)

    @property
    def ports(self) -> Ports:
        """Return the engine's current ports."""
        return self._ports()

    def now(self) -> datetime:
        """Return the engine's time."""
        return self.ports.clock.now()

    async def viewer(self, request: Request) -> Viewer | None:
        """Return the viewer, None when nobody is logged in or the user's party is no longer served here."""
        user = await self.sessions.user_of(request)
        if user is None or self.ports.policy.owner_of(user.who.her_id) != user.owner:
            return None
        return Viewer(user, owners_for(self.ports, user.owner, user.who.role))

    def voice(self, request: Request) -> Voice:
        """Return the language of a request."""
        asked, kept = request.query_params.get("lang"), request.cookies.get(LANGUAGE_COOKIE)
        return Voice(chosen(asked, kept, request.headers.get("accept-language", "")))

    def views(self, request: Request) -> Views:
        """Return the maker of views for a request."""
        return Views(self.voice(request), self.ports.policy.registry, self.now())

    def page(
        self, request: Request, template: str, viewer: Viewer | None, status: int = 200, **shown: object
    ) -> HTMLResponse:
        """Return a rendered page. A language in the address is remembered in a cookie."""
        voice = self.voice(request)
        surroundings = {
            "t": voice,
            "viewer": viewer,
            "party": self.views(request).party(viewer.user.who.her_id) if viewer else None,
            "languages": _languages(request, voice.language, status),
            "times": Times(voice.language),
            "here": request.url.path,
        }
        text = self._templates.get_template(template).render(**surroundings, **shown)
        response = HTMLResponse(text, status)
        if request.query_params.get("lang") == voice.language:
            response.set_cookie(
                LANGUAGE_COOKIE, voice.language, max_age=_YEAR_SECONDS, path="/", httponly=True, samesite="lax"
            )
        return response


class Times:
    """Writes times as people in Norway read them, with the exact UTC time as an attribute."""

    def __init__(self, language: Language) -> None:
        self._day = "%Y-%m-%d" if language is Language.EN else "%d.%m.%Y"

    def at(self, at: datetime | None, *, seconds: bool = False) -> Markup:
        """Return a `time` element in Oslo, '' for no time."""
        if at is None:
            return Markup("")
        exact = at.astimezone(UTC).isoformat().replace("+00:00", "Z")
        shown = in_oslo(at).strftime(f"{self._day} %H:%M{':%S' if seconds else ''}")
        return Markup('<time datetime="{}" title="{}">{}</time>').format(exact, exact, shown)

    def day(self, day: Any) -> Markup:  # noqa: ANN401 a date, or None
        """Return a `time` element for a day, '' for none."""
        if day is None:
            return Markup("")
        return Markup('<time datetime="{}">{}</time>').format(day.isoformat(), day.strftime(self._day))


def _languages(request: Request, current: Language, status: int) -> list[tuple[str, str, str, bool]]:
    """Return each language's code, name, the address of this page in it, and whether it is the one in use.

    An error page repeats nothing of its address: people type all sorts of things into it.
    """
    kept = [(key, value) for key, value in request.query_params.multi_items() if key in _KEPT_IN_LINKS]
    path = request.url.path if status < 400 else "/"
    return [
        (code.value, name, f"{path}?{urlencode([*kept, ('lang', code.value)])}", code is current)
        for code, name in LANGUAGE_NAMES.items()
    ]
