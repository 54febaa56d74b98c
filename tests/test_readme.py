"""The README: its two commands, its example, and that what it names exists."""

import ast
import re
import shlex
import tomllib
from pathlib import Path

from typer.testing import CliRunner

from losscheck.cli import app

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text()


def command(marker: str) -> str:
    found = re.findall(rf"<!-- {marker} -->\n```bash\n(.*?)\n```", README, re.DOTALL)
    assert len(found) == 1
    return found[0]


def test_two_commands_of_one_line_each() -> None:
    assert README.count("```bash") == 2
    assert "\n" not in command("audit") + command("tests")


def test_the_commands_install_what_the_project_declares() -> None:
    extras = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["optional-dependencies"]
    for marker in ("audit", "tests"):
        asked = re.search(r'-c constraints.txt -e "\.\[(\w+)\]"', command(marker)).group(1)
        assert asked in extras


def test_ci_runs_the_command_of_the_readme() -> None:
    script = (ROOT / ".ci" / "run").read_text()
    assert "<!-- tests -->" in script
    assert command("tests").endswith("-m pytest -q -n auto")


def test_the_audit_command_is_well_formed() -> None:
    words = shlex.split(command("audit").split("&&")[-1])
    assert words[:2] == [".venv/bin/losscheck", "audit"]
    targets = [word for word in words if ":" in word]
    kinds = words[words.index("--kind") + 1].split(",")
    assert len(targets) == len(kinds) == 3
    path, _, attribute = targets[-1].rpartition(":")
    assert attribute in {node.name for node in ast.walk(ast.parse((ROOT / path).read_text())) if hasattr(node, "name")}


def test_the_example_compiles_and_names_what_exists() -> None:
    import losscheck

    example = re.search(r"```python\n(.*?)```", README, re.DOTALL).group(1)
    compile(example, "README.md", "exec")
    for name in re.findall(r"losscheck\.(\w+)\(", example):
        assert callable(getattr(losscheck, name))
    claimed = re.search(r"claims=\{\"(\w+)\"", example).group(1)
    assert claimed in losscheck.property.properties()


def test_what_the_readme_says_it_prints_is_printed() -> None:
    import torch

    import losscheck

    names = ["value_finite", "classification_calibrated", "lipschitz"]
    loss = torch.nn.functional.soft_margin_loss
    claims = {"classification_calibrated": True}
    printed = str(losscheck.audit(loss, kind="signed", claims=claims, properties=names, dtypes=["float32"]))
    words = " ".join(printed.split())
    for line in re.search(r"```text\n(.*?)```", README, re.DOTALL).group(1).splitlines():
        assert " ".join(line.split()) in words


def test_every_command_named_is_there() -> None:
    for name in set(re.findall(r"`losscheck (\w+)", README)):
        assert CliRunner().invoke(app, [name, "--help"]).exit_code == 0


def test_links_lead_somewhere() -> None:
    for target in re.findall(r"\]\(([^)#]+)\)", README):
        assert (ROOT / target).exists()
