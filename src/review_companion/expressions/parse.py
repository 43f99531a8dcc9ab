"""From text to a tree of allowed nodes; anything else is refused in plain words, at its place."""

from __future__ import annotations

import ast
import re
import warnings
from collections.abc import Iterator
from decimal import Decimal
from functools import lru_cache

from .expression_errors import ExpressionError, at, shortened

LONGEST, DEEPEST, MOST_DIGITS = 4000, 40, 30
_ALLOWED = frozenset(
    getattr(ast, name)
    for name in (
        "BoolOp And Or UnaryOp Not USub BinOp Add Sub Mult Div BitOr BitAnd"
        " Compare Eq NotEq Lt LtE Gt GtE In NotIn Call keyword GeneratorExp comprehension"
        " Constant Name Load Store Attribute Subscript List Tuple Set"
    ).split()
)
_NAMED = {ast.Name: "id", ast.Attribute: "attr", ast.keyword: "arg"}
_REFUSED = {
    ast.Is: ("“is” is not part of the language", "write ==, or column.given"),
    ast.IsNot: ("“is not” is not part of the language", "write !=, or column.given"),
    ast.Slice: ("rows have names, not positions", 'write rows["their key"]'),
    ast.ListComp: ("a list built by “for” is not part of the language", "write list(… for …)"),
    ast.SetComp: ("a set built by “for” is not part of the language", "write set(… for …)"),
    ast.JoinedStr: ('texts are not put together by f"…"', "write the text out"),
    ast.IfExp: ("“if … else” is not part of the language", "see first_given(…)"),
    ast.Dict: ("“{ }” holds the members of a set", "whether a set is empty: len(…) == 0"),
    ast.Pow: ("“**” is not part of the language", None),
    ast.Lambda: ("a function of one's own is not part of the language", None),
    ast.NamedExpr: ("nothing is assigned in an expression", "to compare, write =="),
}
_STRING = re.compile(r"\"(?:\\.|[^\"\\])*\"|'(?:\\.|[^'\\])*'")
_SINGLE_EQUALS = re.compile(r"(?<![=<>!])=(?!=)")
_QUOTES = "“”„‘’«»"


@lru_cache(maxsize=20_000)
def parse(text: str) -> ast.expr:
    """The tree of an expression in one line. Raises ExpressionError, and nothing else."""
    _fits(text)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            tree = ast.parse(text.strip(" \n"), mode="eval").body
    except SyntaxError as error:
        raise _explained(text, error) from None
    except (ValueError, RecursionError, MemoryError, UnicodeError):
        raise ExpressionError("not an expression", hint=_SHAPE) from None
    _check(tree, text)
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


_SHAPE = 'such as samples[group == "total"].number.sum(); see docs/expressions.md'


def _fits(text: str) -> None:
    """Refuses a text that is too long or too deep before a parser sees it."""
    if not text.strip():
        raise ExpressionError("an expression is missing here", hint=_SHAPE)
    if len(text) > LONGEST:
        what = f"an expression of {len(text):,} characters; at most {LONGEST:,} are read"
        raise ExpressionError(what, hint="give parts of it names in values.yml")
    if not text.isprintable() and any(c < " " and c not in "\n\t" for c in text):
        raise ExpressionError("the expression has a character that cannot be printed")
    depth = 0
    for character in _STRING.sub("", text):
        depth += (character in "([{") - (character in ")]}")
        if depth > DEEPEST:
            raise _too_deep()


def _too_deep() -> ExpressionError:
    what = f"an expression nested more than {DEEPEST} deep"
    return ExpressionError(what, hint="give parts of it names in values.yml")


def _explained(text: str, error: SyntaxError) -> ExpressionError:
    """What a person most likely meant, instead of the parser's own words."""
    bare = _STRING.sub(lambda found: " " * len(found.group()), text)
    position = (max(error.lineno or 1, 1), max(error.offset or 1, 1))
    for sign in _QUOTES:
        if sign in bare:
            what = f"the quotation mark {sign} is not read"
            found = _position(text, bare.index(sign))
            return ExpressionError(what, hint="write \"…\" or '…'", position=found)
    if "'" in bare or '"' in bare:
        found = _position(text, min(bare.index(q) for q in "'\"" if q in bare))
        return ExpressionError("a quotation mark is missing", position=found)
    if equals := _SINGLE_EQUALS.search(bare):
        found = _position(text, equals.start())
        what = "“=” is not a comparison"
        return ExpressionError(what, hint="write ==", position=found)
    for opening, closing in ("()", "[]", "{}"):
        if bare.count(opening) != bare.count(closing):
            fewer = closing if bare.count(opening) > bare.count(closing) else opening
            return ExpressionError(f"a bracket “{fewer}” is missing", position=position)
    rest = shortened("\n".join(text.strip().split("\n")[position[0] - 1 :])[position[1] - 1 :], 30)
    what = f"not an expression from “{rest}” on" if rest else "the expression breaks off"
    return ExpressionError(what, hint=_SHAPE, position=position)


