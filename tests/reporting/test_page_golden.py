"""The page as it looked when it was last looked at: screenshots compared pixel by pixel, in the browser itself.

A pixel differs when a channel does by more than 24 of 255; at most one in 500 may (the edges of letters). Another
release of Chromium, or other fonts, draws another picture: then the test is skipped and says so. After a change that is
meant, look at the page, write the pictures anew with ``LOSSCHECK_GOLDEN=write`` and commit them.
"""

from __future__ import annotations

import base64
import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.reporting.examples import ordinary
from tests.reporting.test_page_in_browser import CHROMIUM, MISSING

pytestmark = pytest.mark.skipif(bool(MISSING), reason=f"NOT TESTED in a browser: {', '.join(MISSING)} not installed")

GOLDEN = Path(__file__).parent / "golden"
WRITE = os.getenv("LOSSCHECK_GOLDEN") == "write"
TOLERANCE = 1 / 500
SIZE = {"width": 640, "height": 760}
PAGES = {"light": {"color_scheme": "light"}, "dark": {"color_scheme": "dark"}}

WIDTHS = """() => ['system-ui', 'ui-monospace, monospace'].map(family => {
  const pen = document.createElement('canvas').getContext('2d');
  pen.font = '100px ' + family;
  return pen.measureText('The quick brown fox: 0123456789 -> f(x)').width;
})"""

DIFFERENT = """async ([one, other]) => {
  const read = async data => {
    const image = new Image();
    image.src = 'data:image/png;base64,' + data;
    await image.decode();
    const canvas = Object.assign(document.createElement('canvas'), { width: image.width, height: image.height });
    const pen = canvas.getContext('2d');
    pen.drawImage(image, 0, 0);
    return pen.getImageData(0, 0, image.width, image.height);
  };
  const [a, b] = [await read(one), await read(other)];
  if (a.width !== b.width || a.height !== b.height) return 1;
  let count = 0;
  for (let i = 0; i < a.data.length; i += 4)
    count += [0, 1, 2].some(k => Math.abs(a.data[i + k] - b.data[i + k]) > 24);
  return 4 * count / a.data.length;
}"""


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--hide-scrollbars"])
        yield started
        started.close()


def drawn_by(browser: Any) -> dict[str, Any]:
    """What decides how letters look: the release of the browser and the fonts it finds."""
    page = browser.new_page()
    widths = [round(width, 1) for width in page.evaluate(WIDTHS)]
    page.close()
    return {"chromium": browser.version.split(".")[0], "widths": widths}


def drawn(folder: Path) -> str:
    """The page of a report that failed, its plots folded out."""
    ordinary().save(folder / "page.html")
    folded = (folder / "page.html").read_text()
    html = folded.replace('<details class="plots">', '<details class="plots" open>')
    assert html != folded
    return html


def shot(browser: Any, html: str, folder: Path, **how: Any) -> bytes:
    file = folder / "report.html"
    file.write_text(html)
    page = browser.new_page(viewport=SIZE, device_scale_factor=1, reduced_motion="reduce", **how)
    page.goto(file.as_uri())
    picture: bytes = page.screenshot(clip={"x": 0, "y": 0, **SIZE})
    page.close()
    return picture


def different(browser: Any, one: bytes, other: bytes) -> float:
    """Return the share of pixels that differ."""
    page = browser.new_page()
    share: float = page.evaluate(DIFFERENT, [base64.b64encode(each).decode() for each in (one, other)])
    page.close()
    return share


@pytest.mark.parametrize("name", PAGES)
def test_the_page_looks_as_it_did(browser: Any, name: str, tmp_path: Path) -> None:
    picture = shot(browser, drawn(tmp_path), tmp_path, **PAGES[name])
    now, conditions = drawn_by(browser), GOLDEN / "drawn_by.json"
    if WRITE:
        (GOLDEN / f"{name}.png").write_bytes(picture)
        conditions.write_text(json.dumps(now) + "\n")
    then = json.loads(conditions.read_text())
    if now != then:
        pytest.skip(f"NOT COMPARED: the pictures were drawn by {then}, this is {now}")
    assert different(browser, picture, (GOLDEN / f"{name}.png").read_bytes()) <= TOLERANCE


def test_the_comparison_sees_small_changes(browser: Any, tmp_path: Path) -> None:
    html = drawn(tmp_path)
    before = shot(browser, html, tmp_path)
    assert different(browser, before, shot(browser, html, tmp_path)) == 0
    for change in (
        html.replace("</style>", ".summary { border: 0 }</style>"),
        html.replace("</style>", "h1 { font-size: 1.3rem }</style>"),
        html.replace("</style>", ".line { stroke-width: 0 }</style>"),
        html.replace("</style>", "th, td { padding: .4rem .6rem }</style>"),
    ):
        assert change != html
        assert different(browser, before, shot(browser, change, tmp_path)) > TOLERANCE
