"""Policies and advantages, references of preferences, pairs of views, likelihoods of counts, scales by any name, KL."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import pytest
import torch
from torch.nn import functional

from losscheck.behaviour.counts import sum_depends_on_parameters
from losscheck.behaviour.trial import Trial
from losscheck.signature import parse
from tests.behaviour.law_cases import test_the_law_is_broken, test_the_law_is_kept  # noqa: F401

RATIO = "ratio:(N,):positive adv:(N,):real"
LOGP = "logp:(N,):real old_logp:(N,):real advantages:(N,):real"
PLAIN = "log_prob:(N,):real adv:(N,):real"
SCORES = "z:(N,C):real a:(N,):index adv:(N,):real"
DPO = "policy_chosen:(N,):real policy_rejected:(N,):real ref_chosen:(N,):real ref_rejected:(N,):real"
VIEWS = "a:(B,D):real b:(B,D):real"
RATE = "rate:(N,):positive y:(N,):count"
SHARE = "p:(N,):unit y:(N,):count"
INFLATED = "rate:(N,):positive p:(N,):unit y:(N,):count"
SCALED = "m:(N,):real b:(N,):positive y:(N,):real"
LOGGED = "m:(N,):real h:(N,):real y:(N,):real"
REFERENCE = "logp:(N,):real old_logp:(N,):real ref_logp:(N,):real advantages:(N,):real"
CRITIC = "real:(N,):real fake:(N,):real"
D_CRITIC = "d_real:(N,1):real d_fake:(N,1):real"
AUTOENCODER = "recon:(N,M):real x:(N,M):real mu:(N,D):real logvar:(N,D):real"
DISTRIBUTION = "p:(N,K):simplex t:(N,):index"
DENOISING = "pred:(N,D):real noise:(N,D):real snr:(N,):positive"
TWO_SHAPES = "a:(N,):positive b:(N,):positive y:(N,):positive"
UNNAMED = "z:(N,):real m:(N,):real logs:(N,):real"
VARIANCE = "mu:(N,):real var:(N,):positive y:(N,):real"
LATENT = "mu:(N,D):real logvar:(N,D):real"
TWO = "mu1:(N,D):real lv1:(N,D):real mu2:(N,D):real lv2:(N,D):real"
WEIGHTS = "weight_mu:(N,D):real weight_logvar:(N,D):real"
PRIOR = "prior_mu:(N,D):real log_var_prior:(N,D):real post_mu:(N,D):real log_var_post:(N,D):real"
STDS = "q_mu:(N,D):real q_std:(N,D):positive p_mu:(N,D):real p_std:(N,D):positive"


def surrogate(ratio: Any, adv: Any) -> Any:
    return -torch.min(ratio * adv, ratio.clamp(0.8, 1.2) * adv).mean()


def optimistic_surrogate(ratio: Any, adv: Any) -> Any:
    return -torch.max(ratio * adv, ratio.clamp(0.8, 1.2) * adv).mean()


def only_clipped(ratio: Any, adv: Any) -> Any:
    return -(ratio.clamp(0.8, 1.2) * adv).mean()


def dual_clipped(ratio: Any, adv: Any) -> Any:
    low = torch.min(ratio * adv, ratio.clamp(0.8, 1.2) * adv)
    return -torch.where(adv < 0, torch.max(low, 3.0 * adv), low).mean()


def normalised(logp: Any, old_logp: Any, advantages: Any) -> Any:
    spread = (advantages - advantages.mean()) / (advantages.std(unbiased=False) + 1e-6)
    return surrogate(torch.exp(logp - old_logp), spread)


def ratio_upside_down(logp: Any, old_logp: Any, advantages: Any) -> Any:
    return surrogate(torch.exp(old_logp - logp), advantages)


def with_entropy(logp: Any, old_logp: Any, advantages: Any) -> Any:
    return surrogate(torch.exp(logp - old_logp), advantages) + 0.01 * logp.mean()


def with_entropy_turned(logp: Any, old_logp: Any, advantages: Any) -> Any:
    return surrogate(torch.exp(logp - old_logp), advantages) - 0.01 * logp.mean()


def weighted_imitation(log_prob: Any, adv: Any) -> Any:
    return -(torch.exp(adv.clamp(max=3.0)) * log_prob).mean()


def reinforce(log_prob: Any, adv: Any) -> Any:
    return -(log_prob * adv).mean()


def minus_forgotten(log_prob: Any, adv: Any) -> Any:
    return (log_prob * adv).mean()


def actor(z: Any, a: Any, adv: Any) -> Any:
    lp = functional.log_softmax(z, 1)
    return (-adv * lp.gather(1, a[:, None])[:, 0] + 0.01 * (lp.exp() * lp).sum(1)).mean()


def actor_that_likes_certainty(z: Any, a: Any, adv: Any) -> Any:
    lp = functional.log_softmax(z, 1)
    return (-adv * lp.gather(1, a[:, None])[:, 0] - 0.01 * (lp.exp() * lp).sum(1)).mean()


def dpo(policy_chosen: Any, policy_rejected: Any, ref_chosen: Any, ref_rejected: Any) -> Any:
    return functional.softplus(-0.1 * ((policy_chosen - policy_rejected) - (ref_chosen - ref_rejected))).mean()


def dpo_adds_reference(policy_chosen: Any, policy_rejected: Any, ref_chosen: Any, ref_rejected: Any) -> Any:
    return functional.softplus(-0.1 * ((policy_chosen - policy_rejected) + (ref_chosen - ref_rejected))).mean()


def dpo_turned(policy_chosen: Any, policy_rejected: Any, ref_chosen: Any, ref_rejected: Any) -> Any:
    return functional.softplus(0.1 * ((policy_chosen - policy_rejected) - (ref_chosen - ref_rejected))).mean()


def ipo(policy_chosen: Any, policy_rejected: Any, ref_chosen: Any, ref_rejected: Any) -> Any:
    return ((policy_chosen - policy_rejected - ref_chosen + ref_rejected - 5.0) ** 2).mean()


def unit(a: Any) -> Any:
    return functional.normalize(a, dim=1, eps=1e-3)


def sigmoid_pairs(a: Any, b: Any) -> Any:
    sign = 2 * torch.eye(len(a), dtype=a.dtype) - 1
    return -functional.logsigmoid(sign * (5.0 * unit(a) @ unit(b).T - 1.0)).sum() / len(a)


def sigmoid_pairs_turned(a: Any, b: Any) -> Any:
    sign = 2 * torch.eye(len(a), dtype=a.dtype) - 1
    return -functional.logsigmoid(sign * (-5.0 * unit(a) @ unit(b).T + 1.0)).sum() / len(a)


def info_nce(a: Any, b: Any) -> Any:
    return functional.cross_entropy(unit(a) @ unit(b).T / 0.5, torch.arange(len(a)))


def info_nce_of_distances(a: Any, b: Any) -> Any:
    return functional.cross_entropy(torch.cdist(a, b), torch.arange(len(a)))


def info_nce_off_by_one(a: Any, b: Any) -> Any:
    return functional.cross_entropy(unit(a) @ unit(b).T / 0.5, (torch.arange(len(a)) + 1) % len(a))


def cross_covariance(a: Any, b: Any) -> Any:
    return (((a - a.mean(0)).T @ (b - b.mean(0)) / len(a)) ** 2).sum()


def poisson(rate: Any, y: Any) -> Any:
    return (rate - y * rate.log() + torch.lgamma(y + 1)).mean()


def poisson_without_factorial(rate: Any, y: Any) -> Any:
    return (rate - y * rate.log()).mean()


def poisson_without_rate(rate: Any, y: Any) -> Any:
    return (-y * rate.log() + torch.lgamma(y + 1)).mean()


def zero_truncated(rate: Any, y: Any) -> Any:
    return (torch.log(torch.expm1(rate)) - y * rate.log() + torch.lgamma(y + 1)).mean()


def negative_binomial(p: Any, y: Any, r: float = 3.0) -> Any:
    p = p.clamp(1e-6, 1 - 1e-6)
    terms = torch.lgamma(y + r) - torch.lgamma(y + 1) - math.lgamma(r)
    return -(terms + y * p.log() + r * torch.log1p(-p)).mean()


def failures_forgotten(p: Any, y: Any, r: float = 3.0) -> Any:
    p = p.clamp(1e-6, 1 - 1e-6)
    return -(torch.lgamma(y + r) - torch.lgamma(y + 1) - math.lgamma(r) + y * p.log()).mean()


def zero_inflated(rate: Any, p: Any, y: Any) -> Any:
    p, usual = p.clamp(1e-5, 1 - 1e-5), y * rate.log() - rate - torch.lgamma(y + 1)
    return -torch.where(y == 0, torch.log(p + (1 - p) * torch.exp(-rate)), torch.log1p(-p) + usual).mean()


def zero_inflated_elsewhere(rate: Any, p: Any, y: Any) -> Any:
    p, usual = p.clamp(1e-5, 1 - 1e-5), y * rate.log() - rate - torch.lgamma(y + 1)
    return -torch.where(y == 0, torch.log(p + (1 - p) * torch.exp(-rate)), usual).mean()


def laplace(m: Any, b: Any, y: Any) -> Any:
    return (b.log() + (y - m).abs() / b).mean()


def laplace_with_half(m: Any, b: Any, y: Any) -> Any:
    return (0.5 * b.log() + (y - m).abs() / b).mean()


def by_precision(m: Any, b: Any, y: Any) -> Any:
    return (0.5 * b * (y - m) ** 2 - 0.5 * b.log()).mean()


def precision_turned(m: Any, b: Any, y: Any) -> Any:
    return (0.5 * b * (y - m) ** 2 + 0.5 * b.log()).mean()


def chi_square(m: Any, b: Any, y: Any) -> Any:
    return ((y - m) ** 2 / b).mean()


def twice_gaussian(mu: Any, var: Any, y: Any) -> Any:
    return (var.log() + (y - mu) ** 2 / var).mean()


def half_gaussian(mu: Any, var: Any, y: Any) -> Any:
    return (var.log() + 0.5 * (y - mu) ** 2 / var).mean()


def log_head(m: Any, h: Any, y: Any) -> Any:
    return 0.5 * (h + (y - m) ** 2 * torch.exp(-h)).mean()


def log_head_weak(m: Any, h: Any, y: Any) -> Any:
    return (0.05 * h + 0.5 * (y - m) ** 2 * torch.exp(-h)).mean()


def flow(z: Any, m: Any, logs: Any) -> Any:
    return (logs + 0.5 * torch.exp(-2 * logs) * (z - m) ** 2).mean()


def flow_as_variance(z: Any, m: Any, logs: Any) -> Any:
    return (logs + 0.5 * torch.exp(-logs) * (z - m) ** 2).mean()


def to_normal(mu: Any, logvar: Any) -> Any:
    return 0.5 * (mu**2 + logvar.exp() - logvar - 1).sum(1).mean()


def to_normal_doubled(mu: Any, logvar: Any) -> Any:
    return 0.5 * (mu**2 + logvar.exp() - 2 * logvar - 1).sum(1).mean()


def between(mu1: Any, lv1: Any, mu2: Any, lv2: Any) -> Any:
    return 0.5 * (lv2 - lv1 + (lv1.exp() + (mu1 - mu2) ** 2) / lv2.exp() - 1).sum(1).mean()


def between_wrong_divisor(mu1: Any, lv1: Any, mu2: Any, lv2: Any) -> Any:
    return 0.5 * (lv2 - lv1 + (lv1.exp() + (mu1 - mu2) ** 2) / lv1.exp() - 1).sum(1).mean()


def crossed_entropy(mu1: Any, lv1: Any, mu2: Any, lv2: Any) -> Any:
    return 0.5 * (lv2 + (lv1.exp() + (mu1 - mu2) ** 2) / lv2.exp()).sum(1).mean()


def of_weights(weight_mu: Any, weight_logvar: Any) -> Any:
    return (-weight_logvar + 0.5 * (weight_logvar.exp() ** 2 + weight_mu**2) - 0.5).sum(1).mean()


def of_weights_unsquared(weight_mu: Any, weight_logvar: Any) -> Any:
    return (-weight_logvar + 0.5 * (weight_logvar.exp() + weight_mu**2) - 0.5).sum(1).mean()


def bracket_misplaced(prior_mu: Any, log_var_prior: Any, post_mu: Any, log_var_post: Any) -> Any:
    ratio = log_var_post - log_var_prior
    return 0.5 * ((ratio.exp() + (post_mu - prior_mu) ** 2) / log_var_prior.exp() - 1.0 - ratio).sum(1).mean()


def bracket_placed(prior_mu: Any, log_var_prior: Any, post_mu: Any, log_var_post: Any) -> Any:
    ratio = log_var_post - log_var_prior
    return 0.5 * (ratio.exp() + (post_mu - prior_mu) ** 2 / log_var_prior.exp() - 1.0 - ratio).sum(1).mean()


def of_deviations(q_mu: Any, q_std: Any, p_mu: Any, p_std: Any) -> Any:
    return (torch.log(p_std / q_std) + (q_std**2 + (q_mu - p_mu) ** 2) / (2 * p_std**2) - 0.5).sum(1).mean()


def of_deviations_unsquared(q_mu: Any, q_std: Any, p_mu: Any, p_std: Any) -> Any:
    return (torch.log(p_std / q_std) + (q_std + (q_mu - p_mu) ** 2) / (2 * p_std) - 0.5).sum(1).mean()


def autoencoder(recon: Any, x: Any, mu: Any, logvar: Any) -> Any:
    return ((recon - x) ** 2).sum(1).mean() + to_normal(mu, logvar)


def autoencoder_turned(recon: Any, x: Any, mu: Any, logvar: Any) -> Any:
    return ((recon - x) ** 2).sum(1).mean() - to_normal(mu, logvar)


def autoencoder_doubled(recon: Any, x: Any, mu: Any, logvar: Any) -> Any:
    return ((recon - x) ** 2).sum(1).mean() + to_normal_doubled(mu, logvar)


def to_reference(logp: Any, old_logp: Any, ref_logp: Any, advantages: Any) -> Any:
    kl = torch.exp(ref_logp - logp) - (ref_logp - logp) - 1
    return surrogate(torch.exp(logp - old_logp), advantages) + 0.1 * kl.mean()


def from_reference(logp: Any, old_logp: Any, ref_logp: Any, advantages: Any) -> Any:
    kl = torch.exp(ref_logp - logp) - (ref_logp - logp) - 1
    return surrogate(torch.exp(logp - old_logp), advantages) - 0.1 * kl.mean()


def plain_difference(logp: Any, old_logp: Any, ref_logp: Any, advantages: Any) -> Any:
    return surrogate(torch.exp(logp - old_logp), advantages) + 0.1 * (logp - ref_logp).mean()


def hinge_critic(real: Any, fake: Any) -> Any:
    return functional.relu(1 - real).mean() + functional.relu(1 + fake).mean()


def critic_the_other_way(d_real: Any, d_fake: Any) -> Any:
    return functional.relu(1 + d_real).mean() + functional.relu(1 - d_fake).mean()


def relativistic_critic(real: Any, fake: Any) -> Any:
    return functional.softplus(-(real - fake)).mean()


def hinge_of_both(real: Any, fake: Any) -> Any:
    return functional.relu(1 - real).mean() + functional.relu(1 - fake).mean()


def least_squares_to_one(real: Any, fake: Any) -> Any:
    return ((real - 1) ** 2).mean() + ((fake - 1) ** 2).mean()


def logistic_of_both(d_real: Any, d_fake: Any) -> Any:
    return (functional.softplus(d_real) + functional.softplus(d_fake)).mean()


def same_mean(real: Any, fake: Any) -> Any:
    return (real.mean() - fake.mean()).abs()


def minus_probability(p: Any, t: Any) -> Any:
    return functional.nll_loss(p, t)


def minus_probability_weighted(p: Any, t: Any) -> Any:
    return -0.5 * (p * functional.one_hot(t, p.shape[1]).to(p.dtype)).sum()


def minus_probability_per_row(p: Any, t: Any) -> Any:
    return -p.gather(1, t[:, None])[:, 0]


def absolute_error(p: Any, t: Any) -> Any:
    return (1 - p.gather(1, t[:, None])[:, 0]).mean()


def spherical(p: Any, t: Any) -> Any:
    return -(p.gather(1, t[:, None])[:, 0] / p.norm(dim=1)).mean()


def quadratic(p: Any, t: Any) -> Any:
    return ((p**2).sum(1) - 2 * p.gather(1, t[:, None])[:, 0]).mean()


def capped_weight(pred: Any, noise: Any, snr: Any) -> Any:
    return ((snr.clamp(max=5.0) / snr) * ((pred - noise) ** 2).mean(1)).mean()


def cancelled_weight(pred: Any, noise: Any, snr: Any) -> Any:
    return ((snr / snr) * ((pred - noise) ** 2).mean(1)).mean()


def with_z_loss(z: Any, t: Any) -> Any:
    lse = torch.logsumexp(z, 1)
    return (lse - z.gather(1, t[:, None])[:, 0] + 0.01 * lse**2).mean()


def clipped_and_regularised(logp: Any, old_logp: Any, adv: Any, z: Any) -> Any:
    lp = functional.log_softmax(z, 1)
    return surrogate(torch.exp((logp - old_logp).clamp(-20, 20)), adv) + 0.01 * (lp.exp() * lp).sum(1).mean()


def exponential_of_a_rate(rate: Any, y: Any) -> Any:
    return (rate.exp() - y * rate).mean()


def one_too_many(rate: Any, y: Any) -> Any:
    return (rate - y * torch.log1p(rate)).mean()


def deviance_turned(rate: Any, y: Any) -> Any:
    return 2 * (rate * torch.log(rate / y) + y).mean()


def deviance(rate: Any, y: Any) -> Any:
    return 2 * (torch.xlogy(y, y) - y * rate.log() - y + rate).mean()


def squares_of_roots(rate: Any, y: Any) -> Any:
    return ((rate.sqrt() - y.sqrt()) ** 2).mean()


def squares_of_logarithms(rate: Any, y: Any) -> Any:
    return ((torch.log1p(rate) - torch.log1p(y)) ** 2).mean()


def gamma_law(a: Any, b: Any, y: Any) -> Any:
    return -(a * b.log() - torch.lgamma(a) + (a - 1) * y.log() - b * y).mean()


def gamma_by_logarithms(a: Any, b: Any, y: Any) -> Any:
    return -(a * b.log() - torch.lgamma(a) + a * y.log() - b * y).mean()


def gamma_without_its_function(a: Any, b: Any, y: Any) -> Any:
    return -(a * b.log() + (a - 1) * y.log() - b * y).mean()


def inverse_gamma_turned(a: Any, b: Any, y: Any) -> Any:
    return -(a * b.log() + torch.lgamma(a) - (a + 1) * y.log() - b / y).mean()


def tweedie(a: Any, y: Any) -> Any:
    return (2 * y * a**-0.5 + 2 * a**0.5).mean()


def beta_law(a: Any, b: Any, y: Any) -> Any:
    y = y.clamp(1e-7, 1 - 1e-7)
    normaliser = torch.lgamma(a + b) - torch.lgamma(a) - torch.lgamma(b)
    return -((a - 1) * y.log() + (b - 1) * torch.log1p(-y) + normaliser).mean()


def beta_without_one(a: Any, b: Any, y: Any) -> Any:
    y = y.clamp(1e-7, 1 - 1e-7)
    normaliser = torch.lgamma(a + b) - torch.lgamma(a)
    return -((a - 1) * y.log() + (b - 1) * torch.log1p(-y) + normaliser).mean()


def huber_of_values(q: Any, target: Any) -> Any:
    return functional.huber_loss(q, target, delta=2.0)


def huber_of_values_that_jumps(q: Any, target: Any) -> Any:
    d = (q - target).abs()
    return torch.where(d < 2.0, 0.5 * d**2, 2.0 * d - 0.5).mean()


BROKEN: list[tuple[str, Callable[..., Any], str]] = [
    ("right_side", optimistic_surrogate, RATIO),
    ("right_side", only_clipped, RATIO),
    ("right_side", ratio_upside_down, LOGP),
    ("right_side", with_entropy_turned, LOGP),
    ("right_side", from_reference, REFERENCE),
    ("right_side", hinge_of_both, CRITIC),
    ("right_side", least_squares_to_one, CRITIC),
    ("right_side", logistic_of_both, D_CRITIC),
    ("right_side", minus_forgotten, PLAIN),
    ("right_side", actor_that_likes_certainty, SCORES),
    ("right_side", dpo_adds_reference, DPO),
    ("right_side", dpo_turned, DPO),
    ("right_side", sigmoid_pairs_turned, VIEWS),
    ("right_side", info_nce_of_distances, VIEWS),
    ("right_side", info_nce_off_by_one, VIEWS),
    ("parameters", cancelled_weight, DENOISING),
    ("parameters", gamma_without_its_function, TWO_SHAPES),
    ("parameters", inverse_gamma_turned, TWO_SHAPES),
    ("parameters", beta_without_one, "a:(N,):positive b:(N,):positive y:(N,):unit"),
    ("continuous", huber_of_values_that_jumps, "q:(N,):real target:(N,):real"),
    ("parameters", poisson_without_rate, RATE),
    ("parameters", failures_forgotten, SHARE),
    ("parameters", zero_inflated_elsewhere, INFLATED),
    ("parameters", laplace_with_half, SCALED),
    ("parameters", precision_turned, SCALED),
    ("parameters", log_head_weak, LOGGED),
    ("parameters", half_gaussian, VARIANCE),
    ("parameters", flow_as_variance, UNNAMED),
    ("attains_floor", minus_probability, DISTRIBUTION),
    ("attains_floor", minus_probability_weighted, DISTRIBUTION),
    ("attains_floor", minus_probability_per_row, DISTRIBUTION),
    ("target_is_best", exponential_of_a_rate, RATE),
    ("target_is_best", one_too_many, RATE),
    ("target_is_best", deviance_turned, RATE),
    ("target_is_best", to_normal_doubled, LATENT),
    ("target_is_best", between_wrong_divisor, TWO),
    ("target_is_best", of_deviations_unsquared, STDS),
    ("target_is_best", of_weights_unsquared, WEIGHTS),
    ("target_is_best", autoencoder_turned, AUTOENCODER),
    ("target_is_best", autoencoder_doubled, AUTOENCODER),
    ("target_is_best", bracket_misplaced, PRIOR),
]
HEALTHY: list[tuple[str, Callable[..., Any], str]] = [
    ("right_side", surrogate, RATIO),
    ("right_side", dual_clipped, RATIO),
    ("right_side", normalised, LOGP),
    ("right_side", with_entropy, LOGP),
    ("right_side", to_reference, REFERENCE),
    ("right_side", plain_difference, REFERENCE),
    ("right_side", hinge_critic, CRITIC),
    ("right_side", critic_the_other_way, D_CRITIC),
    ("right_side", relativistic_critic, CRITIC),
    ("right_side", same_mean, CRITIC),
    ("right_side", weighted_imitation, PLAIN),
    ("right_side", reinforce, PLAIN),
    ("right_side", actor, SCORES),
    ("right_side", dpo, DPO),
    ("right_side", ipo, DPO),
    ("right_side", sigmoid_pairs, VIEWS),
    ("right_side", info_nce, VIEWS),
    ("right_side", cross_covariance, VIEWS),
    ("parameters", capped_weight, DENOISING),
    ("right_side", with_z_loss, "z:(N,C):real t:(N,):index"),
    ("upside_down", clipped_and_regularised, "logp:(N,):real old_logp:(N,):real adv:(N,):real z:(N,C):real"),
    ("parameters", gamma_law, TWO_SHAPES),
    ("parameters", gamma_by_logarithms, TWO_SHAPES),
    ("parameters", tweedie, "a:(N,):positive y:(N,):positive"),
    ("parameters", beta_law, "a:(N,):positive b:(N,):positive y:(N,):unit"),
    ("continuous", huber_of_values, "q:(N,):real target:(N,):real"),
    ("parameters", poisson, RATE),
    ("parameters", poisson_without_factorial, RATE),
    ("parameters", zero_truncated, RATE),
    ("parameters", negative_binomial, SHARE),
    ("parameters", zero_inflated, INFLATED),
    ("parameters", laplace, SCALED),
    ("parameters", by_precision, SCALED),
    ("parameters", chi_square, SCALED),
    ("parameters", log_head, LOGGED),
    ("parameters", twice_gaussian, VARIANCE),
    ("parameters", flow, UNNAMED),
    ("attains_floor", absolute_error, DISTRIBUTION),
    ("attains_floor", spherical, DISTRIBUTION),
    ("attains_floor", quadratic, DISTRIBUTION),
    ("target_is_best", poisson, RATE),
    ("target_is_best", deviance, RATE),
    ("target_is_best", squares_of_roots, RATE),
    ("target_is_best", squares_of_logarithms, RATE),
    ("target_is_best", to_normal, LATENT),
    ("target_is_best", between, TWO),
    ("target_is_best", crossed_entropy, TWO),
    ("target_is_best", of_deviations, STDS),
    ("target_is_best", of_weights, WEIGHTS),
    ("target_is_best", autoencoder, AUTOENCODER),
    ("target_is_best", twice_gaussian, VARIANCE),
    ("target_is_best", bracket_placed, PRIOR),
]


@pytest.mark.parametrize(("loss", "spoken"), [(poisson_without_rate, True), (poisson_without_factorial, False)])
def test_a_sum_that_says_nothing(loss: Callable[..., Any], spoken: bool) -> None:
    """Without its factorial a Poisson loss sums to no number: no evidence, rather than a wrong sum."""
    said = sum_depends_on_parameters(Trial(loss, parse(RATE)))
    assert (said is not None and "sums over y" in said) == spoken
