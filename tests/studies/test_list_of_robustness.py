"""Claims of the literature list about worst cases: of weights, of groups, of samples, of inputs."""

from __future__ import annotations

import math

import cvxpy
import numpy as np
import pytest
from scipy import optimize, special, stats

from losscheck.arrays import softmax
from losscheck.catalogue.wrappers import expressive, holistic
from tests.studies.facts import collection, get

RNG = np.random.default_rng(93)
START = RNG.bit_generator.state
close = np.testing.assert_allclose
FACTS, fact = collection()


def divergence_weights(losses, spectrum, price):
    """The q in the permutahedron of a spectrum with the largest q.l - price n / 2 |q - 1/n|^2: a projection, by PAV."""
    n = losses.size
    order = np.argsort(losses)
    target = 1 / n + losses[order] / (price * n)
    weights = np.empty(n)
    weights[order] = target - optimize.isotonic_regression(target - np.sort(spectrum)).x
    return weights


def entropy_weights(losses, spectrum, price):
    """The same with the penalty price KL(q, uniform): pools whose mass is shared out as exp(l / price)."""
    order, pools = np.argsort(losses), []
    for loss, mass in zip(losses[order], np.sort(spectrum), strict=True):
        pools.append(([loss], mass))
        while len(pools) > 1 and level(*pools[-2], price) > level(*pools[-1], price):
            (right, more), (left, some) = pools.pop(), pools.pop()
            pools.append((left + right, some + more))
    weights = np.empty(losses.size)
    weights[order] = np.concatenate([mass * special.softmax(np.array(pool) / price) for pool, mass in pools])
    return weights


def level(pool, mass, price):
    """What a pool would be isotonic in."""
    return special.logsumexp(np.array(pool) / price) - math.log(mass)


@fact("S066.2")
def _():
    # Over D >= 0, symmetric, diagonal 0, |D|_F <= 1, <D, M> is largest at the positive part of M off the diagonal,
    # scaled to norm 1 (Cauchy-Schwarz), with M = lam E[p p' | wrong] - (1 - lam) E[p p' | right].
    for _ in range(3):
        wrong, right = RNG.dirichlet(np.full(4, 2.0), 30), RNG.dirichlet(np.full(4, 0.3), 30)
        m = 0.5 * np.einsum("ij,ik->jk", wrong, wrong) / 30 - 0.5 * np.einsum("ij,ik->jk", right, right) / 30
        closed = np.maximum(m, 0) * (1 - np.eye(4))
        closed /= np.linalg.norm(closed)
        d = cvxpy.Variable((4, 4), symmetric=True)
        problem = cvxpy.Problem(
            cvxpy.Maximize(cvxpy.sum(cvxpy.multiply(d, m))), [d >= 0, cvxpy.diag(d) == 0, cvxpy.norm(d, "fro") <= 1]
        )
        problem.solve(solver="CLARABEL")
        close(closed, d.value, atol=1e-4)  # the square root of the solver's tolerance in the value
        scores = [np.einsum("ij,jk,ik->i", p, closed, p).mean() for p in (wrong, right)]
        close(0.5 * scores[0] - 0.5 * scores[1], problem.value, atol=1e-7)


@fact("S068.2")
def _():
    # Three groups of quadratics |theta - c_g|^2 / 2 in a disc of radius 1, one group drawn per step, multiplicative
    # weights for the groups, projected steps for theta. The published bound for the mean iterate is
    # 2 m sqrt(10 (B_theta^2 B_slope^2 + B_loss^2 log m) / T); here 40 runs side by side.
    centres = np.array([[0.9, 0.0], [-0.4, 0.7], [0.0, -0.5]])
    m, runs = 3, 40
    best = optimize.minimize(
        lambda x: x[2],
        [0, 0, 1],
        constraints=[{"type": "ineq", "fun": lambda x, c=c: x[2] - np.sum((x[:2] - c) ** 2) / 2} for c in centres],
    ).fun
    bound = 2 * m * math.sqrt(10 * (1.0 * 2.0**2 + 2.0**2 * math.log(m)))
    gaps = []
    for steps in (64, 256, 1024, 4096):
        theta, q, total = np.zeros((runs, 2)), np.full((runs, m), 1 / m), np.zeros((runs, 2))
        for _ in range(steps):
            g = RNG.integers(0, m, runs)
            apart = theta - centres[g]
            q[np.arange(runs), g] *= np.exp(0.5 / math.sqrt(steps) * m * (apart**2).sum(axis=1) / 2)
            q /= q.sum(axis=1, keepdims=True)
            theta = theta - 1 / math.sqrt(steps) * m * q[np.arange(runs), g][:, None] * apart
            theta /= np.maximum(1, np.linalg.norm(theta, axis=1, keepdims=True))
            total += theta
        worst = ((total[:, None] / steps - centres) ** 2).sum(axis=2).max(axis=1) / 2
        gaps.append(worst.mean() - best)
        assert gaps[-1] <= bound / math.sqrt(steps)
    assert stats.linregress(np.log([64, 256, 1024, 4096]), np.log(gaps)).slope < -0.45


