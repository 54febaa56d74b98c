r"""Arguments and keywords do something, and what their names say.

An argument, or a numeric keyword, that changes the value at no input tried is not read, or it cancels; so are
predictions beside labels 0, or beside labels 1, or beside targets of one sign, that never matter. ``loss_weight``
multiplies. A ``temperature`` divides the scores: both doubled together leave the loss, or multiply it by four where it
is rescaled; it may divide one argument, all of them, or their products. ``alpha`` with ``gamma`` on a binary loss:
affine in alpha and rising with it for positives; a larger gamma never raises the loss. A gamma that is an exponent for
one label is one for the other. A level (``q``, ``tau``, ``quantile``) of a regression raises the best constant
prediction; a ``margin`` raises the loss; a strength of one side (``gamma_pos``, ``neg_weight``) does nothing to labels
that are all of the other. An argument named like a scale (``var``, ``sigma``, ``logvar``) beside a location, or one
that acts like the scale of a likelihood, belongs to one: exp(-loss) integrates over the target to one constant, and the
best scale is neither the smallest nor the largest. So do the sum of exp(-loss) over the counts of a likelihood of
counts, and its integral over the positive numbers or shares of a gamma or beta law, whatever the parameters.

Answers
-------
SUPPORTED
    Every argument and keyword that was tried does something, and what its name says.
REFUTED
    One does not. Severity warning: constants near 0 (below 0.001) are left alone, others may act in rare branches.
    Witness: the values tried.

Known exceptions
----------------
Constants below 0.001 are left alone (an epsilon shows only next to 0). What acts in rare branches only is reported all
the same: a warning. So is a penalty on the parameters of a likelihood.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import Any

import numpy as np

from losscheck.behaviour.best_scale import scale_without_end
from losscheck.behaviour.calling import Raised
from losscheck.behaviour.counts import sum_depends_on_parameters
from losscheck.behaviour.deaf import deaf_side
from losscheck.behaviour.density import mass_depends_on_scale, mass_depends_on_shape
from losscheck.behaviour.exponent import exponent_of_one_label
from losscheck.behaviour.families import integral_depends_on_parameters
from losscheck.behaviour.formats import Inputs
from losscheck.behaviour.keywords import SPLITS
from losscheck.behaviour.levels import level_turned
from losscheck.behaviour.margins import margin_turned
from losscheck.behaviour.reduction import close
from losscheck.behaviour.roles import prediction, target
from losscheck.behaviour.sides import wrong_side
from losscheck.behaviour.trial import Trial
from losscheck.behaviour.unread import same_value, unread
from losscheck.behaviour.witness import witness
from losscheck.property import behaviour
from losscheck.verdict import Outcome, Severity, refuted, supported

NOT_NUMBERS = frozenset(
    {"reduction", "axis", "dim", "ignore_index", "size_average", "reduce", "n_classes", "num_classes"}
)
COUNTS = ("n_", "num_")
"""How the names of whole numbers of things or of steps begin: more steps may change nothing, half an output is none."""

SMALLEST = 1e-3
UNEVEN = 7
"""Rows that fall into pieces of different sizes."""


@behaviour(title="arguments and keywords do what their names say")
def parameters(trial: Trial) -> Iterator[Outcome]:
    """Move each argument and each numeric keyword, and watch the value."""
    densities = (mass_depends_on_scale, mass_depends_on_shape, scale_without_end, integral_depends_on_parameters)
    for law in (unread, deaf_side, *densities, sum_depends_on_parameters):
        fact = law(trial)
        if fact is not None:
            yield _refute(trial, fact, "")
            return
    numeric = {
        name: value
        for name, value in trial.keywords.items()
        if isinstance(value, int | float) and not isinstance(value, bool) and name not in NOT_NUMBERS
    }
    for name, value in numeric.items():
        if isinstance(value, int) and name.startswith(COUNTS) and name not in SPLITS:
            continue
        said = (
            (_dead, _scale, _temperature, level_turned, margin_turned, wrong_side) if name not in SPLITS else (_split,)
        )
        for fact in (ask(trial, name, value) for ask in said):
            if fact is not None:
                yield _refute(trial, fact, name)
                return
    if {"alpha", "gamma"} <= numeric.keys() and (fact := _focal(trial)) is not None:
        yield _refute(trial, fact, "alpha, gamma")
        return
    if "gamma" in numeric and (fact := exponent_of_one_label(trial)) is not None:
        yield _refute(trial, fact, "gamma")
        return
    told = [a.name for a in trial.signature.arguments] + list(numeric)
    yield supported(f"{', '.join(told)}: each changes the value, as far as its name says something, as it says")


def _value(trial: Trial, x: Inputs, **params: Any) -> Any:
    try:
        return trial.value(x, params=params)
    except Raised:
        return None


def _dead(trial: Trial, name: str, value: float) -> str | None:
    if 0.0 < abs(value) < SMALLEST:
        return None
    other = value + 1 if isinstance(value, int) and value > 1 else 0.5 * value if value else 0.5
    tried = 0
    for x in [trial.sample(seed) for seed in range(3)] + [h.inputs for h in trial.hazards()[:60]]:
        usual, moved = _value(trial, x), _value(trial, x, **{name: other})
        if usual is None or moved is None or not same_value(trial, moved, usual, x):
            return None
        tried += 1
    return f"{name} = {other:g} gives what {name} = {value:g} gives, at {tried} inputs"


def _split(trial: Trial, name: str, value: float) -> str | None:
    """Ask that the number or size of pieces changes nothing, also where the pieces hold different numbers of labels."""
    inputs = [trial.sample(seed) for seed in range(3)]
    label = next((a for a in trial.signature.arguments if a.ignored is not None), None)
    if label is not None:
        y = np.array(inputs[0][label.name])
        y.reshape(-1)[1] = label.ignored
        inputs.append({**inputs[0], label.name: y})
    if trial.signature.batch is not None:
        inputs.append(trial.sample(4, **{trial.signature.batch: UNEVEN}))
    for x in inputs:
        one = _value(trial, x, **{name: 1})
        for pieces in (2, 3):
            more = _value(trial, x, **{name: pieces})
            if (
                one is not None
                and more is not None
                and np.isfinite(one).all()
                and not close(more, one, trial.tolerance)
            ):
                return f"{name} = 1 gives {np.sum(one):.6g}, {name} = {pieces} gives {np.sum(more):.6g}"
    return None


def _scale(trial: Trial, name: str, value: float) -> str | None:
    if name != "loss_weight":
        return None
    x = trial.sample(0)
    once, thrice = _value(trial, x, **{name: 1.0}), _value(trial, x, **{name: 3.0})
    if once is None or thrice is None or close(thrice, 3.0 * once, trial.tolerance):
        return None
    return f"{name} = 3 gives {np.sum(thrice):.6g}, three times {name} = 1 is {3.0 * np.sum(once):.6g}"


def _temperature(trial: Trial, name: str, value: float) -> str | None:
    p, reals = prediction(trial.signature), [a.name for a in trial.signature.floats if a.domain == "real"]
    if name not in ("temperature", "temp") or not reals or not value:
        return None
    x = trial.sample(0)
    usual = _value(trial, x)
    if usual is None or _scale_free(trial, x, reals, usual):
        return None  # cosines: what the temperature divides is no argument
    ways = [(reals, 2.0), (reals, 2.0**0.5)] + ([([p.name], 2.0)] if p is not None and p.name in reals else [])
    for names, factor in ways:
        both = _value(trial, {**x, **{n: factor * x[n] for n in names}}, **{name: 2.0 * value})
        if both is None or any(close(both, times * usual, trial.tolerance) for times in (1.0, 2.0, 4.0)):
            return None
    return f"scores and {name} doubled do not leave {np.sum(usual):.6g}: it does not divide the scores"


def _scale_free(trial: Trial, x: Inputs, reals: list[str], usual: Any) -> bool:
    """Whether the size of some argument does not matter."""
    moved = (_value(trial, {**x, name: 2.0 * x[name]}) for name in reals)
    return any(v is None or close(v, usual, trial.tolerance) for v in moved)


def _focal(trial: Trial) -> str | None:
    """Ask what alpha and gamma do to a positive."""
    p, t = prediction(trial.signature), target(trial.signature)
    if p is None or t is None or p.domain not in ("real", "unit") or t.domain not in ("{0,1}", "unit"):
        return None
    x = trial.sample(0)
    ones = {**x, t.name: np.ones_like(x[t.name])}
    alphas = [_total(_value(trial, ones, alpha=a)) for a in (0.2, 0.4, 0.6)]
    gammas = [_total(_value(trial, ones, gamma=g)) for g in (1.0, 2.0, 3.0)]
    if not np.isfinite([*alphas, *gammas]).all():
        return None
    said = ", ".join(f"{a:.6g}" for a in alphas)
    if abs(alphas[0] - 2.0 * alphas[1] + alphas[2]) > 1e-4 * max(map(abs, alphas)):
        return f"the loss of a positive is not affine in alpha: {said} at alpha = 0.2, 0.4, 0.6"
    if alphas[2] < alphas[0] * (1.0 - 1e-6):
        return f"a larger alpha lowers the loss of a positive: {said} at alpha = 0.2, 0.4, 0.6"
    if any(after > before * (1.0 + 1e-6) for before, after in pairwise(gammas)):
        return f"a larger gamma raises the loss: {', '.join(f'{g:.6g}' for g in gammas)} at gamma = 1, 2, 3"
    return None


def _total(value: Any) -> float:
    return float("nan") if value is None else float(np.sum(value))


def _refute(trial: Trial, fact: str, name: str) -> Outcome:
    return refuted(fact, witness=witness(trial.sample(0), trial.dtype, keyword=name), severity=Severity.WARNING)
