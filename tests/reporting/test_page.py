"""The HTML page: escaped, self-contained, small, and without an error in a real browser."""

import dataclasses
import html.parser
import os
import re
import shutil
import subprocess

import pytest

from losscheck.finding import Finding
from losscheck.reporting.chart import chart, ticks
from losscheck.reporting.dtype_matrix import dtype_matrix, threshold
from losscheck.reporting.page import LIMIT, page
from losscheck.reporting.proof import Budget, steps
from losscheck.reporting.report import Report
from losscheck.verdict import Severity, Verdict, refuted, supported
from tests.reporting.examples import HOSTILE, hostile, ordinary

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")


class Reader(html.parser.HTMLParser):
    """Collects the tags, the attributes and the text of a page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: dict[str, set[str | None]] = {}
        self.text = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        for name, value in attrs:
            self.attributes.setdefault(name, set()).add(value)

    def handle_data(self, data: str) -> None:
        self.text += data


def test_every_finding_is_there() -> None:
    read = Reader(page([ordinary()]))
    for finding in ordinary().findings:
        assert finding.id in read.text
        assert finding.message in read.text
    assert "convex_by_pieces" in read.text
    assert "nonnegative_on_cover" in read.text
    assert "P. L. Bartlett" in read.text
    assert read.tags.count("svg") == 1


def test_formats_stand_side_by_side_with_the_input_that_breaks() -> None:
    inputs = {"z": {"shape": [1], "values": ["0x1.62e43p+6"]}, "y": {"shape": [1], "values": [0]}}
    broken = refuted("inf", witness={"inputs": inputs}, dtype="float32", severity=Severity.ERROR)
    fine, half = supported("finite", dtype="float64"), refuted("inf", witness={"y": 3}, dtype="float16")
    said = tuple(Finding.join(each, "value_finite", layer="behaviour") for each in (broken, fine, half))
    formats, rows = dtype_matrix(Report("mine.py:loss", said))
    assert formats == ["float64", "float32", "float16"]
    ((name, (whole, single, short)),) = rows
    assert name == "value_finite"
    assert (whole, single, short) == (
        ("supported", "supported none", ""),
        ("refuted", "refuted error", "z = 88.7228"),
        ("refuted", f"refuted {said[2].severity}", ""),
    )
    assert "z = 88.7228" in page([Report("mine.py:loss", said)])
    for witness in (None, {}, {"inputs": []}, {"inputs": {"z": 3}}, {"inputs": {"z": {"values": []}}}):
        assert threshold(witness) == ""
    assert threshold({"inputs": {"z": {"values": ["x", None, 2**2000, 1]}}}).startswith("z = x, None, ")


def test_nothing_hostile_acts() -> None:
    text = page([hostile()])
    read = Reader(text)
    assert not {"script", "img", "iframe", "object"} & set(read.tags)
    assert not [name for name in read.attributes if name.startswith("on")]
    assert HOSTILE in read.text, "it is shown as it is"
    assert "1337" not in text, "a template in a message was rendered"


def test_nothing_is_fetched() -> None:
    read = Reader(page([ordinary()]))
    assert "src" not in read.attributes
    assert read.attributes["href"] == {"data:,"}
    assert "url(" not in page([ordinary()])
    assert "@import" not in page([ordinary()])


def test_it_stays_small_and_says_what_it_cuts() -> None:
    text = page([hostile()])
    assert len(text.encode()) < LIMIT
    assert "(100000 characters)" in text
    assert "more, in the JSON report" in text
    crowded = page([ordinary()] * 40)
    assert len(crowded.encode()) < LIMIT
    assert "the JSON report has them all" in crowded
    assert "the JSON report has them all" not in page([ordinary()])


def test_too_many_reports_for_one_page() -> None:
    many = [dataclasses.replace(ordinary(), target=f"loss {number}") for number in range(200)]
    with pytest.raises(ValueError, match="200 reports do not fit into one page of 300000 bytes"):
        page(many)


def test_a_notebook_gets_a_frame() -> None:
    read = Reader(ordinary()._repr_html_())
    assert read.tags == ["iframe"]
    assert read.attributes["srcdoc"] == {page([ordinary()])}


def test_an_empty_report() -> None:
    assert "ok: no finding" in page([Report("demo", ())])


def test_a_proof_is_a_tree() -> None:
    leaf = {"rule": "leaf", "boxes": [[0, 1]]}
    tree = steps({"rule": "root", "facts": {"left": leaf, "right": [leaf, leaf]}, "why": "x"}, Budget(10))
    assert (tree.rule, tree.data, len(tree.below), tree.omitted) == ("root", (("why", "x"),), 3, 0)
    assert tree.below[0].data == (("boxes", "[[0, 1]]"),)
    cut = steps({"rule": "root", "premises": [leaf] * 5}, Budget(3))
    assert (len(cut.below), cut.omitted) == (2, 3)
    assert steps("no proof", Budget(3)) is None


@pytest.mark.parametrize(("low", "high"), [(0.0, 1.0), (-3.0, 900.0), (1e-12, 3e-12), (-1e300, 1e300), (0.999, 1.001)])
def test_ticks_are_few_round_and_inside(low: float, high: float) -> None:
    marks = ticks(low, high)
    room = 1e-6 * (high - low)
    assert 2 <= len(marks) <= 7
    assert all(low - room <= mark <= high + room for mark in marks)
    assert all(len(f"{mark:.4g}".strip("-0.e+").replace(".", "")) <= 8 for mark in marks)


def test_a_line_does_not_cross_an_infinity() -> None:
    plot = {"title": "t", "x_label": "x", "y_label": "y"}
    pole = {"name": "1/x", "x": [-2, -1, 0, 1, 2], "y": [-0.5, -1, "inf", 1, 0.5]}
    drawn = re.search(r'class="line s0" d="([^"]*)"><title>', chart(plot | {"series": [pole]})).group(1)
    assert drawn.count("M") == 2
    assert "nan" not in drawn
    many = chart(plot | {"series": [pole | {"name": f"series {number}"} for number in range(60)]})
    assert int(re.search(r'viewBox="0 0 460 (\d+)"', many).group(1)) > 400, "the names have rows of their own"
    assert "no finite point" in chart(plot | {"series": [{"name": "none", "x": [0], "y": ["nan"]}]})
    flat = chart(plot | {"series": [{"name": "flat", "x": [0, 1], "y": [2, 2]}]})
    assert "nan" not in flat


@pytest.mark.skipif(CHROMIUM is None, reason="NOT TESTED in a browser: chromium is not installed (.ci/run installs it)")
@pytest.mark.parametrize("report", [ordinary(), hostile()], ids=["ordinary", "hostile"])
def test_in_a_browser(report: Report, tmp_path) -> None:
    report.save(tmp_path / "report.html")
    command = [CHROMIUM, "--headless", "--disable-gpu", "--no-sandbox", "--enable-logging=stderr", "--v=0"]
    command += [f"--user-data-dir={tmp_path / 'profile'}", f"--screenshot={tmp_path / 'page.png'}", "--dump-dom"]
    done = subprocess.run(
        [*command, (tmp_path / "report.html").as_uri()],
        capture_output=True,
        text=True,
        timeout=120,
        env=os.environ | {"HOME": str(tmp_path)},
    )
    assert done.returncode == 0, done.stderr
    assert "CONSOLE" not in done.stderr, "the page wrote to the console: an error, or a script that ran"
    read = Reader(done.stdout)
    assert {finding.id for finding in report.findings if finding.verdict is Verdict.PROVED} <= set(read.text.split())
    if report.target == HOSTILE:
        assert "script" not in read.tags
