"""Cross-entropy with more: focal, Poly-1, encouraging, pass@N."""

from __future__ import annotations

from typing import Any

from array_api_compat import array_namespace

from losscheck.arrays import (
    at_label,
    log_softmax,
    logsumexp,
    logsumexp_others,
    margins,
    relu,
    softmax,
    sum_others,
)
from losscheck.catalogue.entry import Claim, Parameter, entry
from losscheck.catalogue.shared_claims import OF_SOFTMAX

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
        OF_SOFTMAX,
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
        OF_SOFTMAX,
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
        OF_SOFTMAX,
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
        OF_SOFTMAX,
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
        OF_SOFTMAX,
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
