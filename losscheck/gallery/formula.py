r"""LaTeX as MathML, which browsers draw without a script and without a network.

>>> formula(r"\\frac{1}{2}").startswith("<math")
True
"""

from __future__ import annotations

from functools import cache

from markupsafe import Markup


@cache
def formula(latex: str, *, display: bool = True) -> Markup:
    """Return a formula as MathML.

    Raises
    ------
    ImportError
        When latex2mathml is missing; the extra ``docs`` has it.
    """
    try:
        from latex2mathml.converter import convert
    except ImportError as missing:
        raise ImportError('pages with formulas need latex2mathml: pip install "losscheck[docs]"') from missing
    # The converter knows \\max and \\min, not \\arg.
    known = latex.replace(r"\arg", r"\operatorname{arg}")
    return Markup(convert(known, display="block" if display else "inline"))
