r"""Curvature of a graph's nodes over a convex domain, by composition rules (disciplined convex programming).

Every node gets ``(curvature, log-curvature)``: constant ``c``, affine ``a``, convex ``x``, concave ``v`` or ``?``; the
second speaks of the logarithm of a node that is positive. Quadratic polynomials are decided exactly by LDL. The rules:
sums; products with constants, of nodes with log-curvature; ``h(g)`` with h convex and nondecreasing (nonincreasing)
on the range of g and g convex (concave). A function ``convex`` here may be +inf where a logarithm or a power leaves
its domain only on [0, 1] and the simplex. (Grant, Boyd, Ye 2006; Boyd, Vandenberghe 2004, sections 3.2 and 3.5.)
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction

from losscheck.verifier.balls import Enclosure, Undefined
from losscheck.verifier.cover import sign
from losscheck.verifier.defined import analytic_on, natural
from losscheck.verifier.interval import interval_sign, smooth
from losscheck.verifier.quadratic import Quadratic, nonnegative_definite, quadratic
from losscheck.verifier.terms import Node, Pool, walk

FLIP = {"c": "c", "a": "a", "x": "v", "v": "x", "?": "?"}
OUTER = {"exp": "x", "lse": "x", "max": "x", "min": "v", "log": "v", "log_ndtr": "v"}
"""Nondecreasing functions and their curvature."""


def plus(*parts: str) -> str:
    """Curvature of a sum."""
    kinds = set(parts) - {"c"}
    if not kinds or kinds == {"a"}:
        return "a" if kinds else "c"
    kinds -= {"a"}
    return kinds.pop() if len(kinds) == 1 else "?"


class Curvature:
    """Curvatures of nodes on one domain."""

    def __init__(
        self, pool: Pool, variables: Sequence[str], domain: str, value: Enclosure, parameters: Iterable[str] = ()
    ) -> None:
        self.pool, self.variables, self.domain, self.value = pool, tuple(variables), domain, value
        self.parameters = frozenset(parameters)
        self.known: dict[Node, tuple[str, str]] = {}

    def sign(self, n: Node) -> str:
        """The sign of a node on the domain; of an affine node on the simplex by its vertices."""
        c0, terms = self.pool.form(n)
        if self.domain == "simplex" and all(t.op == "var" for t in terms):
            ends = [c0 + terms.get(self.pool.var(x), Fraction(0)) for x in self.variables]
            low, high = min(ends), max(ends)
            if low == high == 0:
                return "0"
            return "+" if low > 0 else "-" if high < 0 else "p" if low >= 0 else "m" if high <= 0 else "?"
        try:
            return sign(n, self.value)
        except Undefined:
            return "?"

    def __call__(self, n: Node) -> tuple[str, str]:
        """Read curvature and log-curvature of a node and all below it."""
        for m in walk(n):
            if m not in self.known and m.op not in ("lt", "le", "eq", "not", "and", "true", "false"):
                self.known[m] = self._both(m)
        return self.known[n]

    def _both(self, n: Node) -> tuple[str, str]:
        if not any(m.op == "var" and m.value not in self.parameters for m in walk(n)):
            return "c", "c" if self.sign(n) == "+" else "?"
        if n.op == "var":
            return "a", "v" if self.domain != "real" else "?"
        if n.op == "where" or any(a not in self.known for a in n.args):
            return "?", "?"
        args = [self.known[a] for a in n.args]
        logs = self._log(n, args)
        found = self._rule(n, args)
        if found == "?" and logs in "cax" and logs != "?":
            found = "x"
        if found == "?":
            found = self._quadratic(n)
        if found == "?":
            found = self._one_variable(n)
        if found == "?" and self.parameters and self.domain == "real":
            found = self._beside_parameters(n)
        if logs == "?" and found in "av" and self.sign(n) == "+":
            logs = "v"
        return found, logs

    def _log(self, n: Node, args: list[tuple[str, str]]) -> str:
        """Curvature of ``log n`` for n positive."""
        if n.op == "exp":
            return args[0][0]
        if n.op == "mul":
            return plus(*(log for _, log in args)) if all(log != "?" for _, log in args) else "?"
        if n.op == "pow":
            return args[0][1] if n.value > 0 else FLIP[args[0][1]]
        if n.op == "add" and len(args) == 1 and not n.value[0] and n.value[1] > 0:
            return args[0][1]
        if n.op == "add" and all(c >= 0 for c in n.value) and all(log in ("c", "a", "x") for _, log in args):
            return "x"
        return "x" if n.op == "max" and all(log in ("c", "a", "x") for _, log in args) else "?"

    def _rule(self, n: Node, args: list[tuple[str, str]]) -> str:
        curves = [curve for curve, _ in args]
        if n.op == "add":
            found = plus(*(c if k > 0 else FLIP[c] for k, c in zip(n.value[1:], curves, strict=True)))
            return found if found != "?" else self._sum_with_quadratic(n, curves)
        if n.op == "mul":
            return self._product(n, curves)
        if n.op == "log" and args[0][1] in ("a", "x", "v"):
            return args[0][1]
        if n.op == "log" and self.sign(n.args[0]) not in ("+" if self.domain == "real" else "+p"):
            return "?"
        if n.op in OUTER:
            outer = OUTER[n.op]
            return outer if all(c in ("c", "a", outer) for c in curves) else "?"
        if n.op == "abs":
            s = self.sign(n.args[0])
            return curves[0] if s in "+p0" else FLIP[curves[0]] if s in "-m" else "x" if curves[0] == "a" else "?"
        if n.op in ("atan", "erf"):  # convex on the left of 0, concave on the right, increasing
            s = self.sign(n.args[0])
            return "x" if s in "-m" and curves[0] in "ax" else "v" if s in "+p" and curves[0] in "av" else "?"
        return self._power(n, curves[0]) if n.op == "pow" else "?"

    def _power(self, n: Node, base: str) -> str:
        e, s = n.value, self.sign(n.args[0])
        if natural(n) and e.numerator % 2 == 0:
            if base == "a" or (s in "+p0" and base == "x") or (s in "-m" and base == "v"):
                return "x"
        if e >= 1 and s in "+p0" and base in "ax":
            return "x"
        if 0 < e < 1:
            if s in "+p" and base in "av":
                return "v"
            q = self._polynomial(n.args[0])
            if e == Fraction(1, 2) and q is not None and nonnegative_definite(q.bordered(self.variables)):
                return "x"
        if e < 0 and s in ("+" if self.domain == "real" else "+p") and base in "av":
            return "x"
        return "x" if e < 0 and e.denominator == 1 and e.numerator % 2 == 0 and s == "-" and base in "ax" else "?"

    def _product(self, n: Node, curves: list[str]) -> str:
        """Constants times one node; ``x log x`` of a nonnegative affine x."""
        moving = [(a, c) for a, c in zip(n.args, curves, strict=True) if c != "c"]
        if self.domain == "real" and [c for _, c in moving] == ["a"]:  # whatever the sign of the constants
            return "a"
        signs = [self.sign(a) for a, c in zip(n.args, curves, strict=True) if c == "c"]
        # A parameter may be 0: 0 times a number is 0, but outside the real domain a factor may be infinite.
        weak = self.parameters and (self.domain == "real" or all(self._finite(a) for a, _ in moving))
        if any(s not in ("+-pm" if weak else "+-") for s in signs):
            return "?"
        turned = sum(s in "-m" for s in signs) % 2 == 1
        found = "?"
        if len(moving) == 1:
            found = moving[0][1]
        elif len(moving) == 2:
            (a, _), (b, _) = moving if moving[1][0].op == "log" else reversed(moving)
            if b.op == "log" and b.args[0] is a and self.known[a][0] == "a" and self.sign(a) in "+p":
                found = "x"
        return FLIP[found] if turned else found

    def _beside_parameters(self, n: Node) -> str:
        """A quadratic polynomial with constant second derivatives; ``c lse(x) + r`` as ``c lse(x + r / c)``, c > 0."""
        if n.op == "add":
            tops = [(c, a) for c, a in zip(n.value[1:], n.args, strict=True) if a.op == "lse" and c > 0]
            if len(tops) == 1:
                ((c, top),) = tops
                rest = self.pool.scale(1 / c, self.pool.sub(n, self.pool.scale(c, top)))
                moved = (self._constant_hessian(self.pool.add(a, rest)) for a in top.args)
                return "x" if all(m in ("c", "a", "x") for m in moved) else "?"
        return self._constant_hessian(n)

    def _constant_hessian(self, n: Node) -> str:
        """The curvature of a node without switches by its second derivatives, if they are numbers."""
        if not smooth(n) or any(m.op not in ("var", "const", "ball", "add", "mul", "pow") for m in walk(n)):
            return "?"
        first = [self.pool.differentiate(n, x) for x in self.variables]
        rows = [[self.pool.differentiate(d, x) for x in self.variables] for d in first]
        if any(h.op != "const" for row in rows for h in row):
            return "?"
        hessian = [[h.value for h in row] for row in rows]
        if not any(h for row in hessian for h in row):
            return "a"
        if nonnegative_definite(hessian):
            return "x"
        return "v" if nonnegative_definite([[-h for h in row] for row in hessian]) else "?"

    def _finite(self, n: Node) -> bool:
        """Whether a node is finite on the whole closed domain."""
        try:
            return all(end.is_finite() for end in self.value(n))
        except Undefined:
            return False

    def _quadratic(self, n: Node) -> str:
        q = self._polynomial(n)
        if q is None:
            return "?"
        hessian = q.hessian(self.variables, self.domain == "simplex")
        if nonnegative_definite(hessian):
            return "x"
        return "v" if nonnegative_definite([[-x for x in row] for row in hessian]) else "?"

    def _polynomial(self, n: Node) -> Quadratic | None:
        """A quadratic polynomial with known coefficients."""
        if self.parameters and any(m.op == "var" and m.value in self.parameters for m in walk(n)):
            return None
        return quadratic(self.pool, n)

    def _sum_with_quadratic(self, n: Node, curves: list[str]) -> str:
        """A sum whose quadratic terms are convex (or concave) only together."""
        square, rest = Quadratic(), []
        for k, a, c in zip(n.value[1:], n.args, curves, strict=True):
            q = self._polynomial(a)
            if q is not None:
                square = square.plus(q, k)
            else:
                rest.append(c if k > 0 else FLIP[c])
        hessian = square.hessian(self.variables, self.domain == "simplex")
        for want, turn in (("x", 1), ("v", -1)):
            if nonnegative_definite([[turn * x for x in row] for row in hessian]) and plus(*rest, want) == want:
                return want
        return "?"

    def _one_variable(self, n: Node) -> str:
        """A smooth function of one variable by the sign of its second derivative."""
        names = {m.value for m in walk(n) if m.op == "var"}
        if len(names) != 1 or names & self.parameters or not smooth(n) or n.op == "var":
            return "?"
        (x,) = names
        end = (None, None) if self.domain == "real" else (Fraction(0), Fraction(1))
        if not analytic_on(self.pool, n, x, *end):
            return "?"
        second = self.pool.differentiate(self.pool.differentiate(n, x), x)
        s = interval_sign(self.pool, second, x, *end)
        return "x" if s in "+p0" else "v" if s in "-m" else "?"
