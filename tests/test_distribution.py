"""The wheel and the source distribution: everything is in them, once, and what is installed from them works.

`.ci/release` does the same in a clean virtualenv, dependencies installed afresh.
"""

import os
import shutil
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
SOURCES = ["losscheck", "kernels", "properties"]


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Both distributions, the wheel built from the source distribution, without a network."""
    copy = tmp_path_factory.mktemp("build")
    for folder in SOURCES:
        shutil.copytree(ROOT / folder, copy / folder, symlinks=True, ignore=shutil.ignore_patterns("__pycache__"))
    for file in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / file, copy)
    backend = "import sys; from setuptools.build_meta import build_sdist; build_sdist(sys.argv[1])"
    quiet = {"check": True, "capture_output": True, "timeout": 120}
    subprocess.run([sys.executable, "-c", backend, copy / "dist"], cwd=copy, **quiet)
    (sdist,) = (copy / "dist").glob("*.tar.gz")
    with tarfile.open(sdist) as archive:
        archive.extractall(copy / "unpacked", filter="data")
    (unpacked,) = (copy / "unpacked").iterdir()
    backend = backend.replace("sdist", "wheel")
    subprocess.run([sys.executable, "-c", backend, copy / "dist"], cwd=unpacked, **quiet)
    return copy / "dist"


def test_every_file_is_in_the_wheel_once(built: Path) -> None:
    (wheel,) = built.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        names = [name for name in archive.namelist() if ".dist-info/" not in name]
    assert len(names) == len(set(names))
    wanted = set()
    for folder in SOURCES:
        for file in (ROOT / folder).rglob("*"):
            relative = file.relative_to(ROOT)
            linked = any(part.is_symlink() for part in file.parents) or file.is_symlink()
            if file.is_file() and not linked and "__pycache__" not in relative.parts and file.suffix != ".pyc":
                wanted.add(relative.as_posix() if folder == "losscheck" else f"losscheck/{relative.as_posix()}")
    assert set(names) == wanted


def test_what_is_installed_works(built: Path, tmp_path: Path) -> None:
    (wheel,) = built.glob("*.whl")
    command = [sys.executable, "-m", "pip", "install", "-q", "--no-deps", "--no-index", "--target", tmp_path / "site"]
    subprocess.run([*command, wheel], check=True, timeout=120)
    (tmp_path / "mine.py").write_text("import numpy as np\n\n\ndef hinge(v):\n    return np.maximum(0, 1 - v)\n")
    told = os.environ | {"PYTHONPATH": str(tmp_path / "site"), "LOSSCHECK_CACHE": str(tmp_path / "cache")}

    def run(*words: str) -> str:
        done = subprocess.run(
            [sys.executable, *words], cwd=tmp_path, env=told, capture_output=True, text=True, timeout=120, check=False
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    assert str(tmp_path / "site") in run("-c", "import losscheck; print(losscheck.__file__)")
    asked = ["--kind", "margin", "--properties", "convex,value_finite", "--claims", "convex=true"]
    files = ["--json", "out.json", "--html", "out.html", "--sarif", "out.sarif", "--junit", "out.xml"]
    assert "proved" in run("-m", "losscheck", "audit", "mine:hinge", *asked, *files)
    assert "1 of 1 certificates verified" in run("-m", "losscheck", "verify", "out.json")
    assert '"targets"' in run("-m", "losscheck", "ci", "--schema"), "data files are there"
    assert (tmp_path / "site" / "bin" / "losscheck").exists()
    points = (next((tmp_path / "site").glob("*.dist-info")) / "entry_points.txt").read_text()
    assert "[pytest11]\nlosscheck = losscheck.pytest_plugin" in points
