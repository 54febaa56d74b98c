"""LaTeX reports: nothing in them breaks LaTeX, and the formulas say what the graph says."""

from __future__ import annotations

import math
import re
import shutil
import subprocess
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

import losscheck
from losscheck.cli import app
from losscheck.finding import Finding
from losscheck.lemmas import lemma
from losscheck.reporting.latex import as_latex
from losscheck.reporting.latex_formula import formulas, number
from losscheck.reporting.latex_text import converted, escaped, paragraphs
from losscheck.reporting.report import Report
from losscheck.reporting.saving import save
from losscheck.verdict import proved
from tests.reporting.examples import HOSTILE, ordinary

COMMANDS = set(
    "documentclass usepackage newtheorem setlength parindent parskip sloppy title author date begin end maketitle "
    "section subsection texttt emph textbf item operatorname hat mathit text tfrac frac sqrt lvert rvert max min exp "
    "log arctan sin cos Phi land lnot left right le ge to ne cdot sum dots textbackslash textasciicircum "
    "textasciitilde textless textgreater textbar".split()
)
"""Everything that our writers produce; documentation may bring mathematics of its own."""


def check(text: str) -> None:
    """Environments nest, braces and dollars match, no special character stands bare."""
    open_: list[str] = []
    for what, name in re.findall(r"\\(begin|end)\{([^}]*)\}", text):
        if what == "begin":
            open_.append(name)
        else:
            assert open_
            assert open_.pop() == name
    assert not open_
    bare = re.sub(r"\\[\\{}$&#%_]", "", text)
    assert bare.count("{") == bare.count("}")
    assert bare.count("$") % 2 == 0
    assert text.count(r"\[") == text.count(r"\]")
    assert text.isascii()
    outside = re.sub(r"\\\[.*?\\\]|\$[^$]*\$", "", re.sub(r"\\[{}$&#%_]", "", text), flags=re.DOTALL)
    assert not re.search(r"[_^#&~]|(?<!\\)%", outside), re.search(r".{30}[_^#&~%].{30}", outside)


def squared_hinge(v: Any) -> Any:
    return np.maximum(0, 1 - v) ** 2 + 0.1 * np.exp(-0.3 * v)


def cut(z: Any, y: Any) -> Any:
    e = np.exp(z - z.max(axis=1, keepdims=True))
    return np.minimum(1, 1.3 - (e / e.sum(axis=1, keepdims=True))[np.arange(len(z)), y])


def scaled(v: Any, gamma: float) -> Any:
    return np.logaddexp(0, -gamma * v) / gamma


@pytest.fixture(scope="module")
def reports() -> list[Report]:
    asked = ["convex", "symmetric", "classification_calibrated", "nonnegative", "supremum", "lipschitz"]
    return [
        losscheck.audit(squared_hinge, kind="margin", properties=asked),
        losscheck.audit(cut, kind="logits", properties=asked),
        losscheck.audit(scaled, kind="margin", params={"gamma": (0.5, 4)}, properties=["convex", "symmetric"]),
    ]


def test_a_report_is_sound_latex(reports: list[Report]) -> None:
    text = as_latex(reports)
    check(text)
    assert text.count(r"\begin{theorem}") == sum(f.certificate is not None for r in reports for f in r.findings)
    assert r"\gamma" in text
    assert r"takes every value in $[\tfrac{1}{2},\, 4]$" in text
    assert r"0.1 = \tfrac{1}{10}" in text


def test_every_rule_and_property_can_be_written() -> None:
    from losscheck.property import properties

    rules = sorted(path.stem for path in (Path(losscheck.__file__).parent / "verifier" / "rules").glob("[a-z]*.py"))
    assert len(rules) > 80
    for rule in rules:
        title, rest = lemma({"rule": rule})
        assert title, rule
        check("\n\n".join(paragraphs("\n\n".join([title, *rest]))))
    for entry in properties().values():
        check("\n\n".join(paragraphs(entry.doc)))


@given(st.text())
def test_any_text_is_escaped(text: str) -> None:
    check(escaped(text))
    check(converted(text))
    check("\n\n".join(paragraphs(text)))


def test_hostile_findings() -> None:
    certificate = {
        "losscheck": 1, "claim": {}, "constants": {}, "kind": "margin", "labels": [1], "variables": [HOSTILE],
        "graph": {"nodes": [["var", HOSTILE, []]], "roots": [0]},
        "proof": {"rule": HOSTILE, HOSTILE: HOSTILE, "premises": [{"rule": "../../cli/app", "x": "\\end{document}"}]},
    }  # fmt: skip
    finding = Finding.join(proved(HOSTILE, certificate=certificate, domain=HOSTILE), "convex", layer="theory")
    text = as_latex([Report(HOSTILE, (finding,), kind="margin")])
    check(text)
    assert text.count(r"\end{document}") == 1
    assert not set(re.findall(r"\\([a-zA-Z]+)", text.split("The property.")[0])) - COMMANDS
    check(as_latex([ordinary()]))


def test_saved_and_printed(tmp_path: Path, reports: list[Report]) -> None:
    reports[0].save(tmp_path / "x.tex")
    assert (tmp_path / "x.tex").read_text() == reports[0].to_latex()
    assert reports[0].to_latex().startswith(r"\documentclass{article}")


