"""Piecewise linear losses up to the order of the classes: against all vertices at K = 3, and decided at K = 5 and 6."""

from __future__ import annotations

import copy
import random
from collections.abc import Callable
from fractions import Fraction
from typing import Any

import numpy as np
import pytest

from losscheck import verifier
from losscheck.expr import build as b
from losscheck.expr.graph import Expr
from losscheck.lifting.lifting import lift
from losscheck.theorems import polyhedral_by_symmetry
from losscheck.theorems.calibrated_polyhedral import calibrated_polyhedral, parsed
from losscheck.theorems.topk import polyhedral
from losscheck.verifier import CertificateRejected
from losscheck.verifier.rules import topk_polyhedral
from losscheck.verifier.rules.calibrated_polyhedral import in_units
from losscheck.verifier.rules.polyhedral_by_symmetry import least, representation
from tests.quality.families.drawn import scores
from tests.quality.score_questions import ask, one_hot, picked

Loss = Callable[[Any, Any], Any]


def relu(x: Expr) -> Expr:
    return b.maximum([b.ZERO, x])


def interchangeable(draw: random.Random, k: int) -> list[Expr]:
    """Random sums, maxima and minima of functions of the own score, of the others and of both."""
    z = [b.var(f"z{i}") for i in range(k)]
    place = [b.const(Fraction(draw.randint(-3, 3), draw.choice([1, 2, 3]))) for _ in range(6)]
    slope = [draw.choice([-1, 1, 1, 1]) for _ in range(4)]
    kept = draw.choice([range(6), (1,), (2,), (1, 2)])
    weight = [Fraction(draw.choice([0, 1, 2]) if i in kept else 0, 2) for i in range(6)]
    pull, cap, centred = draw.choice([0, 0, 0, 1]), draw.randint(1, 3), draw.random() < 0.4
    if centred:
        mean = b.scale(Fraction(1, k), b.add(*z))
        z = [b.sub(x, mean) for x in z]
    roots = []
    for y in range(k):
        others = [z[j] for j in range(k) if j != y]
        gaps = [b.sub(x, z[y]) for x in others]
        parts = [
            relu(b.add(place[0], b.scale(slope[0], z[y]))),
            b.add(*(relu(b.add(place[1], b.scale(slope[1], x))) for x in others)),
            b.add(*(b.minimum([b.const(cap), relu(b.add(place[2], b.scale(slope[2], g)))]) for g in gaps)),
            relu(b.add(place[3], b.maximum(gaps))),
            b.absolute(b.sub(b.maximum(z), place[4])),
            b.minimum([b.const(2), *(relu(b.add(place[5], b.scale(slope[3], x))) for x in others)]),
        ]
        common = b.scale(pull, b.add(*(b.absolute(x) for x in z)))
        roots.append(b.add(common, *(b.scale(w, part) for w, part in zip(weight, parts, strict=True))))
    return roots


def random_p(draw: random.Random, k: int) -> list[Fraction]:
    """A sorted distribution, now and then on a face."""
    sizes = sorted((draw.choice([0, 1, 1, 2, 3, 5, 8]) for _ in range(k)), reverse=True)
    return [Fraction(x + (i == 0), sum(sizes) + 1) for i, x in enumerate(sizes)]


def others(z: Any, y: Any) -> Any:
    return 1 - one_hot(y, z)


def gaps(z: Any, y: Any) -> Any:
    return z - picked(z, y)[..., None]


def crammer_singer(z: Any, y: Any) -> Any:
    return np.max(gaps(z, y) + others(z, y), axis=-1)


def weston_watkins(z: Any, y: Any) -> Any:
    return np.sum(np.maximum(0, 1 + gaps(z, y)) * others(z, y), axis=-1)


def lee_lin_wahba(z: Any, y: Any) -> Any:
    centred = z - np.mean(z, axis=-1, keepdims=True)
    return np.sum(np.maximum(0, 1 + centred) * others(z, y), axis=-1)


def absolute(z: Any, y: Any) -> Any:
    return np.sum(np.abs(z - one_hot(y, z)), axis=-1)


def truncated(z: Any, y: Any) -> Any:
    return np.sum(np.clip(1 + gaps(z, y), 0, 2) * others(z, y), axis=-1)


def two_priced(z: Any, y: Any) -> Any:
    """The classes are interchangeable but for a ten-billionth of one loss."""
    return lee_lin_wahba(z, y) * np.where(y == 4, 1 + 2.0**-33, 1.0)


DECIDED: dict[Loss, str] = {
    crammer_singer: "refuted",
    weston_watkins: "refuted",
    lee_lin_wahba: "proved",
    absolute: "refuted",
    truncated: "proved",
}


