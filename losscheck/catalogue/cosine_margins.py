"""Margin softmax losses of face recognition, on the cosines of a feature with each class centre."""

from __future__ import annotations

import math
from typing import Any

from array_api_compat import array_namespace

from losscheck.arrays import at_label, is_label, log_softmax, softplus, sum_others
from losscheck.catalogue.entry import Claim, Parameter, entry

SIGNATURE = "z:(N,K):[-1,1] y:(N,):index"
SCALE = Parameter(64.0, "(0, inf)", "s, the inverse temperature")


def _scaled(z: Any, y: Any, target: Any, s: Any) -> Any:
    """Cross-entropy of s times the cosines, the label's replaced by ``target``."""
    xp = array_namespace(z)
    return -at_label(log_softmax(s * xp.where(is_label(z, y), target[:, None] + 0 * z, z)), y)


def _sine(cosine: Any) -> Any:
    """sqrt(1 - c^2), with a finite slope at c = -1 and 1, where rounding may also carry c past them."""
    xp = array_namespace(cosine)
    squared = (1 - cosine) * (1 + cosine)
    return xp.sqrt(xp.maximum(squared, xp.full_like(squared, 1e-12)))


@entry(
    kind="logits",
    signature=SIGNATURE,
    title="Normalised softmax (NormFace)",
    family="cosine margin",
    formula=r"-\log \frac{e^{s \cos\theta_y}}{\sum_k e^{s\cos\theta_k}}",
    parameters={"s": SCALE},
    claims=(Claim("continuous", True, "derived"),),
    hazards=("s = 64 overflows float16 unless the largest score is subtracted first",),
    references=("Wang, Xiang, Cheng, Yuille, NormFace: L2 hypersphere embedding for face verification, ACM MM 2017",),
)
def normface(z: Any, y: Any, s: Any = 64.0) -> Any:
    """Cross-entropy of s cos."""
    return -at_label(log_softmax(s * z), y)


@entry(
    kind="logits",
    signature=SIGNATURE,
    title="CosFace (AM-softmax)",
    family="cosine margin",
    formula=r"-\log \frac{e^{s (\cos\theta_y - m)}}{e^{s (\cos\theta_y - m)} + \sum_{k \ne y} e^{s\cos\theta_k}}",
    parameters={"s": SCALE, "m": Parameter(0.35, "[0, 1)", "the margin on the cosine")},
    claims=(Claim("continuous", True, "derived"),),
    references=(
        "Wang et al., CosFace: large margin cosine loss for deep face recognition, CVPR 2018",
        "Wang, Cheng, Liu, Liu, Additive margin softmax for face verification, IEEE SPL 2018",
    ),
    aliases=("am_softmax",),
)
def cosface(z: Any, y: Any, s: Any = 64.0, m: Any = 0.35) -> Any:
    """Cross-entropy of s cos, the label's cosine lowered by m."""
    return _scaled(z, y, at_label(z, y) - m, s)


@entry(
    kind="logits",
    signature=SIGNATURE,
    title="ArcFace as published",
    family="cosine margin",
    formula=r"\cos\theta_y \mapsto \cos(\theta_y + m)\;(\theta_y \le \pi - m),\quad \cos\theta_y - m \sin(\pi - m)",
    parameters={"s": SCALE, "m": Parameter(0.5, "[0, pi/2)", "the margin on the angle")},
    claims=(Claim("continuous", False, "derived: the fallback jumps by 0.117 s at theta = pi - m"),),
    hazards=(
        "a jump at theta = pi - m: 7.5 at s = 64",
        "sqrt(1 - c^2) has no finite slope at c = 1 and is NaN once rounding carries c past it; here it is floored",
    ),
    references=("Deng, Guo, Xue, Zafeiriou, ArcFace: additive angular margin loss, CVPR 2019",),
)
def arcface(z: Any, y: Any, s: Any = 64.0, m: Any = 0.5) -> Any:
    """Cross-entropy of s cos, the label's angle widened by m, with the published fallback beyond pi - m."""
    cosine = at_label(z, y)
    widened = cosine * math.cos(m) - _sine(cosine) * math.sin(m)
    fallback = cosine - m * math.sin(math.pi - m)
    return _scaled(z, y, array_namespace(z).where(cosine > math.cos(math.pi - m), widened, fallback), s)


