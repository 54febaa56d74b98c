"""The pages of the gallery: complete, self-contained, and safe from what a name or a docstring may hold."""

import dataclasses
import os
import re
from pathlib import Path

import pytest

from losscheck.catalogue import entries, find
from losscheck.gallery.formula import formula
from losscheck.gallery.ledger import ledger
from losscheck.gallery.plots import ALONG_A_LINE, plots
from losscheck.gallery.writing import LIMIT, matrix, page, write
from losscheck.reporting.chart import chart

FUZZ = os.getenv("HYPOTHESIS_PROFILE") == "fuzz"
SHOWN = list(entries()) if FUZZ else ["focal", "brier", "huber", "sparsemax", "normalised_reverse_published"]


@pytest.mark.parametrize("name", SHOWN)
def test_a_page_has_everything(name: str) -> None:
    made, text = find(name), page(find(name))
    assert "<math" in text
    assert "<script" not in text
    assert not re.findall(r'(?:src|href)="(?:https?:)?//', text)
    assert text.count('<th scope="row">') == len(made.parameters) + len(made.claims)
    assert f"losscheck.audit(&#34;{name}&#34;)" in text
    if name == "focal":
        assert text.count("<svg") == 6
        assert all(title in text for title in ("conditional risk", "Bayes risk", "link: the best score"))
        assert "losscheck.kernels.focal" in text
        assert '<span class="mark refuted">refuted</span>' in text
    if name == "normalised_reverse_published":
        assert "the published claim is false" in text


def test_losses_of_every_drawn_kind_have_plots() -> None:
    for name, count in (("hinge", 6), ("huber", 1), ("kl", 1), ("sparsemax", 1), ("info_nce", 1)):
        drawn = plots(find(name))
        assert len(drawn) == count
        assert all("no finite point" not in chart(plot) for plot in drawn)


def test_every_entry_has_a_plot_with_points() -> None:
    for made in entries().values():
        if made.kind not in ALONG_A_LINE:  # the others are lifted, which takes longer; the pages above draw some
            (drawn,) = plots(made)
            assert "no finite point" not in chart(drawn), made.name


def test_pages_link_back_to_the_site() -> None:
    for text in (page(find("hinge"), "../index.html"), matrix("../index.html")):
        assert '<a href="../index.html">losscheck</a>' in text
    assert "../index.html" not in page(find("hinge"))


def test_claims_link_to_the_rule_of_their_proof() -> None:
    rules = (Path(__file__).parents[2] / "docs" / "verifier-rules.md").read_text(encoding="utf-8")
    for lines in ledger().values():
        assert all(f'<a id="{line.method}"></a>' in rules for line in lines if line.method)
    assert '<a href="../verifier-rules.html#convex_' in page(find("hinge"), "../index.html")
    assert "by the rule <code>convex_" in page(find("hinge"))


def test_losses_of_scores_have_kernels() -> None:
    assert "generated.kernel_for" in page(find("tangent"))
    assert "losscheck.kernels.tangent" in page(find("tangent"))
    assert "Kernel" not in page(find("brier"))


def test_every_formula_is_drawn() -> None:
    for made in entries().values():
        assert "\\" not in re.sub(r"<annotation.*?</annotation>", "", formula(made.formula)), made.name


def test_hostile_text_stays_text() -> None:
    made = dataclasses.replace(find("hinge"), title="<script>alert(1)</script>", hazards=('"><img src=x>',))
    text = page(made)
    assert "<script" not in text
    assert "<img" not in text


def test_the_matrix_is_small_and_complete() -> None:
    text = matrix()
    assert len(text.encode()) < LIMIT
    rows = re.findall(r"<tr data-kind.*?</tr>", text, re.DOTALL)
    assert len(rows) == len(entries())
    columns = text.count('<th scope="col"><span>')
    assert all(len(re.findall(r"<td[ >]", row)) == columns for row in rows)
    (hinge,) = (row for row in rows if 'href="hinge.html"' in row)
    assert ">yes</td>" in hinge
    assert ">no</td>" in hinge
    assert re.search(r'title="lipschitz\[norm=l2\]: proved[^>]*>1</td>', hinge)
    assert not re.findall(r'(?:src|href)="(?:https?:)?//', text)


def test_write(tmp_path: Path) -> None:
    assert write(tmp_path / "gallery", ["hinge"]) == 2
    assert {file.name for file in (tmp_path / "gallery").iterdir()} == {"hinge.html", "index.html"}
    with pytest.raises(KeyError, match="did you mean hinge"):
        write(tmp_path, ["hinges"])
