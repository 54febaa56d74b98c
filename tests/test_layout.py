"""The packaging list, the links and the registry say what the folders say."""

import itertools
import re
import tomllib
from pathlib import Path

ROOT = Path(__file__).parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())


def packages_below(folder: Path, name: str) -> set[str]:
    inits = (init for init in folder.rglob("__init__.py") if not any(part.is_symlink() for part in init.parents))
    return {".".join([name, *init.parent.relative_to(folder).parts]) for init in inits}


def test_every_folder_is_packaged() -> None:
    found = packages_below(ROOT / "losscheck", "losscheck")
    found |= packages_below(ROOT / "kernels", "losscheck.kernels")
    found |= packages_below(ROOT / "properties", "losscheck.properties")
    assert set(PROJECT["tool"]["setuptools"]["packages"]) == found


def test_every_folder_with_code_is_a_package() -> None:
    for folder in ("losscheck", "kernels", "properties"):
        for file in (ROOT / folder).rglob("*.py"):
            assert (file.parent / "__init__.py").exists(), f"{file.parent} has code but no __init__.py"


def test_links_lead_to_the_folders_at_the_top() -> None:
    for name in ("kernels", "properties"):
        link = ROOT / "losscheck" / name
        assert link.is_symlink()
        assert link.resolve() == (ROOT / name).resolve()


def test_data_files_are_packaged() -> None:
    patterns = PROJECT["tool"]["setuptools"]["package-data"]["losscheck.reporting"]
    data = [file for file in (ROOT / "losscheck" / "reporting").iterdir() if file.is_file() and file.suffix != ".py"]
    assert {f"*{file.suffix}" for file in data} == set(patterns)
    assert (ROOT / "losscheck" / "py.typed").exists()


def test_every_direct_dependency_is_pinned() -> None:
    project = PROJECT["project"]
    wanted = [*project["dependencies"], *itertools.chain(*project["optional-dependencies"].values())]
    names = {re.match(r"[\w.-]+", word)[0].lower() for word in wanted} - {"losscheck"}
    lines = (ROOT / "constraints.txt").read_text().splitlines()
    pinned = {line.partition("==")[0].lower(): line.partition("==")[2] for line in lines if "==" in line}
    exact_already = {"nvidia-nvvm"}  # pinned to a series by the extra itself
    assert names - exact_already <= set(pinned)
    assert pinned["torch"] == "2.13.0"


def test_one_version() -> None:
    import losscheck

    assert losscheck.__version__ == PROJECT["project"]["version"]
    assert f"version: {losscheck.__version__}\n" in (ROOT / "CITATION.cff").read_text()


def test_properties_are_registered_under_their_file_names() -> None:
    from losscheck.property import properties

    files = {file.stem for file in (ROOT / "properties").glob("*.py") if file.stem != "__init__"}
    assert set(properties()) == files


def test_no_file_is_named_after_nothing() -> None:
    vague = {"utils", "util", "core", "base", "helpers", "common", "misc"}
    found = [file for folder in ("losscheck", "kernels", "properties") for file in (ROOT / folder).rglob("*.py")]
    assert not [file for file in found if file.stem in vague]
