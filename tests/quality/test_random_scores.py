"""Random scoring rules and random losses of scores: no verdict is contradicted by sampled risks.

Rules are sums of strictly proper ones with short weights, sometimes spoilt by a term that tilts the optimum; losses of
scores are random decreasing and other profiles of the softmax probability, one-versus-rest sums and pairwise sums. The
samples can contradict a verdict, never establish one.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from losscheck.engines.numeric import evaluate
from losscheck.expr import build as b
from losscheck.expr.graph import Expr
from losscheck.lifting.lifted import Lifted
from losscheck.property import properties
from losscheck.verdict import Outcome, Verdict

K = 3
P = [b.var(f"p{i}", "unit") for i in range(K)]
Z = [b.var(f"z{i}") for i in range(K)]
weights = st.sampled_from([Fraction(1, 4), Fraction(1, 2), Fraction(1), Fraction(2)])
rng = np.random.default_rng(0)
TRUTHS = np.concatenate([rng.dirichlet(np.ones(K), 60), rng.dirichlet(np.full(K, 0.3), 30)])
REPORTS = np.concatenate([rng.dirichlet(np.ones(K), 4000), rng.dirichlet(np.full(K, 0.2), 1000)])
CORNERS = np.stack(np.meshgrid(*[[-2.0, -1.0, -0.5, 0.0, 0.5, 1.0, 2.0]] * K), axis=-1).reshape(-1, K)
SCORES = np.concatenate([CORNERS[:-1], *(rng.normal(0, s, (20000, K)) for s in (0.3, 1.5, 6.0))])


def wrong_side(t: int) -> Any:
    """Where another class scores at least as high as class t: ties are wrong."""
    return np.delete(SCORES, t, axis=1).max(axis=1) >= SCORES[:, t]


def _score(name: str, y: int) -> Expr:
    squares = b.add(*(b.power(p, Fraction(2)) for p in P))
    cumulated = [b.add(*P[: i + 1]) for i in range(K - 1)]
    return {
        "log": b.neg(b.log(P[y])),
        "brier": b.sub(squares, b.scale(Fraction(2), P[y])),
        "spherical": b.neg(b.div(P[y], b.sqrt(squares))),
        "power": b.sub(
            b.scale(Fraction(2), b.add(*(b.power(p, Fraction(3)) for p in P))),
            b.scale(Fraction(3), b.power(P[y], Fraction(2))),
        ),
        "ranked": b.add(*(b.power(b.sub(c, b.const(int(y <= i))), Fraction(2)) for i, c in enumerate(cumulated))),
        "linear": b.sub(b.ONE, P[y]),
        "root": b.neg(b.sqrt(P[y])),
        "offset": b.const(y),
        "common": b.power(P[0], Fraction(2)),
        "smoothed": b.neg(b.log(b.add(P[y], b.const(Fraction(1, 64))))),
    }[name]


proper_parts = st.sampled_from(["log", "brier", "spherical", "power", "ranked", "offset"])
spoilers = st.sampled_from(["linear", "root", "common", "smoothed"])
rules = st.tuples(
    st.lists(st.tuples(weights, proper_parts), min_size=1, max_size=3),
    st.lists(st.tuples(weights, spoilers), max_size=1),
)


def _ask(kind: str, roots: list[Expr], name: str, **params: Any) -> Outcome:
    letter, domain = ("p", "simplex") if kind == "simplex" else ("z", "real")
    variables = tuple(f"{letter}{i}" for i in range(K))
    lifted = Lifted(kind, K, tuple(range(K)), variables, domain, tuple(roots))
    with np.errstate(all="ignore"):  # the search meets overflow on purpose
        answered: Outcome = properties()[name].answer(lifted, **params)
    return answered


def _values(roots: list[Expr], points: Any, letter: str) -> Any:
    return np.stack(evaluate(roots, {f"{letter}{i}": points[:, i] for i in range(K)}), axis=1)


@settings(deadline=None, max_examples=20)
@given(rules)
def test_properness_is_never_contradicted(rule: Any) -> None:
    parts, tilt = rule
    roots = [b.add(*(b.scale(w, _score(n, y)) for w, n in [*parts, *tilt])) for y in range(K)]
    at_reports, at_truths = _values(roots, REPORTS, "p"), _values(roots, TRUTHS, "p")
    own = (TRUTHS * at_truths).sum(axis=1)
    best = (TRUTHS @ at_reports.T).min(axis=1)
    strictly = any(n != "offset" for _, n in parts)
    for name in ("proper", "strictly_proper"):
        outcome = _ask("simplex", roots, name)
        assert outcome.verdict is not Verdict.ERROR, outcome.message
        if outcome.verdict is Verdict.PROVED:
            assert (best - own >= -1e-9).all(), f"{name} of {roots[0]} is said to be proved"
            assert name == "proper" or strictly, f"{name} of a constant rule is said to be proved"
        if outcome.verdict is Verdict.REFUTED and not tilt:
            assert (name, strictly) == ("strictly_proper", False), f"{name} of {roots[0]} is said to be refuted"


def _profile(name: str, s: Expr) -> Expr:
    return {
        "log": b.neg(b.log(s)),
        "linear": b.sub(b.ONE, s),
        "square": b.power(b.sub(b.ONE, s), Fraction(2)),
        "focal": b.mul(b.power(b.sub(b.ONE, s), Fraction(2)), b.neg(b.log(s))),
        "root": b.sub(b.ONE, b.sqrt(s)),
        "inverse": b.power(s, Fraction(-1)),
        "cosine": b.cos(s),
        "rising": s,
        "hump": b.mul(s, b.sub(b.ONE, s)),
        "angle": b.neg(b.atan(s)),
        "smoothed": b.neg(b.log(b.add(s, b.const(Fraction(1, 8))))),
    }[name]


profiles = st.sampled_from(
    ["log", "linear", "square", "focal", "root", "inverse", "cosine", "rising", "hump", "angle", "smoothed"]
)
margins = st.sampled_from(["logistic", "exp", "hinge", "square hinge", "sigmoid", "square"])


def _margin(name: str, m: Expr) -> Expr:
    hinge = b.maximum([b.ZERO, b.sub(b.ONE, m)])
    return {
        "logistic": b.lse([b.ZERO, b.neg(m)]),
        "exp": b.exp(b.neg(m)),
        "hinge": hinge,
        "square hinge": b.power(hinge, Fraction(2)),
        "sigmoid": b.exp(b.neg(b.lse([b.ZERO, m]))),
        "square": b.power(b.sub(b.ONE, m), Fraction(2)),
    }[name]


def _comp_sum(names: list[tuple[Fraction, str]]) -> list[Expr]:
    total = b.lse(Z)
    return [b.add(*(b.scale(w, _profile(n, b.exp(b.sub(z, total)))) for w, n in names)) for z in Z]


def _one_versus_rest(name: str) -> list[Expr]:
    return [b.add(*(_margin(name, z if i == y else b.neg(z)) for i, z in enumerate(Z))) for y in range(K)]


def _pairwise(name: str) -> list[Expr]:
    return [b.add(*(_margin(name, b.sub(Z[y], z)) for i, z in enumerate(Z) if i != y)) for y in range(K)]


logit_losses = st.one_of(
    st.lists(st.tuples(weights, profiles), min_size=1, max_size=2).map(_comp_sum),
    margins.map(_one_versus_rest),
    margins.map(_pairwise),
)


@settings(deadline=None, max_examples=20)
@given(logit_losses)
def test_calibration_is_never_contradicted(roots: list[Expr]) -> None:
    values = _values(roots, SCORES, "z")
    outcome = _ask("logits", roots, "classification_calibrated")
    assert outcome.verdict is not Verdict.ERROR, outcome.message
    for p in TRUTHS[:40]:
        risk = values @ p
        t = int(p.argmax())
        margin = np.sort(p)[-1] - np.sort(p)[-2]
        right, wrong = risk[~wrong_side(t)].min(), risk[wrong_side(t)].min()
        if outcome.verdict is Verdict.PROVED and margin > 0.05:
            assert wrong > right - 1e-3, f"proved for {roots[0]}, but at p = {p} a wrong score is better"
    for name in ("convex", "symmetric", "nonnegative"):
        shape = _ask("logits", roots, name)
        middle = (values[0::2] + values[1::2]) / 2
        centre = _values(roots, (SCORES[0::2] + SCORES[1::2]) / 2, "z")
        if shape.verdict is Verdict.PROVED and name == "convex":
            assert (centre <= middle + 1e-7 * (1 + np.abs(middle))).all(), f"{roots[0]} is said to be convex"
        if shape.verdict is Verdict.PROVED and name == "symmetric":
            assert np.ptp(values.sum(axis=1)) < 1e-6 * (1 + np.abs(values).max())
        if shape.verdict is Verdict.PROVED and name == "nonnegative":
            assert values.min() > -1e-9


@pytest.mark.parametrize("name", ["hinge", "sigmoid"])
def test_the_samples_can_contradict(name: str) -> None:
    """The oracle itself: for one-versus-rest hinge and sigmoid losses a wrong score is as good as the best."""
    values = _values(_one_versus_rest(name), SCORES, "z")
    p = np.array([0.4, 0.3, 0.3])
    risk = values @ p
    assert risk[wrong_side(0)].min() <= risk[~wrong_side(0)].min() + 1e-2
