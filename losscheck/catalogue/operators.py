"""Maps made of an inner problem: soft top-k, optimal transport, spacings."""

from __future__ import annotations

from typing import Any

from array_api_compat import array_namespace

from losscheck.arrays import sigmoid
from losscheck.catalogue.entry import Parameter, Study, entry
from losscheck.catalogue.estimation import STUDY


@entry(
    kind="embedding",
    signature="x:(B,D):real",
    title="Spacing entropy (E2MC)",
    family="estimation",
    formula=r"-\sum_d\frac1{n - m}\sum_i\log\frac{(n + 1)(x_{(i + m) d} - x_{(i) d})}{m}",
    parameters={"m": Parameter(1, "1, ..., n - 1", "how far apart the order statistics are; about sqrt n")},
    studies=(
        Study("unmoved by shifts, and log s smaller for each coordinate scaled by s", "derived", STUDY),
        Study("tends to minus the entropy of the coordinates, so uniform ones are best", "Vasicek, 1976", STUDY),
    ),
    hazards=("ties give log 0",),
    references=(
        "Chakraborty et al., Improving pre-trained self-supervised embeddings through effective entropy, 2024",
        "Vasicek, A test for normality based on sample entropy, JRSS B 1976",
    ),
)
def spacing_entropy(x: Any, m: int = 1) -> Any:
    """Minus the spacings estimate of the entropy of each coordinate, added up (S128)."""
    xp = array_namespace(x)
    ordered = xp.sort(x, axis=0)
    n = x.shape[0]
    return -xp.sum(xp.mean(xp.log((n + 1) / m * (ordered[m:] - ordered[:-m])), axis=0))


@entry(
    signature="z:(N,K):real",
    title="Soft top-k operator",
    family="map",
    formula=r"\sigma(z_j + \tau),\quad \sum_j\sigma(z_j + \tau) = k",
    parameters={"kept": Parameter(1.0, "(0, K)", "what the entries add up to")},
    studies=(Study("the entries lie in (0, 1) and add up to k", "Gupta et al., 2024, Section 4.2", STUDY),),
    hazards=("differentiating through a bisection gives 0: the last steps are Newton's, which carry the slope",),
    references=("Gupta et al., Dual-encoders for extreme multi-label classification, ICLR 2024",),
)
def soft_topk(z: Any, kept: float = 1.0) -> Any:
    """Sigmoids with a common offset (S108): found by bisection, then two steps of Newton.

    Of the m = floor(kept) largest scores the complements count: sum of sigmoid(-u) over them, plus kept - m, is the sum
    of sigmoid(u) over the others. Nothing cancels, so a share next to 0 or 1 keeps its digits, and its slope.
    """
    xp = array_namespace(z)
    whole = int(kept)
    z = z - xp.max(z, axis=1, keepdims=True)
    ordered = xp.sort(z, axis=1)
    out, taken = ordered[:, : z.shape[1] - whole], ordered[:, z.shape[1] - whole :]

    def missing(offset: Any) -> Any:
        low = xp.sum(sigmoid(-(taken + offset)), axis=1, keepdims=True) + (kept - whole)
        return low - xp.sum(sigmoid(out + offset), axis=1, keepdims=True)

    room = xp.log(xp.ones_like(z[:, :1]) * z.shape[1] * 2) + 40.0
    low, high = -room, -ordered[:, :1] + room
    for _ in range(60):
        middle = 0.5 * (low + high)
        short = missing(middle) > 0
        low, high = xp.where(short, middle, low), xp.where(short, high, middle)
    offset, least = 0.5 * (low + high), float(xp.finfo(z.dtype).smallest_normal)  # a subnormal slope has no inverse
    for _ in range(2):  # one step carries the slope through, the second the curvature
        u = z + offset
        slope = xp.sum(sigmoid(u) * sigmoid(-u), axis=1, keepdims=True)
        offset = offset + missing(offset) / xp.where(slope > least, slope, xp.ones_like(slope))
    return sigmoid(z + offset)


@entry(
    signature="p:(N,K):simplex+ q:(N,K):simplex+",
    title="Sinkhorn divergence of ordered classes",
    family="divergence",
    formula=r"OT_\varepsilon(p, q) - \tfrac12 OT_\varepsilon(p, p) - \tfrac12 OT_\varepsilon(q, q)",
    parameters={
        "epsilon": Parameter(0.5, "(0, inf)", "0 is the transport cost, infinity a squared kernel distance"),
        "rounds": Parameter(20, "1, 2, ...", "iterations of Sinkhorn's algorithm"),
    },
    studies=(Study("it is 0 at equal laws, and tends to the transport cost", "Feydy et al., 2019, Theorem 1", STUDY),),
    hazards=("exp(-c / epsilon) underflows for small epsilon outside of the log domain", "too few rounds"),
    references=("Feydy et al., Interpolating between optimal transport and MMD, AISTATS 2019",),
)
def sinkhorn_divergence(p: Any, q: Any, epsilon: float = 0.5, rounds: int = 20) -> Any:
    """Entropic transport with cost |i - j|, without its bias (S142); all sums in the log domain."""
    ours, theirs, across = (_transport(a, b, epsilon, rounds) for a, b in ((p, p), (q, q), (p, q)))
    return across - 0.5 * (ours + theirs)


def _transport(p: Any, q: Any, epsilon: float, rounds: int) -> Any:
    """The dual value sum p f + sum q g after Sinkhorn's iterations, averaged so that equal arguments stay equal."""
    xp = array_namespace(p)
    places = xp.astype(xp.arange(p.shape[1]), p.dtype)
    cost = xp.abs(places[:, None] - places[None, :])[None, :, :]
    f, g = xp.zeros_like(p), xp.zeros_like(q)
    log_p, log_q = xp.log(p), xp.log(q)
    for _ in range(rounds):
        f, g = (
            0.5 * (f - epsilon * _log_total((g / epsilon + log_q)[:, None, :] - cost / epsilon)),
            0.5 * (g - epsilon * _log_total((f / epsilon + log_p)[:, None, :] - cost / epsilon)),
        )
    return xp.sum(p * f, axis=1) + xp.sum(q * g, axis=1)


def _log_total(values: Any) -> Any:
    """Log-sum-exp over the last of three axes."""
    xp = array_namespace(values)
    largest = xp.max(values, axis=2, keepdims=True)
    return largest[:, :, 0] + xp.log(xp.sum(xp.exp(values - largest), axis=2))
