"""The site of a sweep in headless Chromium: filters, links from cells to defects, keyboard, contrast, its console."""

import dataclasses
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from losscheck.reporting.report import Report
from losscheck.reporting.site import save_site
from losscheck.verdict import Severity
from tests.reporting.examples import hostile, ordinary
from tests.reporting.test_page_in_browser import CHROMIUM, CONTRAST, MISSING, Opened

pytestmark = pytest.mark.skipif(bool(MISSING), reason=f"NOT TESTED in a browser: {', '.join(MISSING)} not installed")


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield started
        started.close()


def written(folder: Path) -> Path:
    """A site of two libraries: one loss with errors in each, one without in the first."""
    broken: Report = dataclasses.replace(ordinary(), params={}, environment={"library": "alpha 1.0"})
    fine = tuple(each for each in broken.findings if each.severity is Severity.NONE)
    reports = [
        dataclasses.replace(broken, target="alpha:broken"),
        dataclasses.replace(broken, target="alpha:fine", findings=fine),
        dataclasses.replace(hostile(), params={}, environment={"library": "beta <b>2</b>"}),
    ]
    save_site(reports, folder)
    return folder / "index.html"


def rows(opened: Opened) -> list[str]:
    shown = [row for row in opened.page.locator(".grid-of tbody tr").all() if row.is_visible()]
    return [row.locator("th").inner_text().partition("<")[0].strip() for row in shown]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_console_network_and_contrast(browser: Any, scheme: str, tmp_path: Path) -> None:
    opened = Opened(browser, written(tmp_path), color_scheme=scheme)
    assert opened.written == []
    assert [url for url in opened.asked if not url.startswith(("file:", "data:"))] == []
    ratio, worst = opened.page.evaluate(CONTRAST)
    assert ratio >= 4.5, worst
    assert opened.page.locator("script, img, h2 b").count() == 0, "names of a hostile loss stay text"
    opened.page.close()


def test_filters_of_severity_library_and_layer(browser: Any, tmp_path: Path) -> None:
    opened = Opened(browser, written(tmp_path))
    every = rows(opened)
    assert every[:2] == ["broken", "fine"]
    assert len(every) == 3
    opened.page.get_by_label("losses with errors", exact=True).check()
    assert "fine" not in rows(opened)
    opened.page.get_by_role("radio", name="alpha 1.0").check()
    assert rows(opened) == ["broken"]
    opened.page.get_by_role("radio", name="alpha 1.0").press("ArrowRight")
    assert len(rows(opened)) == 1, "by keyboard too"
    assert "broken" not in rows(opened)
    assert not opened.page.locator("article", has_text="alpha 1.0").first.is_visible(), "its defects go with it"
    opened.page.get_by_label("all", exact=True).check()
    opened.page.get_by_label("everything", exact=True).check()
    convex, finite = (opened.page.get_by_text(name, exact=True).first for name in ("convex", "value_finite"))
    opened.page.get_by_label("theory", exact=True).check()
    assert (convex.is_visible(), finite.is_visible()) == (True, False)
    assert rows(opened) == every
    opened.page.get_by_label("behaviour", exact=True).check()
    assert (convex.is_visible(), finite.is_visible()) == (False, True)
    assert opened.written == []
    opened.page.close()


def test_an_error_leads_to_its_witness_and_a_loss_to_its_page(browser: Any, tmp_path: Path) -> None:
    opened = Opened(browser, written(tmp_path))
    cell = opened.page.locator(".grid-of tbody tr").first.locator('a[title="value_finite"]')
    assert cell.inner_text() == "E"
    cell.press("Enter")
    defect = opened.page.locator("article:target")
    assert "-0x1.64p+6" in defect.inner_text(), "the witness"
    assert "losscheck audit" in defect.inner_text(), "and the line that gives it again"
    defect.get_by_role("link").click()
    assert opened.page.locator("h1").inner_text().startswith("alpha:broken")
    assert opened.written == []
    opened.page.close()


def test_a_wide_table_scrolls_in_itself(browser: Any, tmp_path: Path) -> None:
    opened = Opened(browser, written(tmp_path), viewport={"width": 360, "height": 800})
    assert opened.page.evaluate("document.documentElement.scrollWidth") <= 360
    opened.page.close()
