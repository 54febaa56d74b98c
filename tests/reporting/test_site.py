"""The site of a sweep: a table of library, loss and property, and the defects behind its errors."""

import dataclasses
import re
from pathlib import Path

from typer.testing import CliRunner

from losscheck.cli import app
from losscheck.reporting.report import Report
from losscheck.reporting.site import library, save_site, site
from tests.reporting.examples import hostile, ordinary


def of(target: str, version: str = "") -> Report:
    told = {"library": f"{target.split(':')[0]} {version}"} if version else {}
    return dataclasses.replace(ordinary(), target=target, address=target, params={}, environment=told)


def test_a_table_for_each_library_and_a_page_for_each_loss(tmp_path: Path) -> None:
    reports = [of("alpha:one", "1.2"), of("alpha:two", "1.2"), of("beta.losses:three")]
    save_site(reports, tmp_path / "site", {("alpha:two", "value_finite[float32]"): "documented"})
    index = (tmp_path / "site" / "index.html").read_text()
    assert re.findall(r"<h2>(.*?)</h2>", index) == ["alpha 1.2", "beta", "Defects: 6"]
    assert sorted(file.name for file in (tmp_path / "site").iterdir()) == [
        "0001-one.html",
        "0002-two.html",
        "0003-three.html",
        "index.html",
    ]
    for link in re.findall(r'href="(?!data:)(.*?)"', index):
        assert f'id="{link[1:]}"' in index if link.startswith("#") else (tmp_path / "site" / link).exists()
    assert index.count("(documented)") == 1
    assert index.count("(new)") == 5
    assert "losscheck audit alpha:one" in index, "each defect has the line that gives it again"
    assert "-0x1.64p+6" in index, "and its witness"


def test_cells_say_the_most_severe_verdict_in_letters() -> None:
    index = site([of("alpha:one")], pages=False)["index.html"]
    heads = re.findall(r'<th scope="col" class="\w+"><span>(\w+)</span>', index)
    cells = re.findall(r'<td class="\w+">(.*?)</td>', index)
    shown = dict(zip(heads, [re.sub("<.*?>", "", cell) for cell in cells], strict=True))
    assert shown == {
        "convex": "P",
        "lipschitz": "P",
        "proper": "W",
        "symmetric": "E",
        "pure": "s",
        "value_finite": "E",
    }, "topk_calibrated applies to no loss here, so it has no column"
    assert 'href="0001' not in index, "without pages the first page stands alone"


def test_hostile_names_stay_text_and_choose_no_path() -> None:
    pages = site([hostile(), of("../../etc/passwd:f"), of("a:f(x='../../b')")])
    assert all(re.fullmatch(r"index\.html|\d{4}-[a-z0-9-]*\.html", name) for name in pages)
    assert "<script" not in pages["index.html"].lower()
    assert "onerror=alert(2)>" not in pages["index.html"]


def test_what_a_report_is_shown_under() -> None:
    assert library(of("sklearn.metrics:log_loss", "1.9")) == "sklearn.metrics 1.9"
    assert library(dataclasses.replace(ordinary(), target="not a target", environment={})) == "losscheck"


def test_a_sweep_writes_a_site(tmp_path: Path) -> None:
    file = tmp_path / "numpy.toml"
    file.write_text('[[loss]]\ntarget = "numpy:abs"\nkind = "margin"\nerrors = { "convex" = "documented" }\n')
    words = ["sweep", "hinge", f"{tmp_path}/none.py:gone", "--kind", "margin", "--manifest", str(file)]
    words += ["--properties", "convex", "--dtypes", "float64", "--site", str(tmp_path / "site"), "--timeout", "100"]
    done = CliRunner().invoke(app, words)
    assert done.exit_code == 2, done.output
    assert "cannot be loaded" in done.stderr, "one that cannot be loaded keeps the others from nothing"
    index = (tmp_path / "site" / "index.html").read_text()
    assert re.findall(r"<h2>(.*?)</h2>", index)[0] == "losscheck"
    assert re.findall(r"<h2>numpy \d", index)
    assert len(list((tmp_path / "site").iterdir())) == 3
