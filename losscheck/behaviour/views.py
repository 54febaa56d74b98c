"""Two views of one batch: where the pairing of their rows matters, the right pairing is the cheaper one."""

from __future__ import annotations

import numpy as np

from losscheck.behaviour.formats import Array, Inputs
from losscheck.behaviour.reduction import close
from losscheck.behaviour.roles import is_embedding
from losscheck.behaviour.trial import Trial

SEEDS = range(4)


def pairs_repel(trial: Trial) -> tuple[str, Inputs] | None:
    """Say that equal embeddings cost more than the same ones with their rows exchanged, and where.

    Asked of two arguments, embeddings of one shape, whose rows interact (contrastive losses). Measures of dependence
    that are to become small (a cross-covariance, a distance correlation) do not see the sign of an embedding: a loss
    that does not change when one of them is negated is not asked.
    """
    pair = trial.signature.arguments
    if len(pair) != 2 or pair[0].shape != pair[1].shape or len(pair[0].shape) != 2 or trial.caller.returns_tuple:
        return None
    if not all(is_embedding(a) and a.domain == "real" and a.shape[0] == trial.signature.batch for a in pair):
        return None
    first, second = pair[0].name, pair[1].name
    x = trial.sample(0)
    turned = {**x, second: -np.asarray(x[second])}
    if close(trial.value_or_nan(turned), trial.value_or_nan(x), trial.tolerance) or trial.reduction != "coupled":
        return None
    extra: list[tuple[float, float]] = []
    for seed in SEEDS:
        rows: Array = np.asarray(trial.sample(seed)[first])
        matched, crossed = {first: rows, second: rows}, {first: rows, second: np.roll(rows, 1, axis=0)}
        near, far = (float(np.sum(trial.value_or_nan(at))) for at in (matched, crossed))
        if not np.isfinite([near, far]).all() or near <= far + trial.tolerance * max(1.0, abs(far)):
            return None
        extra.append((near, far))
    near, far = extra[0]
    rows = np.asarray(trial.sample(0)[first])
    fact = f"equal rows of {first} and {second} cost {near:.6g}, the same rows of {second} exchanged only {far:.6g}"
    return fact, {first: rows, second: rows}
