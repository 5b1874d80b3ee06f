"""The emulator's page in Chromium: with mouse and keyboard, light and dark, on small and large screens."""

from __future__ import annotations

from typing import Any

import httpx
import pytest
from selenium.webdriver.common.keys import Keys

from flow_emulator.testing import RunningEmulator
from tests.browser.browser import Browser
from tests.browser.example_exports import EXPORTS, create_exports

BARS = "#timeline-picture .run"


def state(emulator: RunningEmulator) -> Any:
    """Return everything that the emulator stores."""
    return httpx.get(f"{emulator.url}/_emulator/state", trust_env=False).json()


def unexpected_messages(console_messages: list[str]) -> list[str]:
    """Messages other than of the 403, and of the icon that Chromium requests for bare JSON."""
    return [each for each in console_messages if "403" not in each and "/favicon.ico" not in each]


def test_runs_appear_when_the_clock_is_moved(browser: Browser, emulator: RunningEmulator) -> None:
    """Each click on a clock button moves the clock and draws the runs that are due by then."""
    create_exports(emulator)
    browser.open(emulator.url)
    assert browser.all(BARS) == []

    browser.press("+3 hours")
    assert browser.one(".clock time").text == "2031-12-01 00:00"
    assert len(browser.all(BARS)) == len(EXPORTS)
    assert f"{len(EXPORTS)} runs came due" in browser.one("[role=status]").text

    browser.press("To the next run")
    assert browser.one(".clock time").text == "2031-12-01 03:00"
    assert len(browser.all(BARS)) == len(EXPORTS) + 1

    runs = [27 // export.hours + 1 if export.hours else 1 for export in EXPORTS]  # in the first 27 hours
    browser.press("+1 day")
    assert browser.one(".clock time").text == "2031-12-02 03:00"
    assert len(browser.all(BARS)) == len(state(emulator)["runs"]) == sum(runs)

    browser.press("+1 hour")
    browser.press("Back to real time")
    assert browser.one(".clock .badge").text == "real time"


def test_the_page_works_with_the_keyboard_alone(browser: Browser, emulator: RunningEmulator) -> None:
    """The first Tab reaches the link to the content; Enter opens the confirmation and resets the emulator."""
    create_exports(emulator, 1)
    browser.open(emulator.url)
    browser.one("body").send_keys(Keys.TAB)
    assert browser.driver.switch_to.active_element.text == "Skip to the clock"

    browser.one("#reset summary").send_keys(Keys.ENTER)
    confirm = browser.one("#reset button")
    assert confirm.is_displayed()
    browser.follow(lambda: confirm.send_keys(Keys.ENTER))
    assert "Everything was deleted" in browser.one("[role=status]").text
    assert state(emulator)["flows"] == []


def test_the_reset_needs_a_confirmation(browser: Browser, emulator: RunningEmulator) -> None:
    """Before the confirmation is opened there is no button to delete everything with."""
    create_exports(emulator, 1)
    browser.open(emulator.url)

    assert not browser.one("#reset button").is_displayed()


def test_the_clock_is_set_to_a_typed_time(browser: Browser, emulator: RunningEmulator) -> None:
    """The clock is set to the value of the browser's date and time field."""
    browser.open(emulator.url)
    browser.script("document.querySelector('#at').value = '2033-04-05T06:07'")
    browser.press("Set")

    assert browser.one(".clock time").text == "2033-04-05 06:07"


def test_flows_are_filtered_by_name(browser: Browser, emulator: RunningEmulator) -> None:
    """The filter keeps the flows whose name contains the text; a click on a flow jumps to its row."""
    flows = create_exports(emulator)
    browser.open(emulator.url)
    browser.follow(lambda: browser.one("#filter").send_keys("sftp", Keys.ENTER))
    assert len(browser.all("#graph-picture [data-flow]")) == 2

    browser.one(f"#graph-picture a[data-node='{flows[5]}']").click()
    assert browser.driver.current_url.endswith(f"#flow-{flows[5]}")
    assert browser.one("tr:target .name").text == "orders_sftp_password"


@pytest.mark.parametrize("width", [360, 768, 1280])
@pytest.mark.parametrize("exports", [0, 1, len(EXPORTS)])
def test_the_page_is_never_wider_than_the_window(
    browser: Browser, emulator: RunningEmulator, exports: int, width: int
) -> None:
    """The page has no horizontal scroll bar; wider parts scroll inside their own frames."""
    create_exports(emulator, exports)
    emulator.set_clock("2031-12-03T09:30:00Z")
    browser.open(emulator.url, width=width)

    overflow = browser.script(
        "return document.documentElement.scrollWidth - document.documentElement.clientWidth"
    )
    assert overflow == 0


def test_the_page_follows_the_preferred_color_scheme(browser: Browser, emulator: RunningEmulator) -> None:
    """The background is light or dark, as the browser prefers."""
    background = "return getComputedStyle(document.body).backgroundColor"
    browser.open(emulator.url, scheme="light")
    light = browser.script(background)
    browser.open(emulator.url, scheme="dark")

    assert [light, browser.script(background)] == ["rgb(246, 247, 248)", "rgb(18, 21, 24)"]


def test_markup_in_a_name_is_escaped(browser: Browser, emulator: RunningEmulator) -> None:
    """A script in a name is shown as text in the table and the diagrams, and never runs."""
    name = "<script>document.title='taken'</script><img src=x onerror=\"document.title='taken'\">"
    flow = create_exports(emulator, 1)[0]
    with emulator.store.transaction() as tx:
        (entity,) = (each for each in tx.entities.everything() if each.id == flow)
        entity.doc["name"] = name
        tx.entities.update(entity)
    browser.open(emulator.url)

    assert browser.driver.title == "Flow Service emulator"
    assert browser.all("script, img") == []
    assert browser.one(f"[id='flow-{flow}'] .name").text == name


def test_a_form_of_another_origin_is_rejected(browser: Browser, emulator: RunningEmulator) -> None:
    """A reset that another page sends is rejected, and nothing is deleted."""
    create_exports(emulator, 1)
    for path, field in (("/", "<input name=reset value=everything>"), ("/_emulator/reset", "")):
        form = f"<form method=post action={emulator.url}{path}>{field}<button>go</button></form>"
        browser.driver.get(f"data:text/html,{form}")
        browser.press("go")
        assert "ForeignRequestError" in browser.one("body").text

    assert len(state(emulator)["flows"]) == 1
    assert unexpected_messages(browser.console_messages()) == []


def test_a_foreign_host_name_is_rejected(browser: Browser, emulator: RunningEmulator) -> None:
    """A request with a foreign host name, as in DNS rebinding, is rejected."""
    browser.open(emulator.url.replace("127.0.0.1", "rebound.example"))

    assert "ForeignRequestError" in browser.one("body").text
    assert unexpected_messages(browser.console_messages()) == []


@pytest.mark.parametrize(
    ("exports", "scheme", "width", "height"),
    [
        (0, "light", 1280, 900),
        (len(EXPORTS), "light", 1280, 1262),
        (len(EXPORTS), "dark", 1280, 1262),
        (len(EXPORTS), "light", 390, 1400),
        (100, "light", 1280, 2000),
        (100, "dark", 1280, 2000),
    ],
)
def test_screenshots_are_saved(
    browser: Browser, emulator: RunningEmulator, exports: int, scheme: str, width: int, height: int
) -> None:
    """`.screenshots` has a picture of each width; the one of the documentation is small enough for it."""
    create_exports(emulator, exports)
    if exports:
        emulator.set_clock("2031-12-03T09:30:00Z")
    browser.open(emulator.url, scheme=scheme, width=width)
    file = browser.picture(f"{exports}-exports-{scheme}-{width}", height)

    assert file.read_bytes().startswith(b"\x89PNG")
    assert 10_000 < file.stat().st_size < (300_000 if exports <= len(EXPORTS) else 600_000)
