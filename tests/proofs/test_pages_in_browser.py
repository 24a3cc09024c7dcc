"""Every page in a real Chromium, at the width of a desk and of a phone, in light and dark.

SAMVIK_SHOTS names a folder to keep pictures of every page in.
"""

import asyncio
import os
import shutil
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from selenium.webdriver import Chrome, ChromeOptions
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.by import By
from selenium.webdriver.support.ui import WebDriverWait

from adapters.keys.at_rest import AtRest
from adapters.postgres.embedded import EmbeddedPostgres
from adapters.settings import Web
from adapters.web.server import WebServer
from tests.fakes.engines.site import MARK, NUMBER, PASSWORD, Here, opened_site
from tests.fakes.world.parties import LEVANGER

PATIENCE = 20
BY_NAME = "samvik.sykehuset.example"
WIDTHS = {1280: 900, 390: 844}
pytestmark = pytest.mark.proof


@pytest.fixture(params=sorted(WIDTHS, reverse=True))
def chromium(request: pytest.FixtureRequest) -> Iterator[Chrome]:
    """Give a browser of one width, without cookies."""
    yield from _browser(request.param)


@pytest.fixture
def plain_chromium() -> Iterator[Chrome]:
    """Give a browser that finds a machine by a name, over plain http: there it sends no Sec-Fetch-Site."""
    yield from _browser(1280, f"--host-resolver-rules=MAP {BY_NAME} 127.0.0.1")


def _browser(width: int, *more: str) -> Iterator[Chrome]:
    program, driver = shutil.which("chromium"), shutil.which("chromedriver")
    if program is None or driver is None:
        pytest.skip("there is no Chromium here: apt-get install chromium chromium-driver")
    options = ChromeOptions()
    options.binary_location = program
    for word in ("--headless=new", "--no-sandbox", "--disable-dev-shm-usage", "--hide-scrollbars", "--lang=nb", *more):
        options.add_argument(word)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    browser = Chrome(options, Service(driver))
    # A window cannot be as narrow as a phone; the emulated screen can.
    screen = {"width": width, "height": WIDTHS[width], "deviceScaleFactor": 1, "mobile": False}
    browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", screen)
    yield browser
    browser.quit()


@asynccontextmanager
async def _served(pg_server: EmbeddedPostgres, at_rest: AtRest, name: str) -> AsyncIterator[tuple[Here, int]]:
    """Serve a site that is filled with cases and messages; yield it with its port."""
    names = (f"{name}_gp", f"{name}_municipal")
    for each in names:
        pg_server.create_database(each, template="samvik_template")
    urls = [pg_server.url(each) for each in names]
    async with opened_site(urls[1], at_rest, gp_url=urls[0]) as here:
        await here.fill()
        server = WebServer(Web(port=0), here.app)
        port = await server.start()
        try:
            yield here, port
        finally:
            await server.stop()
    for each in names:
        pg_server.drop_database(each)


async def test_every_page_fits_and_none_complains(
    pg_server: EmbeddedPostgres, at_rest: AtRest, chromium: Chrome
) -> None:
    """A person logs in, opens every page, searches and logs out: none is wider than the screen, none complains."""
    async with _served(pg_server, at_rest, "browser") as (here, port):
        paths = await _paths(here)
        await asyncio.to_thread(_visit, chromium, f"http://127.0.0.1:{port}", paths)


async def test_a_person_logs_in_over_plain_http_by_name(
    pg_server: EmbeddedPostgres, at_rest: AtRest, plain_chromium: Chrome
) -> None:
    """Where the browser says of a form only which origin it comes from, logging in and out works, and searching too."""
    async with _served(pg_server, at_rest, "plain") as (_, port):
        await asyncio.to_thread(_log_in_and_out, plain_chromium, f"http://{BY_NAME}:{port}")


def _log_in_and_out(browser: Chrome, address: str) -> None:
    browser.get(f"{address}/logg-inn?lang=nb")
    assert not browser.execute_script("return window.isSecureContext")
    _fill(browser, name="levanger", password=PASSWORD)
    WebDriverWait(browser, PATIENCE).until(lambda seen: seen.find_elements(By.CLASS_NAME, "figures"))
    browser.get(f"{address}/sok")
    _fill(browser, q="AVVIK-2026-000001")
    WebDriverWait(browser, PATIENCE).until(lambda seen: "/sak/AVVIK" in seen.current_url)
    browser.find_element(By.CSS_SELECTOR, "form[action='/logg-ut'] button").click()
    WebDriverWait(browser, PATIENCE).until(lambda seen: "/logg-inn" in seen.current_url)