@fact("S069.1")
def _():
    spectrum = np.array([0.02, 0.08, 0.15, 0.25, 0.5])
    for price in (0.05, 0.3, 2.0):
        losses = RNG.normal(size=5)
        q = cvxpy.Variable(5)
        inside = [cvxpy.sum(q) == 1, *(cvxpy.sum_largest(q, k) <= spectrum[-k:].sum() for k in range(1, 5))]
        for penalty, ours in (
            (5 / 2 * cvxpy.sum_squares(q - 1 / 5), divergence_weights),
            (-cvxpy.sum(cvxpy.entr(q)) + math.log(5), entropy_weights),
        ):
            problem = cvxpy.Problem(cvxpy.Maximize(losses @ q - price * penalty), inside)
            problem.solve(solver="CLARABEL")
            weights = ours(losses, spectrum, price)
            close(weights, q.value, atol=2e-4)
            close(np.sort(weights)[::-1].cumsum() <= np.sort(spectrum)[::-1].cumsum() + 1e-12, True)
    # Nearly without a penalty it is the spectral risk: the largest weight for the largest loss.
    assert (np.argsort(divergence_weights(losses, spectrum, 1e-9)) == np.argsort(losses)).all()


@fact("S069.4")
def _():
    # Prospect (Mehta et al., 2024): a table of losses, of gradients and of weights, one entry of each renewed per step.
    n, d, ridge, price = 12, 2, 1.0, 1.0
    x, y = RNG.normal(size=(n, d)), RNG.normal(size=n)
    spectrum = (np.arange(1, n + 1) / n) ** 2 - (np.arange(n) / n) ** 2

    def objective(w):
        losses = (x @ w - y) ** 2 / 2
        q = divergence_weights(losses, spectrum, price)
        slope = x.T @ (q * (x @ w - y)) + ridge * w
        return q @ losses - price * n / 2 * np.sum((q - 1 / n) ** 2) + ridge / 2 * w @ w, slope

    best = optimize.minimize(objective, np.zeros(d), jac=True, options={"gtol": 1e-13}).fun
    w = np.array([3.0, -3.0])
    losses, slopes = (x @ w - y) ** 2 / 2, x * (x @ w - y)[:, None]
    q = used = divergence_weights(losses, spectrum, price)
    gaps = []
    for step in range(1, 481):
        i, j = RNG.integers(0, n, 2)
        fresh = x[i] * (x[i] @ w - y[i])
        update = n * q[i] * fresh - n * used[i] * slopes[i] + used @ slopes + ridge * w
        slopes[i], used = fresh, np.where(np.arange(n) == i, q, used)
        w = w - 0.01 * update
        losses[j] = (x[j] @ w - y[j]) ** 2 / 2
        q = divergence_weights(losses, spectrum, price)
        if step % 80 == 0:
            gaps.append(objective(w)[0] - best)
    fit = stats.linregress(np.arange(6), np.log(np.maximum(gaps, 1e-15)))
    assert fit.slope < -2  # a factor of more than 7 every 80 steps
    assert fit.rvalue < -0.97  # at one rate: a straight line in the logarithm


@fact("S070.3")
def _():
    # Losses 0 and 1, the true mean is p. Of n samples a share alpha is set to 0, then the mean is made robust. It lies
    # below p only if KL(P_n, P) > r for the samples as drawn, or if all samples are 0, since the worst case is taken
    # from the batch: exp(-r n) at most for the first, by Chernoff. All by sums over the binomial law.
    n, p = 40, 0.4
    for alpha, r in ((0.0, 0.02), (0.0, 0.1), (0.1, 0.05), (0.1, 0.1)):
        robust, failed = holistic("hinge", alpha, r), 0.0
        for ones in range(n + 1):
            kept = max(0, ones - round(alpha * n))
            value = float(robust(np.where(np.arange(n) < kept, 0.0, 1.0))) if kept else 0.0
            if value >= p - 1e-9:  # and so for more ones, since the robust mean grows with every loss
                break
            failed += stats.binom.pmf(ones, n, p)
        assert failed <= math.exp(-r * n) + 1e-6
        assert failed > 0
        # The plain mean of what is left is below p more often.
        assert failed < stats.binom.cdf(math.ceil(p * n) - 1 + round(alpha * n), n, p)


