"""Debian's chromium without a window and without a network, in which reports are opened as from a mail attachment."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

LACKING = "needs chromium, chromedriver and selenium: apt-get install chromium chromium-driver"
CONTRAST = """
const channels = (color) => color.match(/[\\d.]+/g).map(Number);
const light = (color) => channels(color).slice(0, 3).map((each) => each / 255)
  .map((each) => (each <= 0.04045 ? each / 12.92 : ((each + 0.055) / 1.055) ** 2.4))
  .reduce((sum, each, n) => sum + each * [0.2126, 0.7152, 0.0722][n], 0);
const behind = (element) => {
  for (let each = element; each; each = each.parentElement) {
    const color = getComputedStyle(each).backgroundColor;
    if ((channels(color)[3] ?? 1) > 0) return color;
  }
};
const poor = [];
for (const element of document.querySelectorAll("body *")) {
  if (![...element.childNodes].some((node) => node.nodeType === 3 && node.data.trim())) continue;
  if (["SCRIPT", "STYLE"].includes(element.tagName) || element.closest("[disabled]") || !element.checkVisibility()) continue;
  const [a, b] = [light(getComputedStyle(element).color), light(behind(element))].sort((x, y) => y - x);
  if ((a + 0.05) / (b + 0.05) < 4.5) poor.push(`${element.tagName}.${element.className}: ${element.textContent.slice(0, 40)}`);
}
return poor;
"""
"""The texts that WCAG 2 level AA finds too faint on what they stand on."""


class Browser:
    """One browser window."""

    def __init__(self, driver: Any, page: Path) -> None:
        self.driver = driver
        self.address = page.as_uri()

    def open(self, fragment: str = "") -> None:
        """Loads the report anew, with this fragment."""
        self.driver.get("about:blank")
        self.driver.get(self.address + fragment)

    def all(self, selector: str) -> list[Any]:
        return [each for each in self.driver.find_elements("css selector", selector) if each.is_displayed()]

    def one(self, selector: str) -> Any:
        (found,) = self.all(selector)
        return found

    def texts(self, selector: str) -> list[str]:
        return [each.text for each in self.all(selector)]

    def click(self, selector: str, containing: str = "") -> None:
        """Clicks the first element in whose text this stands."""
        next(each for each in self.all(selector) if containing in each.text).click()

    def press(self, *keys: str) -> None:
        """Presses keys, one after the other, wherever the focus is."""
        for key in keys:
            self.driver.switch_to.active_element.send_keys(key)

    def focused(self, attribute: str = "textContent") -> str:
        return str(self.driver.switch_to.active_element.get_attribute(attribute)).strip()

    @property
    def fragment(self) -> str:
        return str(self.run("return decodeURIComponent(location.hash)"))

    def run(self, script: str) -> Any:
        return self.driver.execute_script(script)

    def emulate(self, **media: str) -> None:
        """``media``, and features such as ``prefers_color_scheme``."""
        features = [
            {"name": name.replace("_", "-"), "value": value} for name, value in media.items() if name != "media"
        ]
        self.driver.execute_cdp_cmd(
            "Emulation.setEmulatedMedia", {"media": media.get("media", ""), "features": features}
        )

    def resize(self, width: int, height: int = 900) -> None:
        size = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": False}
        self.driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)

    def scripts(self, *, on: bool) -> None:
        self.driver.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": not on})

    def too_faint(self) -> list[str]:
        return list(self.run(CONTRAST))

    def complaints(self) -> list[str]:
        """What stands in the console since the last question."""
        return [entry["message"] for entry in self.driver.get_log("browser")]

    def requested(self) -> list[str]:
        """What was asked for since the last question, whether it came or not."""
        events = [json.loads(entry["message"])["message"] for entry in self.driver.get_log("performance")]
        sent = (each["params"]["request"]["url"] for each in events if each["method"] == "Network.requestWillBeSent")
        return [url for url in sent if url not in (self.address, "about:blank", "data:,")]


@contextmanager
def browser(page: Path, own: Path) -> Iterator[Browser]:
    """A browser with this report, which keeps its files in the folder ``own``; skips where there is none."""
    programs = shutil.which("chromium"), shutil.which("chromedriver")
    selenium = pytest.importorskip("selenium.webdriver", reason=LACKING)
    if not all(programs):
        pytest.skip(LACKING)
    options = selenium.ChromeOptions()
    options.binary_location = programs[0]
    for option in ("headless=new", "disable-gpu", "disable-dev-shm-usage", "host-resolver-rules=MAP * ~NOTFOUND"):
        options.add_argument(f"--{option}")
    if os.geteuid() == 0:
        options.add_argument("--no-sandbox")  # it would not start as root otherwise, and the only page is our own
    options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
    environment = {**os.environ, "HOME": str(own), "TMPDIR": str(own)}
    driver = selenium.Chrome(options, selenium.ChromeService(programs[1], env=environment))
    try:
        driver.implicitly_wait(0)
        opened = Browser(driver, page)
        opened.resize(1280)
        yield opened
    finally:
        driver.quit()
