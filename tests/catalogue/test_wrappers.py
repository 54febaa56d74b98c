"""A wrapped loss is a loss: it audits like any other, and what wrapping is said to preserve is preserved."""

import numpy as np
import pytest

import losscheck
from losscheck import audit
from losscheck.catalogue.wrappers import (
    active_passive,
    angular_margin,
    backward_correction,
    bag_instance,
    canonical,
    class_weights,
    cvar,
    distance_aware,
    ensemble_derivative,
    expected_loss,
    expressive,
    flooding,
    forward_correction,
    group_robust,
    holistic,
    kl_robust,
    label_margin,
    label_smoothing,
    logit_adjustment,
    logit_clip,
    mixup,
    normalised,
    self_distillation,
    smooth_adversarial,
    spectral_risk,
    squared_sample_loss,
    temperature,
    weighted_sum,
    with_reverse,
)

RNG = np.random.default_rng(3)
Z = RNG.normal(size=(60, 3)) * 2
A = Z + RNG.normal(size=(60, 3))
Y = RNG.integers(0, 3, size=60)
NOISE = [[0.75, 0.125, 0.125], [0.125, 0.75, 0.125], [0.125, 0.125, 0.75]]
CE = losscheck.catalogue["cross_entropy"]
PRESERVED = [
    (temperature("hinge", 2.0), {"classification_calibrated": True, "convex": True, "lipschitz[norm=l2]": 0.5}),
    (label_smoothing("cross_entropy", 0.125), {"classification_calibrated": True, "convex": True}),
    (label_smoothing("mean_absolute_softmax", 0.125), {"symmetric": True, "classification_calibrated": True}),
    (normalised("cross_entropy"), {"symmetric": True, "noise_tolerant[model=uniform]": True}),
    (active_passive("normalised_cross_entropy", "mean_absolute_softmax"), {"symmetric": True}),
    (with_reverse("cross_entropy"), {"symmetric": False, "nonnegative": True}),
    (class_weights("cross_entropy", [1, 2, 1]), {"classification_calibrated": False, "convex": True}),
    (class_weights("brier", [1, 2, 1]), {"proper": False}),
    (distance_aware("cross_entropy", [[0.5, 0.25, 0.25], [0.25, 0.75, 0], [0.25, 0, 0.75]]), {"convex": True}),
    (
        logit_adjustment("cross_entropy", [0.5, 0.25, 0.25]),
        {"balanced_calibrated[prior=[0.5,0.25,0.25]]": True, "classification_calibrated": False},
    ),
    (label_margin("cross_entropy", 0.5), {"convex": True}),
    (backward_correction("cross_entropy", NOISE), {"bounded_below": False}),
    (forward_correction("log_score", NOISE), {"classification_calibrated": True}),
    (canonical(np.eye(3).tolist()), {"convex": True, "recovers_probability[link=softmax]": True}),
    (canonical(NOISE), {"convex": True}),
    (expected_loss(squared_sample_loss, 2), {"proper": True, "strictly_proper": True}),
    *((ensemble_derivative(seed, 4), {"convex": True, "classification_calibrated": True}) for seed in range(4)),
    (label_smoothing(temperature("cross_entropy", 2.0), 0.125), {"convex": True}),
]


@pytest.mark.parametrize("case", PRESERVED, ids=lambda case: case[0].name)
def test_what_wrapping_preserves(case):
    loss, claims = case
    properties = [(parsed.property, parsed.params) for parsed in map(losscheck.identifier.parse_identifier, claims)]
    report = audit(loss, claims=claims, properties=properties)
    seen = {finding.id: str(finding.standing) for finding in report.findings if finding.standing is not None}
    assert seen == dict.fromkeys(claims, "met")