@fact("S072.1")
def _():
    # The dual holds: min over tau of tau log-mean-exp(h / tau) + tau rho is the largest p.h with KL(p, uniform) <= rho.
    rho = 0.3
    h = RNG.normal(size=6)

    def dual(tau, h=h):
        return tau * (special.logsumexp(h / tau) - math.log(h.size)) + tau * rho

    found = optimize.minimize_scalar(lambda s: dual(math.exp(s)), bounds=(-6, 4), options={"xatol": 1e-10})
    p = cvxpy.Variable(6)
    problem = cvxpy.Problem(cvxpy.Maximize(h @ p), [cvxpy.sum(p) == 1, -cvxpy.sum(cvxpy.entr(p)) + math.log(6) <= rho])
    problem.solve(solver="CLARABEL")
    close(found.fun, problem.value, atol=1e-6)

    # That tau* grows with the share s of negatives as similar as can be is false in general. For similarities 1 and 0
    # tau* = 1 / (logit P - logit s) with KL((P, 1 - P), (s, 1 - s)) = rho: it grows at first, and from s = e^-rho on
    # the dual falls all the way to tau -> 0, the lower bound that is set.
    def best(share, count=1000):
        similar = np.where(np.arange(count) < share * count, 1.0, 0.0)
        found = optimize.minimize_scalar(
            lambda s: dual(math.exp(s), similar), bounds=(math.log(0.005), 5), options={"xatol": 1e-9}
        )
        return math.exp(found.x)

    rising = [best(share) for share in (0.01, 0.05, 0.1, 0.2, 0.3)]
    assert (np.diff(rising) > 0).all()
    assert best(0.7) < best(0.5)
    for share in (0.76, 0.9):
        assert share > math.exp(-rho)
        assert best(share) < 0.0051


@fact("S075.3")
def _():
    # Bounds of a two-layer ReLU network on a box by intervals; the scores least for the label and largest for the
    # others lose at least what any input of the box does.
    for _ in range(20):
        layers = [(RNG.normal(size=(8, 3)), RNG.normal(size=8)), (RNG.normal(size=(4, 8)), RNG.normal(size=4))]
        centre, radius, y = RNG.normal(size=3), 0.2, int(RNG.integers(0, 4))

        def network(x, layers=layers):
            (a, b), (c, d) = layers
            return np.maximum(x @ a.T + b, 0) @ c.T + d

        low, high = centre - radius, centre + radius
        for i, (a, b) in enumerate(layers):
            middle, half = a @ (low + high) / 2 + b, np.abs(a) @ (high - low) / 2
            low, high = middle - half, middle + half
            if i == 0:
                low, high = np.maximum(low, 0), np.maximum(high, 0)
        verified = np.where(np.arange(4) == y, low, high)[None]
        corners = np.array(np.meshgrid(*[[-1, 1]] * 3)).reshape(3, -1).T
        inputs = centre + radius * np.concatenate([corners, RNG.uniform(-1, 1, size=(300, 3))])
        attacked = network(inputs)
        losses = get("cross_entropy")(attacked, np.full(len(attacked), y))
        worst = attacked[losses.argmax()][None]
        assert get("cross_entropy")(verified, np.array([y]))[0] >= losses.max() - 1e-12
        between = expressive("cross_entropy", 0.5)(worst, verified, np.array([y]))[0]
        assert losses.max() - 1e-12 <= between <= get("cross_entropy")(verified, np.array([y]))[0] + 1e-12


@fact("S076.2")
def _():
    # f = log((1 - a) g + a h). Where h has margin m at x and its chances have Lipschitz constants L_y, L_i, no g at all
    # changes the answer within (a m + a - 1) / (a (L_y + L_i)): (1 - a) (g_y - g_i) >= -(1 - a).
    share, weights = 0.8, RNG.normal(size=(3, 2)) * 3

    def robust(x):
        return softmax(x @ weights.T)

    # |grad softmax_k| = |sum_j p_k (e_k - p)_j w_j| <= p_k (1 - p_k) max_j |w_k - w_j|.
    apart = np.linalg.norm(weights[:, None] - weights[None], axis=2).max(axis=1) / 4
    used = 0
    for x in RNG.normal(size=(40, 2)) * 2:
        h = robust(x[None])[0]
        y = int(h.argmax())
        others = [k for k in range(3) if k != y]
        radius = min((share * (h[y] - h[k]) + share - 1) / (share * (apart[y] + apart[k])) for k in others)
        if radius <= 0:
            continue
        used += 1
        moves = RNG.normal(size=(200, 2))
        near = x + radius * 0.999 * moves / np.linalg.norm(moves, axis=1, keepdims=True)
        for k in others:  # the worst g is sure of another class
            scores = np.where(np.arange(3) == k, 60.0, 0.0) * np.ones((200, 1))
            mixed = get("adaptive_smoothing")(scores, np.log(robust(near)), a=share)
            assert (mixed.argmax(axis=1) == y).all()
    assert used >= 5


@pytest.mark.parametrize("name", FACTS)
def test_it_holds(name):
    RNG.bit_generator.state = START  # whatever ran before
    FACTS[name]()