def test_the_same_infima_and_verdicts_as_from_all_vertices(monkeypatch: pytest.MonkeyPatch) -> None:
    draw, k, seen = random.Random(3), 3, []
    known = [lift(loss, kind="logits", n_classes=k) for loss in DECIDED]
    for lifted in [*known, *(scores(interchangeable(draw, k)) for _ in range(8))]:
        case = parsed(lifted, "proved")
        for top in (1, 2):
            try:
                every, wrong = topk_polyhedral.representation(case, top)
            except CertificateRejected:
                with pytest.raises(CertificateRejected):
                    representation(case, in_units(case), top)
                continue
            reduced, reduced_wrong = representation(case, in_units(case), top)
            vectors = dict(wrong)[tuple(range(top))]
            for _ in range(5):
                p = random_p(draw, k)
                assert min(sum(a * x for a, x in zip(p, v, strict=True)) for v in every) == least(reduced, p)
                assert min(sum(a * x for a, x in zip(p, v, strict=True)) for v in vectors) == least(reduced_wrong, p)
        with monkeypatch.context() as patched:
            patched.setattr(polyhedral_by_symmetry, "LEAST", 2)
            found = polyhedral_by_symmetry.attempt(lifted, "classification_calibrated")
            twice = polyhedral_by_symmetry.attempt(lifted, "topk_calibrated", 2)
        for new, old in ((found, calibrated_polyhedral(lifted)), (twice, polyhedral(lifted, 2))):
            assert (new and new.verdict) == (old and old.verdict)
            seen.append(new and new.verdict.value)
    assert min(seen.count("proved"), seen.count("refuted")) >= 2


@pytest.mark.parametrize("k", [5, 6])
@pytest.mark.parametrize("loss", DECIDED)
def test_decided(loss: Loss, k: int) -> None:
    found = ask(loss, "classification_calibrated", "logits", k)
    assert found.verdict.value == DECIDED[loss]
    assert found.certificate is not None
    assert found.certificate["proof"]["rule"] == "polyhedral_by_symmetry"


def test_nearly_interchangeable_is_not_enough() -> None:
    """Calibrated or not, the rule must not speak of it."""
    found = ask(two_priced, "classification_calibrated", "logits", 5)
    assert found.certificate is None or found.certificate["proof"]["rule"] != "polyhedral_by_symmetry"


CHANGES = {
    "p is tied": ("p", ["1/3", "1/3", "1/3", "0", "0"]),
    "p is no distribution": ("p", ["2", "1/8", "1/8", "1/8", "1/8"]),
    "another class is most likely": ("p", ["9/10", "1/40", "1/40", "1/40", "1/40"]),
    "the scores are right": ("z", ["2", "0", "0", "0", "0"]),
    "the scores are not the best": ("z", ["0", "3", "0", "0", "0"]),
    "k is none": ("k", 0),
}


@pytest.mark.parametrize("change", CHANGES)
def test_a_changed_witness_is_rejected(change: str) -> None:
    good = ask(crammer_singer, "classification_calibrated", "logits", 5).certificate
    assert good is not None
    broken = copy.deepcopy(good)
    name, value = CHANGES[change]
    broken["proof"][name] = value
    with pytest.raises(CertificateRejected):
        verifier.verify(broken)


@pytest.mark.parametrize("k", [2, 3])
def test_top_k_of_five(k: int) -> None:
    """At p = (1/2, 1/2, 0, 0, 0) one score far above all others is best for Lee, Lin and Wahba's loss."""
    assert ask(lee_lin_wahba, "topk_calibrated", "logits", 5, k=k).verdict.value == "refuted"
    assert ask(truncated, "topk_calibrated", "logits", 5, k=k).verdict.value in ("proved", "refuted")


def masked(z: Any, y: Any) -> Any:
    """Crammer and Singer's loss by a mask of a constant that is no short double."""
    rivals = np.max(np.where(one_hot(y, z) > 0, -1e9, z), axis=-1)
    return np.maximum(0, 1 + rivals - picked(z, y))


def test_a_mask_of_a_large_constant() -> None:
    assert ask(masked, "classification_calibrated", "logits", 5).verdict.value == "refuted"


def top_two(z: Any, y: Any) -> Any:
    """The mean of the two largest margins (Lapin, Hein, Schiele 2015), by a sort."""
    margins = gaps(z, y) + others(z, y)
    return np.maximum(0, np.mean(np.sort(margins, axis=-1)[..., -2:], axis=-1))


def torn(z: Any, y: Any) -> Any:
    """Another value where the first two scores tie, for one label."""
    return top_two(z, y) + np.where((y == 0) & (z[..., 0] == z[..., 1]), 1.0, 0.0)


def test_the_top_two_hinge_through_a_sort() -> None:
    for k in (3, 4):
        found = ask(top_two, "classification_calibrated", "logits", k)
        assert found.verdict.value == "refuted"
    assert found.certificate is not None
    broken = copy.deepcopy(found.certificate)
    broken["proof"]["losses"][0], broken["proof"]["losses"][1] = broken["proof"]["losses"][1::-1]
    with pytest.raises(CertificateRejected, match="stated"):
        verifier.verify(broken)
    assert ask(torn, "classification_calibrated", "logits", 3).verdict.value == "undecided"
