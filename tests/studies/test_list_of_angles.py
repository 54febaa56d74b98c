"""Small claims of the literature list about cosines with margins: identities, gradients as shipped, noisy labels."""

from __future__ import annotations

import math

import numpy as np
import pytest
import sympy as sp

from losscheck.catalogue.embedding_contrast import similarities
from tests.studies.facts import collection, get, slopes

torch = pytest.importorskip("torch")
RNG = np.random.default_rng(41)
START = RNG.bit_generator.state
close = np.testing.assert_allclose
FACTS, fact = collection()


@fact("S099.3")
def _():
    # Published code holds the weights constant: the slope misses the part that goes through them.
    p, n = (torch.tensor(RNG.uniform(-0.9, 0.9, size=(5, 3)), requires_grad=True) for _ in range(2))
    margin, gamma = 0.25, 16.0
    near = -gamma * torch.relu(1 + margin - p).detach() * (p - 1 + margin)
    far = gamma * torch.relu(n + margin).detach() * (n - margin)
    shipped = torch.nn.functional.softplus(torch.logsumexp(near, 1) + torch.logsumexp(far, 1))
    whole = get("circle")(p, n, margin=margin, gamma=gamma)
    torch.testing.assert_close(shipped, whole)
    ours, theirs = (torch.autograd.grad(value.sum(), p, retain_graph=True)[0] for value in (whole, shipped))
    own = torch.sigmoid(torch.logsumexp(near, 1) + torch.logsumexp(far, 1))[:, None] * torch.softmax(near, 1)
    torch.testing.assert_close(theirs, -own * gamma * (1 + margin - p))
    torch.testing.assert_close(ours, -own * gamma * 2 * (1 - p))
    assert (ours - theirs).abs().max() > 0.1


@fact("S101.2")
def _():
    # Fixed features, 40 % of the labels wrong: the centre that most samples of its label are nearest to.
    truth, angles = np.eye(6), {1: [], 3: []}
    rng = np.random.default_rng(0)
    clean = rng.integers(0, 6, size=150)
    x = truth[clean] + 0.15 * rng.normal(size=(150, 6))
    x = torch.tensor(x / np.linalg.norm(x, axis=1, keepdims=True))
    y = torch.tensor(np.where(rng.uniform(size=150) < 0.4, rng.integers(0, 6, size=150), clean))
    for centres, found in angles.items():
        w = torch.tensor(rng.normal(size=(6, centres, 6)), requires_grad=True)
        steps = torch.optim.Adam([w], lr=0.1)
        for _ in range(60):
            cosines = torch.einsum("nd,kmd->nkm", x, w / w.norm(dim=2, keepdim=True)).clamp(-1, 1)
            loss = get("subcentre_arcface")(cosines, y, s=16.0, m=0.3).mean()
            steps.zero_grad()
            loss.backward()
            steps.step()
        nearest = cosines.detach().argmax(dim=2)[torch.arange(150), y].numpy()
        unit = (w / w.norm(dim=2, keepdim=True)).detach().numpy()
        for k in range(6):
            dominant = np.bincount(nearest[y.numpy() == k], minlength=centres).argmax()
            found.append(unit[k, dominant] @ truth[k])
    assert np.mean(angles[3]) > np.mean(angles[1]) + 0.05


@fact("S102.2")
def _():
    # With e^b = x, balance is a quadratic equation, and the formula of the code its positive root.
    z, near, far, x, root = sp.symbols("z near far x root", positive=True)  # z = lam / ((1 - lam)(K - 1)), far = e^a_i
    balance = far * near * x**2 + far * (1 - z) * x - z  # z / (1 + near x) = far x / (1 + far x), cleared
    assert sp.expand(z * (1 + far * x) - far * x * (1 + near * x) + balance) == 0
    solution = 2 * z / (far * (1 - z + root))
    cleared = sp.expand(sp.cancel(balance.subs(x, solution) * far * (1 - z + root) ** 2))
    assert sp.rem(cleared, root**2 - (1 - z) ** 2 - 4 * z * near / far, root) == 0
    for lam, r, m, t, classes in ((0.7, 40.0, 0.4, 3, 10), (0.7, 40.0, 0.4, 3, 10**4), (0.5, 30.0, 0.2, 2, 100)):
        share = lam / ((1 - lam) * (classes - 1))
        a_y, a_i = (r * (2 * 0.5**t - 1 + sign * m) for sign in (-1, 1))
        b = (
            math.log(2 * share)
            - a_i
            - math.log(1 - share + math.sqrt((1 - share) ** 2 + 4 * share * math.exp(a_y - a_i)))
        )
        own, other = lam / (1 + math.exp(a_y + b)), (1 - lam) * (classes - 1) / (1 + math.exp(-a_i - b))
        assert math.isclose(own, other, rel_tol=1e-9)
        bias = torch.tensor(b, dtype=torch.float64, requires_grad=True)
        start = torch.zeros(1, classes, dtype=torch.float64)
        get("sphereface2")(start, torch.tensor([0]), lam=lam, r=r, m=m, t=t, b=bias).sum().backward()
        assert abs(bias.grad) < 1e-12


