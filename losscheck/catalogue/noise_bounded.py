"""Losses for noisy labels that are bounded: asymmetric ones, and the Jensen-Shannon divergence from the label."""

from __future__ import annotations

import math
from typing import Any

from array_api_compat import array_namespace

from losscheck.arrays import at_label, log_softmax, softmax, sum_others
from losscheck.catalogue.entry import Claim, Parameter, entry
from losscheck.catalogue.shared_claims import NOT_CONVEX, OF_SOFTMAX

ZHOU = "Zhou et al., 2021"
ASYMMETRIC = ("Zhou et al., Asymmetric loss functions for learning with noisy labels, ICML 2021",)


@entry(
    kind="logits",
    title="Asymmetric generalised cross-entropy",
    family="label noise",
    formula=r"\frac{(a + 1)^q - (a + p_y)^q}{q}",
    parameters={"a": Parameter(1.0, "(0, inf)", "the offset"), "q": Parameter(2, "(0, inf)", "the power")},
    claims=(
        Claim("bounded_above", True, ZHOU),
        Claim("nonnegative", True, ZHOU),
        NOT_CONVEX,
        Claim("symmetric", False, f"{ZHOU}: asymmetric unless q = 1"),
        OF_SOFTMAX,
    ),
    references=ASYMMETRIC,
    aliases=("agce",),
)
def asymmetric_gce(z: Any, y: Any, a: Any = 1.0, q: Any = 2) -> Any:
    """((a + 1)^q - (a + p_y)^q) / q."""
    return ((a + 1) ** q - (a + at_label(softmax(z), y)) ** q) / q


@entry(
    kind="logits",
    title="Asymmetric unhinged loss",
    family="label noise",
    formula=r"\frac{(a - p_y)^q - (a - 1)^q}{q}",
    parameters={"a": Parameter(2.0, "(1, inf)", "the offset"), "q": Parameter(2, "(0, inf)", "the power")},
    claims=(
        Claim("bounded_above", True, ZHOU),
        NOT_CONVEX,
        Claim("symmetric", False, f"{ZHOU}: asymmetric unless q = 1"),
        OF_SOFTMAX,
    ),
    references=ASYMMETRIC,
    aliases=("aul",),
)
def asymmetric_unhinged(z: Any, y: Any, a: Any = 2.0, q: Any = 2) -> Any:
    """((a - p_y)^q - (a - 1)^q) / q."""
    return ((a - at_label(softmax(z), y)) ** q - (a - 1) ** q) / q


@entry(
    kind="logits",
    title="Asymmetric exponential loss",
    family="label noise",
    formula=r"e^{-p_y / a}",
    parameters={"a": Parameter(2.0, "(0, inf)", "the scale")},
    claims=(
        Claim("bounded_above", True, ZHOU),
        Claim("nonnegative", True, "an exponential"),
        NOT_CONVEX,
        Claim("symmetric", False, "derived"),
        OF_SOFTMAX,
    ),
    references=ASYMMETRIC,
    aliases=("ael",),
)
def asymmetric_exponential(z: Any, y: Any, a: Any = 2.0) -> Any:
    """exp(-p_y / a)."""
    return array_namespace(z).exp(-at_label(softmax(z), y) / a)


@entry(
    kind="logits",
    title="Jensen-Shannon loss against the label",
    family="label noise",
    formula=(
        r"\frac{\pi\,\mathrm{KL}(e_y, m) + (1 - \pi)\,\mathrm{KL}(p, m)}{-(1 - \pi)\log(1 - \pi)},"
        r"\quad m = \pi e_y + (1-\pi) p"
    ),
    parameters={"pi": Parameter(0.5, "(0, 1)", "0 is cross-entropy, 1 mean absolute error")},
    claims=(
        Claim("bounded_above", True, "Englesson, Azizpour, 2021, Proposition 3"),
        NOT_CONVEX,
        Claim("symmetric", False, "Englesson, Azizpour, 2021: only bounds of the sum hold"),
        OF_SOFTMAX,
    ),
    references=("Englesson, Azizpour, Generalized Jensen-Shannon divergence loss for noisy labels, NeurIPS 2021",),
)
def jensen_shannon_label(z: Any, y: Any, pi: Any = 0.5) -> Any:
    """The Jensen-Shannon divergence of softmax(z) and the label, scaled."""
    xp = array_namespace(z)
    log_p = at_label(log_softmax(z), y)
    p = xp.exp(log_p)
    log_mixed = xp.log(pi + (1 - pi) * p)
    entropy = -math.log1p(-pi)
    total = -pi * log_mixed + (1 - pi) * (p * (log_p - log_mixed) + sum_others(softmax(z), y) * entropy)
    return total / ((1 - pi) * entropy)
