"""Wrapped losses that are learned, drawn or summed over classes: properties are decided for the instance at hand."""

from __future__ import annotations

import dataclasses
import itertools
import os
from pathlib import Path

import numpy as np
import pytest

from losscheck import audit
from losscheck.catalogue import find, wrappers
from losscheck.catalogue.wrappers import canonical, ensemble_derivative, expected_loss, two_sided_margin

torch = pytest.importorskip("torch")
FUZZ = os.getenv("HYPOTHESIS_PROFILE") == "fuzz"
PAGE = Path(__file__).parents[2] / "docs" / "catalogue" / "wrappers.md"


def trained(seed):
    """Rows and offsets of a canonical loss, fitted to labels that follow another link than softmax."""
    rng = np.random.default_rng(seed)
    z = torch.tensor(2 * rng.normal(size=(300, 3)))
    truth = torch.softmax(z, dim=1) @ torch.tensor([[0.7, 0.2, 0.1], [0.1, 0.8, 0.1], [0.0, 0.3, 0.7]], dtype=z.dtype)
    y = torch.multinomial(truth, 1, generator=torch.Generator().manual_seed(seed))[:, 0]
    free, offsets = (
        torch.zeros(2, 3, dtype=z.dtype, requires_grad=True),
        torch.zeros(5, dtype=z.dtype, requires_grad=True),
    )
    steps = torch.optim.Adam([free, offsets], lr=0.1)
    losses = []
    for _ in range(60):
        rows = torch.cat([torch.eye(3, dtype=z.dtype), torch.softmax(free, dim=1)])  # the corners: every law is reached
        loss = (torch.logsumexp(z @ rows.T + offsets, dim=1) - z[torch.arange(300), y]).mean()
        steps.zero_grad()
        loss.backward()
        steps.step()
        losses.append(loss.item())
    assert losses[-1] < losses[0] - 0.05
    return torch.cat([torch.eye(3, dtype=z.dtype), torch.softmax(free, dim=1)]).tolist(), offsets.tolist()


def test_a_trained_canonical_loss_is_proper():
    """Convex with the gradient map - label: at p the risk is least exactly where the map is p (LegendreTron)."""
    rows, offsets = trained(1)
    loss = canonical(rows, offsets)
    claims = {"convex": True, "gradient_identity": True}
    report = audit(loss, claims=claims, properties=list(claims))
    assert {f.id: (str(f.verdict), str(f.standing)) for f in report.findings} == dict.fromkeys(
        claims, ("proved", "met")
    )
    b, c = torch.tensor(rows, dtype=torch.float64), torch.tensor(offsets, dtype=torch.float64)
    for p in torch.tensor([[0.6, 0.3, 0.1], [0.1, 0.1, 0.8]], dtype=torch.float64):
        z = torch.zeros(3, dtype=torch.float64, requires_grad=True)
        steps = torch.optim.LBFGS(
            [z], max_iter=200, tolerance_grad=1e-10, tolerance_change=1e-15, line_search_fn="strong_wolfe"
        )

        def risk(z=z, p=p, steps=steps):
            steps.zero_grad()
            value = torch.logsumexp(b @ z + c, dim=0) - p @ z
            value.backward()
            return value

        steps.step(risk)
        torch.testing.assert_close(b.T @ torch.softmax(b @ z.detach() + c, dim=0), p, atol=1e-6, rtol=0)


@pytest.mark.parametrize("seed", range(4, 64) if FUZZ else range(4, 7))
def test_every_draw_is_convex_and_calibrated(seed):
    report = audit(ensemble_derivative(seed, 2 + seed % 5), properties=["convex", "classification_calibrated"])
    assert {f.id: str(f.verdict) for f in report.findings} == dict.fromkeys(
        ("convex", "classification_calibrated"), "proved"
    )


def test_a_margin_on_both_sides_is_sphereface2():
    rng = np.random.default_rng(3)
    z, y = rng.uniform(-1, 1, size=(50, 4)), rng.integers(0, 4, size=50)
    entry = find("sphereface2").function
    np.testing.assert_allclose(two_sided_margin("logistic")(z, y), entry(z, y), rtol=1e-12)
    other = {"lam": 0.5, "r": 8.0, "m": 0.25, "t": 1, "b": 0.5}
    np.testing.assert_allclose(two_sided_margin("logistic", **other)(z, y), entry(z, y, **other), rtol=1e-12)
    for loss in ("logistic", "hinge"):
        made = two_sided_margin(loss, **other)
        anywhere = dataclasses.replace(made, signature=None)  # t = 1 reads every score, not cosines alone
        for each, asked, verdict in ((anywhere, "convex", "proved"), (made, "accepts_valid_input", "supported")):
            assert {str(f.verdict) for f in audit(each, properties=[asked]).findings} == {verdict}
    for bad in ({"lam": 1.0}, {"r": 0.0}, {"m": 1.0}, {"t": 0.5}):
        with pytest.raises(ValueError, match="; give a"):
            two_sided_margin("logistic", **bad)


def wrong(draw, label):
    """1 for one sample that is not the label."""
    return float(draw[0] != label)


def thrice(draw, label):
    """1 where all three samples are the label."""
    return -float(draw == (label,) * 3)


def test_one_sample_is_never_strictly_proper():
    """Its expectation is linear in q, so the risk is least at a corner."""
    report = audit(expected_loss(wrong, 1), properties=["proper", "strictly_proper"])
    assert {f.id: str(f.verdict) for f in report.findings} == {"proper": "refuted", "strictly_proper": "refuted"}


def test_m_samples_are_a_polynomial_of_degree_m():
    """Along a line in q its differences of order m + 1 vanish, those of order m do not; those of log q never do."""
    rng = np.random.default_rng(2)
    start, end = rng.dirichlet(np.ones(3), size=2)
    line = start + np.linspace(0, 1, 9)[:, None] * (end - start)
    y = np.zeros(9, dtype=int)
    for sampled, samples in ((wrong, 1), (wrappers.squared_sample_loss, 2), (thrice, 3)):
        values = expected_loss(sampled, samples)(line, y)
        assert abs(np.diff(values, samples + 1)).max() < 1e-12
        assert abs(np.diff(values, samples)).max() > 1e-6
    assert all(abs(np.diff(-np.log(line[:, 0]), order)).max() > 1e-7 for order in range(1, 8))


def test_the_page_has_every_wrapper():
    text = PAGE.read_text(encoding="utf-8")
    assert all(f"`{name}`" in text for name in wrappers.__all__)
    names = [line.split("|")[1].strip(" `") for line in text.splitlines() if line.startswith("| `")]
    assert len(names) == len(set(names))
    told = set(itertools.chain.from_iterable(name.replace("`", "").split(", ") for name in names))
    assert told == set(wrappers.__all__)
