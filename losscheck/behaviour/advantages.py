"""Policies: an action with a positive advantage becomes more likely, clipping is pessimistic, certainty is no gain."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from losscheck.behaviour.formats import Array, Inputs
from losscheck.behaviour.reduction import row_axis
from losscheck.behaviour.roles import ADVANTAGES
from losscheck.behaviour.trial import Trial
from losscheck.signature import Argument

REWARDS = ADVANTAGES | {"reward", "rewards", "ret", "returns"}
LOGARITHMS = frozenset({"logp", "logps", "logprob", "logprobs", "lp", "logpi", "log_pi", "log_prob", "log_probs"})
RATIOS = frozenset({"ratio", "ratios", "r"})
STEP = 0.03
LOW, HIGH = (0.3, 0.5), (2.0, 3.0)
"""Ratios far below and above 1; with a negative advantage the high ones are left alone (dual clipping)."""

Found = tuple[str, Inputs]
Move = Callable[[Array, Array], Inputs]


def policy_misled(trial: Trial) -> Found | None:
    """Return what a policy is taught that it should not be, and where.

    Asked of an argument named as an advantage beside the log-probability or the ratio of the action taken, or beside
    scores and the index of that action. (1) A step towards actions of advantage 1 and away from those of advantage -1
    costs no more than the opposite step. (2) Where the loss is affine in the ratio around 1, it lies nowhere below that
    line: clipping takes gains away, never losses (Schulman et al., 2017). (3) Where every advantage is 0 even scores
    cost no more than others, and an action no more as it gets less likely than it was: an entropy is a bonus; and a
    policy that leaves its reference (``ref_logp``) either way does not pay less than one that stays.
    """
    advantage = next((a for a in trial.signature.arguments if a.name.lower() in REWARDS), None)
    if advantage is None or trial.caller.returns_tuple:
        return None
    x = trial.sample(0)
    signs: Array = np.where(np.arange(np.size(x[advantage.name])) % 2 == 0, 1.0, -1.0)
    signs = signs.reshape(np.shape(x[advantage.name]))
    moved = _moves(trial, advantage, x)
    if moved is None:
        return None
    at, kind = moved
    there, back = (_cost(trial, at(signs, sign * STEP * signs)) for sign in (1.0, -1.0))
    if there > back + trial.tolerance * max(1.0, abs(back)):
        fact = f"a step towards actions of {advantage.name} 1, away from those of -1, costs {there:.6g}"
        return f"{fact}, the opposite one only {back:.6g}", at(signs, STEP * signs)
    if kind == "scores":
        return _certain(trial, advantage, x)
    ones = np.ones_like(signs)
    left = _leaves(trial, advantage, at, ones)
    if left is not None or kind != "ratio":
        return left
    return _optimistic(trial, at, ones) or _surer(trial, at, ones, advantage)


def _moves(trial: Trial, advantage: Argument, x: Inputs) -> tuple[Move, str] | None:
    """Return how to set advantages and move what: scores, log-probabilities, or these beside old ones (ratio)."""
    for a in trial.signature.floats:
        name = a.name.lower().removeprefix("new_").removeprefix("pi_")
        if a.shape == advantage.shape and name in LOGARITHMS | RATIOS:
            ratio = a.domain == "positive"
            return _of_one(trial, advantage, x, a) if ratio == (name in RATIOS) else None
    scores = [a for a in trial.signature.floats if a.domain == "real" and a.shape[-1:] in (("K",), ("C",))]
    actions = [a for a in trial.signature.arguments if a.domain == "index" and a.shape == advantage.shape]
    if len(scores) != 1 or len(actions) != 1 or scores[0].shape[:-1] != advantage.shape:
        return None
    z, taken = scores[0], np.asarray(x[actions[0].name])
    hot = np.eye(np.shape(x[z.name])[-1])[taken]
    return lambda adv, s: {**x, advantage.name: adv, z.name: np.asarray(x[z.name]) + s[..., None] * hot}, "scores"


def _of_one(trial: Trial, advantage: Argument, x: Inputs, moved: Argument) -> tuple[Move, str]:
    """Move one number per action: its ratio, or its log-probability beside that of old policies and references."""
    ratio = moved.domain == "positive"
    centre: Array = np.ones_like(x[moved.name]) if ratio else np.full_like(x[moved.name], -1.0)
    like = [b for b in trial.signature.floats if b.shape == moved.shape and b.domain == moved.domain]
    old, references = ([b.name for b in like if word in b.name.lower()] for word in ("old", "ref"))
    around = {**x, **dict.fromkeys([*old, *references], centre)}

    def at(adv: Array, s: Array) -> Inputs:
        return {**around, advantage.name: adv, moved.name: centre * np.exp(s) if ratio else centre + s}

    return at, "ratio" if ratio or old else "logp"


def _optimistic(trial: Trial, at: Move, ones: Array) -> Found | None:
    for sign, ratios in ((1.0, LOW + HIGH), (-1.0, LOW)):

        def cost(ratio: float, sign: float = sign) -> float:
            return _cost(trial, at(sign * ones, np.log(ratio) * ones))

        centre, slope = cost(1.0), (cost(1.0 + STEP) - cost(1.0 - STEP)) / (2.0 * STEP)
        room = 1e-6 * max(1.0, abs(centre), abs(slope))
        affine = abs(cost(1.0 + STEP) + cost(1.0 - STEP) - 2.0 * centre) <= room
        if not np.isfinite(slope) or not affine or abs(slope) < 1e-3:
            return None
        for ratio in ratios:
            line = centre + slope * (ratio - 1.0)
            if (found := cost(ratio)) < line - 1e-3 * max(1.0, abs(slope)):
                fact = f"with an advantage of {sign:g} the ratio {ratio:g} costs {found:.6g}, unclipped {line:.6g}"
                return f"{fact}: clipping takes a loss away", at(sign * ones, np.log(ratio) * ones)
    return None


def _leaves(trial: Trial, advantage: Argument, at: Move, ones: Array) -> Found | None:
    """Both ways away from the reference, which `at` keeps where the policy starts."""
    references = [a for a in trial.signature.floats if "ref" in a.name.lower() and a.shape == advantage.shape]
    if not references:
        return None
    stays, *leaves = (_cost(trial, at(0.0 * ones, s * ones)) for s in (0.0, 0.5, -0.5))
    if not np.isfinite([stays, *leaves]).all() or max(leaves) >= stays - 1e-6 * max(1.0, abs(stays)):
        return None
    fact = f"where every {advantage.name} is 0, staying at {references[0].name} costs {stays:.6g}"
    return f"{fact}, leaving it either way at most {max(leaves):.6g}", at(0.0 * ones, 0.5 * ones)


def _surer(trial: Trial, at: Move, ones: Array, advantage: Argument) -> Found | None:
    surer, less = (_cost(trial, at(0.0 * ones, sign * STEP * ones)) for sign in (1.0, -1.0))
    if not np.isfinite([surer, less]).all() or surer >= less - 1e-6 * max(1.0, abs(less)):
        return None
    fact = f"where every {advantage.name} is 0, surer actions cost {surer:.6g}, less sure ones {less:.6g}"
    return f"{fact}: an entropy has the wrong sign", at(0.0 * ones, STEP * ones)


def _certain(trial: Trial, advantage: Argument, x: Inputs) -> Found | None:
    scores = [a for a in trial.signature.floats if a.domain == "real" and a.shape[-1:] in (("K",), ("C",))]
    if len(scores) != 1 or row_axis(trial.signature, advantage.shape) is None:
        return None
    z = scores[0].name
    nothing = {**x, advantage.name: np.zeros_like(x[advantage.name])}
    even = _cost(trial, {**nothing, z: np.zeros_like(x[z])})
    costs = [_cost(trial, {**nothing, z: 2.0 * np.asarray(trial.sample(seed)[z])}) for seed in range(4)]
    if not np.isfinite([even, *costs]).all() or max(costs) >= even - trial.tolerance * max(1.0, abs(even)):
        return None
    fact = f"where every {advantage.name} is 0, even scores cost {even:.6g}, others only {max(costs):.6g}"
    return f"{fact}: an entropy has the wrong sign", {**nothing, z: np.zeros_like(x[z])}


def _cost(trial: Trial, x: Inputs) -> float:
    return float(np.sum(trial.value_or_nan(x)))
