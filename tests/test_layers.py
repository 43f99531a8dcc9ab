"""The layers of `docs/architecture.md`: a module imports only from lines above its own."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from graphlib import TopologicalSorter
from pathlib import Path

ROOT = Path(__file__).parents[1]
PACKAGE = "review_companion"
SOURCE = ROOT / "src" / PACKAGE
ROW = re.compile(r"^\| ((?:`\w+`(?:, )?)+) \|", re.MULTILINE)


def layers() -> dict[str, int]:
    """Part of the package -> its line in the table of layers."""
    page = (ROOT / "docs/architecture.md").read_text("utf-8")
    table = page.split("## Layers")[1].split("\n## ")[0]
    lines = [re.findall(r"`(\w+)`", row) for row in ROW.findall(table)]
    return {part: line for line, parts in enumerate(lines) for part in parts}


def module_name(path: Path) -> str:
    parts = path.relative_to(SOURCE.parent).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def imported(path: Path, nodes: Iterator[ast.AST]) -> Iterator[str]:
    """Absolute names of what a module imports from this package."""
    package = path.relative_to(SOURCE.parent).parts[:-1]
    for node in nodes:
        if isinstance(node, ast.Import):
            yield from (a.name for a in node.names if a.name.split(".")[0] == PACKAGE)
        elif isinstance(node, ast.ImportFrom):
            start = package[: len(package) - node.level + 1] if node.level else ()
            base = ".".join((*start, *([node.module] if node.module else [])))
            if base.split(".")[0] == PACKAGE:
                yield from (f"{base}.{alias.name}" for alias in node.names)


@cache
def imports_of(path: Path) -> frozenset[str]:
    """What a module imports when it is loaded, within a function, or for the sake of types."""
    return frozenset(imported(path, ast.walk(ast.parse(path.read_text("utf-8")))))


def part(module: str) -> str:
    """`review_companion.package.links` -> `package`; what the top offers is `review`."""
    names = module.split(".")
    return names[1] if len(names) > 1 else PACKAGE


def violations(line_of: dict[str, int], own: str, names: set[str]) -> list[str]:
    """The parts among `names` that a module of the part `own` may not import."""
    others = {part(name) for name in names} - {own}
    return sorted(p for p in others if line_of.get(p, len(line_of)) >= line_of[own])


MODULES = {module_name(path): path for path in sorted(SOURCE.rglob("*.py"))}


def test_every_part_of_the_package_has_a_layer() -> None:
    parts = {part(name) for name in MODULES} - {PACKAGE}
    assert parts - set(layers()) == set()


def test_a_module_imports_only_from_layers_above_its_own() -> None:
    line_of, wrong = layers(), {}
    for module, path in MODULES.items():
        names = set(imports_of(path))
        if module != PACKAGE and (found := violations(line_of, part(module), names)):
            wrong[module] = found
    assert wrong == {}


def test_an_import_against_the_layers_is_noticed() -> None:
    line_of = {"errors": 0, "model": 1, "package": 2, "stats": 2}
    assert violations(line_of, "package", {"review_companion.errors.CompanionError"}) == []
    assert violations(line_of, "package", {"review_companion.stats.rounding"}) == ["stats"]
    assert violations(line_of, "model", {"review_companion.package.package"}) == ["package"]
    assert violations(line_of, "model", {"review_companion.elsewhere"}) == ["elsewhere"]


def test_imports_are_resolved_to_absolute_names() -> None:
    tree = ast.parse("from ..errors import A\nfrom . import b\nimport os\nfrom .c import d")
    found = set(imported(SOURCE / "package/package.py", ast.walk(tree)))
    assert found == {
        "review_companion.errors.A",
        "review_companion.package.b",
        "review_companion.package.c.d",
    }


def test_no_two_modules_have_the_same_name() -> None:
    names = [path.stem for path in MODULES.values() if path.stem != "__init__"]
    assert sorted(name for name in set(names) if names.count(name) > 1) == []


def test_modules_do_not_import_each_other_in_a_circle() -> None:
    """Neither when they are loaded, nor within a function, nor for the sake of types."""
    graph = {}
    for module, path in MODULES.items():
        names = imports_of(path)
        graph[module] = {n if n in MODULES else n.rpartition(".")[0] for n in names} - {module}
    assert len(list(TopologicalSorter(graph).static_order())) >= len(MODULES)


def test_no_module_of_arithmetic_loads_a_heavy_library() -> None:
    paths = sorted((SOURCE / "stats").glob("[!_]*.py"))
    assert len(paths) > 5
    for path in paths:
        for node in ast.parse(path.read_text("utf-8")).body:  # within a function it may
            if isinstance(node, ast.Import | ast.ImportFrom):
                names = [getattr(node, "module", None) or "", *(a.name for a in node.names)]
                assert not {n.split(".")[0] for n in names} & {"numpy", "scipy", "pandas"}, path


def test_one_cells_way_names_what_there_is() -> None:
    page = (ROOT / "docs/architecture.md").read_text("utf-8")
    section = page.split("## One cell’s way through the house")[1].split("\n## ")[0]
    named = re.findall(r"`([\w/]+\.py)(?:: (\w+))?`", section)
    assert len(named) > 15
    for path, name in named:
        body = ast.parse((SOURCE / path).read_text("utf-8")).body
        assert not name or name in {getattr(node, "name", "") for node in body}, (path, name)
