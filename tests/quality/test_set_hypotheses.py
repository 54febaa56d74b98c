"""Set losses that break the hypotheses of the rules one at a time: none may be proved (or refuted) wrongly."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from tests.quality.pair_questions import set_loss, verdict

BINARY = "x:(N,M):unit y:(N,M):{0,1}"
FILLED = "x:(N,M):unit y:(N,M):{0,1}+"


def total(a: Any) -> Any:
    return np.sum(a, axis=-1)


def gap(x: Any, y: Any) -> Any:
    return total(np.abs(x - y))


def ratio(above: Any, below: Any, rest: float = 0.0) -> Any:
    return np.where(below > 0, above / np.where(below > 0, below, 1.0), rest)


def steinhaus(x: Any, y: Any) -> Any:
    return ratio(2 * gap(x, y), total(x) + total(y) + gap(x, y))


# name: loss, what is true of it, what is false
CASES: dict[str, tuple[Callable[..., Any], tuple[str, ...], tuple[str, ...]]] = {
    "a value of its own at the origin": (
        lambda x, y: ratio(2 * gap(x, y), total(x) + total(y) + gap(x, y), 1.0),
        ("symmetric_arguments",),
        ("zero_iff_equal", "min_at_target"),
    ),
    "guarded by one argument only": (
        lambda x, y: ratio(gap(x, y), total(x)),
        (),
        ("zero_iff_equal", "symmetric_arguments", "triangle_inequality"),
    ),
    "guarded too widely": (
        lambda x, y: np.where(total(x + y) > 1, steinhaus(x, y), 0.0),
        ("symmetric_arguments", "min_at_target"),
        ("zero_iff_equal", "triangle_inequality"),
    ),
    "not quite a Steinhaus transform": (
        lambda x, y: ratio(gap(x, y), total(x) + total(y)),
        ("zero_iff_equal", "symmetric_arguments", "min_at_target"),
        ("triangle_inequality",),
    ),
    "weights that differ above and below": (
        lambda x, y: ratio(gap(x, y) + np.abs(x - y)[..., 0], total(x) + total(y) + gap(x, y)),
        ("zero_iff_equal", "symmetric_arguments", "min_at_target"),
        (),
    ),
    "products of soft entries": (
        lambda x, y: ratio(total(x + y - 2 * x * y), total(x + y - x * y)),
        ("symmetric_arguments",),
        ("zero_iff_equal", "min_at_target", "triangle_inequality"),
    ),
    "an offset": (
        lambda x, y: gap(x, y) + 0.5,
        ("symmetric_arguments", "min_at_target", "triangle_inequality", "convex_in_x_binary_y"),
        ("zero_iff_equal",),
    ),
    "a negative offset": (
        lambda x, y: gap(x, y) - 0.5,
        ("symmetric_arguments", "min_at_target", "convex_in_x_binary_y"),
        ("zero_iff_equal", "triangle_inequality"),
    ),
    "blind to an entry": (
        lambda x, y: np.abs(x - y)[..., 0],
        ("symmetric_arguments", "min_at_target", "triangle_inequality", "convex_in_x_binary_y"),
        ("zero_iff_equal",),
    ),
    "skewed": (
        lambda x, y: total(np.maximum(x - y, 0) + 2 * np.maximum(y - x, 0)),
        ("zero_iff_equal", "min_at_target", "triangle_inequality", "convex_in_x_binary_y"),
        ("symmetric_arguments",),
    ),
    "least beside the target": (
        lambda x, y: total((x - y) ** 2 - (x - y) / 8),
        ("convex_in_x_binary_y",),
        ("zero_iff_equal", "min_at_target", "symmetric_arguments", "triangle_inequality"),
    ),
    "zero on a second set": (
        lambda x, y: gap(x, y) * np.abs(total(x) - total(y)),
        ("symmetric_arguments", "min_at_target"),
        ("zero_iff_equal", "triangle_inequality"),
    ),
    "concave": (
        lambda x, y: np.sqrt(gap(x, y)),
        ("zero_iff_equal", "symmetric_arguments", "min_at_target", "triangle_inequality"),
        ("convex_in_x_binary_y",),
    ),
    # the larger sum is known on no order of the entries: each of the two is tried
    "over the larger sum": (
        lambda x, y: ratio(gap(x, y), np.maximum(total(x), total(y))),
        ("zero_iff_equal", "symmetric_arguments", "min_at_target"),
        ("triangle_inequality",),
    ),
    "the larger sum less one of them": (
        lambda x, y: np.maximum(total(x), total(y)) - total(x),
        ("min_at_target",),
        ("zero_iff_equal", "symmetric_arguments"),
    ),
    "the larger sum less the other": (
        lambda x, y: gap(x, y) + total(np.minimum(x, y)) - np.maximum(total(x), total(y)),
        ("symmetric_arguments",),
        ("zero_iff_equal",),
    ),
    "the smaller sum in front": (
        lambda x, y: ratio(gap(x, y) * np.minimum(total(x), total(y)), total(x) + total(y)),
        ("symmetric_arguments", "min_at_target"),
        ("zero_iff_equal",),
    ),
    "convex but for one target": (
        lambda x, y: np.where(total(y) > 0, gap(x, y), np.sqrt(total(x))),
        ("zero_iff_equal", "min_at_target"),
        ("convex_in_x_binary_y",),
    ),
}


@pytest.mark.parametrize("m", [2, 3])
@pytest.mark.parametrize("name", CASES)
def test_nothing_false_is_proved_and_nothing_true_refuted(name: str, m: int) -> None:
    fn, true, false = CASES[name]
    lifted = set_loss(fn, m)
    said = {asked: verdict(lifted, asked) for asked in (*true, *false)}
    wrong = {asked: v for asked, v in said.items() if v == ("refuted" if asked in true else "proved")}
    assert not wrong


def test_the_larger_sum_is_tried_both_ways() -> None:
    lifted = set_loss(CASES["over the larger sum"][0], 3)
    assert {verdict(lifted, asked) for asked in ("zero_iff_equal", "min_at_target")} == {"proved"}


def test_targets_of_the_domain_only() -> None:
    fn = CASES["convex but for one target"][0]
    assert verdict(set_loss(fn, 2, BINARY), "convex_in_x_binary_y") == "refuted"
    assert verdict(set_loss(fn, 2, FILLED), "convex_in_x_binary_y") == "proved"
    assert verdict(set_loss(gap, 2, FILLED), "symmetric_arguments") == "not_applicable"
    assert verdict(set_loss(gap, 2, FILLED), "zero_iff_equal") == "proved"


def test_set_functions_are_compared_at_every_pair() -> None:
    def odd_one_out(x: Any, y: Any) -> Any:
        full = (total(x) == x.shape[-1]) & (total(y) == x.shape[-1])
        return np.where(full, 0.25, steinhaus(x, y))

    assert verdict(set_loss(steinhaus, 3), "equals_set_function", which="jaccard") == "proved"
    assert verdict(set_loss(steinhaus, 3), "equals_set_function", which="dice") == "refuted"
    assert verdict(set_loss(odd_one_out, 3), "equals_set_function", which="jaccard") == "refuted"
    only_filled = set_loss(lambda x, y: np.where(total(y) > 0, steinhaus(x, y), 0.5), 2, FILLED)
    assert verdict(only_filled, "equals_set_function", which="jaccard") == "proved"
    with pytest.raises(ValueError, match="is no set function"):
        verdict(only_filled, "equals_set_function", which="hamming")


def test_rational_functions_on_patterns() -> None:
    def tanimoto(x: Any, y: Any) -> Any:
        return ratio(total((x - y) ** 2), total(x * x + y * y - x * y))

    lifted = set_loss(tanimoto, 3)
    assert verdict(lifted, "zero_iff_equal") == verdict(lifted, "min_at_target") == "proved"
    assert verdict(lifted, "triangle_inequality") == "refuted"


def test_one_entry() -> None:
    lifted = set_loss(gap, 1)
    for asked in (
        "zero_iff_equal",
        "symmetric_arguments",
        "min_at_target",
        "triangle_inequality",
        "convex_in_x_binary_y",
    ):
        assert verdict(lifted, asked) == "proved"
