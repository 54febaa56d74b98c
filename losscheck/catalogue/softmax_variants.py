"""Cross-entropy with more: focal, Poly-1, encouraging, pass@N, squentropy, the Z-losses."""

from __future__ import annotations

from typing import Any

from array_api_compat import array_namespace

from losscheck.arrays import (
    at_label,
    centred,
    log_softmax,
    logsumexp,
    logsumexp_others,
    margins,
    relu,
    softmax,
    softplus,
    sum_others,
)
from losscheck.catalogue.entry import Claim, Parameter, entry

CHAROENPHAKDEE = "Charoenphakdee et al., 2021"


@entry(
    kind="logits",
    title="Focal loss",
    family="softmax",
    formula=r"-(1 - p_y)^\gamma \log p_y",
    parameters={"gamma": Parameter(2, "[0, inf)", "how much easy examples are damped; 0 is cross-entropy")},
    claims=(
        Claim("classification_calibrated", True, f"{CHAROENPHAKDEE}, Theorem 3"),
        Claim("recovers_probability[link=softmax]", False, f"{CHAROENPHAKDEE}, Theorem 4: not strictly proper"),
        Claim("convex", False, "derived"),
        Claim("shift_invariant", True, "a function of softmax(z)"),
        Claim("symmetric", False, "derived"),
    ),
    references=(
        "Lin et al., Focal loss for dense object detection, ICCV 2017",
        "Charoenphakdee et al., On focal loss for class-posterior probability estimation, CVPR 2021",
    ),
)
def focal(z: Any, y: Any, gamma: Any = 2) -> Any:
    """(1 - p_y)^gamma times the cross-entropy; 1 - p_y is the sum of the other probabilities."""
    return sum_others(softmax(z), y) ** gamma * -at_label(log_softmax(z), y)


@entry(
    kind="logits",
    title="Poly-1 cross-entropy",
    family="softmax",
    formula=r"-\log p_y + \varepsilon (1 - p_y)",
    parameters={"eps": Parameter(1.0, "(-1, inf)", "what is added to the first coefficient of the series")},
    claims=(
        Claim("recovers_probability[link=softmax]", False, "derived: at eta = .8, eps = 1 the minimiser is .8685"),
        Claim("shift_invariant", True, "a function of softmax(z)"),
        Claim("nonnegative", True, "derived for eps >= 0"),
        Claim("classification_calibrated", True, "derived: a decreasing convex function of p_y"),
    ),
    references=("Leng et al., PolyLoss, ICLR 2022",),
)
def poly1(z: Any, y: Any, eps: Any = 1.0) -> Any:
    """Cross-entropy plus eps (1 - p_y)."""
    return -at_label(log_softmax(z), y) + eps * sum_others(softmax(z), y)


@entry(
    kind="logits",
    title="Encouraging loss with the full bonus",
    family="softmax",
    formula=r"-\log p_y + \log(1 - p_y)",
    claims=(
        Claim("bounded_below", False, "derived: the bonus has no floor"),
        Claim("nonnegative", False, "derived"),
        Claim("shift_invariant", True, "a function of softmax(z)"),
        Claim("convex", True, "derived: log-sum-exp of the other scores minus z_y"),
        Claim(
            "lipschitz[norm=linf]", 2.0, "Zhao et al., 2022: the slope in z_y is -1 for every p, the others add to 1"
        ),
    ),
    hazards=("log(1 - p_y) is -inf once p_y rounds to 1; this code takes the log-sum-exp of the other scores",),
    references=("Zhao et al., Well-classified examples are underestimated, AAAI 2022",),
)
def encouraging(z: Any, y: Any) -> Any:
    """Log sum_{k != y} exp(z_k) - z_y."""
    return logsumexp_others(-margins(z, y), y)


@entry(
    kind="logits",
    title="Encouraging loss with a conservative bonus",
    family="softmax",
    formula=r"-\log p_y + b(p_y),\quad b = \log(1-p) \;(p \le e),\; \log(1-e) - \frac{p - e}{1 - e}",
    parameters={"log_end": Parameter(0.75, "(0, 1)", "e: where the bonus becomes a tangent line")},
    claims=(
        Claim("bounded_below", True, "derived: at p = 1 it is log(1 - e) - 1"),
        Claim("nonnegative", False, "derived"),
        Claim("shift_invariant", True, "a function of softmax(z)"),
    ),
    references=("Zhao et al., Well-classified examples are underestimated, AAAI 2022",),
)
def encouraging_conservative(z: Any, y: Any, log_end: Any = 0.75) -> Any:
    """Cross-entropy plus log(1 - p_y), continued by its tangent beyond log_end."""
    xp = array_namespace(z)
    p = at_label(softmax(z), y)
    bonus = xp.log1p(-xp.minimum(p, xp.full_like(p, log_end))) - relu(p - log_end) / (1 - log_end)
    return bonus - at_label(log_softmax(z), y)


@entry(
    kind="logits",
    title="Direct coverage optimisation (pass@N)",
    family="softmax",
    formula=r"-\log(1 - (1 - p_y)^N)",
    parameters={"n": Parameter(2, "N >= 1, an integer", "the number of attempts; 1 is cross-entropy")},
    claims=(
        Claim("recovers_probability[link=softmax]", False, "derived: not strictly proper for N > 1"),
        Claim("shift_invariant", True, "a function of softmax(z)"),
        Claim("nonnegative", True, "a probability's negative logarithm"),
    ),
    hazards=("(1 - p)^N rounds to 1 for small p; this code factors p out",),
    references=("Chen et al., Rethinking fine-tuning when scaling test-time compute, 2025",),
)
def pass_at_n(z: Any, y: Any, n: Any = 2) -> Any:
    """-log(1 - (1 - p_y)^N)."""
    xp = array_namespace(z)
    log_p = at_label(log_softmax(z), y)
    missed = n * (logsumexp_others(z, y) - logsumexp(z))
    # 1 - (1 - p)^N = p (1 + (1 - p) + ... + (1 - p)^(N - 1)): nothing cancels and nothing underflows.
    rest = xp.exp(missed / n)
    total = xp.ones_like(rest)
    for _ in range(n - 1):
        total = 1 + rest * total
    return -log_p - xp.log(total)


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
        Claim("shift_invariant", True, "a function of softmax(z)"),
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
