"""Who may import whom (docs/architecture.md), and what `import losscheck` may cost."""

import ast
import importlib
import inspect
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PATHS = sorted(
    file
    for folder in ("losscheck", "kernels", "properties")
    for file in (ROOT / folder).rglob("*.py")
    if not any(part.is_symlink() for part in file.parents)
)
HEAVY = ("torch", "jax", "scipy", "sympy", "numba", "cvxpy", "hypothesis", "pytest")

# What everybody may name: verdicts, findings, and what a property or a loss declares.
VOCABULARY = {"verdict", "errors", "plain", "identifier", "docstring", "claim", "severity", "finding"}
VOCABULARY |= {"property", "theorem", "kernel", "certificate", "kinds", "signature", "libraries", "ranges", "lemmas"}
VOCABULARY |= {"target"}
DATA = {"losscheck.lifting.lifted.Lifted"}  # what a lift hands on: everybody may name it
REGISTRIES = {"kernel", "property", "theorem"}  # they import their folder, to fill the table
# Layer -> what it may import besides itself and the vocabulary; the verifier has no vocabulary either.
MAY = {
    "expr": set(),
    "engines": {"expr", "verifier"},
    "verified": {"verifier"},
    "proving": {
        "expr",
        "engines",
        "verifier",
        "verified",
    },  # hands a proof to the verifier; chaining applies the implications
    "theorems": {"expr", "engines", "verifier", "proving"},
    "chaining": {"expr", "engines", "theorems", "verifier", "proving"},
    "lifting": {"expr"},
    "behaviour": set(),
    "hunting": {"behaviour", "expr", "lifting"},
    "comparison": {"behaviour", "hunting", "libraries", "loss", "worker_transport"},
    "rounding": {"behaviour", "comparison", "conversing", "expr", "hunting", "lifting", "loss", "reporting", "request"},
    "strategies": {"behaviour"},
    "kernels": {"arrays", "expr"},  # plain functions are written with arrays, generated kernels come from graphs
    "properties": {"proving", "chaining", "expr", "engines", "theorems", "verifier", "lifting", "behaviour"},
    "reporting": set(),
}


def name_of(file: Path) -> str:
    parts = file.relative_to(ROOT).with_suffix("").parts
    parts = parts if parts[0] == "losscheck" else ("losscheck", *parts)
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def imported(file: Path) -> set[str]:
    """Every module a file imports, at the top level or later."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(file.read_text())):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{file} imports relatively"
            # `from losscheck import verify` may mean the module losscheck.verify.
            found |= {f"{node.module}.{alias.name}" for alias in node.names}
    return found


def layer(module: str) -> str:
    parts = module.split(".")
    return parts[1] if len(parts) > 1 else ""


LAYERED = [file for file in PATHS if layer(name_of(file)) in MAY]


@pytest.mark.parametrize("file", LAYERED, ids=name_of)
def test_direction(file: Path) -> None:
    own = layer(name_of(file))
    ours = {module for module in imported(file) if module.split(".")[0] == "losscheck"}
    wrong = {module for module in ours - DATA if layer(module) not in MAY[own] | VOCABULARY | {own}}
    assert not wrong, f"{own} may import {sorted(MAY[own])}, not {sorted(wrong)}"


def test_the_vocabulary_rests_on_nothing_else() -> None:
    for file in PATHS:
        if layer(name_of(file)) in VOCABULARY - {"certificate", *REGISTRIES}:
            ours = {layer(module) for module in imported(file) if module.split(".")[0] == "losscheck"}
            assert ours <= VOCABULARY, f"{name_of(file)} imports {sorted(ours - VOCABULARY)}"


def test_nobody_imports_the_command_line() -> None:
    users = {name_of(file) for file in PATHS if any(layer(module) == "cli" for module in imported(file))}
    assert {name for name in users if layer(name) != "cli"} == {"losscheck.__main__"}


def test_the_verifier_stands_alone() -> None:
    standard = set(
        "__future__ ast collections contextlib dataclasses functools hashlib importlib".split()
        + "itertools math threading typing weakref".split()
    )
    allowed = {"json", "fractions", "flint"} | standard
    files = [file for file in PATHS if layer(name_of(file)) == "verifier"]
    assert files
    for file in files:
        for module in imported(file):
            inside = module.startswith("losscheck.verifier")
            assert inside or module.split(".")[0] in allowed, f"{name_of(file)} imports {module}"
        for node in ast.walk(ast.parse(file.read_text())):
            if isinstance(node, ast.Call) and "import_module" in ast.unparse(node.func):
                assert ast.unparse(node.args[0]).startswith("f'losscheck.verifier.rules."), "a rule, and nothing else"


def test_absolute_imports_never_name_the_folders() -> None:
    for file in PATHS:
        assert not {module.split(".")[0] for module in imported(file)} & {"kernels", "properties"}, file


@pytest.mark.parametrize("name", [name_of(file) for file in PATHS])
def test_every_module_imports(name: str) -> None:
    assert importlib.import_module(name).__doc__, f"{name} has no docstring"


def test_no_module_bears_the_name_of_a_public_function() -> None:
    import losscheck

    public = [name for name in losscheck.__all__ if inspect.isfunction(getattr(losscheck, name))]
    assert {"audit", "verify", "lift"} <= set(public)
    modules = {name_of(file) for file in PATHS}
    assert not modules & {f"losscheck.{name}" for name in public}
    for name in modules:
        importlib.import_module(name)
    for name in public:
        assert callable(getattr(losscheck, name))


def test_unknown_attributes_are_named() -> None:
    import losscheck

    with pytest.raises(AttributeError, match=r"has no attribute 'audits'; it has: .*audit"):
        _ = losscheck.audits
    assert set(losscheck.__all__) <= set(dir(losscheck))


def modules_after(code: str) -> set[str]:
    told = f"import sys\n{code}\nprint(*sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", told], capture_output=True, text=True, cwd=ROOT, check=True, timeout=60
    )
    return {name.split(".")[0] for name in done.stdout.split()}


def test_import_losscheck_is_light() -> None:
    assert not modules_after("import losscheck") & {*HEAVY, "numpy", "rich", "typer", "jinja2"}


def test_the_command_line_and_an_audit_load_no_heavy_library() -> None:
    code = "import losscheck.cli, losscheck.auditing\nfrom losscheck.property import properties\nproperties()"
    assert not modules_after(code) & set(HEAVY)
