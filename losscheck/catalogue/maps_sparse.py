"""Maps with exact zeros: projections onto the simplex, and rectified scores."""

from __future__ import annotations

from typing import Any

from array_api_compat import array_namespace

from losscheck.arrays import relu
from losscheck.catalogue.entry import Claim, Parameter, Study, entry
from losscheck.catalogue.shared_claims import OFFSET_CANCELS, OFFSET_STAYS, ORDER_KEPT, OWN_SUM

PROJECTION = Study(
    "the entries are nonnegative and sum to 1, and no point of the simplex is nearer",
    "Martins, Astudillo, 2016, Proposition 1",
    "tests/studies/test_maps.py",
)
SHIFT = Study("adding one number to all scores changes nothing", "derived", "tests/studies/test_maps.py")
ORDER = Study("the largest score gets the largest entry", "derived", "tests/studies/test_maps.py")
HAZARDS = ("the running sum of sorted scores cancels for scores near 1e8 in float32",)


@entry(
    kind="map",
    title="Sparsemax",
    family="map",
    formula=r"\arg\min_{p \in \Delta}\|p - z\|^2 = (z - \tau(z))_+",
    claims=(
        Claim("simplex_valued", True, "Martins, Astudillo, 2016"),
        Claim("order_preserving", True, "Martins, Astudillo, 2016"),
        Claim("shift_invariant", True, "Martins, Astudillo, 2016"),
        Claim("permutation_equivariant", True, "all classes are treated alike"),
        Claim("jacobian_symmetric_psd", True, "Martins, Astudillo, 2016"),
    ),
    studies=(PROJECTION, SHIFT, ORDER),
    hazards=HAZARDS,
    references=("Martins, Astudillo, From softmax to sparsemax, ICML 2016",),
)
def sparsemax(z: Any) -> Any:
    """The Euclidean projection onto the simplex (S032)."""
    above = z - sparsemax_threshold(z)
    return array_namespace(z).where(above > 0, above, 0 * above)


def sparsemax_threshold(z: Any) -> Any:
    """Return tau(z), shape (N, 1): (sum of the j largest scores - 1) / j for the support's size j."""
    xp = array_namespace(z)
    shift = xp.max(z, axis=1, keepdims=True)
    ordered = xp.sort(z - shift, axis=1, descending=True)
    sizes = xp.astype(xp.arange(1, z.shape[1] + 1), z.dtype)[None, :]
    totals = xp.cumulative_sum(ordered, axis=1) - 1
    size = xp.sum(xp.astype(sizes * ordered > totals, xp.int64), axis=1)
    return shift + (totals / sizes)[xp.arange(z.shape[0]), size - 1][:, None]


@entry(
    kind="map",
    title="1.5-entmax",
    family="map",
    formula=r"\left(\tfrac{z_k}{2} - \tau\right)_+^2",
    claims=(
        Claim("simplex_valued", True, "Peters, Niculae, Martins, 2019"),
        Claim("order_preserving", True, "Peters, Niculae, Martins, 2019"),
        Claim("shift_invariant", True, "Peters, Niculae, Martins, 2019"),
    ),
    studies=(
        Study(
            "the entries are nonnegative and sum to 1, with exact zeros far below the largest score",
            "Peters, Niculae, Martins, 2019, Proposition 1",
            "tests/studies/test_maps.py",
        ),
        SHIFT,
        ORDER,
    ),
    hazards=HAZARDS,
    references=("Peters, Niculae, Martins, Sparse sequence-to-sequence models, ACL 2019",),
)
def entmax15(z: Any) -> Any:
    """The map of the Tsallis entropy of order 3/2, between softmax and sparsemax; exact, by sorting."""
    xp = array_namespace(z)
    half = (z - xp.max(z, axis=1, keepdims=True)) / 2
    ordered = xp.sort(half, axis=1, descending=True)
    sizes = xp.astype(xp.arange(1, z.shape[1] + 1), z.dtype)[None, :]
    means = xp.cumulative_sum(ordered, axis=1) / sizes
    spread = xp.cumulative_sum(ordered**2, axis=1) / sizes - means**2
    room = 1 / sizes - spread
    inside = room > 0
    thresholds = means - xp.where(inside, xp.sqrt(xp.where(inside, room, xp.ones_like(room))), xp.zeros_like(room))
    size = xp.sum(xp.astype(thresholds <= ordered, xp.int64), axis=1)
    threshold = thresholds[xp.arange(z.shape[0]), size - 1]
    return relu(half - threshold[:, None]) ** 2


@entry(
    kind="map",
    title="Rectified attention, mean-normalised",
    family="map",
    formula=r"\frac{\max(z_k, 0)}{\sum_j\max(z_j, 0)}",
    claims=(OFFSET_STAYS,),
    studies=(ORDER,),
    hazards=("0/0 where no score is positive: nan",),
    references=("Zhang, Titov, Sennrich, Sparse attention with linear units, EMNLP 2021",),
)
def relu_normalised(z: Any) -> Any:
    """Rectified scores over their sum (S168, S169): scale-invariant, not defined where none is positive."""
    positive = relu(z)
    return positive / array_namespace(z).sum(positive, axis=1, keepdims=True)


@entry(
    kind="map",
    title="Rectified root-mean-square attention",
    family="map",
    formula=r"\frac{\max(z_k, 0)}{\sqrt{\tfrac1K\sum_j\max(z_j, 0)^2 + \varepsilon}}",
    parameters={"epsilon": Parameter(1e-8, "(0, inf)", "keeps an empty row at 0")},
    claims=(
        Claim("simplex_valued", False, "the entries do not add up to 1, or are negative"),
        ORDER_KEPT,
        OFFSET_STAYS,
    ),
    studies=(ORDER,),
    hazards=("an epsilon of 1e-8 is 0 in float16",),
    references=("Zhang, Titov, Sennrich, Sparse attention with linear units, EMNLP 2021",),
)
def rela(z: Any, epsilon: float = 1e-8) -> Any:
    """Rectified scores over their root mean square (S168): rows may be all 0."""
    xp = array_namespace(z)
    positive = relu(z)
    return positive / xp.sqrt(xp.mean(positive**2, axis=1, keepdims=True) + epsilon)


@entry(
    kind="map",
    title="Hardmax",
    family="map",
    formula=r"\frac{[z_k = \max_j z_j]}{\#\{j : z_j = \max\}}",
    claims=(
        OWN_SUM,
        ORDER_KEPT,
        OFFSET_CANCELS,
    ),
    studies=(SHIFT, ORDER),
    hazards=("jumps at ties, and has no gradient",),
    references=("Bridle, Probabilistic interpretation of feedforward classification network outputs, 1990",),
)
def hardmax(z: Any) -> Any:
    """The uniform distribution on the largest scores."""
    xp = array_namespace(z)
    top = xp.astype(z >= xp.max(z, axis=1, keepdims=True), z.dtype)
    return top / xp.sum(top, axis=1, keepdims=True)
