"""Redescending losses: far outliers lose all influence, at the price of convexity."""

from __future__ import annotations

from typing import Any

from array_api_compat import array_namespace

from losscheck.catalogue.entry import Claim, Parameter, entry

NOT_CONVEX = Claim("convex", False, "the slope falls again")
BOUNDED = Claim("bounded_above", True, "the loss saturates")
INFLUENCE = Claim("bounded_influence", True, "Hampel, Ronchetti, Rousseeuw, Stahel, 1986")
REFERENCES = ("Hampel, Ronchetti, Rousseeuw, Stahel, Robust Statistics, 1986",)


@entry(
    kind="regression",
    title="Tukey's biweight",
    family="regression",
    formula=r"\frac{c^2}{6}\left(1 - \left(1 - \min(1, (r/c)^2)\right)^3\right)",
    parameters={"c": Parameter(4.685, "(0, inf)", "beyond c a residual has no influence; 4.685 keeps 95% efficiency")},
    claims=(
        NOT_CONVEX,
        BOUNDED,
        INFLUENCE,
        Claim("differentiable", True, "the slope r(1 - (r/c)^2)^2 meets 0 at c"),
        Claim("smoothness", 1.0, "the second derivative is largest at 0"),
    ),
    references=("Beaton, Tukey, The fitting of power series, Technometrics 1974",),
)
def tukey_biweight(yhat: Any, y: Any, c: float = 4.685) -> Any:
    """c^2/6 (1 - (1 - (r/c)^2)^3) up to c, constant beyond."""
    xp = array_namespace(yhat)
    square = ((yhat - y) / c) ** 2
    kept = xp.where(square < 1, 1 - square, 0 * square)
    return c**2 / 6 * (1 - kept**3)


@entry(
    kind="regression",
    title="Cauchy (Lorentzian) loss",
    family="regression",
    formula=r"\frac{c^2}{2}\log\left(1 + (r/c)^2\right)",
    parameters={"c": Parameter(1.0, "(0, inf)", "the scale")},
    claims=(
        NOT_CONVEX,
        INFLUENCE,
        Claim("bounded_above", False, "it grows like a logarithm"),
        Claim("smoothness", 1.0, "the second derivative is largest at 0"),
        Claim("lipschitz[norm=l2]", 0.5, "the slope r / (1 + (r/c)^2) is largest at r = c"),
    ),
    references=("Black, Anandan, The robust estimation of multiple motions, CVIU 1996",),
    aliases=("lorentzian",),
)
def cauchy(yhat: Any, y: Any, c: float = 1.0) -> Any:
    """c^2/2 log(1 + (r/c)^2)."""
    return c**2 / 2 * array_namespace(yhat).log1p(((yhat - y) / c) ** 2)


@entry(
    kind="regression",
    title="Welsch loss (correntropy)",
    family="regression",
    formula=r"\frac{c^2}{2}\left(1 - e^{-(r/c)^2}\right)",
    parameters={"c": Parameter(1.0, "(0, inf)", "the scale")},
    claims=(NOT_CONVEX, BOUNDED, INFLUENCE, Claim("smoothness", 1.0, "the second derivative is largest at 0")),
    references=(
        "Holland, Welsch, Robust regression using iteratively reweighted least-squares, 1977",
        "Liu, Pokharel, Principe, Correntropy: properties and applications in non-Gaussian signal processing, 2007",
    ),
    aliases=("correntropy", "leclerc"),
)
def welsch(yhat: Any, y: Any, c: float = 1.0) -> Any:
    """c^2/2 (1 - exp(-(r/c)^2))."""
    return -(c**2) / 2 * array_namespace(yhat).expm1(-(((yhat - y) / c) ** 2))


@entry(
    kind="regression",
    title="Geman-McClure loss",
    family="regression",
    formula=r"\frac{r^2}{2 (1 + r^2)}",
    claims=(
        NOT_CONVEX,
        BOUNDED,
        INFLUENCE,
        Claim("smoothness", 1.0, "the second derivative is largest at 0"),
        Claim("lipschitz[norm=l2]", 3 * 3**0.5 / 16, "the slope r / (1 + r^2)^2 is largest at r^2 = 1/3"),
    ),
    hazards=("inf / inf is nan where the square overflows, at residuals of 1.8e19 in float32",),
    references=("Geman, McClure, Bayesian image analysis, 1985",),
)
def geman_mcclure(yhat: Any, y: Any) -> Any:
    """r^2 / (2 (1 + r^2)), written so that a square that overflows does no harm."""
    return 0.5 - 0.5 / (1 + (yhat - y) ** 2)


