"""The long measurement: it is kept line by line, goes on where it stopped, and says where the forms differ."""

from __future__ import annotations

from pathlib import Path

from losscheck.gallery.measuring import asked_of_one, both, differences, measure, read, summary


def test_it_goes_on_where_it_stopped(tmp_path: Path) -> None:
    file = tmp_path / "answers.jsonl"
    names = ["squared_error", "triplet_margin"]
    first = list(measure(file, forms=("numpy",), names=names))
    assert [(name, form) for name, form, _ in first] == [(name, "numpy") for name in names]
    both = list(measure(file, names=names, workers=2))
    assert [(name, form) for name, form, _ in both] == [(name, "torch") for name in names]
    assert not list(measure(file, names=names))
    rows = read(file)
    assert not differences(rows)
    assert rows[0]["findings"]["convex"][0] == "proved"
    assert rows[1]["findings"]["shift_invariant"][0] == "proved"
    text = summary(rows)
    assert "numpy: 2 entries" in text
    assert "0 differences between the forms" in text


def test_behaviour_is_compared_where_both_forms_can_be_asked(tmp_path: Path) -> None:
    file = tmp_path / "answers.jsonl"
    assert [form for _, form, _ in measure(file, layer="behaviour", names=["hinge"])] == ["numpy", "torch"]
    rows = read(file)
    assert not differences(rows)
    assert both(rows) > 20
    alone = asked_of_one(rows)
    assert alone["gradient_correct"] == 2  # NumPy: not applicable, with no format
    assert "accepts_valid_input" not in alone
    rows[0]["findings"]["deterministic"] = ["refuted", "error", 0.1]
    assert differences(rows) == [
        "hinge: deterministic is ['refuted', 'error'] in numpy, ['supported', 'none'] in torch"
    ]


def test_a_finding_that_only_one_form_has_is_a_difference() -> None:
    one = {"name": "hinge", "form": "numpy", "findings": {"convex": ["proved", None, 0.1]}}
    assert differences([one, {"name": "hinge", "form": "torch", "findings": {}}]) == [
        "hinge: convex is ['proved', None] in numpy, None in torch"
    ]
    assert differences([one]) == []
