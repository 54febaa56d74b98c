r"""Homogeneity of a loss of several rows in all its arguments: ``l(c x) = c^k l(x)`` for all c > 0, or no such k.

Hypotheses checked, for a degree k: all arguments range over all reals; the difference has normal form zero with
``c = exp(w)``; the loss has a value at c x iff it has one at x, as in ``rows_invariant``; one root is not 0 at a
rational point, at which all have values, so there is only one such k.

For none: if there were a k, ``l(c a) l(b) = l(c b) l(a)`` for two points a and b of one label; two rational points and
a rational c > 0 at which the products differ, for every choice of the float constants within 2 ulp.

Proof nodes: ``{"rule": "rows_homogeneous", "degree": "2", "at": [...]}``, or with ``"label": i, "c", "a", "b"``.
"""

from __future__ import annotations

from typing import Any

from losscheck.verifier.balls import times
from losscheck.verifier.certificate import Case, expect, rational
from losscheck.verifier.defined import exactly
from losscheck.verifier.identity import same
from losscheck.verifier.numbers import enclosed
from losscheck.verifier.pieces import constant_sign
from losscheck.verifier.points import apart, rational_point, value_range
from losscheck.verifier.row_points import askable, moved, moves, rows_of, same_domain
from losscheck.verifier.verify import Checker, Fact

KINDS = ("embedding",)
ROWS = True


def check(checker: Checker, case: Case, proof: dict[str, Any]) -> Fact:
    """Check the degree, or that there is none."""
    expect(askable(rows_of(case), "scale"), "a degree is asked of arguments that range over all reals")
    pool = case.pool
    if "c" in proof:
        label = proof["label"]
        expect(type(label) is int and 0 <= label < len(case.roots), "the label is an index into the roots")
        a, b = rational_point(case, proof["a"]), rational_point(case, proof["b"])
        far = [moved(case, "scale", at, proof["c"])[0] for at in (a, b)]
        la, lb, fa, fb = (value_range(case, case.roots[label], at) for at in (a, b, *far))
        expect(apart(times(fa, lb), times(fb, la)), "the products are not shown to differ")
        return Fact("homogeneous_degree")
    k, at = rational(proof["degree"]), rational_point(case, proof["at"])
    for root in case.roots:
        value_range(case, root, at)
    ((change, images),) = moves(case, "scale")
    expect(same_domain(case, change, images), "the loss may have a value on one side only")
    factor = pool.exp(pool.scale(k, pool.var("the factor")))
    for root in case.roots:
        expect(same(pool, pool.substitute(root, change), pool.mul(factor, root)), "the identity is not shown")
    own = [constant_sign(pool, exactly(pool, root, at)) for root in case.roots]
    expect(any(s in "+-" for s in own), "the loss is not shown to differ from 0 anywhere")
    value, bounds = enclosed(k, k)
    return Fact("homogeneous_degree", value=value, bounds=bounds)
