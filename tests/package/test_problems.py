"""What a terminal obeys or hides is shown as a code."""

from __future__ import annotations

import pytest

from review_companion.errors import CompanionError
from review_companion.package.problems import Problem

HOSTILE = "a\nb\x1b[31m\u202ec\u2028"
SHOWN = "a\\nb\\x1b[31m\\u202ec\\u2028"


@pytest.mark.parametrize("part", ["file", "key", "column", "value", "expected", "message"])
def test_no_part_of_a_problem_reaches_a_terminal_as_it_is(part: str) -> None:
    problem = Problem(**{"file": "f", "column": "c", part: HOSTILE})
    assert SHOWN in str(problem)
    assert str(problem).isprintable()


def test_an_error_keeps_its_own_lines_alone() -> None:
    error = CompanionError("two\nlines \x1b[2J", where="x\ny", hint="\u202e")
    assert str(error) == "x\\ny: two\nlines \\x1b[2J\n  \\u202e"


def test_letters_of_every_script_stay_as_they_are() -> None:
    assert "Ž 中文 עברית 🙂" in str(CompanionError("Ž 中文 עברית 🙂"))


def test_a_message_is_shortened_whatever_an_author_wrote() -> None:
    assert len(str(Problem("a.csv", message="x" * 200_000))) < 1_100
