r"""Linear scores under label noise, on atoms of the line: losses of any shape whose noisy minimisers turn round.

On a line the linear scores are ``w x`` with one number w. Let the atoms have ``x_i != 0``, a label and a weight, the
weights adding up to 1, and let F be the clean or the noisy risk, ``F(w) = sum_i m_i ((1 - r) l(w x_i, y_i) + r l(w x_i,
1 - y_i))`` with r = 0 or the rate. Lemma. If ``F(w) >= F(u) + d`` with d > 0 for 0 and for all w on the other side of 0
than u, every minimiser of F, and every late member of a minimising sequence, has the sign of u, and errs on the atoms
whose label has the other sign at x_i. If the signs of the clean and the noisy ones differ, and so do the weights of
these atoms, the loss is not tolerant.

Hypotheses checked: rates in (0, 1/2), no ridge; F is defined and not less than ``F(u) + d`` on every piece of the open
half-line, at every cut and at 0, for every choice of the float constants. The losses need not be convex.

Proof node: ``{"rule": "linear_noise_on_line", "params": {...}, "rate": "1/5", "gamma": null, "ridge": "0", "atoms":
[[x, weight, label], ...], "clean": {"at": u, "gap": d, "breaks": [...]}, "noisy": {...}}``.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from losscheck.verifier.certificate import Case, expect, rational
from losscheck.verifier.curve import curve
from losscheck.verifier.defined import exactly
from losscheck.verifier.functions_1d import two_sides
from losscheck.verifier.pieces import constant_sign
from losscheck.verifier.rules.linear_noise_by_lines import PROPERTY, question
from losscheck.verifier.terms import F0, F1, Node
from losscheck.verifier.verify import Checker, Fact
from losscheck.verifier.weighted import weighted

KINDS = ("margin", "binary", "signed")
Atoms = list[tuple[Fraction, Fraction, int]]
MOST = 8


def risk(case: Case, atoms: Atoms, rate: Fraction) -> Node:
    """The risk as a function of w, written as the variable of the loss."""
    pool, v, sides = case.pool, case.pool.var(case.variables[0]), two_sides(case)
    parts = []
    for x, m, y in atoms:
        for side, share in ((sides[1 - y], F1 - rate), (sides[y], rate)):
            parts.append((m * share, pool.substitute(side, {v: pool.scale(x, v)})))
    return weighted(case, parts)


def direction(case: Case, total: Node, said: dict[str, Any]) -> int:
    """The sign that all minimisers are shown to have."""
    pool, x, u, gap = case.pool, case.variables[0], rational(said["at"]), rational(said["gap"])
    expect(u != 0 and gap > 0, "a point beside 0 and a gap above it")
    level = pool.add(exactly(pool, total, {x: u}), pool.const(gap))
    here = exactly(pool, total, {x: F0})
    expect(constant_sign(pool, pool.sub(here, level)) in "+0", "the risk at 0 is not shown to be larger")
    a, b = (None, F0) if u > 0 else (F0, None)
    c = curve(pool, pool.sub(total, level), x, a, b, said["breaks"])
    shown = all(c.on(p.node, i) in "+p0" for i, p in enumerate(c.pieces))
    shown = shown and all(c.sign(n, i) in "+p0" for i, n in enumerate(c.values))
    expect(shown, "the risk is not shown to be larger on the other side of 0")
    return 1 if u > 0 else -1


def error(atoms: Atoms, sign: int) -> Fraction:
    """The weight of the atoms that a w of this sign gets wrong."""
    return sum((m for x, m, y in atoms if (sign * x > 0) != bool(y)), F0)


def check(checker: Checker, case: Case, proof: dict[str, Any]) -> Fact:
    """Check both risks and compare the errors of their minimisers."""
    params = dict(proof["params"])
    rate, gamma, ridge = question(params, proof)
    expect(gamma is None and ridge == 0 and rate > 0, "the question is about all atoms, without a ridge")
    rows = proof["atoms"]
    expect(isinstance(rows, list) and 1 <= len(rows) <= MOST, f"from 1 to {MOST} atoms")
    expect(all(len(row) == 3 and row[2] in (0, 1) for row in rows), "an atom is [x, weight, label]")
    atoms: Atoms = [(rational(x), rational(m), int(y)) for x, m, y in rows]
    expect(all(x != 0 and m > 0 for x, m, _ in atoms), "atoms lie beside 0 and have positive weights")
    expect(sum(m for _, m, _ in atoms) == 1, "the weights add up to 1")
    clean = direction(case, risk(case, atoms, F0), proof["clean"])
    noisy = direction(case, risk(case, atoms, rate), proof["noisy"])
    expect(error(atoms, clean) != error(atoms, noisy), "the errors do not differ")
    return Fact(PROPERTY, holds=False, params=params)
