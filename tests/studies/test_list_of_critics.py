"""Small claims of the literature list about critics and divergences of samples: gradients, flows, bounds, limits."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pytest
import sympy as sp
from scipy import optimize

from tests.studies.facts import collection, get

torch = pytest.importorskip("torch")
RNG = np.random.default_rng(44)
START = RNG.bit_generator.state
close = np.testing.assert_allclose
FACTS, fact = collection()


def normal(x, mean, spread):
    """The density of a normal law."""
    return np.exp(-((x - mean) ** 2) / (2 * spread**2)) / (spread * math.sqrt(2 * math.pi))


@fact("S134.2")
def _():
    # The weight h = r^2 f'' of D_f = E_q f(p / q) is 1 for the reverse KL alone: the gradient of variational score
    # distillation, which has no weight.
    r = sp.symbols("r", positive=True)
    for f, h in ((-sp.log(r), 1), (r * sp.log(r), r), (r * sp.log(r) - (r + 1) * sp.log((r + 1) / 2), r / (r + 1))):
        assert sp.simplify(r**2 * sp.diff(f, r, 2) - h) == 0
    # A generator x = m + s e against a mixture: dD/dm = -E h (score of p - score of q), for each f.
    x, step = np.linspace(-14, 14, 8001), 1e-4
    p = 0.3 * normal(x, -1, 1.5) + 0.7 * normal(x, 2, 1.2)
    score_p = np.gradient(np.log(p), x)
    mean, spread = 0.4, 0.9
    q = normal(x, mean, spread)

    def divergence(f, m):
        ratio = p / normal(x, m, spread)
        return np.trapezoid(normal(x, m, spread) * f(ratio), x)

    score_q = -(x - mean) / spread**2
    for f, h in ((lambda r: -np.log(r), lambda r: np.ones_like(r)), (lambda r: r * np.log(r), lambda r: r)):
        slope = (divergence(f, mean + step) - divergence(f, mean - step)) / (2 * step)
        close(slope, -np.trapezoid(q * h(p / q) * (score_p - score_q), x), rtol=1e-4)


@fact("S135.3")
def _():
    # A ReLU network with all weights in [-c, c]: a layer from m to n units stretches by at most c sqrt(m n).
    c, widths = 0.01, (3, 16, 16, 1)
    bound = math.prod(c * math.sqrt(m * n) for m, n in itertools.pairwise(widths))

    def critic(x, weights):
        for w in weights[:-1]:
            x = np.maximum(x @ w.T, 0)
        return x @ weights[-1].T

    steepest = 0.0
    for _ in range(30):
        weights = [np.clip(RNG.normal(size=(n, m)), -c, c) for m, n in itertools.pairwise(widths)]
        a, b = RNG.normal(size=(2, 200, 3))
        steepest = max(
            steepest, (abs(critic(a, weights) - critic(b, weights))[:, 0] / np.linalg.norm(a - b, axis=1)).max()
        )
    assert 0 < steepest < bound
    # All weights at the clip: attained along the diagonal.
    weights = [np.full((n, m), c) for m, n in itertools.pairwise(widths)]
    close((critic(2 * np.ones((1, 3)), weights) - critic(np.ones((1, 3)), weights))[0, 0] / math.sqrt(3), bound)


@fact("S136.1")
def _():
    # Data at 0, one sample at theta, critic psi x: theta' = -dL/dtheta, psi' = dL/dpsi less the penalties' slope, where
    # R1 and R2 are gamma / 2 psi^2 each.
    theta, psi = sp.symbols("theta psi", real=True)
    gamma = sp.symbols("gamma", positive=True)
    loss = -sp.log(1 + sp.exp(-psi * theta))
    score = torch.tensor(0.3)
    torch.testing.assert_close(
        torch.tensor(float(-loss.subs({psi: 0.3, theta: 1}))), get("relativistic_gan")(score, 0 * score)
    )

    def roots(penalties):
        field = sp.Matrix([-sp.diff(loss, theta), sp.diff(loss, psi) - penalties * gamma * psi])
        return field.jacobian([theta, psi]).subs({theta: 0, psi: 0}).eigenvals()

    assert all(sp.re(root) == 0 for root in roots(0))  # without a penalty it turns in circles for ever
    for penalties in (1, 2):
        for root in roots(penalties):  # -n gamma / 2 plus or minus the root of (n gamma / 2)^2 - 1/4
            assert (
                sp.simplify((root + penalties * gamma / 2) ** 2 - (penalties * gamma / 2) ** 2 + sp.Rational(1, 4)) == 0
            )
            for value in (sp.Rational(1, 10), sp.Rational(1, 2), 3):
                assert sp.re(root.subs(gamma, value)) < 0


@fact("S137.1")
def _():
    # Gradient flow of the critic's values in the space of a kernel: f' = -sum of k(., x_i) dL/df_i, from f = 0.
    a, b = RNG.normal(size=(30, 2)), 0.7 * RNG.normal(size=(30, 2)) + 0.5
    both = np.concatenate([a, b])
    kernel = np.exp(-((both[:, None] - both[None]) ** 2).sum(axis=2) / 2)
    witness = kernel[:, :30].mean(axis=1) - kernel[:, 30:].mean(axis=1)
    values = torch.zeros(60, dtype=torch.float64)
    for count in (1, 2, 3):
        values.requires_grad_()
        loss = get("wasserstein_critic")(values[:30], values[30:]).mean()
        (slope,) = torch.autograd.grad(loss, values)
        values = (values - 0.5 * torch.tensor(kernel) @ slope).detach()
        close(values.numpy(), 0.5 * count * witness, atol=1e-12)
    close(witness[:30].mean() - witness[30:].mean(), get("mean_discrepancy")(a, b, sigma=1.0))
    # Another loss leaves the direction of the witness.
    values = torch.zeros(60, dtype=torch.float64)
    for _ in range(20):
        values.requires_grad_()
        (slope,) = torch.autograd.grad(get("gan_discriminator")(values[:30], values[30:]).mean(), values)
        values = (values - 2.0 * torch.tensor(kernel) @ slope).detach()
    assert np.corrcoef(values.numpy(), witness)[0, 1] < 0.9999


@fact("S139.3")
def _():
    # T = 3 on one symbol of share 1/10, 0 elsewhere; the slope of log E e^T by the height of T.
    share, height, size = 0.1, 3.0, 4
    lift = math.exp(height)
    true = share * lift / (1 - share + share * lift)
    counts = np.arange(size + 1)
    odds = np.array([math.comb(size, k) * share**k * (1 - share) ** (size - k) for k in counts])
    ratio = counts * lift / (size - counts + counts * lift)
    at = torch.tensor(height, dtype=torch.float64, requires_grad=True)
    drawn = torch.tensor([1.0, 0, 0, 1.0], dtype=torch.float64)
    get("donsker_varadhan")(torch.zeros(4, dtype=torch.float64), at * drawn).backward()
    close(at.grad, ratio[2])
    bias = odds @ ratio - true  # exact: the mean over all batches of 4
    assert abs(bias) > 0.2
    # A running mean of e^T in the denominator.
    found = {}
    batches = np.random.default_rng(7).binomial(size, share, size=40000)
    for rate in (0.1, 0.01):
        running, slopes = 1.0, []
        for k in batches:
            running += rate * ((size - k + k * lift) / size - running)
            slopes.append(k * lift / size / running)
        found[rate] = np.mean(slopes[2000:]) - true
    assert abs(found[0.1]) < abs(bias) / 3
    assert abs(found[0.01]) < abs(bias) / 10


@fact("S139.4")
def _():
    def information(table):
        table = table / table.sum()
        outer = np.outer(table.sum(axis=1), table.sum(axis=0))
        return np.where(table > 0, table * np.log(np.where(table > 0, table, 1) / outer), 0).sum()

    joint = RNG.dirichlet(np.ones(9)).reshape(3, 3)
    # A table of scores as the critic: its best bound on a sample is the information of the sample's own table.
    drawn = RNG.choice(9, size=60, p=joint.ravel())
    x, y = drawn // 3, drawn % 3
    table = np.bincount(drawn, minlength=9).reshape(3, 3) / 60
    outer = np.outer(table.sum(axis=1), table.sum(axis=0))
    best = np.log(np.maximum(table, 1e-300) / outer)
    loss = get("donsker_varadhan")
    close(loss(best[x, y], best[x[:, None], y[None, :]].ravel()), -information(table))
    for _ in range(20):
        other = best + RNG.normal(size=(3, 3))
        assert loss(other[x, y], other[x[:, None], y[None, :]].ravel()) >= -information(table)
    # Along single paths of draws the error stays below any level in the end.
    for seed in range(3):
        path = np.random.default_rng(seed).choice(9, size=400_000, p=joint.ravel())
        errors = [abs(information(np.bincount(path[:n], minlength=9).reshape(3, 3)) - information(joint))
                  for n in np.unique(np.geomspace(100, 400_000, 40).astype(int))]  # fmt: skip
        assert max(errors[20:]) < 0.03
        assert max(errors[34:]) < 0.006


@fact("S140.1")
def _():
    places = np.array([(i, j) for i in (0.0, 1.0, 2.5) for j in (0.0, 1.0, 3.0)])
    cost = np.abs(places[:, None] - places[None]).sum(axis=2)
    leaving, reaching = np.kron(np.eye(9), np.ones(9)), np.kron(np.ones(9), np.eye(9))

    def measure(joint):
        product = np.outer(joint.sum(axis=1), joint.sum(axis=0))
        edges = np.concatenate([joint.ravel(), product.ravel()])
        return optimize.linprog(cost.ravel(), A_eq=np.concatenate([leaving, reaching]), b_eq=edges).fun

    for _ in range(6):
        joint = RNG.dirichlet(np.ones(9)).reshape(3, 3)
        product = np.outer(joint.sum(axis=1), joint.sum(axis=0))
        assert abs(measure(product)) < 1e-12
        # Zero only there: moving mass costs at least the least distance times the mass that has to move.
        assert measure(joint) >= cost[cost > 0].min() * np.maximum(joint - product, 0).sum() - 1e-12
        assert measure(0.1 * joint + 0.9 * product) > 1e-6


@fact("S141.3")
def _():
    def between(m, s, n, t):  # exact, of two normal laws
        return math.log((s**2 + t**2) / (2 * s * t)) + (m - n) ** 2 / (s**2 + t**2)

    def relative(m, s, n, t):
        return math.log(t / s) + (s**2 + (m - n) ** 2) / (2 * t**2) - 0.5

    # Kernel estimates tend to it.
    exact, errors = between(0, 1, 1, 0.7), []
    for n in (50, 250, 1250):
        own = []
        for seed in range(8):
            rng = np.random.default_rng(seed)
            x, y, h = rng.normal(size=n), 1 + 0.7 * rng.normal(size=n), 0.8 * n**-0.3
            mean = [normal(a[:, None] - b[None], 0, h * math.sqrt(2)).mean() for a, b in ((x, x), (y, y), (x, y))]
            own.append(abs(math.log(mean[0]) + math.log(mean[1]) - 2 * math.log(mean[2]) - exact))
        errors.append(np.mean(own))
    assert errors[0] > errors[1] > errors[2]
    assert errors[2] < 0.1 * exact
    # With u = (s^2 / t^2 - 1) / 2 the spreads add u - log(1 + u) >= 0 to KL - CS; the means add to 2 KL - CS.
    s, t = sp.symbols("s t", positive=True)
    u = (s**2 / t**2 - 1) / 2
    spreads = sp.log(t / s) + s**2 / (2 * t**2) - sp.Rational(1, 2) - sp.log((s**2 + t**2) / (2 * s * t))
    assert sp.simplify(sp.expand_log(spreads - u + sp.log(1 + u), force=True)) == 0
    for m, spread, other in zip(RNG.normal(size=300) * 4, *RNG.uniform(0.1, 3, size=(2, 300)), strict=True):
        assert between(0, spread, 0, other) <= relative(0, spread, 0, other) + 1e-12
        assert between(m, spread, 0, other) <= 2 * relative(m, spread, 0, other) + 1e-12
    # Without the 2 it is false: means 10 apart, spreads 1/2 and 1.
    assert between(0, 0.5, 10, 1) > 80 > 51 > relative(0, 0.5, 10, 1)


@pytest.mark.parametrize("name", FACTS)
def test_it_holds(name):
    RNG.bit_generator.state = START  # the same numbers alone and among the others
    FACTS[name]()
