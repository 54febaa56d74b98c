"""Weighted or adjusted comp-sum losses whose risk is lowest at a wrong class: a point, and tangents of the profiles."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction

import numpy as np

from losscheck.certificate import graph_json, q
from losscheck.engines.breakpoints import breakpoints
from losscheck.engines.risk import Risk, rounded
from losscheck.expr.build import const, sub, substitute, var
from losscheck.expr.constants import choices, chosen
from losscheck.expr.graph import Expr, topological
from losscheck.expr.linear import affine
from losscheck.lifting.lifted import Lifted
from losscheck.proving import refute
from losscheck.theorems.calibrated_comp_sum import scales
from losscheck.theorems.in_probabilities import on_curve, read
from losscheck.theorems.refuted_by_dual_witness import MOST, candidates
from losscheck.verdict import Outcome


def differences(args: Sequence[Expr], names: tuple[str, ...]) -> Iterator[tuple[str, str, Fraction]]:
    """What the arguments of a log-sum-exp say of shifts: (i, j, b_i - b_j)."""
    alone: list[tuple[str, Fraction]] = []
    for a in args:
        c0, terms = affine(a)
        signs = {t.value[0]: c for t, c in terms.items() if t.op == "var" and t.value[0] in names}
        if len(signs) != len(terms):
            continue
        if len(signs) == 1:
            alone.append((next(iter(signs)), c0))
        elif len(signs) == 2 and sum(signs.values()) == 0:
            up, down = sorted(signs, key=lambda x: -signs[x])
            yield up, down, c0
    yield from ((i, alone[0][0], c - alone[0][1]) for i, c in alone[1:])


def shifts(roots: list[Expr], names: tuple[str, ...]) -> list[Fraction]:
    """The constants added to the scores, that of class 0 being 0."""
    links = {
        link for n in topological(roots) if n.op in ("lse", "exp")
        for link in differences(n.args, names)
    }  # fmt: skip
    found = {names[0]: Fraction(0)}
    for _ in names:
        for i, j, c in sorted(links):
            if j in found:
                found.setdefault(i, found[j] + c)
            elif i in found:
                found.setdefault(j, found[i] - c)
    return [found.get(x, Fraction(0)) for x in names]


def profiles(lifted: Lifted, roots: list[Expr], alpha: Fraction, shift: list[Fraction]) -> list[Expr] | None:
    """The functions a_y(s_y) that the losses would have to be."""
    names = lifted.variables
    plain = {var(x): sub(var(x), const(b / alpha)) for x, b in zip(names, shift, strict=True)}
    back = substitute(roots, plain)
    found = [read(on_curve(names, y, alpha), root, ["s"]) for y, root in enumerate(back)]
    return None if None in found else [f for f in found if f is not None]


def _tangents(z: np.ndarray, alpha: Fraction, shift: list[Fraction]) -> list[Fraction]:
    seen = float(alpha) * np.asarray(z) + np.array([float(b) for b in shift])
    s = np.exp(seen - seen.max())
    s = np.clip(s / s.sum(), 1e-9, 1 - 1e-9)
    return [Fraction(float(x)).limit_denominator(10**9) for x in s]


def refuted_by_tangents(lifted: Lifted) -> Outcome | None:
    """Refute calibration of a weighted or adjusted comp-sum loss, or return None."""
    risk, k, choice = Risk(lifted), len(lifted.variables), choices(lifted.roots)[0]
    roots = chosen(lifted.roots, choice)
    for alpha in scales(roots):
        shift = shifts(roots, lifted.variables)
        own = profiles(lifted, list(lifted.roots), alpha, shift)  # floats stay: every choice counts
        if own is None:
            continue
        head = {
            "rule": "calibrated_tangent_witness", "alpha": q(alpha), "shift": [graph_json([const(b)]) for b in shift],
            "own": [graph_json([a]) for a in own], "breaks": [breakpoints(a, "s", "unit", balls=True) for a in own],
        }  # fmt: skip
        for _, p, z, tie in candidates(risk, k)[:MOST]:
            at = rounded(z)
            proof = {
                **head, "p": [q(x) for x in p], "z": [q(x) for x in at],
                "tangents": [q(x) for x in _tangents(tie, alpha, shift)],
            }  # fmt: skip
            t, j = p.index(max(p)), int(np.argmax(z))
            where, scores = ", ".join(map(str, p)), ", ".join(f"{float(x):.4g}" for x in at)
            message = (
                f"At p = ({where}) the scores z = ({scores}), which rank class {j} first, have a lower risk than all "
                f"scores that rank the most likely class {t} first."
            )
            witness = {"p": proof["p"], "z": proof["z"]}
            found = refute(lifted, "classification_calibrated", proof, message=message, witness=witness)
            if found:
                return found
    return None
