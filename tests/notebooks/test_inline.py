from __future__ import annotations

from review_companion.notebooks.inline import Expression, find_expressions, substitute


def result(**data: str) -> dict[str, object]:
    return {"status": "ok", "metadata": {}, "data": {f"text/{k}": v for k, v in data.items()}}


def test_expressions_are_found_with_their_lines() -> None:
    text = 'A `{python} v("a")`, `{python}  b `\n\nand `{python}\tc`.'
    assert find_expressions(text) == [
        Expression('v("a")', 1),
        Expression("b", 1),
        Expression("c", 3),
    ]


def test_other_code_spans_are_left_alone() -> None:
    assert find_expressions("`python x` `{r} x` ``{python} x`` `{python}`") == []


def test_a_result_is_substituted_as_quarto_does() -> None:
    text = "`{python} a` `{python} b` `{python} c` `{python} d` `{python} e`"
    answers = [
        {"expression": "a", "result": result(plain="<M>", markdown="[6]{.t}", html="<b>")},
        {"expression": "b", "result": result(plain="6")},
        {"expression": "c", "result": result(plain="'1*2'")},
        {"expression": "d", "result": result(plain="<H>", html="<b>6</b>")},
    ]
    assert substitute(text, answers) == r"[6]{.t} 6 1\*2 `<b>6</b>`{=html} `{python} e`"
