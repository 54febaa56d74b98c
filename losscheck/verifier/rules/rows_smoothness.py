r"""The least Lipschitz constant of the gradient in the first argument, of losses that are quadratic in it.

Lemma. If the second derivatives of l in the numbers of the first argument are constants, a symmetric matrix H, the
gradient is affine in them and its least Lipschitz constant in the 2-norm is the largest absolute eigenvalue of H.

Checked for every label: the first argument ranges over all reals; the loss is a polynomial without switches; its second
derivatives are rational numbers; ``L I - H`` and ``L I + H`` are nonnegative definite; and for one label the vector
named, not 0, has ``H v = L v`` or ``H v = -L v``.

Proof node: ``{"rule": "rows_smoothness", "constant": "2/3", "label": i, "vector": ["1", ...]}``.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from losscheck.verifier.certificate import Case, expect, rational
from losscheck.verifier.defined import natural
from losscheck.verifier.numbers import enclosed
from losscheck.verifier.quadratic import nonnegative_definite
from losscheck.verifier.row_points import label_index, rows_of
from losscheck.verifier.terms import Node, walk
from losscheck.verifier.verify import Checker, Fact

KINDS = ("embedding",)
ROWS = True


def hessian(case: Case, root: Node, names: list[str]) -> list[list[Fraction]]:
    """The second derivatives of a polynomial, if they are numbers."""
    for n in walk(root):
        known = n.op in ("var", "const", "add", "mul") or (n.op == "pow" and natural(n))
        expect(known, "the loss is not a polynomial")
    first = [case.pool.differentiate(root, x) for x in names]
    rows = [[case.pool.differentiate(d, x) for x in names] for d in first]
    expect(all(h.op == "const" for row in rows for h in row), "a second derivative is not shown to be constant")
    return [[h.value for h in row] for row in rows]


def check(checker: Checker, case: Case, proof: dict[str, Any]) -> Fact:
    """Check the bound of every label and the vector of one."""
    first, bound = rows_of(case).floats[0], rational(proof["constant"])
    expect(first.domain == "real" and bound >= 0, "the first argument ranges over all reals, the constant is >= 0")
    names = rows_of(case).entries(first)
    matrices = [hessian(case, root, names) for root in case.roots]
    for h in matrices:
        for sign in (1, -1):
            rest = [[bound * (i == j) - sign * x for j, x in enumerate(row)] for i, row in enumerate(h)]
            expect(nonnegative_definite(rest), "the constant is not shown to bound the second derivatives")
    own, vector = matrices[label_index(case, proof["label"])], [rational(x) for x in proof["vector"]]
    expect(len(vector) == len(names) and any(vector), "a vector, not 0, has one number for each of the argument")
    image = [sum((x * v for x, v in zip(row, vector, strict=True)), Fraction(0)) for row in own]
    attained = any(image == [sign * bound * v for v in vector] for sign in (1, -1))
    expect(attained, "the constant is not shown to be attained")
    value, bounds = enclosed(bound, bound)
    return Fact("smoothness", value=value, bounds=bounds)
