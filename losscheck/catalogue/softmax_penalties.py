"""Cross-entropy with a penalty on its scores or its scale: squentropy, the Z-losses, unlikelihood."""

from __future__ import annotations

from typing import Any

from array_api_compat import array_namespace

from losscheck.arrays import (
    at_label,
    centred,
    log_softmax,
    logsumexp,
    logsumexp_others,
    softplus,
    sum_others,
)
from losscheck.catalogue.entry import Claim, Parameter, entry
from losscheck.catalogue.shared_claims import OF_SOFTMAX


@entry(
    kind="logits",
    title="Squentropy",
    family="softmax",
    formula=r"-\log p_y + \frac{1}{K - 1}\sum_{k \ne y} z_k^2",
    claims=(
        Claim("convex", True, "derived: a sum of convex functions"),
        Claim("shift_invariant", False, "derived: adding a constant changes the squares"),
        Claim("symmetric", False, "derived"),
        Claim("nonnegative", True, "a sum of nonnegative terms"),
    ),
    hazards=("z^2 overflows in float16 for |z| > 255",),
    references=("Hui, Belkin, Wright, Cut your losses with squentropy, ICML 2023",),
)
def squentropy(z: Any, y: Any) -> Any:
    """Cross-entropy plus the mean square of the wrong scores."""
    return -at_label(log_softmax(z), y) + sum_others(z**2, y) / (z.shape[1] - 1)


@entry(
    kind="logits",
    title="Cross-entropy with the Z-loss of language models",
    family="softmax",
    formula=r"-\log p_y + c \log^2 \sum_k e^{z_k}",
    parameters={"c": Parameter(1e-4, "[0, inf)", "the weight of the squared log-normaliser")},
    claims=(
        Claim("recovers_probability[link=softmax]", True, "derived: the penalty is free to be 0 for every softmax(z)"),
        Claim("classification_calibrated", True, "derived: the minimiser is log p"),
        Claim("shift_invariant", False, "Chowdhery et al., 2022: it pins log Z to 0"),
        Claim("nonnegative", True, "a sum of nonnegative terms"),
    ),
    references=("Chowdhery et al., PaLM: scaling language modeling with pathways, 2022",),
)
def cross_entropy_z_loss(z: Any, y: Any, c: Any = 1e-4) -> Any:
    """Cross-entropy plus c log(Z)^2."""
    return -at_label(log_softmax(z), y) + c * logsumexp(z) ** 2


@entry(
    kind="logits",
    title="Z-loss (shift and scale invariant)",
    family="spherical",
    formula=r"\frac1a \log(1 + e^{a (b - \bar z_y)}),\quad \bar z = (z - \mu)/\sigma",
    parameters={
        "a": Parameter(1.0, "(0, inf)", "the slope"),
        "b": Parameter(1.0, "(-inf, inf)", "the score asked for"),
    },
    claims=(
        Claim("shift_invariant", True, "de Brebisson, Vincent, 2016"),
        Claim("scale_invariant", True, "de Brebisson, Vincent, 2016"),
        Claim("bounded_above", True, "derived: |standardised score| <= sqrt(K - 1)"),
    ),
    hazards=("0/0 when all scores are equal",),
    references=("de Brebisson, Vincent, The Z-loss: a shift and scale invariant classification loss, 2016",),
)
def z_loss(z: Any, y: Any, a: Any = 1.0, b: Any = 1.0) -> Any:
    """Softplus of b minus the label's standardised score."""
    xp = array_namespace(z)
    deviation = centred(z)
    spread = xp.sqrt(xp.mean(deviation**2, axis=1))
    return softplus(a * (b - at_label(deviation, y) / spread)) / a


@entry(
    kind="logits",
    title="Unlikelihood of the other classes",
    family="softmax",
    formula=r"-\log p_y - \sum_{k \ne y} \log(1 - p_k)",
    claims=(
        Claim("nonnegative", True, "negative logarithms of probabilities"),
        OF_SOFTMAX,
        Claim("symmetric", False, "derived"),
    ),
    hazards=("log(1 - p_k) is -inf once p_k rounds to 1; this code takes log-sum-exps of all scores but one",),
    references=("Welleck et al., Neural text generation with unlikelihood training, ICLR 2020",),
    aliases=("complement_log",),
)
def unlikelihood(z: Any, y: Any) -> Any:
    """Cross-entropy plus the log loss of every other class not happening."""
    xp = array_namespace(z)
    total = logsumexp(z)
    columns = [logsumexp_others(z, xp.full_like(y, k)) - total for k in range(z.shape[1])]
    return total - at_label(z, y) - sum_others(xp.stack(columns, axis=1), y)
