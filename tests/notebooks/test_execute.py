from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from notebook_cells import code, execute, markdown, parameters

from review_companion.errors import CompanionError
from review_companion.notebooks.execute import Executed
from review_companion.notebooks.kernels import KernelPool
from review_companion.notebooks.notebook_files import read_notebook

pytestmark = pytest.mark.integration

Run = Callable[..., Executed]


def outputs(executed: Executed, cell: int) -> list[dict[str, object]]:
    return executed.notebook["cells"][cell]["outputs"]  # type: ignore[no-any-return]


def test_code_cells_are_executed_in_order(run: Run) -> None:
    executed = run(code("a = 1"), code("a + 1"))
    [output] = outputs(executed, 1)
    assert output["data"] == {"text/plain": "2"}
    assert [cell["execution_count"] for cell in executed.notebook["cells"]] == [1, 2]
    assert executed.seconds > 0


def test_parameters_reach_the_cells_after_their_declaration(run: Run) -> None:
    cells = parameters("a: int = 1"), code("a + 1")
    assert outputs(run(*cells), 1)[0]["data"] == {"text/plain": "2"}
    assert outputs(run(*cells, parameters={"a": "5"}), 2)[0]["data"] == {"text/plain": "6"}


def test_inline_values_are_those_after_the_preceding_cell_in_quartos_form(run: Run) -> None:
    executed = run(
        code("from IPython.display import Markdown\na = 1"),
        markdown("`{python} a` and `{python} Markdown(f'[{a}]')`"),
        code("a = 2"),
        markdown("`{python} a`"),
    )
    cells = executed.notebook["cells"]
    shown = {"text/markdown": "1", "text/plain": "1"}
    first = {"data": shown, "metadata": {}, "status": "ok"}
    second = {
        "data": {"text/markdown": "[1]", "text/plain": "<IPython.core.display.Markdown object>"},
        "metadata": {},
        "status": "ok",
    }
    assert cells[1]["metadata"]["user_expressions"] == [
        {"expression": "a", "result": first},
        {"expression": "Markdown(f'[{a}]')", "result": second},
    ]
    assert cells[3]["metadata"]["user_expressions"][0]["result"]["data"]["text/plain"] == "2"


@pytest.mark.parametrize(
    ("code", "text"),
    [
        (r"'it\'s \"q\"'", r"it\'s \"q\""),
        (r"'x\\y'", r"x\\y"),
        ("__import__('numpy').float64(0.5)", r"0\.5"),
        ("[__import__('numpy').int64(3), 1]", r"\[3\, 1\]"),
        ("__import__('decimal').Decimal('1.20')", r"1\.20"),
        ("__import__('fractions').Fraction(1, 3)", r"1\/3"),
        ("__import__('datetime').date(2025, 1, 31)", r"2025\-01\-31"),
        ("1, 2  # a pair", r"\(1\, 2\)"),
    ],
)
def test_an_inline_value_is_shown_as_its_text_and_never_as_python_writes_it(
    run: Run, code: str, text: str
) -> None:
    [cell] = run(markdown("`{python} " + code + "`")).notebook["cells"]
    assert cell["metadata"]["user_expressions"][0]["result"]["data"]["text/markdown"] == text


def test_an_inline_value_without_a_text_is_refused_by_cell(run: Run) -> None:
    with pytest.raises(CompanionError, match=r"cell 1, line 1: TypeError: .* has no text"):
        run(markdown("`{python} object()`"))


def test_inline_values_leave_no_trace_in_the_numbering(run: Run) -> None:
    executed = run(code("1"), markdown("`{python} 1`"), code("2"))
    assert executed.notebook["cells"][2]["execution_count"] == 2


def test_a_raising_cell_is_named_with_line_and_message(run: Run) -> None:
    with pytest.raises(CompanionError) as caught:
        run(markdown("# T"), code("1"), code("a = 0\n1 / a  # here\nb = 1"))
    assert caught.value.where == "n.ipynb, cell 3, line 2"
    assert caught.value.what == "ZeroDivisionError: division by zero\n    1 / a  # here"
    assert "jupyter lab n.ipynb" in str(caught.value)


def test_the_line_is_that_of_the_cell_not_of_the_library_it_called(run: Run) -> None:
    with pytest.raises(CompanionError) as caught:
        run(code("import json\n\njson.loads('{')"))
    assert caught.value.where == "n.ipynb, cell 1, line 3"


def test_a_syntax_error_is_named_with_its_line(run: Run) -> None:
    with pytest.raises(CompanionError, match="SyntaxError") as caught:
        run(code("a = 1\nb = = 2"))
    assert caught.value.where == "n.ipynb, cell 1, line 2"


def test_an_injected_cell_does_not_shift_the_numbers_in_errors(run: Run) -> None:
    with pytest.raises(CompanionError) as caught:
        run(parameters("a: int = 1"), code("1 / (a - 2)"), parameters={"a": 2})
    assert caught.value.where == "n.ipynb, cell 2, line 1"


def test_our_own_errors_speak_for_themselves(run: Run) -> None:
    raising = (
        "from review_companion.errors import CompanionError\nraise CompanionError('no value x')"
    )
    with pytest.raises(CompanionError) as caught:
        run(code(raising))
    assert caught.value.what.startswith("no value x\n")
    assert caught.value.hint is None