def _position(text: str, index: int) -> tuple[int, int]:
    before = text[:index]
    return before.count("\n") + 1, index - (before.rfind("\n") + 1) + 1


def _check(tree: ast.expr, text: str) -> None:
    """Refuses every node that is not part of the language; makes numbers exact."""
    waiting: list[tuple[ast.AST, ast.AST, int]] = [(tree, tree, 0)]  # no recursion, for depth
    while waiting:
        node, above, depth = waiting.pop()
        if depth > DEEPEST * 2:
            raise _too_deep()
        placed = node if hasattr(node, "lineno") else above
        if problem := _problem(node, text):
            what, hint = problem
            raise ExpressionError(what, hint=hint, position=at(placed, text))
        waiting += [(child, placed, depth + 1) for child in ast.iter_child_nodes(node)]


def _problem(node: ast.AST, text: str) -> tuple[str, str | None] | None:
    """Why a node is refused: what and a hint."""
    if (kind := type(node)) in _REFUSED:
        return _REFUSED[kind]
    if kind not in _ALLOWED:
        return "this is not part of the language", _SHAPE
    if isinstance(node, ast.Constant):
        return _constant(node, text)
    if isinstance(node, ast.BoolOp) and any(_is_word(part) for part in node.values):
        sign = "and" if isinstance(node.op, ast.And) else "or"
        return f"“{sign}” joins whole conditions", 'write: column in ["one", "other"]'
    if isinstance(node, ast.BinOp) and _joins_figures(node):
        return "“&” and “|” join sets, not conditions", "write “and” or “or”"
    name = _NAMED.get(kind)
    if name and (getattr(node, name) or "_").startswith("_"):
        return "no name begins with an underscore", None
    if isinstance(node, ast.Call) and not isinstance(node.func, ast.Name | ast.Attribute):
        return "only a function of the vocabulary can be called", None
    if isinstance(node, ast.GeneratorExp):
        return _generator(node)
    if isinstance(node, ast.Subscript) and isinstance(node.slice, ast.Tuple):
        return "brackets hold one condition", "join conditions by “and”"
    return None


def _joins_figures(node: ast.BinOp) -> bool:
    sides = isinstance(node.left, ast.Constant) or isinstance(node.right, ast.Constant)
    return sides and isinstance(node.op, ast.BitAnd | ast.BitOr)


def _is_word(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and not isinstance(node.value, bool)


def _generator(node: ast.GeneratorExp) -> tuple[str, str | None] | None:
    first = node.generators[0]
    if len(node.generators) > 1 or first.is_async or not isinstance(first.target, ast.Name):
        return "“for” takes one name over one selection", "all(row.p < 1 for row in comparisons)"
    if first.ifs:
        return "“if” cannot follow “for”", "choose the rows: for row in rows[condition]"
    return None


def _constant(node: ast.Constant, text: str) -> tuple[str, str | None] | None:
    value = node.value
    if value is None:
        return "“None” is not part of the language", "whether a cell is filled is column.given"
    if isinstance(value, float):
        segment = ast.get_source_segment(text.strip(" \n"), node) or ""
        if not re.fullmatch(r"[\d_]*\.[\d_]*", segment) or len(segment) > MOST_DIGITS:
            return "a number is written in plain digits", None
        node.value = Decimal(segment.replace("_", ""))  # type: ignore[assignment]
        return None
    if isinstance(value, int) and not isinstance(value, bool):
        too_long = abs(value) >= 10**MOST_DIGITS
        return ("a number is written in at most 30 digits", None) if too_long else None
    return (
        None if isinstance(value, str | bool | Decimal) else ("not a value of the language", None)
    )
