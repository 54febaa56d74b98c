"""Preference losses of language models, on v = log-ratio of the chosen answer minus that of the rejected one."""

from __future__ import annotations

from typing import Any

from losscheck.arrays import relu, softplus
from losscheck.catalogue.entry import Claim, Parameter, entry
from losscheck.catalogue.shared_claims import CALIBRATED

BETA = Parameter(0.1, "(0, inf)", "the weight of the reference model")


@entry(
    kind="margin",
    title="Direct preference optimisation (DPO)",
    family="preference",
    formula=r"\log(1 + e^{-\beta v})",
    parameters={"beta": BETA},
    claims=(
        Claim("convex", True, "logistic loss of a scaled margin"),
        CALIBRATED,
        Claim("recovers_probability", True, "Rafailov et al., 2023: the Bradley-Terry model"),
        Claim("lipschitz[norm=l2]", 0.1, "derived: beta"),
    ),
    references=("Rafailov et al., Direct preference optimization, NeurIPS 2023",),
)
def dpo(v: Any, beta: Any = 0.1) -> Any:
    """log(1 + exp(-beta v))."""
    return softplus(-beta * v)


@entry(
    kind="margin",
    title="Conservative DPO (label smoothing)",
    family="preference",
    formula=r"(1 - \varepsilon) \log(1 + e^{-\beta v}) + \varepsilon \log(1 + e^{\beta v})",
    parameters={"beta": BETA, "eps": Parameter(0.1, "[0, 1/2)", "the rate of swapped preferences")},
    claims=(
        Claim("convex", True, "a sum of convex functions"),
        CALIBRATED,
        Claim("recovers_probability", True, "derived: the link is that of the smoothed eta"),
        Claim("nonincreasing", False, "Mitchell, 2023: it stops at the logit of 1 - eps"),
    ),
    references=("Mitchell, A note on DPO with noisy preferences and relationship to IPO, 2023",),
)
def conservative_dpo(v: Any, beta: Any = 0.1, eps: Any = 0.1) -> Any:
    """The DPO loss with smoothed preferences."""
    return (1 - eps) * softplus(-beta * v) + eps * softplus(beta * v)


@entry(
    kind="margin",
    title="Robust DPO (unbiased under swapped preferences)",
    family="preference",
    formula=r"\frac{(1 - \varepsilon) \log(1 + e^{-\beta v}) - \varepsilon \log(1 + e^{\beta v})}{1 - 2\varepsilon}",
    parameters={"beta": BETA, "eps": Parameter(0.1, "[0, 1/2)", "the rate of swapped preferences")},
    claims=(
        Claim(
            "classification_calibrated", True, "Chowdhury, Kini, Natarajan, 2024: the mean over swaps is the DPO loss"
        ),
        Claim("bounded_below", False, "derived: for eps > 0 it falls like -eps beta v / (1 - 2 eps)"),
        Claim("nonnegative", False, "derived"),
        Claim("convex", True, "derived: the concave part has the same curvature and less weight"),
    ),
    references=("Chowdhury, Kini, Natarajan, Provably robust DPO, ICML 2024",),
)
def robust_dpo(v: Any, beta: Any = 0.1, eps: Any = 0.1) -> Any:
    """The DPO loss corrected for swapped preferences."""
    return ((1 - eps) * softplus(-beta * v) - eps * softplus(beta * v)) / (1 - 2 * eps)


@entry(
    kind="margin",
    title="Identity preference optimisation (IPO)",
    family="preference",
    formula=r"\left(v - \frac{1}{2\beta}\right)^2",
    parameters={"beta": BETA},
    claims=(
        Claim("convex", True, "a square"),
        CALIBRATED,
        Claim("recovers_probability", True, "derived: the link is (2 eta - 1) / (2 beta)"),
        Claim("nonincreasing", False, "Azar et al., 2024: it pulls the margin back to 1 / (2 beta)"),
        Claim("lipschitz[norm=l2]", float("inf"), "a square"),
    ),
    references=(
        "Azar et al., A general theoretical paradigm to understand learning from human preferences, AISTATS 2024",
    ),
)
def ipo(v: Any, beta: Any = 0.1) -> Any:
    """(v - 1 / (2 beta))^2."""
    return (v - 0.5 / beta) ** 2


@entry(
    kind="margin",
    title="Sequence likelihood calibration (SLiC)",
    family="preference",
    formula=r"\max(0, \delta - v)",
    parameters={"delta": Parameter(1, "(0, inf)", "the margin asked for")},
    claims=(
        Claim("convex", True, "a maximum of affine functions"),
        CALIBRATED,
        Claim("recovers_probability", False, "piecewise linear"),
    ),
    references=("Zhao et al., SLiC-HF: Sequence likelihood calibration with human feedback, 2023",),
)
def slic(v: Any, delta: Any = 1) -> Any:
    """max(0, delta - v)."""
    return relu(delta - v)


@entry(
    kind="margin",
    title="Simple preference optimisation (SimPO)",
    family="preference",
    formula=r"\log(1 + e^{\gamma - \beta v})",
    parameters={"beta": Parameter(2, "(0, inf)", "the scale"), "gamma": Parameter(1, "[0, inf)", "the target margin")},
    claims=(
        Claim("convex", True, "logistic loss of an affine function"),
        CALIBRATED,
        Claim("recovers_probability", True, "derived: the slopes balance along a monotone link"),
        Claim("lipschitz[norm=l2]", 2.0, "derived: beta"),
    ),
    references=("Meng, Xia, Chen, SimPO: Simple preference optimization, NeurIPS 2024",),
)
def simpo(v: Any, beta: Any = 2, gamma: Any = 1) -> Any:
    """log(1 + exp(gamma - beta v))."""
    return softplus(gamma - beta * v)


@entry(
    kind="margin",
    title="Spectral decoupling (logistic loss with a penalty on the logit)",
    family="margin",
    formula=r"\log(1 + e^{-v}) + \frac{\lambda}{2} v^2",
    parameters={"lam": Parameter(0.1, "[0, inf)", "the weight of the penalty")},
    claims=(
        Claim("convex", True, "a sum of convex functions"),
        Claim("classification_calibrated", True, "derived: convex with a negative slope at 0"),
        Claim("recovers_probability", True, "derived: strongly convex for lam > 0"),
        Claim("nonincreasing", False, "Pezeshki et al., 2021: the minimiser solves sigmoid(-v) = lam v"),
        Claim("smoothness", 0.35, "derived: 1/4 + lam"),
    ),
    references=("Pezeshki et al., Gradient starvation: a learning proclivity in neural networks, NeurIPS 2021",),
)
def spectral_decoupling(v: Any, lam: Any = 0.1) -> Any:
    """log(1 + exp(-v)) + lam v^2 / 2."""
    return softplus(-v) + 0.5 * lam * v**2