@entry(
    kind="logits",
    signature=SIGNATURE,
    title="ArcFace, continued without a jump",
    family="cosine margin",
    formula=r"\cos\theta_y \mapsto \cos(\theta_y + m)\;(\theta_y \le \pi - m),\quad -2 - \cos(\theta_y + m)",
    parameters={"s": SCALE, "m": Parameter(0.5, "[0, pi/2)", "the margin on the angle")},
    claims=(Claim("continuous", True, "derived: both pieces are -1 at theta = pi - m"),),
    references=("Deng, Guo, Xue, Zafeiriou, ArcFace: additive angular margin loss, CVPR 2019",),
)
def arcface_continued(z: Any, y: Any, s: Any = 64.0, m: Any = 0.5) -> Any:
    """ArcFace with the label's score falling on below -1 instead of turning round."""
    cosine = at_label(z, y)
    widened = cosine * math.cos(m) - _sine(cosine) * math.sin(m)
    return _scaled(z, y, array_namespace(z).where(cosine > math.cos(math.pi - m), widened, -2 - widened), s)


@entry(
    kind="logits",
    signature=SIGNATURE,
    title="SphereFace2",
    family="cosine margin",
    formula=(
        r"\frac{\lambda}{r}\log(1 + e^{-r(g(z_y) - m) - b}) "
        r"+ \frac{1-\lambda}{r}\sum_{k \ne y}\log(1 + e^{r (g(z_k) + m) + b})"
    ),
    parameters={
        "lam": Parameter(0.7, "(0, 1)", "the weight of the positive"),
        "r": Parameter(40.0, "(0, inf)", "the scale"),
        "m": Parameter(0.4, "[0, 1)", "the margin"),
        "t": Parameter(3, "t >= 1", "the power in g(c) = 2 ((c + 1) / 2)^t - 1"),
        "b": Parameter(-10.0, "(-inf, inf)", "the bias"),
    },
    claims=(Claim("continuous", True, "derived"),),
    hazards=("the published code takes g under no_grad: its slope is left out of the gradient",),
    references=("Wen et al., SphereFace2: binary classification is all you need for face recognition, ICLR 2022",),
)
def sphereface2(z: Any, y: Any, lam: Any = 0.7, r: Any = 40.0, m: Any = 0.4, t: Any = 3, b: Any = -10.0) -> Any:
    """A binary logistic loss of every class, with a margin on both sides."""
    similarity = 2 * ((z + 1) / 2) ** t - 1
    positive = softplus(-r * (at_label(similarity, y) - m) - b)
    return lam / r * positive + (1 - lam) / r * sum_others(softplus(r * (similarity + m) + b), y)


@entry(
    kind="logits",
    signature=SIGNATURE,
    title="SphereFace (multiplicative angle, m = 2)",
    family="cosine margin",
    formula=r"\cos\theta_y \mapsto \cos 2\theta_y\;(\theta_y \le \pi/2),\quad -2 - \cos 2\theta_y",
    parameters={"s": Parameter(16.0, "(0, inf)", "the norm of the feature in the paper, which has no scale")},
    claims=(Claim("continuous", True, "Liu et al., 2017: psi is continuous and falls with the angle"),),
    references=("Liu et al., SphereFace: deep hypersphere embedding for face recognition, CVPR 2017",),
)
def sphereface(z: Any, y: Any, s: Any = 16.0) -> Any:
    """Cross-entropy of s cos, the label's angle doubled."""
    cosine = at_label(z, y)
    doubled = 2 * cosine**2 - 1
    return _scaled(z, y, array_namespace(z).where(cosine >= 0, doubled, -2 - doubled), s)
