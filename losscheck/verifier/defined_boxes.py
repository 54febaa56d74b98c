"""Whether a map is a real number at every finite score: by the signs of its formula, or by boxes."""

from __future__ import annotations

from losscheck.verifier.certificate import Case
from losscheck.verifier.cover import Exhausted, acceptor, cover
from losscheck.verifier.defined import natural
from losscheck.verifier.points import defined_everywhere, whole_domain
from losscheck.verifier.terms import Node, walk

BUDGET = 1000


def real_everywhere(case: Case) -> bool:
    """Whether all outputs are shown to be real at every finite score.

    By structure; else the base of every logarithm and of every power that needs one is shown to be positive on all of
    R^K by bisection, whether or not a branch uses it.
    """
    if all(defined_everywhere(root, whole_domain(case)) for root in case.roots):
        return True
    bases: dict[Node, None] = {}
    for n in walk(*case.roots):
        if n.op == "log" or (n.op == "pow" and not natural(n)):
            bases[n.args[0]] = None
    whole = dict.fromkeys(case.variables, (None, None))
    try:
        for base in bases:
            cover(acceptor(case.pool, base, ">"), dict(whole), BUDGET)
    except Exhausted:
        return False
    return True
