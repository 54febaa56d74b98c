r"""The graph of a certificate as formulas in LaTeX; what is long or used twice gets a name of its own.

>>> graph = {"nodes": [["var", "z0", []], ["var", "z1", []], ["lse", None, [0, 1]], ["add", ["0", "1", "-1"], [2, 0]]],
...          "roots": [3]}
>>> formulas(graph)
([], ['\\operatorname{lse}(z_{0},\\, z_{1}) - z_{0}'])
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from losscheck.reporting.latex_text import escaped

LONG = 160
MOST = 60
"""Definitions beyond which a graph is not written out."""

_GREEK = frozenset("alpha beta gamma delta epsilon eta theta kappa lambda mu nu xi rho sigma tau phi psi omega".split())
_CALLS = {
    "exp": r"\exp", "log": r"\log", "atan": r"\arctan", "erf": r"\operatorname{erf}", "sin": r"\sin", "cos": r"\cos",
    "log_ndtr": r"\log\Phi", "lse": r"\operatorname{lse}", "max": r"\max", "min": r"\min",
}  # fmt: skip
_COMPARED = {"lt": "<", "le": r"\le", "eq": "="}
SUM, PRODUCT, ATOM = 0, 1, 2
"""How tightly a piece holds together: terms, factors, one symbol or call."""


def formulas(graph: Mapping[str, Any]) -> tuple[list[tuple[str, str]], list[str]] | None:
    """Return the definitions ``(name, formula)`` in order and the formula of each root; None for a very large graph."""
    rows, roots = graph["nodes"], graph["roots"]
    used = [0] * len(rows)
    for _, _, args in rows:
        for i in args:
            used[i] += 1
    named: list[tuple[str, str]] = []
    pieces: list[tuple[str, int]] = []
    for i, (op, value, args) in enumerate(rows):
        text, hold = _piece(op, value, [pieces[a] for a in args])
        twice = used[i] > 1 and len(text) > 25
        if (twice or len(text) > LONG) and i not in roots and op not in (*_COMPARED, "not", "and", "true", "false"):
            name = f"t_{{{len(named) + 1}}}"
            named.append((name, text))
            text, hold = name, ATOM
        pieces.append((text, hold))
    return None if len(named) > MOST else (named, [pieces[i][0] for i in roots])


def _piece(op: str, value: Any, args: list[tuple[str, int]]) -> tuple[str, int]:
    texts = [text for text, _ in args]
    if op == "var":
        return symbol(value), ATOM
    if op in ("const", "float"):
        return number(value), ATOM if not str(value).startswith("-") and "/" not in str(value) else PRODUCT
    if op == "add":
        return _sum(value, args), SUM
    if op == "mul":
        return r" \, ".join(_inside(a, PRODUCT) for a in args), PRODUCT
    if op == "pow":
        return _power(Fraction(value), args[0])
    if op == "abs":
        return rf"\lvert {texts[0]} \rvert", ATOM
    if op in _CALLS:
        listed = r",\, ".join(texts)
        return f"{_CALLS[op]}({listed})", ATOM
    if op == "where":
        cases = rf"{texts[1]} & \text{{if }} {texts[0]} \\ {texts[2]} & \text{{else}}"
        return rf"\begin{{cases}} {cases} \end{{cases}}", ATOM
    if op in _COMPARED:
        return f"{texts[0]} {_COMPARED[op]} {texts[1]}", SUM
    if op == "not":
        return rf"\lnot ({texts[0]})", ATOM
    if op == "and":
        return r" \land ".join(f"({text})" for text in texts), SUM
    return rf"\text{{{escaped(op)}}}", ATOM


def symbol(name: str) -> str:
    r"""Return a variable as LaTeX.

    >>> symbol("z12"), symbol("yhat"), symbol("gamma"), symbol("pos_weight")
    ('z_{12}', '\\hat{y}', '\\gamma', '\\mathit{pos\\_weight}')
    """
    found = re.fullmatch(r"([a-zA-Z])(\d*)", name)
    if found:
        return f"{found[1]}_{{{found[2]}}}" if found[2] else found[1]
    if name == "yhat":
        return r"\hat{y}"
    return rf"\{name}" if name in _GREEK else rf"\mathit{{{escaped(name)}}}"


def number(text: str) -> str:
    r"""Return an exact rational, or a double in decimal, as LaTeX.

    >>> number("-3/7"), number("2"), number("0x1.999999999999ap-4")
    ('-\\tfrac{3}{7}', '2', '0.1')
    """
    if "x" in text:
        return re.sub(r"e([-+]\d+)", lambda found: rf" \cdot 10^{{{int(found[1])}}}", repr(float.fromhex(text)))
    top, slash, bottom = text.lstrip("-").partition("/")
    sign = "-" * text.startswith("-")
    return rf"{sign}\tfrac{{{top}}}{{{bottom}}}" if slash else f"{sign}{top}"


def _inside(piece: tuple[str, int], needed: int) -> str:
    text, hold = piece
    return text if hold >= needed and not (needed and text.startswith("-")) else rf"\left({text}\right)"


def _sum(value: list[str], args: list[tuple[str, int]]) -> str:
    terms = []
    for c, piece in zip(value[1:], args, strict=True):
        size = c.lstrip("-")
        factor = "" if size == "1" else number(size) + r" \, "
        terms.append(("-" * c.startswith("-"), factor + _inside(piece, PRODUCT)))
    if Fraction(value[0]) or not terms:
        terms.append(("-" * value[0].startswith("-"), number(value[0].lstrip("-"))))
    terms.sort(key=lambda term: bool(term[0]))  # a sum that begins with a minus is hard to read
    text = "".join(f" {sign or '+'} {term}" for sign, term in terms)
    return text.removeprefix(" + ").removeprefix(" ")


def _power(exponent: Fraction, base: tuple[str, int]) -> tuple[str, int]:
    if exponent < 0:
        below, _ = _power(-exponent, base)
        return rf"\frac{{1}}{{{below}}}", PRODUCT
    if exponent == 1:
        return base
    if exponent == Fraction(1, 2):
        return rf"\sqrt{{{base[0]}}}", ATOM
    # A call or a power is put into brackets, so that no exponent meets another.
    text = base[0] if re.fullmatch(r"\\?[a-z]+(_\{\d+\})?", base[0]) else rf"\left({base[0]}\right)"
    return f"{text}^{{{exponent}}}", ATOM
