"""The figures in the documentation are what the studies give."""

from __future__ import annotations

import re

import numpy as np

from tests.studies.figures import FIGURES, FOLDER, figures

NUMBER = re.compile(r"-?\d+(?:\.\d+)?")


def test_the_committed_figures_are_those_of_the_studies() -> None:
    """To one unit of the drawing, as optimisers end a little differently elsewhere."""
    drawn = dict(figures())
    assert set(drawn) == {file.name for file in FOLDER.glob("*.svg")} == {f"{name}.svg" for name in FIGURES}
    for name, text in drawn.items():
        here, there = (
            (NUMBER.sub("#", t), [float(x) for x in NUMBER.findall(t)])
            for t in (text, (FOLDER / name).read_text(encoding="utf-8"))
        )
        assert here[0] == there[0], name
        np.testing.assert_allclose(here[1], there[1], atol=1.0)
