"""Two laws given by their parameters, or one beside the standard normal: a divergence is least where they are equal."""

from __future__ import annotations

import re
from collections.abc import Iterator

import numpy as np

from losscheck.behaviour.density import LOG_SCALES, SCALES
from losscheck.behaviour.formats import Array, Inputs
from losscheck.behaviour.ladder import total
from losscheck.behaviour.trial import Trial
from losscheck.signature import Argument

LOCATIONS = frozenset({"mu", "mean", "loc", "m"})
LOGARITHMIC = LOG_SCALES | {"lv", "ls", "logs"}
TAGS = frozenset("0 1 2 p q a b prior post posterior old new student teacher".split())
SIZES = (0.1, 0.5, -0.1, -0.5)
SEEDS = range(3)

Found = tuple[str, Inputs]


def twins_apart(trial: Trial) -> Found | None:
    """Say that some law costs less than the one it is compared with, and where.

    Two groups of parameters told apart by a tag (``mu1, logvar1, mu2, logvar2`` or ``q_mu, q_std, p_mu, p_std``): with
    one group held, equal parameters are best; for one of the two groups is enough (a cross-entropy is least in its
    second law only). One location and one scale, alone and costing exactly 0 at the standard normal, or adding a term
    of their own to the rest (the loss of a variational autoencoder): no others cost less.
    """
    if trial.caller.returns_tuple:
        return None
    pairs = _pairs(trial)
    if pairs is not None:
        lost = [_beaten(trial, pairs, moved) for moved in (0, 1)]
        return lost[0] if all(lost) else None
    return _beats_the_normal(trial)


def _pairs(trial: Trial) -> list[tuple[Argument, Argument]] | None:
    """Return the parameters of the first law, each with that of the second; None where no tags tell them apart."""
    arguments = trial.signature.arguments
    if len(arguments) < 4 or len(arguments) % 2 or any(not a.is_float for a in arguments):
        return None
    if len({a.shape[:1] for a in arguments}) > 1:
        return None  # losses of tasks beside weights of tasks, which have no rows
    groups: dict[str, dict[str, Argument]] = {}
    for a in arguments:
        words = _words(a)
        tagged = [i for i in (0, len(words) - 1) if words[i] in TAGS]
        if not tagged:
            return None
        groups.setdefault(words[tagged[-1]], {})["_".join(w for i, w in enumerate(words) if i != tagged[-1])] = a
    if len(groups) != 2 or sum(map(len, groups.values())) != len(arguments):
        return None
    first, second = groups.values()
    if first.keys() != second.keys():
        return None
    pairs = [(first[stem], second[stem]) for stem in first]
    return pairs if all((a.shape, a.domain) == (b.shape, b.domain) for a, b in pairs) else None


def _words(argument: Argument) -> list[str]:
    """Return the words of a name, a digit at the end of one as a word of its own."""
    return re.findall(r"[a-z]+|\d+", argument.name.lower())


def _called(argument: Argument, names: frozenset[str]) -> bool:
    """Whether a name, or the end of one, is among ``names``: ``weight_logvar`` ends with ``logvar``."""
    words = _words(argument)
    return any("_".join(words[start:]) in names for start in range(len(words)))


def _beaten(trial: Trial, pairs: list[tuple[Argument, Argument]], moved: int) -> Found | None:
    for seed in SEEDS:
        x = trial.sample(seed)
        equal = {**x, **{pair[moved].name: x[pair[1 - moved].name] for pair in pairs}}
        best = total(trial, equal)
        if best is None:
            return None
        for i, at in enumerate(_around(equal, [pair[moved] for pair in pairs], seed)):
            cost = total(trial, at)
            if cost is not None and cost < best - max(trial.tolerance, 1e-6) * max(1.0, abs(best)):
                names = ", ".join(pair[moved].name for pair in pairs)
                fact = f"moving {names} away from the other law (step {i}) costs {cost:.6g}, equal laws {best:.6g}"
                return fact, at
    return None


def _beats_the_normal(trial: Trial) -> Found | None:
    arguments = trial.signature.arguments
    location = next((a for a in arguments if _called(a, LOCATIONS) and a.domain == "real"), None)
    scales = [a for a in arguments if _scale_of(location, a)]
    if location is None or len(scales) != 1:
        return None
    scale, others = scales[0], [a for a in arguments if a not in (location, scales[0])]
    x = trial.sample(0)
    standard: Array = np.ones_like(x[scale.name]) if scale.domain == "positive" else np.zeros_like(x[scale.name])
    normal = {**x, location.name: np.zeros_like(x[location.name]), scale.name: standard}
    best = total(trial, normal)
    if best is None or (not others and abs(best) > 1e-9):
        return None
    beside = {**normal, **{a.name: trial.sample(1)[a.name] for a in others}}
    floor = max(trial.tolerance, 1e-6) * max(1.0, abs(best))
    for seed in SEEDS:
        for at in _around(normal, [location, scale], seed):
            gain = best - (total(trial, at) or best)
            if gain > floor and _apart(trial, beside, at, [location, scale], gain):
                fact = f"the standard normal costs {gain:.6g} more than another {location.name} and {scale.name}"
                return f"{fact}: a divergence is not negative", at
    return None


def _scale_of(location: Argument | None, a: Argument) -> bool:
    if location is None or a is location or a.shape != location.shape:
        return False
    return (_called(a, LOGARITHMIC) and a.domain == "real") or (_called(a, SCALES) and a.domain == "positive")


def _apart(trial: Trial, beside: Inputs, at: Inputs, moved: list[Argument], gain: float) -> bool:
    """Whether the parameters gain the same beside other values of everything else: a term of their own."""
    before, after = total(trial, beside), total(trial, {**beside, **{a.name: at[a.name] for a in moved}})
    return before is not None and after is not None and abs(before - after - gain) <= 1e-5 * max(1.0, abs(before))


def _around(x: Inputs, moved: list[Argument], seed: int) -> Iterator[dict[str, Array]]:
    """Yield inputs near ``x``: each argument alone and all of them, up and down, evenly and at random."""
    rng = np.random.default_rng(seed)
    for names in ([a] for a in moved):
        for size in SIZES:
            yield {**x, **{a.name: _step(a, x[a.name], size * np.ones_like(x[a.name])) for a in names}}
    for size in SIZES[:2]:
        yield {**x, **{a.name: _step(a, x[a.name], size * rng.normal(size=np.shape(x[a.name]))) for a in moved}}


def _step(a: Argument, value: Array, by: Array) -> Array:
    return np.asarray(value) + by if a.domain == "real" else np.asarray(value) * np.exp(by)
