"""What follows from a claim's place and check: its studies, what was compared, and how."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Mapping

from ..errors import CompanionError
from ..expressions.functions import FUNCTIONS
from ..expressions.parse import parse
from ..model import Origin
from ..package.numerals import numerals
from ..package.package import Package

STUDIES = "studies"
FEW = 2
CALCULATING = ("Numbers", "Tables of two by two", "Printed statistics")
ADDING = ("sum", "total", "rest")
_SETS = ("set", "list", "citations")


def studies_of(
    name: str, section: str, checks: Iterable[str], read: Iterable[Origin], package: Package
) -> tuple[str, ...]:
    """The studies that a claim is about: those in its name or place, else those that its checks
    name, else those of the cells that were read if they are one or two."""
    if STUDIES not in package.resources:
        return ()
    known = package[STUDIES].rows
    parts = section.split("/")
    if named := [study for study in known if study in parts or _within(study, name)]:
        return tuple(named)
    words = {part for check in checks for text in _texts(check) for part in text.split("/")}
    if written := [study for study in known if study in words]:
        return tuple(written)
    found = {study for origin in read if (study := _study(origin, package))}
    return tuple(study for study in known if study in found) if len(found) <= FEW else ()


def _within(study: str, name: str) -> bool:
    return re.search(rf"(?<![^-/]){re.escape(study)}(?![^-/])", name) is not None


def _texts(expression: str) -> Iterable[str]:
    for node in ast.walk(_tree(expression)):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value


def _tree(expression: str) -> ast.AST:
    try:
        return parse(expression)
    except CompanionError:
        return ast.Module([], [])  # evaluation says what is wrong


def _study(origin: Origin, package: Package) -> str:
    resource = package[origin.resource]
    if resource.name == STUDIES:
        return origin.row
    link = next((c for c, target in resource.foreign_keys.items() if target == STUDIES), None)
    return resource.rows[origin.row][link] if link and origin.row in resource.rows else ""


def basis_of(checks: Iterable[str], printed: str, expressions: Mapping[str, str]) -> str:
    """What is compared: "arithmetic" where a check calculates, directly or in a named value, or
    where a figure has no check; else "other-place": the same fact printed twice."""
    waiting, seen = list(checks), set[str]()
    if not waiting:
        return "arithmetic" if numerals(printed) else "other-place"
    while waiting:
        tree = _tree(waiting.pop())
        if _calculates(tree):
            return "arithmetic"
        named = {n.id for n in ast.walk(tree) if isinstance(n, ast.Name) and n.id in expressions}
        waiting += [expressions[name] for name in named - seen]
        seen |= named
    return "other-place"


def _calculates(node: ast.AST) -> bool:
    """Whether figures are calculated with; counting, comparing and joining sets is none of it."""
    joins = isinstance(node, ast.BinOp) and isinstance(node.op, ast.BitOr | ast.BitAnd)
    if isinstance(node, ast.BinOp) and not (joins or _is_set(node)):
        return True
    if isinstance(node, ast.Compare) and _orders_figures(node):
        return True
    if isinstance(node, ast.Call):
        name = node.func.attr if isinstance(node.func, ast.Attribute) else _name(node.func)
        function = FUNCTIONS.get(name)
        if name in ADDING or (function is not None and function.group in CALCULATING):
            return True
    return any(_calculates(child) for child in ast.iter_child_nodes(node))


def _orders_figures(node: ast.Compare) -> bool:
    sides = [node.left, *node.comparators]
    if any(_is_set(side) or (isinstance(side, ast.Constant) and side.value == 0) for side in sides):
        return False
    return any(isinstance(sign, ast.Lt | ast.LtE | ast.Gt | ast.GtE) for sign in node.ops)


def _is_set(node: ast.AST) -> bool:
    if isinstance(node, ast.BinOp):
        return _is_set(node.left) or _is_set(node.right)
    return isinstance(node, ast.Set) or (isinstance(node, ast.Call) and _name(node.func) in _SETS)


def _name(node: ast.AST) -> str:
    return node.id if isinstance(node, ast.Name) else ""


def is_one_cell(check: str) -> bool:
    """Whether a check is no more than a cell."""
    return bool(check) and isinstance(parse(check), ast.Attribute)


def is_statement(check: str) -> bool:
    """Whether a check says something that holds or not, rather than computing a figure."""
    tree = parse(check)
    if isinstance(tree, ast.Call) and isinstance(tree.func, ast.Name):
        function = FUNCTIONS.get(tree.func.id)
        return function is not None and "bool" in str(function.signature.return_annotation)
    return isinstance(tree, ast.Compare | ast.BoolOp) or (
        isinstance(tree, ast.UnaryOp) and isinstance(tree.op, ast.Not)
    )
