"""The site is built without a warning, with formulas as MathML, and its pages ask for nothing of the network."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from losscheck.property import properties

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("site")
    shutil.copytree(ROOT / "docs", folder / "docs", ignore=shutil.ignore_patterns("_build", "theory", "examples"))
    shutil.copytree(ROOT / "docs" / "examples", folder / "docs" / "examples", dirs_exist_ok=True)
    # A few losses here; tests/docs/test_gallery.py looks at every one under HYPOTHESIS_PROFILE=fuzz.
    done = subprocess.run(
        [sys.executable, "-m", "sphinx", "-q", "-W", "--keep-going", "-b", "html", folder / "docs", folder / "html"],
        env={**os.environ, "LOSSCHECK_GALLERY": "hinge focal", "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=280,
    )
    assert done.returncode == 0, done.stderr
    return folder / "html"


def test_every_property_has_a_page(site: Path) -> None:
    for name in properties():
        assert (site / "theory" / f"{name}.html").is_file()
    assert "<math" in (site / "theory" / "convex.html").read_text()


def test_the_public_names_are_described(site: Path) -> None:
    import losscheck

    text = (site / "api.html").read_text()
    for name in losscheck.__all__:
        assert name == "__version__" or f'id="losscheck.{name}"' in text or f'id="module-losscheck.{name}"' in text, (
            name
        )


def test_links_lead_somewhere_and_nothing_comes_from_the_network(site: Path) -> None:
    for page in site.rglob("*.html"):
        text = page.read_text()
        assert not re.findall(r'<(?:script|img|link)[^>]+(?:src|href)="(?:https?:)?//', text), page
        for target in re.findall(r'<a [^>]*href="([^"#:?]+)["#]', text):
            assert (page.parent / target).exists() or page.parent.name == "gallery", f"{page}: {target}"


def test_site_and_gallery_lead_to_each_other(site: Path) -> None:
    loss, theory = (site / "gallery" / "hinge.html").read_text(), (site / "theory" / "convex.html").read_text()
    assert 'href="../index.html"' in loss
    assert 'href="../theory/convex.html"' in loss
    assert 'href="../gallery/hinge.html"' in theory
    assert 'href="../gallery/index.html"' in theory
    assert 'href="gallery/index.html"' in (site / "index.html").read_text()
    for page in (site / "gallery").glob("[a-z]*.html"):
        for target in re.findall(r'<a [^>]*href="([^"#:?]+)["#]', page.read_text()):
            assert (page.parent / target).exists() or page.name == "index.html", f"{page}: {target}"
