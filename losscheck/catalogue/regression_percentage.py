"""Errors relative to the outcome or the prediction, in percent."""

from __future__ import annotations

from typing import Any

from array_api_compat import array_namespace

from losscheck.catalogue.entry import Claim, entry


@entry(
    kind="regression",
    signature="yhat:(N,):positive y:(N,):positive",
    title="Absolute percentage error",
    family="regression",
    formula=r"\frac{|\hat y - y|}{y}",
    claims=(
        Claim("convex", True, "a norm over a constant"),
        Claim("homogeneous_degree", 0.0, "derived"),
        Claim("elicits[functional=median]", False, "Gneiting, 2011: the median of the law with density f(y)/y"),
    ),
    hazards=("division by a target near 0",),
    references=("Gneiting, Making and evaluating point forecasts, JASA 2011",),
    aliases=("mape",),
)
def absolute_percentage_error(yhat: Any, y: Any) -> Any:
    """|yhat - y| / y, as sklearn.metrics.mean_absolute_percentage_error."""
    return array_namespace(yhat).abs(yhat - y) / y


@entry(
    kind="regression",
    signature="yhat:(N,):positive y:(N,):positive",
    title="Relative error (MAPE of the forecast)",
    family="regression",
    formula=r"\frac{|\hat y - y|}{\hat y}",
    claims=(
        Claim("homogeneous_degree", 0.0, "derived"),
        Claim("convex", False, "1 - y/yhat is concave beyond y"),
        Claim("elicits[functional=median]", False, "Gneiting, 2011, Table 5"),
    ),
    references=("Gneiting, Making and evaluating point forecasts, JASA 2011",),
)
def relative_error(yhat: Any, y: Any) -> Any:
    """|yhat - y| / yhat."""
    return array_namespace(yhat).abs(yhat - y) / yhat


@entry(
    kind="regression",
    signature="yhat:(N,):positive y:(N,):positive",
    title="Symmetric absolute percentage error",
    family="regression",
    formula=r"\frac{2|\hat y - y|}{\hat y + y}",
    claims=(
        Claim("homogeneous_degree", 0.0, "derived"),
        Claim("convex", False, "it saturates at 2"),
        Claim("bounded_above", True, "at most 2"),
        Claim("elicits[functional=median]", False, "Gneiting, 2011, Section 2"),
    ),
    references=("Goodwin, Lawton, On the asymmetry of the symmetric MAPE, 1999",),
    aliases=("smape",),
)
def symmetric_percentage_error(yhat: Any, y: Any) -> Any:
    """2 |yhat - y| / (yhat + y)."""
    return 2 * array_namespace(yhat).abs(yhat - y) / (yhat + y)