async def _paths(here: Here) -> dict[str, str]:
    """Return a page of every sort by the name of its picture."""
    rows = await here.rows()
    pick = {row.state.value: row.id for row in rows if row.kind is not None and row.kind.value == "melding"}
    (answered, *_) = [case for case in await here.store.list_cases(LEVANGER) if case.answered_at]
    late = next(case for case in await here.store.list_cases(LEVANGER) if case.state == "UNDER_BEHANDLING")
    return {
        "krever-handling": "/",
        "meldinger": "/meldinger",
        "meldinger-utvalg": "/meldinger?tilstand=without_apprec&vei=ut",
        "melding-stanset": f"/melding/{pick['UBEKREFTET']}",
        "melding-levert": f"/melding/{pick['LEVERT']}",
        "melding-inn": f"/melding/{pick['LEVERT_INTERNT']}",
        "saker": "/saker",
        "sak-besvart": f"/sak/{answered.number}",
        "sak-over-frist": f"/sak/{late.number}",
        "sok": "/sok",
        "finnes-ikke": "/melding/00000000-0000-4000-8000-000000000000",
        "english": "/?lang=en",
        "nynorsk": "/?lang=nn",
        "bokmal": "/?lang=nb",
    }


def _visit(browser: Chrome, address: str, paths: dict[str, str]) -> None:
    browser.get(f"{address}/logg-inn?lang=nb")
    _check(browser, "logg-inn")
    _fill(browser, name="levanger", password="feil passord, feil")
    _check(browser, "logg-inn-feil", refused=True)
    _fill(browser, name="levanger", password=PASSWORD)
    WebDriverWait(browser, PATIENCE).until(lambda seen: seen.find_elements(By.CLASS_NAME, "figures"))
    for name, path in paths.items():
        browser.get(address + path)
        _check(browser, name, refused=name == "finnes-ikke")
    browser.get(f"{address}/sok")
    _fill(browser, q=NUMBER)
    assert NUMBER not in browser.page_source + browser.current_url
    _check(browser, "sok-avvist", refused=True)
    _fill(browser, q="AVVIK-2026-000001")
    WebDriverWait(browser, PATIENCE).until(lambda seen: "/sak/AVVIK" in seen.current_url)
    browser.execute_cdp_cmd(
        "Emulation.setEmulatedMedia", {"features": [{"name": "prefers-color-scheme", "value": "dark"}]}
    )
    browser.get(address)
    _check(browser, "krever-handling-mork")
    browser.find_element(By.CSS_SELECTOR, "form[action='/logg-ut'] button").click()
    WebDriverWait(browser, PATIENCE).until(lambda seen: "/logg-inn" in seen.current_url)


def _fill(browser: Chrome, **fields: str) -> None:
    """Fill in the page's main form as a person does, and wait for the next page."""
    before = browser.find_element(By.TAG_NAME, "html")
    for name, text in fields.items():
        field = browser.find_element(By.NAME, name)
        field.clear()
        field.send_keys(text)
    browser.find_element(By.CSS_SELECTOR, "main form button").click()
    WebDriverWait(browser, PATIENCE).until(lambda _: before.id != browser.find_element(By.TAG_NAME, "html").id)


def _check(browser: Chrome, name: str, *, refused: bool = False) -> None:
    """Hold a page against what is promised of all of them; a page that refuses is itself an entry in the console."""
    wide = browser.execute_script(
        "return [document.documentElement.scrollWidth, innerWidth, document.documentElement.scrollHeight]"
    )
    assert wide[0] <= wide[1], f"{name} is {wide[0]} wide on a screen of {wide[1]}"
    complaints = [line["message"] for line in browser.get_log("browser")]
    assert len(complaints) <= refused, complaints
    assert browser.find_element(By.TAG_NAME, "h1").is_displayed()
    assert MARK not in browser.page_source
    folder = os.environ.get("SAMVIK_SHOTS")
    if folder:
        screen = {"width": wide[1], "height": wide[2], "deviceScaleFactor": 1, "mobile": False}
        browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", screen)
        browser.save_screenshot(str(Path(folder) / f"{name}-{wide[1]}.png"))
        browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", screen | {"height": WIDTHS[wide[1]]})