@entry(
    kind="regression",
    title="Truncated squared error (Talwar)",
    family="regression",
    formula=r"\tfrac12\min(r^2, c^2)",
    parameters={"c": Parameter(1.0, "(0, inf)", "beyond c a residual has no influence")},
    claims=(
        NOT_CONVEX,
        BOUNDED,
        INFLUENCE,
        Claim("differentiable", False, "a kink at |r| = c"),
        Claim("lipschitz[norm=l2]", 1.0, "the slope is r up to c"),
    ),
    references=("Hinich, Talwar, A simple method for robust regression, JASA 1975",),
)
def truncated_squared_error(yhat: Any, y: Any, c: float = 1.0) -> Any:
    """min(r^2, c^2) / 2."""
    xp = array_namespace(yhat)
    square = (yhat - y) ** 2
    return 0.5 * xp.where(square < c**2, square, 0 * square + c**2)


@entry(
    kind="regression",
    title="Andrews' sine wave",
    family="regression",
    formula=r"a^2 (1 - \cos(r/a)) \text{ for } |r| \le \pi a, \quad 2a^2 \text{ beyond}",
    parameters={"a": Parameter(1.0, "(0, inf)", "the scale")},
    claims=(NOT_CONVEX, BOUNDED, INFLUENCE),
    hazards=("1 - cos cancels near 0; 2 sin^2(r/2a) does not",),
    references=("Andrews, A robust method for multiple linear regression, Technometrics 1974",),
)
def andrews_sine(yhat: Any, y: Any, a: float = 1.0) -> Any:
    """2 a^2 sin^2(r / 2a) up to pi a, constant beyond."""
    xp = array_namespace(yhat)
    half = xp.abs(yhat - y) / (2 * a)
    quarter_turn = 1.5707963267948966
    wave = xp.sin(xp.where(half < quarter_turn, half, 0 * half + quarter_turn))
    return 2 * a**2 * wave**2


@entry(
    kind="regression",
    title="Hampel's three-part loss",
    family="regression",
    formula=r"\psi(r) = r,\ a\,\mathrm{sgn}\,r,\ a\,\mathrm{sgn}(r)\frac{c - |r|}{c - b},\ 0 "
    r"\text{ up to } a, b, c, \infty",
    parameters={
        "a": Parameter(2.0, "(0, b)", "end of the square"),
        "b": Parameter(4.0, "(a, c)", "end of the line"),
        "c": Parameter(8.0, "(b, inf)", "no influence beyond"),
    },
    claims=(NOT_CONVEX, BOUNDED, INFLUENCE, Claim("lipschitz[norm=l2]", 2.0, "the slope is at most a")),
    references=REFERENCES,
)
def hampel(yhat: Any, y: Any, a: float = 2.0, b: float = 4.0, c: float = 8.0) -> Any:
    """Square, line, falling slope, constant."""
    xp = array_namespace(yhat)
    size = xp.abs(yhat - y)
    line = a * size - 0.5 * a**2
    top = 0.5 * a * (b - a + c)
    falling = top - 0.5 * a * (c - size) ** 2 / (c - b)
    far = xp.where(size < c, falling, 0 * size + top)
    return xp.where(size <= a, 0.5 * size**2, xp.where(size <= b, line, far))


@entry(
    kind="regression",
    title="Barron's general robust loss",
    family="regression",
    formula=r"\frac{|\alpha - 2|}{\alpha}\left(\left(\frac{(r/c)^2}{|\alpha - 2|} + 1\right)^{\alpha/2} - 1\right)",
    parameters={
        "alpha": Parameter(-1.0, "(-inf, 2) without 0", "2 squared, 1 Charbonnier, 0 Cauchy, -2 Geman-McClure"),
        "c": Parameter(1.0, "(0, inf)", "the scale"),
    },
    claims=(
        NOT_CONVEX,
        BOUNDED,
        INFLUENCE,
        Claim("smoothness", 1.0, "Barron, 2019: the second derivative is largest at 0, 1/c^2"),
    ),
    hazards=("0/0 at alpha = 0 and 2, and cancellation near them: the limits need formulas of their own",),
    references=("Barron, A general and adaptive robust loss function, CVPR 2019",),
)
def barron(yhat: Any, y: Any, alpha: float = -1.0, c: float = 1.0) -> Any:
    """Barron's family at one alpha."""
    gap = abs(alpha - 2)
    xp = array_namespace(yhat)
    return gap / alpha * xp.expm1(alpha / 2 * xp.log1p(((yhat - y) / c) ** 2 / gap))
