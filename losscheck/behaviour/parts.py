"""Reductions along an axis: which one is it, where the value of a part can be measured on its own."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from losscheck.behaviour.calling import Raised
from losscheck.behaviour.formats import Array, Inputs
from losscheck.behaviour.keywords import smooths_labels
from losscheck.behaviour.reduction import close
from losscheck.behaviour.roles import prediction, target
from losscheck.behaviour.trial import Trial
from losscheck.signature import Argument

IMPOSSIBLE = -1e4
HALVINGS = 60


def take(trial: Trial, x: Inputs, token: str, index: Sequence[int]) -> dict[str, Array]:
    """Return the input restricted to, or rearranged by, places along the axis ``token``."""
    out = dict(x)
    for a in trial.signature.arguments:
        if token in a.shape:
            out[a.name] = np.take(np.asarray(x[a.name]), index, axis=a.shape.index(token))
    return out


def divided_along(trial: Trial) -> str | None:
    """Say along which axis of positions or features repeating everything divides the value: it is normalised twice.

    Raises
    ------
    Raised
        When the loss refuses an axis of another length.
    """
    signature = trial.signature
    if any(a.domain == "length" for a in signature.arguments):
        return None
    x = trial.sample(0)
    value = trial.value(x)
    if value.ndim or not np.isfinite(value) or abs(float(value)) < 1e-9:
        return None
    axes = dict.fromkeys(axis for a in signature.arguments for axis in a.shape if axis in "LMD")
    for token in axes:
        n = next(np.shape(x[a.name])[a.shape.index(token)] for a in signature.arguments if token in a.shape)
        powers = []
        for copies in (2, 3, 4):
            ratio = float(trial.value(take(trial, x, token, [*range(n)] * copies))) / float(value)
            if not np.isfinite(ratio) or ratio <= 0.0:
                break
            powers.append(np.log(ratio) / np.log(copies))
        if len(powers) == 3 and np.ptp(powers) < 1e-3 and powers[0] < -0.999:
            return f"repeating everything r times along {token} multiplies the value by r^{powers[0]:.3g}"
    return None


def divided_by_classes(trial: Trial) -> str | None:
    """Say that one impossible class more scales a shift-invariant loss by K / (K + 1), two more by K / (K + 2).

    The label is an index, a distribution, or the scores of another model.

    Raises
    ------
    Raised
        When the loss refuses another number of classes.
    """
    p, t = prediction(trial.signature), target(trial.signature)
    if p is None or t is None or len(trial.signature.arguments) != 2 or smooths_labels(trial.keywords):
        return None
    if p.domain != "real" or len(p.shape) != 2 or p.shape[1] not in ("K", "C"):
        return None
    missing = {"index": None, "index*": None, "simplex": 0.0, "real": IMPOSSIBLE}
    if t.domain not in missing or (t.shape != p.shape and not t.domain.startswith("index")):
        return None
    x = trial.sample(0)
    v = np.asarray(x[p.name])
    value, k = trial.value(x), v.shape[1]
    if not close(trial.value({**x, p.name: v + 3.0}), value, trial.tolerance):
        return None

    def with_classes(n: int) -> Array:
        out = {**x, p.name: np.concatenate([v, np.full((len(v), n), IMPOSSIBLE)], axis=1)}
        if (filler := missing[t.domain]) is not None:
            out[t.name] = np.concatenate([np.asarray(x[t.name]), np.full((len(v), n), filler)], axis=1)
        return trial.value(out)

    more = [with_classes(n) for n in (1, 2)]
    if close(more[0], value, 1e-5) or not all(close(w * (k + n) / k, value, 1e-5) for n, w in enumerate(more, 1)):
        return None
    return (
        f"one class more, of score {IMPOSSIBLE:g}, turns {np.sum(value):.6g} into {np.sum(more[0]):.6g}: the loss is "
        "divided by the number of classes"
    )


def power_of_mean(trial: Trial) -> str | None:
    """Say along which axis the value is a function of the parts' own values, but not their mean, sum or an extreme.

    Evidence: repeating the axis changes nothing, and exchanging a part for another of the same value changes nothing.

    Raises
    ------
    Raised
        When the loss refuses a part.
    """
    p, t = prediction(trial.signature), target(trial.signature)
    if p is None or t is None or len(trial.signature.arguments) != 2 or p.domain not in ("unit", "(0,1)", "real"):
        return None
    for token in [axis for axis in p.shape[:2] if axis in "NBCK" and axis in t.shape]:
        x = trial.sample(0)
        n = np.shape(x[p.name])[p.shape.index(token)]
        whole = trial.value(x)
        parts = [trial.value(take(trial, x, token, [i])) for i in range(n)]
        if whole.ndim or any(part.ndim for part in parts) or not np.isfinite([whole, *parts]).all():
            return None
        alone = np.array(parts)
        known = (alone.mean(), alone.sum(), alone.max(), alone.min(), np.median(alone))
        repeated = trial.value(take(trial, x, token, [*range(n), *range(n)]))
        if any(close(whole, np.asarray(u), 1e-6) for u in known) or not close(repeated, whole, 1e-6):
            continue
        if np.ptp(alone) < 1e-3:
            continue
        same = _same_part(trial, p, x, token, float(alone[0]))
        if same is not None and close(trial.value(same), whole, 1e-7):
            return (
                f"along {token} the value {float(whole):.6g} depends only on the parts' own values, of mean "
                f"{alone.mean():.6g}, but is not their mean: a power or a root comes after the reduction"
            )
    return None


def _same_part(trial: Trial, p: Argument, x: Inputs, token: str, value: float) -> dict[str, Array] | None:
    """Return the input with another first part of the same own value, found by bisection."""
    axis, rng = p.shape.index(token), np.random.default_rng(8)
    v = np.asarray(x[p.name])
    first = (slice(None),) * axis + (slice(0, 1),)
    for _ in range(8):
        start, d = rng.normal(size=v[first].shape) * 0.05, rng.normal(size=v[first].shape) * 0.05

        def moved(s: float, start: Array = start, d: Array = d) -> dict[str, Array]:
            w = v.copy()
            w[first] = v[first] + start + s * d
            return {**x, p.name: w if p.domain == "real" else np.clip(w, 0.01, 0.99)}

        def gap(s: float, at: Callable[[float], dict[str, Array]] = moved) -> float:
            return float(np.sum(trial.value(take(trial, at(s), token, [0])))) - value

        low, high = -6.0, 6.0
        if gap(low) * gap(high) >= 0.0:
            continue
        for _ in range(HALVINGS):
            middle = (low + high) / 2.0
            low, high = (middle, high) if gap(middle) * gap(low) > 0.0 else (low, middle)
        return moved(low)
    return None


def hidden_axis(trial: Trial) -> str | None:
    """Say that ``reduction='none'`` of arguments of one shape adds up or averages their last axis.

    Evidence: the rows' values are additive over that axis: moving two places at once does what moving each does, and
    the axis twice gives twice the value, or the same value.
    """
    if any(a.domain not in ("real", "positive", "unit", "(0,1)", "{0,1}") for a in trial.signature.arguments):
        return None
    x, y = trial.sample(0), trial.sample(9)
    try:
        none = trial.value(x, params={"reduction": "none"})

        def with_places(*places: int) -> Array:
            mixed = {k: np.where(np.isin(np.arange(v.shape[-1]), places), y[k], v) for k, v in x.items()}
            return trial.value(mixed, params={"reduction": "none"})

        if none.shape != np.shape(next(iter(x.values())))[:-1]:
            return None
        mixed_difference = with_places(0, 1) - with_places(0) - with_places(1) + none
        twice = trial.value({k: np.concatenate([v, v], -1) for k, v in x.items()}, params={"reduction": "none"})
    except Raised:
        return None
    size = max(1.0, float(np.max(np.abs(none))))
    if np.max(np.abs(mixed_difference)) > 1e-8 * size or not np.any(none):
        return None
    if close(twice, 2.0 * none, 1e-8):
        return f"reduction='none' adds up the last axis: the shape is {none.shape}"
    if close(twice, none, 1e-8):
        return f"reduction='none' averages the last axis: the shape is {none.shape}"
    return None
