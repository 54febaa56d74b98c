"""Reports as LaTeX: the loss as a formula, and a theorem with a proof sketch for every certified finding.

The document needs ``article`` and ``amsmath`` alone. A proof sketch names the lemmas a certificate uses, with their
hypotheses and the exact numbers; the proof itself is the certificate in the JSON report.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from losscheck.finding import Finding
from losscheck.property import properties
from losscheck.reporting.latex_formula import formulas, number, symbol
from losscheck.reporting.latex_text import converted, escaped, paragraphs
from losscheck.reporting.proof import Budget, Step, steps
from losscheck.reporting.report import Report
from losscheck.verdict import Verdict

STEPS = 60
"""Steps of one proof that are shown."""

HEAD = r"""\documentclass{article}
\usepackage[utf8]{inputenc}
\usepackage{amsmath}
\newtheorem{theorem}{Theorem}
\setlength{\parindent}{0pt}
\setlength{\parskip}{4pt}
\sloppy
\title{What is true of a loss function}
\author{losscheck}
\date{}
\begin{document}
\maketitle
"""


def as_latex(reports: Sequence[Report]) -> str:
    """Return one document for all reports."""
    stated: set[str] = set()
    return HEAD + "\n".join(line for report in reports for line in _report(report, stated)) + "\n\\end{document}\n"


def _report(report: Report, stated: set[str]) -> Iterator[str]:
    """Write one report; what is stated once in the document is not stated again."""
    yield rf"\section{{\texttt{{{escaped(report.target)}}}}}"
    said = {"kind": report.kind, "signature": report.signature, **{k: str(v) for k, v in report.params.items()}}
    yield "; ".join(rf"{escaped(k)}: \texttt{{{escaped(str(v))}}}" for k, v in said.items() if v) + "."
    theory = [finding for finding in report.findings if finding.layer == "theory"]
    certified = [finding for finding in theory if finding.certificate is not None]
    shown: str | None = None
    for finding in sorted(certified, key=lambda finding: (finding.graph or "", finding.id)):
        if finding.graph != shown:
            shown = finding.graph
            yield from _loss(finding)
        yield from _theorem(finding, stated)
    rest = [finding for finding in theory if finding.certificate is None]
    if rest:
        yield r"\subsection*{Not decided, or not asked of this loss}"
        yield r"\begin{itemize}"
        yield from (rf"\item \texttt{{{escaped(f.id)}}} is {escaped(f.verdict)}: {converted(f.message)}" for f in rest)
        yield r"\end{itemize}"
    count = len(report.findings) - len(theory)
    if count:
        yield f"What {count} findings say of the code in floats is in the other forms of this report."
    references = sorted({text for finding in certified for text in finding.references})
    if references:
        yield r"\subsection*{References}"
        yield r"\begin{itemize}"
        yield from (rf"\item {converted(text)}" for text in references)
        yield r"\end{itemize}"


def _loss(finding: Finding) -> Iterator[str]:
    """Write the loss out as a formula for each label."""
    certificate: dict[str, Any] = finding.certificate or {}
    yield rf"\subsection*{{The loss \texttt{{{escaped((finding.graph or '')[:12])}}}}}"
    written = formulas(certificate["graph"]) if "graph" in certificate else None
    if written is None:
        yield "The formula is too long to be written out; the certificate has it."
        return
    definitions, roots = written
    arguments = r",\, ".join(map(symbol, certificate["variables"]))
    for label, root in zip(certificate["labels"], roots, strict=True):
        head = rf"\ell({arguments};\, {escaped(str(label))})" if len(roots) > 1 else rf"\ell({arguments})"
        yield rf"\[ {head} = {root} \]"
    if definitions:
        yield "where"
        yield from (rf"\[ {name} = {text} \]" for name, text in definitions)
    if any(row[0] == "lse" for row in certificate["graph"]["nodes"]):
        yield r"Here $\operatorname{lse}(x_1,\, \dots) = \log \sum_i e^{x_i}$."
    for name, low, high in certificate.get("parameters", ()):
        yield rf"The parameter ${symbol(name)}$ takes every value in $[{number(low)},\, {number(high)}]$."


def _theorem(finding: Finding, stated: set[str]) -> Iterator[str]:
    entry = properties().get(finding.property)
    doc = (entry.doc if entry else "").split("\n\n* ")[0].split("\n\nReference")[0]
    holds = finding.verdict is Verdict.PROVED
    yield rf"\begin{{theorem}}[\texttt{{{escaped(finding.id)}}}: {'proved' if holds else 'refuted'}]"
    yield f"{converted(finding.message)}"
    numbers = ((name, getattr(finding, name)) for name in ("value", "bounds", "slack"))
    yield from (rf"\texttt{{{name}}} = {escaped(str(value))}." for name, value in numbers if value is not None)
    if finding.domain:
        yield f"The statement is about {escaped(finding.domain)}."
    read = [rf"{number(x)} = {number(r) if r[:1] != 'l' else escaped(r)}" for x, r in sorted(finding.constants.items())]
    if read:
        listed = r",\; ".join(read)
        yield f"Constants of the code are read as ${listed}$."
    yield r"\end{theorem}"
    if doc and finding.property not in stated:
        stated.add(finding.property)
        yield r"\emph{The property.}"
        yield "\n\n".join(paragraphs(doc))
    tree = steps((finding.certificate or {}).get("proof"), Budget(STEPS))
    yield r"\emph{Proof sketch.}"
    yield from _step(tree, "1", stated) if tree is not None else ["The certificate has no proof."]


def _step(step: Step, place: str, stated: set[str]) -> Iterator[str]:
    """A step as numbered paragraphs: lists in LaTeX nest only four deep."""
    role = rf"\emph{{{escaped(step.role)}:}} " if step.role else ""
    yield rf"\textbf{{{place}.}} {role}{converted(step.title or step.rule)} (\texttt{{{escaped(step.rule)}}})"
    yield ""
    if f"{step.rule}: {step.title}" not in stated:
        stated.add(f"{step.rule}: {step.title}")
        for text in paragraphs("\n\n".join(step.lemma)):
            yield text
            yield ""
    if step.data:
        yield "; ".join(rf"\texttt{{{escaped(key)}}} = {_datum(text)}" for key, text in step.data) + "."
        yield ""
    for i, child in enumerate(step.below, 1):
        yield from _step(child, f"{place}.{i}", stated)
    if step.omitted:
        yield f"Further steps: {step.omitted}; the certificate has them."
        yield ""


def _datum(text: str) -> str:
    """An exact rational as a fraction, anything else as code."""
    top, slash, bottom = text.strip('"').lstrip("-").partition("/")
    exact = top.isdigit() and (bottom.isdigit() or not slash) and len(text) < 60
    return f"${number(text.strip(chr(34)))}$" if exact else rf"\texttt{{{escaped(text)}}}"
