"""Headless Chromium, with the operations that the tests need."""

from __future__ import annotations

import base64
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from selenium.common.exceptions import WebDriverException
from selenium.webdriver import Chrome, ChromeOptions
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.support.expected_conditions import staleness_of
from selenium.webdriver.support.wait import WebDriverWait

_TIMEOUT: Final = 30  # seconds
_FLAGS: Final = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--hide-scrollbars",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    # A host name that, in DNS rebinding, an attacker resolves to this machine.
    "--host-resolver-rules=MAP rebound.example 127.0.0.1",
)


class Browser:
    """A Chromium with one page."""

    def __init__(self, driver: Any, pictures: Path) -> None:
        self.driver = driver
        self._pictures = pictures

    def open(self, address: str, *, width: int = 1280, height: int = 900, scheme: str = "light") -> None:
        """Load an address in a window of this size, with a light or dark colour scheme."""
        size = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": False}
        self._command("Emulation.setDeviceMetricsOverride", size)
        media = {"features": [{"name": "prefers-color-scheme", "value": scheme}]}
        self._command("Emulation.setEmulatedMedia", media)
        self.driver.get(address)

    def all(self, selector: str) -> list[Any]:
        """Return the elements that match a CSS selector."""
        return list(self.driver.find_elements("css selector", selector))

    def one(self, selector: str) -> Any:
        """Return the only element that matches a CSS selector."""
        (found,) = self.all(selector)
        return found

    def press(self, name: str) -> None:
        """Click the button with this text, and wait for the next page."""
        (button,) = (each for each in self.all("button") if each.text == name)
        self.follow(button.click)

    def follow(self, action: Callable[[], object]) -> None:
        """Call `action`, which loads another page, and wait until the page is loaded."""
        before = self.one("html")
        action()
        # While a page is replaced, Chromium may report an element of the old one by an error of its own.
        waiting = WebDriverWait(
            self.driver, _TIMEOUT, poll_frequency=0.02, ignored_exceptions=[WebDriverException]
        )
        waiting.until(staleness_of(before))
        waiting.until(lambda driver: driver.execute_script("return document.readyState") == "complete")

    def script(self, code: str) -> Any:
        """Run JavaScript in the page, and return its value."""
        return self.driver.execute_script(code)

    def picture(self, name: str, height: int) -> Path:
        """Save a screenshot of the page from its top down to `height`, once all of it is painted."""
        width = self.script("return document.documentElement.clientWidth")
        size = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": False}
        self._command("Emulation.setDeviceMetricsOverride", size)
        painted = (
            "const done = arguments[0]; requestAnimationFrame(() => requestAnimationFrame(() => done()))"
        )
        self.driver.execute_async_script(painted)
        taken = self._command("Page.captureScreenshot", {"format": "png", "fromSurface": True})
        self._pictures.mkdir(exist_ok=True)
        file = self._pictures / f"{name}.png"
        file.write_bytes(base64.b64decode(taken["data"]))
        return file

    def console_messages(self) -> list[str]:
        """Return the messages in Chromium's console since the last call, such as errors of scripts."""
        return [str(entry["message"]) for entry in self.driver.get_log("browser")]

    def _command(self, name: str, arguments: dict[str, Any]) -> Any:
        return self.driver.execute_cdp_cmd(name, arguments)


@contextmanager
def chromium(profile: Path, pictures: Path) -> Iterator[Browser]:
    """Run Chromium with a new profile for the duration of the block."""
    options = ChromeOptions()
    options.binary_location = _program("CHROMIUM", "chromium")
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    for flag in (*_FLAGS, f"--user-data-dir={profile}"):
        options.add_argument(flag)
    # With both programs given, Selenium does not search for them or download them.
    driver = Chrome(options=options, service=Service(_program("CHROMEDRIVER", "chromedriver")))
    try:
        yield Browser(driver, pictures)
    finally:
        driver.quit()


def _program(variable: str, name: str) -> str:
    found = shutil.which(os.environ.get(variable) or name)
    assert found is not None, f"{name} is missing; see tools/chromium.sh"
    return found