@pytest.mark.parametrize(
    "loss",
    [
        angular_margin("cross_entropy"),
        cvar("hinge", 0.5),
        kl_robust("cross_entropy"),
        spectral_risk("cross_entropy"),
        flooding("hinge"),
        group_robust("cross_entropy", 3),
        mixup("cross_entropy"),
        bag_instance("squared_error", 0.5),
        self_distillation("cross_entropy", 0.5),
        expressive("cross_entropy", 0.5),
        smooth_adversarial("cross_entropy"),
        logit_clip("cross_entropy", 2.0),
    ],
    ids=lambda loss: loss.name,
)
def test_behaviour_of_wrapped_losses(loss):
    report = audit(loss, properties=["accepts_valid_input", "deterministic", "gradient_correct"], n_classes=3)
    assert {str(finding.verdict) for finding in report.findings} == {"supported"}


def test_backward_correction_is_unbiased():
    corrected = backward_correction("cross_entropy", NOISE)
    mean = sum(np.array(NOISE)[Y, k] * corrected(Z, np.full(60, k)) for k in range(3))
    np.testing.assert_allclose(mean, CE(Z, Y), rtol=1e-12)


def test_expressive_losses_lie_between_attacked_and_verified():
    low, high = np.minimum(CE(Z, Y), CE(A, Y)), np.maximum(CE(Z, Y), CE(A, Y))
    cc, mtl, exp = (expressive("cross_entropy", 0.25, form)(Z, A, Y) for form in ("cc", "mtl", "exp"))
    assert (np.maximum(cc, exp) <= mtl + 1e-12).all()
    assert (low <= exp + 1e-12).all()
    assert (mtl <= high + 1e-12).all()
    np.testing.assert_allclose(expressive("cross_entropy", 1.0, "exp")(Z, A, Y), CE(A, Y))


def test_aggregates_lie_between_mean_and_maximum():
    losses = CE(Z, Y)
    for made in (cvar(CE, 0.3), kl_robust(CE, 0.5), spectral_risk(CE, 2.0), spectral_risk(CE, 9.0)):
        assert losses.mean() <= made(Z, Y) <= losses.max()
    np.testing.assert_allclose(cvar(CE, 1.0)(Z, Y), losses.mean())
    np.testing.assert_allclose(cvar(CE, 0.25)(Z, Y), np.sort(losses)[-15:].mean())
    np.testing.assert_allclose(kl_robust(CE, 1e6)(Z, Y), losses.mean(), rtol=1e-5)
    np.testing.assert_allclose(flooding(CE, 0.5)(Z, Y), abs(losses.mean() - 0.5) + 0.5)
    groups = RNG.integers(0, 3, size=60)
    worst = max(losses[groups == g].mean() for g in range(3))
    np.testing.assert_allclose(group_robust(CE, 7)(Z, Y, groups), worst)


@pytest.mark.parametrize(("alpha", "r"), [(0.05, 0.1), (0.3, 0.02), (0.0, 0.5)])
def test_the_holistic_loss_solves_its_programme(alpha, r):
    cvxpy = pytest.importorskip("cvxpy")
    losses = CE(Z[:12], Y[:12])
    q, s, q0 = cvxpy.Variable(12, nonneg=True), cvxpy.Variable(12, nonneg=True), cvxpy.Variable(nonneg=True)
    uniform = np.full(12, 1 / 12)
    problem = cvxpy.Problem(
        cvxpy.Maximize((q - s) @ losses + (q0 + cvxpy.sum(s)) * losses.max()),
        [cvxpy.sum(q) + q0 == 1, s <= q, cvxpy.sum(s) <= alpha, cvxpy.sum(cvxpy.rel_entr(uniform, q)) <= r],
    )
    problem.solve(solver=cvxpy.CLARABEL)
    ours = holistic(CE, alpha, r)(Z[:12], Y[:12])
    assert losses.mean() <= ours <= losses.max()
    np.testing.assert_allclose(ours, problem.value, rtol=1e-5)


