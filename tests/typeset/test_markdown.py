from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from tests.typeset.fixtures import (
    code,
    display,
    make_book,
    markdown,
    new_output,
    read,
    write_notebook,
)

from review_companion.errors import CompanionError
from review_companion.text import escape_markdown
from review_companion.typeset.code_cells import fenced
from review_companion.typeset.markdown import assemble

pytestmark = pytest.mark.integration


def assembled(root: Path, *cells: Any) -> str:
    book, executed = make_book(root)
    write_notebook(executed["notebooks/results.ipynb"], [markdown("# X {#sec-results}"), *cells])
    (root / "outputs").mkdir(exist_ok=True)
    return "\n".join(assemble(book, read(executed), root / "outputs"))


def refusal(root: Path, *cells: Any) -> CompanionError:
    with pytest.raises(CompanionError) as caught:
        assembled(root, *cells)
    return caught.value


def test_inline_values_are_those_stored_at_execution(tmp_path: Path) -> None:
    text = assembled(tmp_path, markdown("Has `{python} v('a')`.", ("v('a')", "[3]{.traced}")))
    assert "Has [3]{.traced}." in text


def test_a_plain_inline_value_is_text_and_never_markup(tmp_path: Path) -> None:
    cell = markdown("`{python} x`", ("x", ""))
    cell.metadata["user_expressions"][0]["result"]["data"] = {"text/plain": "'*a* <b> [c](d)'"}
    assert r"\*a\* \<b\> \[c\]\(d\)" in assembled(tmp_path, cell)


def test_an_inline_expression_without_its_value_is_an_error(tmp_path: Path) -> None:
    error = refusal(tmp_path, markdown("One\n\n`{python} x`", ("y", "1")))
    assert "{python} x" in error.what
    assert error.where == "notebooks/results.ipynb, cell 2, line 3"


def test_footnotes_are_kept_apart_by_chapter_but_not_in_code(tmp_path: Path) -> None:
    text = assembled(tmp_path, markdown("a[^1] `b[^1]`\n\n```\nc[^1]\n```\n\n[^1]: note"))
    assert "a[^2-1] `b[^1]`" in text
    assert "\nc[^1]\n" in text
    assert "[^2-1]: note" in text
    assert "[^3-1]: Another footnote." in text


@pytest.mark.parametrize(
    ("cell", "message"),
    [
        (markdown("{{< include x.md >}}"), "the shortcode {{< include x.md >}}"),
        (markdown("```{=html}\n<b>\n```"), "raw markup"),
        (markdown("```{python}\n1\n```"), "an executable block"),
        (code("#| eval: false\n1"), "nothing reads “eval”"),
        (code("1", display("image/svg+xml", "<svg/>")), "needs the option 'fig-alt'"),
        (code("1", new_output("error", ename="KeyError", evalue="'x'")), "KeyError: 'x'"),
        (code("#| label: tbl-x\n#| tbl-cap: x\n1"), "has no output"),
        (code("1", new_output("display_data", data={"application/json": {}})), "application/json"),
    ],
)
def test_what_is_not_supported_is_refused_by_notebook_and_cell(
    tmp_path: Path, cell: Any, message: str
) -> None:
    error = refusal(tmp_path, cell)
    assert message in error.what
    assert str(error.where).startswith("notebooks/results.ipynb, cell 2")


def test_a_cell_that_is_injected_does_not_shift_the_numbers(tmp_path: Path) -> None:
    injected = code("#| include: false\nx = 1")
    injected.metadata["tags"] = ["injected-parameters"]
    error = refusal(tmp_path, injected, markdown("{{< include x.md >}}"))
    assert error.where == "notebooks/results.ipynb, cell 2, line 1"


def test_what_a_cell_hides_stays_hidden(tmp_path: Path) -> None:
    text = assembled(
        tmp_path,
        code("#| include: false\nsecret = 1", new_output("stream", name="stdout", text="secret")),
        code("#| output: false\nsecret", new_output("stream", name="stdout", text="secret")),
        code("#| warning: false\n2", new_output("stream", name="stderr", text="secret")),
    )
    assert "secret" not in text


def test_front_matter_of_a_chapter_is_refused(tmp_path: Path) -> None:
    book, executed = make_book(tmp_path)
    (tmp_path / "index.md").write_text("---\ntitle: x\n---\n")
    with pytest.raises(CompanionError, match=r"index.md, line 1: front matter"):
        assemble(book, read(executed), tmp_path)


def test_a_raw_fence_is_longer_than_the_backticks_within() -> None:
    assert fenced("a ```` b", "=x").startswith("`````{=x}\n")


def test_escaping_leaves_letters_and_digits() -> None:
    assert escape_markdown("a1 *b* ä") == r"a1 \*b\* ä"