def test_proofs_as_trees(reports: list[Report]) -> None:
    text = reports[0].explain("classification_calibrated")
    assert text.startswith("classification_calibrated is proved on R\n")
    assert "0.10000000000000001 is read as 1/10" in text
    assert re.search(r"^1\. .*\[calibrated_convex\]", text, re.MULTILINE)
    assert re.search(r"^   1\.1\. convex: .*", text, re.MULTILINE)
    assert "Bartlett, Jordan, McAuliffe" in text
    with pytest.raises(ValueError, match="without a certificate"):
        ordinary().explain("proper")


@pytest.mark.parametrize(
    ("nodes", "at"),
    [
        ([["var", "v", []], ["pow", "2", [0]], ["add", ["1", "-3/2"], [1]], ["pow", "3", [2]]], 0.7),
        (
            [["var", "v", []], ["add", ["-1", "-1"], [0]], ["mul", None, [0, 1]], ["add", ["0", "-1", "1/3"], [2, 1]]],
            1.3,
        ),
        ([["var", "v", []], ["exp", None, [0]], ["pow", "2", [1]], ["pow", "-1/2", [2]]], 0.4),
        ([["var", "v", []], ["const", "-2/3", []], ["mul", None, [1, 0]], ["pow", "-2", [2]]], 0.9),
    ],
)
def test_formulas_say_what_the_graph_says(nodes: list[list[Any]], at: float) -> None:
    """Brackets, signs and exponents: the formula is read back as Python and evaluated."""
    found = formulas({"nodes": nodes, "roots": [len(nodes) - 1]})
    assert found is not None
    definitions, (root,) = found
    assert not definitions
    assert math.isclose(evaluated(root, at), graph_value(nodes, at), rel_tol=1e-12)


def evaluated(formula: str, v: float) -> float:
    text = formula.replace(r"\left", "").replace(r"\right", "").replace(r"\,", "*").replace(r"\exp", "math.exp")
    text = re.sub(r"\\tfrac\{(\d+)\}\{(\d+)\}", r"(\1/\2)", text)
    text = re.sub(r"\^\{([^{}]*)\}", r"**(\1)", text)
    while r"\frac{1}{" in text or r"\sqrt{" in text:
        before = text
        text = re.sub(r"\\frac\{1\}\{([^{}]*)\}", r"(1/(\1))", text)
        text = re.sub(r"\\sqrt\{([^{}]*)\}", r"math.sqrt(\1)", text)
        assert text != before, text
    return float(eval(text, {"math": math, "v": v}))


def graph_value(nodes: list[list[Any]], v: float) -> float:
    values: list[float] = []
    for op, value, args in nodes:
        x = [values[i] for i in args]
        if op == "add":
            values.append(
                float(Fraction(value[0])) + sum(float(Fraction(c)) * t for c, t in zip(value[1:], x, strict=True))
            )
        elif op == "pow":
            values.append(x[0] ** float(Fraction(value)))
        elif op in ("var", "const"):
            values.append(v if op == "var" else float(Fraction(value)))
        else:
            values.append(math.exp(x[0]) if op == "exp" else math.prod(x))
    return values[-1]


def test_shared_terms_are_named() -> None:
    rows: list[list[Any]] = [["var", f"z{i}", []] for i in range(3)] + [["lse", None, [0, 1, 2]], ["exp", None, [3]]]
    rows += [["add", ["0", "1", "2"], [4, 3]], ["mul", None, [5, 4]]]
    found = formulas({"nodes": rows, "roots": [6]})
    assert found is not None
    assert found[0] == [
        ("t_{1}", r"\operatorname{lse}(z_{0},\, z_{1},\, z_{2})"),
    ]


def test_numbers() -> None:
    assert [number(x) for x in ("3", "-1/2", "0x1.0p-40")] == [
        "3",
        r"-\tfrac{1}{2}",
        r"9.094947017729282 \cdot 10^{-13}",
    ]


@pytest.mark.skipif(shutil.which("pdflatex") is None, reason="pdflatex is not installed")
def test_it_compiles(tmp_path: Path, reports: list[Report]) -> None:
    save([*reports, ordinary()], tmp_path / "report.tex")
    done = subprocess.run(
        ["pdflatex", "-interaction=nonstopmode", "-halt-on-error", "report.tex"],
        cwd=tmp_path, capture_output=True, timeout=120, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout.decode(errors="replace")[-2000:]


def test_from_the_command_line(tmp_path: Path, reports: list[Report]) -> None:
    path = tmp_path / "report.json"
    save(reports, path)
    run = CliRunner().invoke(app, ["explain", "convex", "--from", str(path)])
    assert run.exit_code == 0
    assert "convex is proved on R" in run.output
    assert "convex[gamma=1/2..4] is proved on R, gamma in [1/2, 4]" in run.output
    missing = CliRunner().invoke(app, ["explain", "proper", "--from", str(path)])
    assert missing.exit_code == 2
    assert "findings with a proof are" in missing.output
    run = CliRunner().invoke(app, ["report", str(path), "-o", str(tmp_path / "report.tex")])
    assert run.exit_code == 0
    assert (tmp_path / "report.tex").read_text() == as_latex(reports)
