"""Relatives of margin softmax: several centres per class, and the wrapped Cauchy density of the angle."""

from __future__ import annotations

import math
from typing import Any

from array_api_compat import array_namespace

from losscheck.arrays import at_label, log_softmax
from losscheck.catalogue.cosine_margins import SCALE, SIGNATURE, arcface
from losscheck.catalogue.entry import Claim, Parameter, Study, entry

STUDY = "tests/studies/test_cosine_margins.py"


@entry(
    kind="embedding",
    signature="z:(N,K,M):[-1,1] y:(N,):index",
    title="Sub-centre ArcFace",
    family="cosine margin",
    formula=r"\mathrm{ArcFace}\left(\max_m \cos\theta_{k m}\right)",
    parameters={"s": SCALE, "m": Parameter(0.5, "[0, pi/2)", "the margin on the angle")},
    studies=(
        Study("with one centre it is ArcFace", "Deng et al., 2020", STUDY),
        Study("a further centre of the own class never raises the loss, short of ArcFace's jump", "derived", STUDY),
    ),
    references=("Deng, Guo, Liu, Gong, Zafeiriou, Sub-center ArcFace, ECCV 2020",),
)
def subcentre_arcface(z: Any, y: Any, s: Any = 64.0, m: Any = 0.5) -> Any:
    """ArcFace of the nearest centre of each class (S101)."""
    return arcface(array_namespace(z).max(z, axis=2), y, s, m)


@entry(
    kind="logits",
    signature=SIGNATURE,
    title="Wrapped Cauchy angular softmax (WCDAS)",
    family="cosine margin",
    formula=r"-\log\mathrm{softmax}(s f(\theta))_y,\quad f = \frac{1 - \rho^2}{2\pi(1 + \rho^2 - 2\rho\cos\theta)}",
    parameters={
        "s": Parameter(16.0, "(0, inf)", "the scale; 1 + softplus of a trained number, or 250, as published"),
        "rho": Parameter(0.5, "(0, 1)", "how concentrated the density is; the sigmoid of a trained number per class"),
    },
    claims=(Claim("continuous", True, "derived: the denominator is at least (1 - rho)^2"),),
    studies=(Study("f adds up to 1 over the circle and grows with the cosine", "derived", STUDY),),
    hazards=("rho = 1 divides by 0 at angle 0",),
    references=("Han, Wrapped Cauchy distributed angular softmax for long-tailed visual recognition, ICML 2023",),
)
def wrapped_cauchy(z: Any, y: Any, s: Any = 16.0, rho: Any = 0.5) -> Any:
    """Cross-entropy of the density of each angle (S040), as in the author's code, which has 3.14 for pi."""
    density = (1 - rho**2) / (2 * math.pi * (1 + rho**2 - 2 * rho * z))
    return -at_label(log_softmax(s * density), y)
