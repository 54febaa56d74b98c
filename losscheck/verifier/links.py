r"""Composite losses ``z -> l(F(z), y)``: where the second derivative in z is, read as a function of p or of z.

For an increasing smooth F from R onto (0, 1) write ``F' = g(F)``. Then ``d^2/dz^2 l(F(z)) = g (l'' g + l' g')`` at
p = F(z), so its sign is that of ``l'' g + l' g'`` on (0, 1):

=========  =========================  ==========================================
link       F(z)                       g(p), up to a positive factor
=========  =========================  ==========================================
identity   z, on (0, 1)               1
logit      1 / (1 + exp(-z))          p (1 - p)
cloglog    1 - exp(-exp(z))           -(1 - p) log(1 - p)
cauchit    1/2 + arctan(z) / pi       sin(pi p)^2
=========  =========================  ==========================================

For probit, F the normal distribution function, p = exp(log_ndtr(z)) is put into the loss.
"""

from __future__ import annotations

from fractions import Fraction

from losscheck.verifier.certificate import Case, CertificateRejected
from losscheck.verifier.terms import Node

LINKS = ("logit", "probit", "cauchit", "cloglog", "identity")
ZERO, ONE = Fraction(0), Fraction(1)


def frame(case: Case, link: str) -> tuple[list[Node], str, Fraction | None, Fraction | None]:
    """The losses of the labels, the variable they are read in, and the open interval it runs through."""
    if link not in LINKS:
        raise CertificateRejected(f"the link is one of {', '.join(LINKS)}")
    if link != "probit":
        return case.roots, "p", ZERO, ONE
    pool, p = case.pool, case.pool.var("p")
    z = pool.var("z")
    low, high = pool.make("log_ndtr", None, (z,)), pool.make("log_ndtr", None, (pool.scale(-1, z),))
    rest = pool.sub(pool.one, p)
    changes = {
        p: pool.exp(low), rest: pool.exp(high),
        pool.build("log", None, (p,)): low, pool.build("log", None, (rest,)): high,
    }  # fmt: skip
    return [pool.substitute(root, changes) for root in case.roots], "z", None, None


def bend(case: Case, link: str, n: Node) -> Node:
    """The second derivative along the score, up to a positive factor, of a switch-free loss in the frame's variable."""
    pool = case.pool
    if link == "probit":
        return pool.differentiate(pool.differentiate(n, "z"), "z")
    slope = pool.differentiate(n, "p")
    curvature, p = pool.differentiate(slope, "p"), pool.var("p")
    rest = pool.sub(pool.one, p)
    if link == "identity":
        return curvature
    if link == "logit":
        return pool.add(pool.mul(curvature, p, rest), pool.mul(slope, pool.sub(rest, p)))
    if link == "cloglog":  # divided by 1 - p
        s = pool.scale(-1, pool.build("log", None, (rest,)))
        return pool.add(pool.mul(curvature, rest, s), pool.mul(slope, pool.sub(pool.one, s)))
    pi = pool.scale(4, pool.build("atan", None, (pool.one,)))
    turn = pool.mul(pi, p)  # divided by sin(pi p) > 0
    sin, cos = pool.build("sin", None, (turn,)), pool.build("cos", None, (turn,))
    return pool.add(pool.mul(curvature, sin), pool.scale(2, pool.mul(slope, pi, cos)))
