"""Losses for noisy labels that clip, soften or negate: LogitClip, Huberised and bootstrapped cross-entropy."""

from __future__ import annotations

import math
from typing import Any

from array_api_compat import array_namespace

from losscheck.arrays import at_label, log_softmax, logsumexp, logsumexp_others, relu, softmax
from losscheck.catalogue.entry import Claim, Parameter, Study, entry
from losscheck.catalogue.shared_claims import NOT_CONVEX, OF_SOFTMAX

WEI = ("Wei et al., Mitigating memorization of noisy labels by clipping the model prediction, ICML 2023",)


@entry(
    kind="logits",
    title="Partially Huberised cross-entropy",
    family="label noise",
    formula=r"-\log p_y \;(p_y > 1/\tau),\quad \log\tau + 1 - \tau p_y \;(p_y \le 1/\tau)",
    parameters={"tau": Parameter(10.0, "(1, inf)", "below p = 1 / tau the loss is linear in p")},
    claims=(
        Claim("bounded_above", True, "Menon et al., 2020: at most log tau + 1"),
        NOT_CONVEX,
        Claim("nonnegative", True, "it decreases in p and is 0 at p = 1"),
        OF_SOFTMAX,
    ),
    references=("Menon, Rawat, Reddi, Kumar, Can gradient clipping mitigate label noise?, ICLR 2020",),
    aliases=("phuber_ce",),
)
def huberised_cross_entropy(z: Any, y: Any, tau: Any = 10.0) -> Any:
    """Cross-entropy of max(p_y, 1 / tau), plus tau times what p_y lacks to 1 / tau."""
    xp = array_namespace(z)
    log_p = at_label(log_softmax(z), y)
    lacking = relu(1 / tau - at_label(softmax(z), y))
    return tau * lacking - xp.maximum(log_p, xp.full_like(log_p, -math.log(tau)))


@entry(
    kind="logits",
    title="Soft bootstrapping",
    family="label noise",
    formula=r"-\sum_k (\beta 1[k = y] + (1 - \beta) p_k) \log p_k",
    parameters={"beta": Parameter(0.95, "[0, 1]", "the weight of the given label")},
    claims=(
        OF_SOFTMAX,
        Claim("symmetric", False, "derived"),
        Claim("recovers_probability[link=softmax]", False, "derived: entropy regularisation sharpens the minimiser"),
    ),
    references=("Reed et al., Training deep neural networks on noisy labels with bootstrapping, 2015",),
)
def soft_bootstrap(z: Any, y: Any, beta: Any = 0.95) -> Any:
    """Cross-entropy with the label mixed with the model's own probabilities."""
    logs = log_softmax(z)
    own = array_namespace(z).sum(softmax(z) * logs, axis=1)
    return -beta * at_label(logs, y) - (1 - beta) * own


@entry(
    kind="logits",
    title="LogitClip cross-entropy",
    family="label noise",
    formula=r"\mathrm{CE}(z \min(1, \tau / \lVert z \rVert_2), y)",
    parameters={"tau": Parameter(1.0, "(0, inf)", "the largest norm of the scores")},
    claims=(
        Claim("bounded_above", True, "Wei et al., 2023, Proposition 1"),
        Claim("shift_invariant", False, "derived: the norm is not"),
        NOT_CONVEX,
    ),
    references=WEI,
)
def logit_clip_cross_entropy(z: Any, y: Any, tau: Any = 1.0) -> Any:
    """Cross-entropy of the scores projected onto the ball of radius tau."""
    xp = array_namespace(z)
    squares = xp.sum(z**2, axis=1)
    scale = tau / xp.sqrt(xp.maximum(squares, xp.full_like(squares, tau**2)))
    return -at_label(log_softmax(z * scale[:, None]), y)


@entry(
    kind="logits",
    title="LogitClip cross-entropy as published",
    family="label noise",
    formula=r"\mathrm{CE}(z, y) \;(\lVert z\rVert \le t),\quad \mathrm{CE}(z / (t \lVert z \rVert), y)",
    parameters={"t": Parameter(1.5, "(0, inf)", "both the threshold and the inverse of the norm after clipping")},
    claims=(Claim("bounded_above", True, "Wei et al., 2023, Proposition 1"),),
    studies=(
        Study(
            "the published code is not continuous: at t = 1.5 the loss jumps by more than 0.2 where the norm passes t",
            "Wei et al., 2023 (their code); derived",
            "tests/catalogue/test_identities.py",
        ),
    ),
    hazards=("a jump at norm t: at t = 1.5 the norm falls from 1.5 to 0.667",),
    references=WEI,
)
def logit_clip_published(z: Any, y: Any, t: Any = 1.5) -> Any:
    """Cross-entropy with the published code's clipping."""
    xp = array_namespace(z)
    norm = xp.sqrt(xp.sum(z**2, axis=1) + 1e-14)
    clipped = z / norm[:, None] / t
    return -at_label(log_softmax(xp.where((norm > t)[:, None], clipped, z)), y)


@entry(
    kind="logits",
    title="Negative learning from a complementary label",
    family="label noise",
    formula=r"-\log(1 - p_{\bar y})",
    claims=(
        Claim("nonnegative", True, "a negative logarithm of a probability"),
        OF_SOFTMAX,
        Claim("bounded_above", False, "it grows without bound as p goes to 1"),
    ),
    hazards=("log(1 - p) is -inf once p rounds to 1; this code subtracts log-sum-exps",),
    references=("Kim et al., NLNL: Negative learning for noisy labels, ICCV 2019",),
)
def negative_learning(z: Any, y: Any) -> Any:
    """-log of the probability that the class is not y."""
    return logsumexp(z) - logsumexp_others(z, y)
