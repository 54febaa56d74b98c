r"""Divergences that are a function of the angle: ``d(p, q) = Phi(c)``, ``c = p.q / (|p| |q|)``.

Lemma. On the open simplex all entries are positive, so 0 < c <= 1 (Cauchy, Schwarz), with c = 1 only for proportional
vectors, hence for p = q. For p -> e_1 and q -> e_2 c tends to 0, and as the set of pairs is connected c takes every
value in (0, 1]. So, by ``ask``:

- nonnegative: Phi >= 0 on (0, 1) and at 1;
- identity_of_indiscernibles: Phi(1) = 0, and Phi has one strict sign on (0, 1);
- bounded_above, supremum: Phi does not rise on (0, 1), nor at 1; its limit at 0 is the supremum, infinite or enclosed.

Checked: a node of the graph, defined on the whole domain, outside of which no variable occurs, is ``c ** power`` by an
identity of normal forms (power > 0), and Phi is the rest; or the loss, defined on the whole domain, is a multiple of
log c. Phi is cut into analytic pieces.

Proof node: ``{"rule": "by_cosine", "ask": ..., "core": i, "power": "1", "breaks": [...]}``, i as in
rules/by_outer.py; or ``"log": "-1"`` instead of core and power.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from losscheck.verifier.certificate import Case, expect, rational
from losscheck.verifier.csiszar import signs
from losscheck.verifier.curve import Curve, curve
from losscheck.verifier.defined import exactly
from losscheck.verifier.ends import end_limit
from losscheck.verifier.identity import same
from losscheck.verifier.numbers import enclosed, fraction
from losscheck.verifier.pairs import names, region
from losscheck.verifier.pieces import constant_sign
from losscheck.verifier.points import defined_everywhere
from losscheck.verifier.rules.by_outer import inner
from losscheck.verifier.terms import F0, F1, Node
from losscheck.verifier.verify import Checker, Fact

KINDS = ("divergence",)


def cosine(case: Case) -> Node:
    """``p.q / (|p| |q|)``."""
    pool, (first, second) = case.pool, names(case)
    p, q = ([pool.var(x) for x in half] for half in (first, second))
    squares = [pool.add(*(pool.power(x, Fraction(2)) for x in half)) for half in (p, q)]
    root = pool.power(pool.mul(*squares), Fraction(-1, 2))
    return pool.mul(pool.add(*(pool.mul(a, b) for a, b in zip(p, q, strict=True))), root)


def falls(phi: Curve, last: Node) -> bool:
    """Whether Phi is shown not to rise on (0, 1), and not to be higher at 1 than just before."""
    inside = all(phi.on(phi.derivative(i), i) in "-m0" for i in range(len(phi.pieces)))
    steps = all(s in "-m0" for i in range(len(phi.cuts)) for s in phi.step(i))
    end = end_limit(phi.pool, phi.pool.sub(phi.pieces[-1].node, last), "c", F1, -1)
    return inside and steps and end is not None and (end == ("inf", 1) or bool(end[1] >= 0))


def function(case: Case, root: Node, proof: dict[str, Any]) -> Node:
    """Phi as a function of c, the loss shown to be Phi of the cosine at every point of the domain."""
    pool, c = case.pool, case.pool.var("c")
    if "log" in proof:
        times = rational(proof["log"])
        expect(defined_everywhere(root, region(case)), "the loss is not shown to be defined")
        read = pool.scale(times, pool.build("log", None, (cosine(case),)))
        expect(same(pool, root, read, unit=case.variables), "the loss is no multiple of the logarithm of the cosine")
        return pool.scale(times, pool.build("log", None, (c,)))
    core, power = inner(case)[proof["core"]], rational(proof["power"])
    expect(power > 0 and defined_everywhere(core, region(case)), "the core is not shown to be defined")
    angle = pool.power(cosine(case), power)
    expect(same(pool, core, angle, unit=case.variables), "the core is not shown to be a power of the cosine")
    return pool.substitute(root, {core: pool.power(c, power)})


def check(checker: Checker, case: Case, proof: dict[str, Any]) -> Fact:
    """Check that the loss is a function of the cosine, then that function."""
    pool, (root,), ask = case.pool, case.roots, proof["ask"]
    outer = function(case, root, proof)
    phi = curve(pool, outer, "c", F0, F1, proof["breaks"])
    last = exactly(pool, outer, {"c": F1})
    if ask == "nonnegative":
        expect(constant_sign(pool, last) in "+0" and signs(phi) <= set("+p0"), "Phi is not shown to be nonnegative")
        return Fact(ask)
    if ask == "identity_of_indiscernibles":
        fine = constant_sign(pool, last) == "0" and signs(phi) in ({"+"}, {"-"})
        expect(fine, "Phi is not shown to vanish at 1 only")
        return Fact(ask)
    expect(ask in ("bounded_above", "supremum") and falls(phi, last), "Phi is not shown to fall")
    limit = end_limit(pool, phi.pieces[0].node, "c", F0, 1)
    expect(limit is not None and limit != ("inf", -1), "no limit of Phi at 0 is shown")
    infinite = limit is not None and isinstance(limit[1], int)
    if ask == "bounded_above":
        return Fact(ask, holds=not infinite)
    if infinite or limit is None or isinstance(limit[1], int):
        return Fact(ask, value="inf", bounds=["inf", "inf"])
    value, bounds = enclosed(fraction(limit[1].lower()), fraction(limit[1].upper()))
    return Fact(ask, value=value, bounds=bounds)
