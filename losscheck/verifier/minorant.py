"""Affine minorants of convex combinations of losses, from the multipliers of a Fenchel dual.

For weights ``w`` the function ``sum w_i n_i`` is bounded below by ``constant + slopes . z`` for every z. The weight of
a node flows from the roots to the variables; where the graph is not affine, a convexity inequality with rational
multipliers from the certificate splits it (W is the weight that reaches the node):

- lse:  ``W lse(x) >= sum w_i x_i - sum w_i log(w_i / W)``,  w_i >= 0, sum w_i = W (Gibbs);
- max:  ``W max(x) >= sum w_i x_i``,  the same weights; min with all signs reversed;
- abs:  ``W |x| >= m x``,  |m| <= W;
- exp:  ``W e^x >= m x + m - m log(m / W)``,  m >= 0;
- power e > 1 of x >= 0 (``max(0, .)``, an absolute value, an exponential), m >= 0, and even e of any x:
  ``W x^e >= m x - (e - 1) W (|m| / (e W))^(e / (e - 1))`` (Young), for squares ``m x - m^2 / (4 W)``;
- log (W = -V < 0): ``-V log x >= -m x + V + V log(m / V)``,  m > 0.

A product of constants b in [low, high] (of code constants, known up to 2 ulp) with a node of one sign hands on the
weight times the end of [low, high] that makes it smaller. Any other node counts with its range over all of R^K, when
finite on the needed side. The slopes come out as exact rationals, so a certificate is exact where it must be; only
constants are balls, and rational ones stay rational.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from flint import arb

from losscheck.verifier.balls import INF, NINF, ONE, ZERO, Enclosure, Range, ball, exact, times
from losscheck.verifier.certificate import expect, rational
from losscheck.verifier.terms import F0, Node, walk


@dataclass
class Minorant:
    """``constant + ball + slopes . z``, a lower bound everywhere."""

    constant: Fraction
    ball: arb
    slopes: dict[str, Fraction]

    @property
    def total(self) -> arb:
        """A ball around the constant term; exact when no transcendental constant came in."""
        return exact(self.constant) + self.ball


def branches(n: Node) -> int:
    """How many multipliers the certificate gives for a node."""
    if n.op in ("lse", "max", "min"):
        return len(n.args)
    return 1 if n.op in ("abs", "exp", "log") or convex_power(n) else 0


def convex_power(n: Node) -> bool:
    """Whether a node is a convex power: an even one, or one above 1 of what is never negative by its form."""
    return n.op == "pow" and n.value > 1 and (n.value % 2 == 0 or _never_negative(n.args[0]))


def _never_negative(n: Node) -> bool:
    return n.op in ("abs", "exp") or (n.op == "max" and any(a.op == "const" and a.value >= 0 for a in n.args))


def _entropy(m: Fraction, w: Fraction) -> arb:
    return ZERO if not m else exact(m) * exact(m / w).log()


def minorant(weights: Mapping[Node, Fraction], flows: Sequence[Any], names: Sequence[str]) -> Minorant:
    """Bound ``sum weights[n] n`` below; ``flows`` holds the multipliers of each node met, in order."""
    inflow: dict[Node, Fraction] = dict(weights)
    out = Minorant(F0, ZERO, dict.fromkeys(names, F0))
    everywhere = Enclosure(dict.fromkeys(names, (NINF, INF)))
    hints = iter(flows)
    free = constants(weights)
    for n in reversed(walk(*weights)):
        w = inflow.get(n, F0)
        if not w:
            continue
        if n.op == "var":
            out.slopes[n.value] += w
        elif n.op == "const":
            out.constant += w * n.value
        elif n in free:
            out.ball += exact(w) * ball(everywhere(n))
        elif scaled := scaling(n, w, free, everywhere):
            inflow[scaled[0]] = inflow.get(scaled[0], F0) + scaled[1] * w
        elif n.op == "add":
            out.constant += w * n.value[0]
            for c, a in zip(n.value[1:], n.args, strict=True):
                inflow[a] = inflow.get(a, F0) + c * w
        else:
            hint = next(hints, None) if branches(n) else None
            if hint is None:
                end = everywhere(n)[0 if w > 0 else 1]
                expect(end.is_finite(), f"no lower bound for {n.op} with weight {w}")
                out.ball += exact(w) * end
                continue
            expect(isinstance(hint, list) and len(hint) == branches(n), f"{n.op} needs {branches(n)} multipliers")
            parts = [rational(x) for x in hint]
            out.constant, out.ball = _split(n, w, parts, out.constant, out.ball)
            for m, a in zip(parts, n.args, strict=True):
                inflow[a] = inflow.get(a, F0) + m
    expect(next(hints, None) is None, "there are more multipliers than nodes")
    return out


def scaling(n: Node, w: Fraction, free: set[Node], everywhere: Enclosure) -> tuple[Node, Fraction] | None:
    """Read ``n = b x`` with constant b and x of one sign: ``(x, c)`` with ``w b x >= w c x``, or None."""
    rest = [a for a in n.args if a not in free] if n.op == "mul" else []
    if len(rest) != 1:
        return None
    low, high = everywhere(rest[0])
    b: Range = (ONE, ONE)
    for a in n.args:
        if a in free:
            b = times(b, everywhere(a))
    if not (low >= 0 or high <= 0) or not (b[0].is_finite() and b[1].is_finite()):
        return None
    end = b[0] if (w > 0) == (low >= 0) else b[1]
    mantissa, exponent = end.man_exp()
    return rest[0], Fraction(int(mantissa)) * Fraction(2) ** int(exponent)


def constants(roots: Mapping[Node, Fraction] | Sequence[Node]) -> set[Node]:
    """Collect the nodes below the roots that no variable enters."""
    free: set[Node] = set()
    for n in walk(*roots):
        if n.op != "var" and all(a in free for a in n.args):
            free.add(n)
    return free


def _split(n: Node, w: Fraction, parts: list[Fraction], c: Fraction, b: arb) -> tuple[Fraction, arb]:
    """Check the multipliers of one node and add the constant of its inequality."""
    message = f"the multipliers {[str(m) for m in parts][:8]} do not bound {n.op} of weight {w} from below"
    if n.op in ("lse", "max", "min"):
        side = -1 if n.op == "min" else 1
        expect(side * w > 0 and all(side * m >= 0 for m in parts) and sum(parts) == w, message)
        return (c, b - sum((_entropy(m, w) for m in parts), ZERO)) if n.op == "lse" else (c, b)
    (m,) = parts
    if n.op == "abs":
        expect(abs(m) <= w, message)
        return c, b
    if n.op == "exp":
        expect(w > 0 and m >= 0, message)
        return c + m, b - _entropy(m, w)
    if n.op == "pow":
        expect(w > 0 and (m >= 0 or n.value % 2 == 0), message)
        if n.value == 2:
            return c - m * m / (4 * w), b
        share, power = abs(m) / (n.value * w), n.value / (n.value - 1)
        return c, b - (exact((n.value - 1) * w) * (exact(share).log() * exact(power)).exp() if m else ZERO)
    expect(w < 0 and m < 0, message)  # log: the slope handed on is m itself, negative
    return c - w, b - exact(w) * exact(m / w).log()
