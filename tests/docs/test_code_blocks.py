"""Every block of Python on a hand-written page runs, the blocks of a page one after the other; every command exists."""

import re
import runpy
import shlex
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

import losscheck
from losscheck import property as registry
from losscheck.cli import app

DOCS = Path(__file__).parents[2] / "docs"
PAGES = [page for page in sorted(DOCS.rglob("*.md")) if not {"examples", "_build"} & set(page.relative_to(DOCS).parts)]

QUOTING = {"field-audit"}  # quotes fragments of libraries, at versions that are not installed here


def blocks(page: Path) -> list[str]:
    return re.findall(r"^```python\n(.*?)^```", page.read_text(), re.DOTALL | re.MULTILINE)


@pytest.mark.parametrize(
    "page", [page for page in PAGES if blocks(page) and page.stem not in QUOTING], ids=lambda page: page.stem
)
def test_the_code_of_a_page_runs(page: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    registry.properties()
    monkeypatch.setattr(registry, "_REGISTRY", dict(registry._REGISTRY))  # a page registers a property of its own
    file = tmp_path / "page.py"
    file.write_text("\n\n".join(blocks(page)))
    runpy.run_path(str(file), run_name="__main__")


def test_every_how_to_shows_code() -> None:
    assert all(blocks(page) for page in (DOCS / "how-to").glob("*.md"))
    assert blocks(DOCS / "start.md")


def test_commands_exist() -> None:
    named = {name for page in PAGES for name in re.findall(r"(?:`|^ {4}|^)losscheck ([a-z]+)", page.read_text(), re.M)}
    assert {"audit", "list", "explain", "verify", "ci"} <= named
    for name in sorted(named):
        assert CliRunner().invoke(app, [name, "--help"]).exit_code == 0, name


def lines_of_commands() -> list[str]:
    """Every line of a page, and of the README, that starts a command of ours."""
    found = []
    for page in [*PAGES, DOCS.parent / "README.md", DOCS.parent / "CONTRIBUTING.md"]:
        found += re.findall(r"^(?: {4}|.*&& )?(?:\.venv/bin/)?(losscheck [a-z]+ .*)$", page.read_text(), re.MULTILINE)
    return [line for line in found if "`" not in line]


def test_every_command_is_one_that_can_be_given() -> None:
    """Words and options are read as the command line reads them; nothing is audited."""
    group = typer.main.get_command(app)
    lines = lines_of_commands()
    assert len(lines) >= 5
    for line in lines:
        with group.make_context("losscheck", shlex.split(line)[1:]) as context:
            name, command, words = group.resolve_command(context, [*context._protected_args, *context.args])
            assert command is not None, line
            command.make_context(name, words, parent=context).close()


def test_the_example_of_the_readme_runs() -> None:
    (example,) = blocks(DOCS.parent / "README.md")
    (told,) = re.findall(r"^```text\n(.*?)^```", (DOCS.parent / "README.md").read_text(), re.DOTALL | re.MULTILINE)
    code = example.replace("report.save", "# report.save").replace("claims=", "properties=READ, claims=")
    asked = ["value_finite", "classification_calibrated", "lipschitz"]
    seen: list[object] = []
    with pytest.raises(losscheck.ClaimRefuted, match="value_finite"):
        exec(code, {"READ": asked, "print": seen.append})
    shown = " ".join(str(seen[0]).split())
    for line in told.splitlines()[1:2]:
        assert " ".join(line.split()) in shown


def test_links_between_pages_lead_somewhere() -> None:
    for page in PAGES:
        for target in re.findall(r"\]\(([^)#:\s]+)\)", page.read_text()):
            assert (page.parent / target).exists(), f"{page}: {target}"
