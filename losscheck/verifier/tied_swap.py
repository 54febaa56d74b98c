r"""Lower bounds of the regret of comp-sum losses at a zero-one regret t, by swaps of two coordinates of softmax.

``l_y = phi(s_y)``, phi convex and non-increasing on (0, 1]; 0 is the top class, 1 the predicted one, ``p_0 - p_1 = t``,
``P = p_0 + p_1``, ``R = 1 - P``. Where s_1 is largest, exchanging s_0 with the largest of s_2, ..., s_(K-1) does not
raise the risk, nor does moving s_0 <= s_1 both to their mean tau: ``p_0 phi(s_0) + p_1 phi(s_1) >= P/2 (phi(s_0) +
phi(s_1)) >= P phi(tau)``. So some wrong scores of least risk have ``s_0 = s_1 = tau >= s_j``, tau in [1/K, 1/2], and
s_j = 0 where p_j = 0. With s_0, s_1 = tau (1 +- m) instead, m in [0, 1], the risk is lower by

    G(P, tau, m) = P phi(tau) - (P + t)/2 phi(tau (1 + m)) - (P - t)/2 phi(tau (1 - m)),

a lower bound of the regret that does not increase in P (phi is convex): on a band of P the largest P counts.

Lemma (how small tau is). If ``-x phi'(x) < P w (-phi'(tau0)) / (2 R)``, w = 1 - 2 tau0, for all x in (0, min(w, w p_0 /
R)], then tau > tau0. Proof: let tau <= tau0. The s_j, j >= 2, sum to at least w, so one of them has s_j >= w p_j / R
and p_j > 0. Moving mass from it to the tie stays among the tied scores and does not lower the risk: ``p_j (-phi'(s_j))
>= P/2 (-phi'(tau))``. As -phi' does not increase, ``p_j (-phi'(x)) >= P/2 (-phi'(tau0))`` for x = w p_j / R, where p_j
is at most R and at most p_0: against the assumption. On a band the least P counts on the right, the largest in the
range of x.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from losscheck.verifier.balls import Enclosure, exact, point
from losscheck.verifier.certificate import Case, expect, rational
from losscheck.verifier.infimum import at_least, mixture
from losscheck.verifier.terms import Node, Pool

HALF = Fraction(1, 2)
BUDGET = 3000
STRICTLY = 1 - Fraction(1, 2**30)


def least_sum(k: int, t: Fraction) -> Fraction:
    """The least P of a distribution with zero-one regret t."""
    return max(t, (2 - (k - 2) * t) / k)


def times_s(pool: Pool, n: Node) -> Node:
    """``s n`` for s > 0, powers of s joined, so that it can be read at 0 as well."""
    s, factors = pool.var("s"), list(n.args if n.op == "mul" else (n,))
    for i, f in enumerate(factors):
        if f.op == "pow" and f.args[0] is s:
            return pool.mul(*factors[:i], *factors[i + 1 :], pool.power(s, f.value + 1) if f.value != -1 else pool.one)
    return pool.mul(s, n)


def beyond(case: Case, phi: Node, t: Fraction, low: Fraction, high: Fraction, tau: Fraction) -> None:
    """Check by the lemma that tau is exceeded at every P in [low, high]."""
    pool = case.pool
    slope = pool.differentiate(phi, "s")
    w = 1 - 2 * tau
    expect(0 < tau < HALF and low < 1, "the least tau is out of range")
    steep = -Enclosure({"s": point(tau)})(slope)[1] * exact(low * w / (2 * (1 - low)) * STRICTLY)
    expect(steep > 0, "the profile is flat at the least tau")
    reach = w if high == 1 else min(w, w * (high + t) / (2 * (1 - high)))
    constant, terms = pool.form(slope)
    shape = pool.linear((constant, pool.var("s")), *((c, times_s(pool, n)) for n, c in terms.items()))
    at_least(pool, "s", Fraction(0), reach, [(shape, (-steep).upper())], BUDGET)


def gains(case: Case, phi: Node, t: Fraction, low: Fraction, start: Fraction, most: Fraction, cells: Any) -> None:
    """Check that a swap gains at least ``low`` for every tau from ``start`` to 1/2 at P = ``most``."""
    pool, a = case.pool, start
    expect(isinstance(cells, list) and 0 < len(cells) <= 2000, "the taus are covered by a list of cells")
    for end, text in cells:
        b, m = rational(end), rational(text)
        expect(a <= b <= HALF and 0 <= m <= 1 and b * (1 + m) <= 1, "a cell or its swap is out of range")
        moved = [(w, d) for w, d in ((-(most + t) / 2, m), (-(most - t) / 2, -m)) if w]
        sides = [pool.substitute(phi, {pool.var("s"): pool.scale(1 + d, pool.var("s"))}) for _, d in moved]
        gain = mixture(pool, (most, *(w for w, _ in moved)), (phi, *sides))
        at_least(pool, "s", a, b, [(gain, exact(low).upper())], BUDGET)
        a = b
    expect(a == HALF, "the cells do not reach 1/2")


def swaps(case: Case, phi: Node, t: Fraction, low: Fraction, bands: Any, start: Fraction | None = None) -> None:
    """Check that the regret is at least ``low``, by bands of P upwards: ``[P, tau or None, cells]``.

    They begin at the least P there is, or at ``start``.
    """
    k = len(case.variables)
    least = least_sum(k, t) if start is None else start
    expect(least >= least_sum(k, t), "the bands begin below every P")
    expect(isinstance(bands, list) and 0 < len(bands) <= 400, "P is covered by a list of bands")
    for end, text, cells in bands:
        most, tie = rational(end), HALF if least == 1 else Fraction(1, k)  # P = 1 leaves nothing for the others
        expect(least <= most <= 1, "a band is out of range")
        if text is not None:
            tie = max(tie, rational(text))
            beyond(case, phi, t, least, most, rational(text))
        gains(case, phi, t, low, tie, most, cells)
        least = most
    expect(least == 1, "the bands do not reach 1")
