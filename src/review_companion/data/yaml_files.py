"""Checks the YAML files beside the tables for form: readable, no key twice."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import yaml

from .problems import Problem

LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def yaml_problems(folder: Path) -> Iterator[Problem]:
    """Problems of form in every `*.yml` of the folder; what the files mean is others' to check."""
    for path in sorted(folder.rglob("*.yml")):
        yield from _file_problems(path)


def _file_problems(path: Path) -> Iterator[Problem]:
    try:
        text = path.read_bytes().decode("utf-8")
        node = yaml.compose(text, Loader=LOADER)
    except UnicodeDecodeError as error:
        note = f"byte {error.start} is not"
        yield Problem(str(path), code="encoding", expected="UTF-8", message=note)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        what = getattr(error, "problem", None) or str(error).splitlines()[0]
        row = mark.line + 1 if mark else 0
        yield Problem(str(path), row, code="yaml", message=f"not readable as YAML: {what}")
    except RecursionError:
        yield Problem(str(path), code="yaml", message="nested too deeply")
    else:
        yield from _repeated_keys(node, path)


def _repeated_keys(root: yaml.Node | None, path: Path) -> Iterator[Problem]:
    pending, seen_nodes = [root], set()
    while pending:
        node = pending.pop()
        if node is None or id(node) in seen_nodes:
            continue
        seen_nodes.add(id(node))
        if isinstance(node, yaml.SequenceNode):
            pending += node.value
        elif isinstance(node, yaml.MappingNode):
            pending += [value for _, value in node.value]
            yield from _repeated(node, path)


def _repeated(node: yaml.MappingNode, path: Path) -> Iterator[Problem]:
    seen: dict[str, int] = {}
    for key, _ in node.value:
        name = str(key.value)
        row = key.start_mark.line + 1
        if name in seen:
            note = f'the key "{name}" stands in row {seen[name]} already'
            yield Problem(str(path), row, code="yaml", message=note)
        seen.setdefault(name, row)
