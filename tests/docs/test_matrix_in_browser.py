"""The matrix in headless Chromium: its filters, a clean console, and no request but for itself."""

import importlib.util
import shutil
from pathlib import Path

import pytest

from losscheck.catalogue import entries
from losscheck.gallery.ledger import ledger
from losscheck.gallery.writing import matrix

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
MISSING = [
    name
    for name, there in (("chromium", CHROMIUM), ("playwright", importlib.util.find_spec("playwright")))
    if not there
]
pytestmark = pytest.mark.skipif(bool(MISSING), reason=f"NOT TESTED in a browser: {', '.join(MISSING)} not installed")


def test_filters(tmp_path: Path) -> None:
    from playwright.sync_api import sync_playwright

    file = tmp_path / "index.html"
    file.write_text(matrix(), encoding="utf-8")
    written: list[str] = []
    asked: list[str] = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        page = browser.new_page()
        page.on("console", lambda message: written.append(message.text))
        page.on("pageerror", lambda error: written.append(str(error)))
        page.on("request", lambda request: asked.append(request.url))
        page.goto(file.as_uri())

        def shown() -> list[str]:
            return page.evaluate(
                "[...document.querySelectorAll('tbody tr')].filter(r => !r.hidden).map(r => r.cells[0].innerText)"
            )

        assert shown() == list(entries())
        page.select_option("#kind", "margin")
        assert shown() == [name for name, made in entries().items() if made.kind == "margin"]
        page.select_option("#property", "convex")
        page.select_option("#verdict", "no")
        refuted = {n for n, lines in ledger().items() for x in lines if (x.finding, x.verdict) == ("convex", "refuted")}
        assert shown() == [n for n, made in entries().items() if made.kind == "margin" and n in refuted]
        for box in ("#kind", "#property", "#verdict"):
            page.select_option(box, "")
        page.fill("#name", "brier")
        assert "brier" in shown()
        assert len(shown()) < 20
        assert page.locator("#count").inner_text() == f"{len(shown())} losses"
        page.fill("#name", "no such loss")
        assert not shown()
        browser.close()
    assert not written
    assert asked == [file.as_uri()]