def test_the_slope_of_the_holistic_loss_is_the_worst_distribution():
    torch = pytest.importorskip("torch")
    losses = torch.tensor([0.1, 0.5, 1.2, 0.7], dtype=torch.float64)
    loss = holistic(losscheck.Loss(lambda v: v, kind="margin", label="itself"), 0.05, 0.1)
    v = losses.clone().requires_grad_()
    (weight,) = torch.autograd.grad(loss(v), v)
    assert (weight > 0).all()
    step = torch.tensor([0.0, 1e-4, 0.0, 0.0], dtype=torch.float64)
    torch.testing.assert_close((loss(losses + step) - loss(losses - step)) / 2e-4, weight[1], atol=1e-4, rtol=0)
    torch.testing.assert_close(weight.sum(), torch.tensor(1.0, dtype=torch.float64), atol=1e-6, rtol=0)


def test_the_holistic_loss_tends_to_the_mean():
    assert abs(holistic(CE, 0.0, 1e-7)(Z, Y) - CE(Z, Y).mean()) < 1e-3


def test_mixup_of_cross_entropy_is_cross_entropy_of_the_mixed_label():
    other = (Y + 1) % 3
    mixed = 0.25 * np.eye(3)[Y] + 0.75 * np.eye(3)[other]
    shifted = Z - np.log(np.exp(Z).sum(1, keepdims=True))
    np.testing.assert_allclose(mixup(CE, 0.25)(Z, Y, other), -(mixed * shifted).sum(1))


def test_instance_level_is_bag_level_plus_variance():
    yhat, y = RNG.normal(size=(9, 5)), RNG.normal(size=9)
    bag, alone = (bag_instance("squared_error", rho)(yhat, y) for rho in (0.0, 1.0))
    np.testing.assert_allclose(alone, bag + yhat.var(axis=1), rtol=1e-12)


def test_self_distillation_beyond_one_has_no_floor():
    loss = self_distillation("cross_entropy", 1.5)
    z, y, t = np.array([[-1000.0, 0.0, 0.0]]), np.array([0]), np.array([[0.0, 0.5, 0.5]])
    assert loss(z, y, t)[0] < -400


@pytest.mark.parametrize(
    "wrong",
    [
        lambda: temperature("hinge", 0.0),
        lambda: temperature("squared_error", 1.0),
        lambda: label_smoothing("cross_entropy", 1.0),
        lambda: logit_clip("cross_entropy", -1.0),
        lambda: normalised("hinge"),
        lambda: weighted_sum("hinge", "cross_entropy"),
        lambda: weighted_sum("hinge", "logistic", -1.0),
        lambda: class_weights("cross_entropy", [1.0, 0.0]),
        lambda: logit_adjustment("cross_entropy", [1.0]),
        lambda: angular_margin("cross_entropy", 2.0),
        lambda: cvar("hinge", 0.0),
        lambda: kl_robust("hinge", 0.0),
        lambda: bag_instance("squared_error", 2.0),
        lambda: backward_correction("cross_entropy", [[0.5, 0.5], [0.5, 0.5]]),
        lambda: forward_correction("log_score", [[2.0, -1.0], [0.0, 1.0]]),
        lambda: expressive("cross_entropy", 0.5, "other"),
        lambda: smooth_adversarial("cross_entropy", 0.0),
        lambda: ensemble_derivative(0, 0),
        lambda: canonical([[0.5, 0.6]]),
        lambda: expected_loss(squared_sample_loss, 0),
        lambda: spectral_risk("hinge", 0.5),
        lambda: flooding("hinge", -1.0),
        lambda: group_robust("cross_entropy", 0),
        lambda: mixup("cross_entropy", 1.5),
        lambda: holistic("cross_entropy", 2.0),
        lambda: holistic("cross_entropy", 0.1, 0.0),
    ],
)
def test_wrappers_say_what_they_take(wrong):
    with pytest.raises(ValueError, match=r"give|takes|no inverse|no distribution"):
        wrong()
