from __future__ import annotations

import pytest

from losscheck.kinds import KINDS, resolve_signature
from losscheck.loss import Loss, as_loss, infer_kind, load_target
from losscheck.signature import parse


@pytest.mark.parametrize("kind", [k for k in KINDS.values() if k.signature])
def test_every_kind_has_a_signature_that_parses_and_resolves_to_itself(kind: object) -> None:
    name, text = kind.name, kind.signature  # type: ignore[attr-defined]
    assert parse(text).text == text
    assert resolve_signature(name, None) == resolve_signature(name, text) == parse(text)


@pytest.mark.parametrize(
    ("text", "domain", "also", "ignored", "dtype"),
    [
        ("z:(N,K):real|-inf", "real", (float("-inf"),), None, None),
        ("y:(N,):index*", "index*", (), -100, None),
        ("y:(N,):index*=255", "index*", (), 255, None),
        ("y:(M,):{0,1}uint8", "{0,1}", (), None, "uint8"),
        ("y:(M,):{0,1}|255", "{0,1}", (255.0,), None, None),
        ("y:(N,M):{0,1}+", "{0,1}+", (), None, None),
        ("p:(N,):[0,1]", "unit", (), None, None),
        ("p:(N,):(0,1)", "(0,1)", (), None, None),
        ("p:(N,K):simplex+", "simplex+", (), None, None),
    ],
)
def test_domains(text: str, domain: str, also: tuple[float, ...], ignored: int | None, dtype: str | None) -> None:
    (argument,) = parse(text).arguments
    assert (argument.domain, argument.also, argument.ignored, argument.dtype) == (domain, also, ignored, dtype)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "names no argument"),
        ("z", "not name:shape:domain"),
        ("z:N:real", "not in brackets"),
        ("z:(X,):real", "axis 'X'"),
        ("z:(NK,):real", "axis 'NK'"),
        ("z:(N,):reel", "did you mean 'real'"),
        ("z:(N,):real|two", "'two' after '|'"),
        ("z:(N,):real z:(N,):real", "appears twice"),
    ],
)
def test_errors_say_what_was_given_and_what_is_allowed(text: str, words: str) -> None:
    with pytest.raises(ValueError, match=r"signature=") as caught:
        parse(text)
    assert words in str(caught.value)


def test_a_signature_narrows_its_kind() -> None:
    assert resolve_signature("regression", "yhat:(N,):positive y:(N,):positive").arguments[0].domain == "positive"
    assert resolve_signature("set", "x:(N,M):unit y:(N,M):{0,1}+").arguments[1].domain == "{0,1}+"
    for wrong in ("z:(N,):real y:(N,):index", "z:(N,K):real t:(N,):index", "z:(N,K):index y:(N,):index"):
        with pytest.raises(ValueError, match="does not narrow"):
            resolve_signature("logits", wrong)


def test_kind_errors() -> None:
    with pytest.raises(ValueError, match="did you mean 'logits'"):
        resolve_signature("logit", None)
    with pytest.raises(ValueError, match="one of margin"):
        resolve_signature(None, None)
    with pytest.raises(ValueError, match="no fixed arguments"):
        resolve_signature("embedding", None)


def test_the_kind_of_well_known_losses_is_known() -> None:
    import functools

    import torch

    assert infer_kind(torch.nn.functional.cross_entropy) == "logits"
    assert infer_kind("torch.nn.functional:soft_margin_loss") == "signed"
    assert infer_kind(torch.nn.BCELoss()) == "probability"
    assert infer_kind("torch.nn:CrossEntropyLoss") == "logits"
    assert infer_kind(functools.partial(torch.nn.functional.mse_loss, reduction="sum")) == "regression"
    assert infer_kind(lambda v: v) is None


def test_targets() -> None:
    assert load_target("math:exp")(0.0) == 1.0
    for wrong in ("math:", ":exp", "math:1"):
        with pytest.raises(ValueError, match="no target"):
            as_loss(wrong)
    with pytest.raises(KeyError, match=r"catalogue has no loss 'math'.*package.module:attr"):
        as_loss("math")
    with pytest.raises(TypeError, match="give a callable"):
        as_loss(3)
    with pytest.raises(ImportError, match="no attribute"):
        load_target("math:nothing")
    with pytest.raises(ImportError, match="does not exist"):
        load_target("no/such/file.py:loss")
    assert as_loss(Loss("math:exp", kind="margin")).kind == "margin"
