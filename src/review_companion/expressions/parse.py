"""From text to a syntax tree, and errors that say in plain words what is wrong, and where."""

from __future__ import annotations

import ast
import re
import warnings
from collections.abc import Iterator
from functools import lru_cache

from ..errors import CompanionError
from ..package.yaml_nodes import Written

LONGEST, DEEPEST, MOST_DIGITS = 4000, 40, 30
SHOWN = 60  # characters of an expression in an error
SHAPE = 'such as samples[group == "total"].number.sum(); see docs/expressions.md'
PARAMETERS = ("no parameter is named", "known parameters", "parameter")
PARTS = "give parts of it names in values.yml"
_STRING = re.compile(r"\"(?:\\.|[^\"\\])*\"|'(?:\\.|[^'\\])*'")
_SINGLE_EQUALS = re.compile(r"(?<![=<>!])=(?!=)")
_QUOTES = "“”„‘’«»"


class ExpressionError(CompanionError):
    """An expression that cannot be read or computed; `position` is a character of it, from 1."""

    def __init__(
        self, what: str, *, hint: str | None = None, position: int = 0, missing: str = ""
    ) -> None:
        super().__init__(what, hint=hint, missing=missing)
        self.position = position


class NotReported(ExpressionError):
    """A calculation needs a cell that is empty."""


def at(node: ast.AST, text: str) -> int:
    """The character (from 1) at which a node begins."""
    blanks = len(text) - len(text.lstrip(" "))
    before = text[blanks:].encode(errors="replace")[: getattr(node, "col_offset", 0)]
    return blanks + len(before.decode(errors="ignore")) + 1


def placed(error: CompanionError, node: ast.AST, text: str) -> CompanionError:
    """The error at a node, unless it has a place already."""
    if error.where is not None or (isinstance(error, ExpressionError) and error.position):
        return error
    if not isinstance(error, ExpressionError):
        error = ExpressionError(error.what, hint=error.hint, missing=error.missing)
    error.position = at(node, text)
    return error


def with_place(error: CompanionError, text: str, label: str = "") -> CompanionError:
    """The error with its file, line and column as far as they are known, unless it has a place."""
    if error.where is None:
        before = str(text)[: max(getattr(error, "position", 0), 1) - 1]
        line, column = before.count("\n"), len(before) - before.rfind("\n")
        if not isinstance(text, Written) or not text.file:
            place = f"“{shortened(text)}”, column {column}"
        else:
            column += text.column - 1 if text.column and not line else 0
            place = f"{text.file}:{text.line + line}, column {column}"
        error.where = place + label
    return error


def one_line(text: str) -> str:
    """An expression without line breaks, which mean nothing in it."""
    return text.replace("\n", " ")


def shortened(text: str, most: int = SHOWN) -> str:
    """At most so many characters of a text, on one line."""
    line = " ".join(str(text).split())
    return line if len(line) <= most else line[: most - 1] + "…"


@lru_cache(maxsize=20_000)
def parse(text: str) -> ast.expr:
    """The tree of an expression. Raises ExpressionError, and nothing else."""
    _fits(text)
    text = one_line(text)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            tree = ast.parse(text.strip(" "), mode="eval").body
    except SyntaxError as error:
        raise _explained(text, error) from None
    except (ValueError, RecursionError, MemoryError, UnicodeError):
        raise ExpressionError("not an expression", hint=SHAPE) from None
    level: list[ast.AST] = [tree]
    for _ in range(2 * DEEPEST):
        level = [child for node in level for child in ast.iter_child_nodes(node)]
    if level:
        raise _too_deep()
    return tree


def require_computed(text: str) -> ast.expr:
    """The tree of an expression; raises ExpressionError for one of figures alone.

    What names no data and no rule is typed, and agrees with whatever it is held against.
    """
    tree = parse(text)
    if not any(isinstance(node, ast.Name) for node in ast.walk(tree)):
        hint = "a figure that is printed is a cell of a table, with its place"
        raise ExpressionError("the figure is typed: nothing is read from the data", hint=hint)
    return tree


def chain(node: ast.expr) -> tuple[ast.expr, tuple[str, ...]]:
    """What a chain of dots starts from, and the names that follow it."""
    path: list[str] = []
    while isinstance(node, ast.Attribute):
        path.insert(0, node.attr)
        node = node.value
    return node, tuple(path)


def called(node: ast.Call) -> tuple[str, list[ast.expr]]:
    """The name and the arguments of a call, the first of which may be before a dot."""
    if isinstance(node.func, ast.Attribute):
        return node.func.attr, [node.func.value, *node.args]
    return getattr(node.func, "id", ""), node.args


def joined(condition: ast.expr) -> Iterator[ast.expr]:
    """The conditions that “and” joins, in order."""
    if isinstance(condition, ast.BoolOp) and isinstance(condition.op, ast.And):
        for part in condition.values:
            yield from joined(part)
    else:
        yield condition


def outside_brackets(node: ast.AST) -> Iterator[ast.AST]:
    """The nodes of a condition that are about its own rows, without names of functions."""
    yield node
    for child in ast.iter_child_nodes(node):
        if isinstance(node, ast.Subscript) and child is node.slice:
            continue
        if isinstance(node, ast.Call) and child is node.func:
            if isinstance(child, ast.Attribute):
                yield from outside_brackets(child.value)
            continue
        yield from outside_brackets(child)


def _fits(text: str) -> None:
    """Refuses a text that is too long or too deep before a parser sees it."""
    if not text.strip():
        raise ExpressionError("an expression is missing here", hint=SHAPE)
    if len(text) > LONGEST:
        what = f"an expression of {len(text):,} characters; at most {LONGEST:,} are read"
        raise ExpressionError(what, hint=PARTS)
    if not text.isprintable() and any(c < " " and c not in "\n\t" for c in text):
        raise ExpressionError("the expression has a character that cannot be printed")
    depth = 0
    for character in _STRING.sub("", text):
        depth += (character in "([{") - (character in ")]}")
        if depth > DEEPEST:
            raise _too_deep()


def _too_deep() -> ExpressionError:
    return ExpressionError(f"an expression nested more than {DEEPEST} deep", hint=PARTS)


def _explained(text: str, error: SyntaxError) -> ExpressionError:
    """What a person most likely meant, instead of the parser's own words."""
    bare = _STRING.sub(lambda found: " " * len(found.group()), text)
    position = max(error.offset or 1, 1)
    for sign in _QUOTES:
        if sign in bare:
            what = f"the quotation mark {sign} is not read"
            return ExpressionError(what, hint="write \"…\" or '…'", position=bare.index(sign) + 1)
    if found := re.search("['\"]", bare):
        return ExpressionError("a quotation mark is missing", position=found.start() + 1)
    if found := _SINGLE_EQUALS.search(bare):
        what = "“=” is not a comparison"
        return ExpressionError(what, hint="write ==", position=found.start() + 1)
    for opening, closing in ("()", "[]", "{}"):
        if bare.count(opening) != bare.count(closing):
            fewer = closing if bare.count(opening) > bare.count(closing) else opening
            return ExpressionError(f"a bracket “{fewer}” is missing", position=position)
    rest = shortened(text.strip(" ")[position - 1 :], 30)
    what = f"not an expression from “{rest}” on" if rest else "the expression breaks off"
    return ExpressionError(what, hint=SHAPE, position=position)