@fact("S102.4")
def _():
    # One class of probability p: the risk lam p log(1 + e^-u) + (1 - lam)(1 - p) log(1 + e^u), u = r z + b, is strictly
    # convex and least at the log-odds of the weighted p, a strictly increasing link.
    lam, p, u = sp.symbols("lam p u", positive=True)
    risk = lam * p * sp.log(1 + sp.exp(-u)) + (1 - lam) * (1 - p) * sp.log(1 + sp.exp(u))
    link = sp.log(lam * p / ((1 - lam) * (1 - p)))
    assert sp.simplify(sp.diff(risk, u).subs(u, link)) == 0
    curvature = (lam * p + (1 - lam) * (1 - p)) * sp.exp(u) / (1 + sp.exp(u)) ** 2
    assert sp.simplify(sp.diff(risk, u, 2) - curvature) == 0
    assert sp.simplify(sp.diff(link, p) - 1 / (p * (1 - p))) == 0
    share, r, bias = np.array([0.5, 0.3, 0.2]), 4.0, -1.0
    best = (np.log(0.7 * share / (0.3 * (1 - share))) - bias) / r  # inside [-1, 1], where cosines are
    assert (np.abs(best) < 0.9).all()
    rows = np.array([best, *(np.clip(best + 0.2 * RNG.normal(size=3), -1, 1) for _ in range(60))])

    def total(scores):
        labels = [np.full(len(scores), k) for k in range(3)]
        return sum(
            q * get("sphereface2")(scores, y, r=r, m=0.0, t=1, b=bias) for q, y in zip(share, labels, strict=True)
        )

    values = total(rows)
    assert (values[1:] > values[0]).all()
    close(slopes(total, rows[:1]), 0, atol=1e-8)


@fact("S102.5")
def _():
    # The code adds g(cos) - cos without its gradient: every slope lacks the factor g'.
    lam, r, m, t, b = 0.7, 40.0, 0.4, 3, -10.0
    z, y = torch.tensor(RNG.uniform(-0.6, 0.6, size=(20, 5)), requires_grad=True), torch.arange(20) % 5
    own = torch.nn.functional.one_hot(y, 5).bool()
    similarity = 2 * ((z + 1) / 2) ** t - 1
    moved = z + (torch.where(own, similarity - m, similarity + m) - z).detach()
    terms = torch.nn.functional.softplus(torch.where(own, -1.0, 1.0) * (r * moved + b))
    shipped = (torch.where(own, lam, 1 - lam) / r * terms).sum(dim=1)
    whole = get("sphereface2")(z, y, lam=lam, r=r, m=m, t=t, b=b)
    torch.testing.assert_close(shipped, whole)
    ours, theirs = (torch.autograd.grad(value.sum(), z)[0] for value in (whole, shipped))
    torch.testing.assert_close(ours, theirs * (t * ((z + 1) / 2) ** (t - 1)).detach())
    assert not torch.allclose(ours, theirs, rtol=0.1)


@fact("S105.3")
def _():
    # As published: every row of the two views against all others, the mean over both views.
    def views(a, b, margin=0.1, tau=0.03):
        e, n = np.concatenate([a, b]), len(a)
        s = similarities(e, e)
        own = s[np.arange(2 * n), (np.arange(2 * n) + n) % (2 * n)] - margin
        rest = np.where(np.eye(2 * n, dtype=bool), -np.inf, s)
        rest[np.arange(2 * n), (np.arange(2 * n) + n) % (2 * n)] = -np.inf
        return np.logaddexp(own / tau, np.logaddexp.reduce(rest / tau, axis=1)).mean() - (own / tau).mean()

    loss = get("nt_xent_margin")
    for rows, width in ((2, 3), (5, 4), (9, 2)):
        a, b = RNG.normal(size=(2, rows, width))
        close(views(a, b), views(b, a), rtol=1e-12)
        assert not math.isclose(loss(a, b).mean(), loss(b, a).mean(), rel_tol=1e-6)  # one direction alone is not


@pytest.mark.parametrize("name", FACTS)
def test_it_holds(name):
    RNG.bit_generator.state = START  # the same numbers alone and among the others
    FACTS[name]()
