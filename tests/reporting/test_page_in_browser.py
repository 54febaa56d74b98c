"""The page in headless Chromium, by playwright: folds, filters, keyboard, contrast, and a clean console."""

import importlib.util
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from losscheck.reporting.report import Report
from losscheck.reporting.saving import save
from losscheck.verdict import Severity, Verdict
from tests.reporting.examples import hostile, ordinary

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
MISSING = [
    name
    for name, there in (("chromium", CHROMIUM), ("playwright", importlib.util.find_spec("playwright")))
    if not there
]
pytestmark = pytest.mark.skipif(bool(MISSING), reason=f"NOT TESTED in a browser: {', '.join(MISSING)} not installed")

# The contrast of every piece of text with the background behind it, by WCAG 2.1.
CONTRAST = """() => {
  const part = c => (c /= 255) <= 0.03928 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
  const light = ([r, g, b]) => 0.2126 * part(r) + 0.7152 * part(g) + 0.0722 * part(b);
  const read = text => text.match(/[\\d.]+/g).map(Number);
  const behind = node => {
    for (; node; node = node.parentElement) {
      const found = read(getComputedStyle(node).backgroundColor);
      if (found.length < 4 || found[3] > 0) return found;
    }
    return [255, 255, 255];
  };
  const ratios = [];
  for (const node of document.querySelectorAll('h1, p, code, th, td, dt, dd, b, span, summary, label, svg text')) {
    if (![...node.childNodes].some(each => each.nodeType === 3 && each.textContent.trim())) continue;
    const style = getComputedStyle(node);
    const [a, b] = [light(read(node instanceof SVGElement ? style.fill : style.color)), light(behind(node))];
    ratios.push([(Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05), node.outerHTML.slice(0, 80)]);
  }
  return ratios.sort((a, b) => a[0] - b[0])[0];
}"""


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield started
        started.close()


class Opened:
    """A page with everything it wrote to the console, and every address it asked for."""

    def __init__(self, browser: Any, file: Path, **how: Any) -> None:
        self.page = browser.new_page(**how)
        self.written: list[str] = []
        self.asked: list[str] = []
        self.page.on("console", lambda message: self.written.append(message.text))
        self.page.on("pageerror", lambda error: self.written.append(str(error)))
        self.page.on("dialog", lambda dialog: self.written.append(dialog.message))
        self.page.on("request", lambda request: self.asked.append(request.url))
        self.page.goto(file.as_uri())

    def shown(self) -> set[str]:
        return {
            row.locator("th code").inner_text()
            for row in self.page.locator(".findings tbody tr").all()
            if row.is_visible()
        }


@pytest.mark.parametrize("report", [ordinary(), hostile()], ids=["ordinary", "hostile"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_console_network_and_contrast(browser: Any, report: Report, scheme: str, tmp_path: Path) -> None:
    report.save(tmp_path / "report.html")
    opened = Opened(browser, tmp_path / "report.html", color_scheme=scheme)
    assert opened.written == []
    assert [url for url in opened.asked if not url.startswith(("file:", "data:"))] == []
    ratio, worst = opened.page.evaluate(CONTRAST)
    assert ratio >= 4.5, worst
    opened.page.close()


def test_filters_show_what_they_say(browser: Any, tmp_path: Path) -> None:
    report = ordinary()
    save([report, report], tmp_path / "report.html")
    opened = Opened(browser, tmp_path / "report.html")
    wanted = {
        "everything": {f.id for f in report.findings},
        "errors and warnings": {f.id for f in report.findings if f.severity in (Severity.ERROR, Severity.WARNING)},
        "theory": {f.id for f in report.findings if f.layer == "theory"},
        "behaviour": {f.id for f in report.findings if f.layer == "behaviour"},
        "what is not decided": {f.id for f in report.findings if f.verdict is Verdict.UNDECIDED},
    }
    for label, ids in wanted.items():
        opened.page.get_by_label(label, exact=True).check()
        assert opened.shown() == ids, label
    opened.page.get_by_label("everything").check()
    opened.page.get_by_label("everything").press("ArrowRight")
    assert opened.shown() == wanted["errors and warnings"], "by keyboard too"
    assert opened.written == []
    opened.page.close()


def test_folds_open_by_mouse_and_by_keyboard(browser: Any, tmp_path: Path) -> None:
    ordinary().save(tmp_path / "report.html")
    opened = Opened(browser, tmp_path / "report.html")
    row = opened.page.locator(".findings tbody tr", has_text="f'' >= 0 on the whole line")
    proof = row.get_by_text("nonnegative_on_cover")
    assert not proof.is_visible()
    row.get_by_text("evidence", exact=True).click()
    fold = row.get_by_text("proof", exact=True)
    fold.scroll_into_view_if_needed()
    opened.page.keyboard.press("Tab")
    assert opened.page.evaluate("document.activeElement.textContent") == "proof"
    assert opened.page.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"
    fold.press("Enter")
    assert proof.is_visible()
    fold.press("Enter")
    assert not proof.is_visible()
    broken = opened.page.locator(".findings tbody tr", has_text="inf at z = -89")
    assert broken.get_by_text("reproduce", exact=True).is_visible(), "what needs attention is open from the start"
    opened.page.close()


def test_formats_fold_out_with_the_input_that_breaks(browser: Any, tmp_path: Path) -> None:
    ordinary().save(tmp_path / "report.html")
    opened = Opened(browser, tmp_path / "report.html")
    opened.page.get_by_label("theory", exact=True).check()
    opened.page.get_by_text("by float format").click()
    cell = opened.page.locator(".formats tbody td").first
    assert cell.inner_text() == "refuted", "its witness has no inputs, so no threshold"
    assert cell.is_visible(), "the filter is of the findings"
    opened.page.close()


def test_it_fits_a_telephone_and_paper(browser: Any, tmp_path: Path) -> None:
    ordinary().save(tmp_path / "report.html")
    opened = Opened(browser, tmp_path / "report.html", viewport={"width": 360, "height": 800})
    assert opened.page.evaluate("document.documentElement.scrollWidth") <= 360
    full = opened.page.locator("main").bounding_box()["height"]
    opened.page.get_by_label("errors and warnings").check()
    assert opened.page.locator("main").bounding_box()["height"] < full
    opened.page.close()