def test_a_failing_inline_expression_is_named_with_its_line(run: Run) -> None:
    with pytest.raises(CompanionError) as caught:
        run(markdown("# T\n\nThere are `{python} missing` of them."))
    assert caught.value.where == "n.ipynb, cell 1, line 3"
    assert caught.value.what == ("NameError: name 'missing' is not defined\n    `{python} missing`")


def test_an_inline_expression_over_two_lines_is_refused(run: Run) -> None:
    with pytest.raises(CompanionError, match="must stand on one line") as caught:
        run(markdown("\n`{python} 1 +\n1`"))
    assert caught.value.where == "n.ipynb, cell 1, line 2"


def test_a_kernel_that_dies_is_named_with_its_cell_and_exit_status(run: Run) -> None:
    with pytest.raises(CompanionError) as caught:
        run(code("1"), code("import os\nos._exit(7)"))
    assert caught.value.where == "n.ipynb, cell 2"
    assert caught.value.what == "the kernel died while running this (exit status 7)"


def test_a_kernel_that_is_killed_may_have_lacked_memory(run: Run) -> None:
    with pytest.raises(CompanionError, match="SIGKILL") as caught:
        run(code("import os, signal\nos.kill(os.getpid(), signal.SIGKILL)"))
    assert "memory" in str(caught.value)


def test_a_kernel_that_dies_in_an_inline_expression_is_named(run: Run) -> None:
    with pytest.raises(CompanionError, match="kernel died") as caught:
        run(markdown("`{python} __import__('os')._exit(1)`"))
    assert caught.value.where == "n.ipynb, cell 1"


def test_a_cell_that_does_not_end_is_stopped(run: Run) -> None:
    with pytest.raises(CompanionError, match="still running after 1 seconds") as caught:
        run(code("import threading; threading.Event().wait()"), timeout=1)
    assert caught.value.where == "n.ipynb, cell 1"


def test_an_unknown_parameter_is_refused_before_a_kernel_starts(run: Run) -> None:
    with pytest.raises(CompanionError, match="unknown parameter 'b'"):
        run(parameters("a: int = 1"), parameters={"b": 1})


def test_streams_are_merged_and_lose_colours_and_addresses(run: Run) -> None:
    loop = "for i in '123':\n    print('\\033[31m' + i + '\\033[0m')\n    sys.stdout.flush()"
    source = f"import sys\n{loop}"
    executed = run(code(source), code("object()"))
    assert outputs(executed, 0) == [
        {"output_type": "stream", "name": "stdout", "text": "1\n2\n3\n"}
    ]
    assert outputs(executed, 1)[0]["data"] == {"text/plain": "<object>"}


def test_warnings_do_not_name_the_kernels_temporary_file(run: Run) -> None:
    executed = run(code("import warnings\nwarnings.warn('mind', stacklevel=1)"))
    assert outputs(executed, 0)[0]["text"] == (
        "<cell>:2: UserWarning: mind\n  warnings.warn('mind', stacklevel=1)\n"
    )


def test_a_cell_may_be_expected_to_raise(run: Run) -> None:
    executed = run(code("1 / 0", "raises-exception"), code("2"))
    assert outputs(executed, 0)[0]["ename"] == "ZeroDivisionError"
    assert outputs(executed, 1)[0]["data"] == {"text/plain": "2"}


def test_nothing_of_an_earlier_execution_stays(run: Run) -> None:
    first = run(code("a = 1"), markdown("`{python} a`"))
    again = execute(first.notebook, name="n.ipynb")
    assert again.notebook == first.notebook


FIGURE = """\
import matplotlib
import matplotlib.pyplot as plt
%config InlineBackend.figure_formats = ["svg"]
matplotlib.rcParams["svg.hashsalt"] = "fixed"
fig, ax = plt.subplots(figsize=(2, 2))
ax.plot([1, 2])
{1, "b", "a"}, {"c", "d"}"""


@pytest.mark.filterwarnings("default")
def test_forked_and_plain_kernels_give_the_same_bytes(save: Callable[..., Path]) -> None:
    path = save(code(FIGURE), markdown("`{python} {'x', 'y', 'z'}`"), code("print(1)\nax"))
    dumps = set()
    for forked in (True, True, False):
        env = {"SOURCE_DATE_EPOCH": "0"}
        with KernelPool(preload=["matplotlib.pyplot"], env=env, forked=forked) as pool:
            dumps.add(json.dumps(execute(path, kernel_pool=pool).notebook))
    [dump] = dumps
    assert "<svg" in dump


def test_a_notebook_runs_in_its_own_folder(save: Callable[..., Path], kernels: KernelPool) -> None:
    path = save(code("import os; os.getcwd()"))
    [output] = execute(path, kernel_pool=kernels).notebook["cells"][0]["outputs"]
    assert output["data"]["text/plain"] == repr(str(path.parent))


def test_papermill_runs_the_same_notebook_unchanged(save: Callable[..., Path]) -> None:
    path = save(parameters("a: int = 1"), code("a + 1"))
    before = path.read_bytes()
    target = path.with_name("out.ipynb")
    command = [sys.executable, "-m", "papermill", str(path), str(target), "-p", "a", "5"]
    subprocess.run([*command, "--no-progress-bar"], check=True, capture_output=True)
    ours = execute(path, parameters={"a": 5}).notebook["cells"][2]["outputs"]
    assert read_notebook(target)["cells"][2]["outputs"] == ours
    assert path.read_bytes() == before
