from __future__ import annotations

from notebook_cells import code, markdown, notebook

from review_companion.notebooks.notebook_files import as_notebook
from review_companion.notebooks.strip import strip


def executed() -> dict[str, object]:
    made = as_notebook(
        notebook(markdown("a"), code("1"), code("b = 2", "injected-parameters")), "n"
    )
    made["metadata"] = {"language_info": {"version": "3.11.4"}, "title": "kept"}
    made["cells"][0]["metadata"]["user_expressions"] = []
    made["cells"][1] |= {"execution_count": 3, "outputs": [{"output_type": "stream"}]}
    made["cells"][1]["metadata"] |= {"execution": {}, "scrolled": True}
    return made


def test_stripping_leaves_what_was_written() -> None:
    stripped = strip(executed())
    assert [cell["source"] for cell in stripped["cells"]] == ["a", "1"]
    assert [cell["metadata"] for cell in stripped["cells"]] == [{}, {}]
    assert stripped["cells"][1]["outputs"] == []
    assert stripped["cells"][1]["execution_count"] is None
    assert set(stripped["metadata"]) == {"kernelspec", "title"}


def test_stripping_twice_changes_nothing() -> None:
    assert strip(strip(executed())) == strip(executed())


def test_tags_and_cell_ids_stay() -> None:
    made = as_notebook(notebook(code("a: int = 1", "parameters")), "n")
    assert strip(made)["cells"][0]["metadata"] == {"tags": ["parameters"]}
    assert strip(made)["cells"][0]["id"] == "cell-1"
