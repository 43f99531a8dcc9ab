"""Reads the YAML files beside the data: every mapping knows its file and line."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

import yaml

from ..errors import CompanionError


class Node(dict[str, Any]):
    """A mapping that remembers where it is written, and says so of a key that it lacks."""

    file: str = ""
    line: int = 0

    @property
    def where(self) -> str:
        return f"{self.file}:{self.line}"

    def __missing__(self, key: str) -> Any:
        has = f"it has {', '.join(self)}" if self else "it is empty"
        raise CompanionError(f"“{key}” is missing", where=self.where, hint=has)


_Base: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class _Loader(_Base):  # type: ignore[misc]
    file = ""


def _mapping(loader: Any, node: yaml.MappingNode) -> Node:
    result = Node()
    result.file, result.line = loader.file, node.start_mark.line + 1
    for key_node, value_node in node.value:
        key = str(loader.construct_object(key_node, deep=True))
        if key in result:
            raise CompanionError(
                f"“{key}” stands twice", where=f"{loader.file}:{key_node.start_mark.line + 1}"
            )
        result[key] = loader.construct_object(value_node, deep=True)
    return result


def _decimal(loader: Any, node: yaml.ScalarNode) -> Decimal:
    return Decimal(loader.construct_scalar(node).replace("_", ""))


def _text(loader: Any, node: yaml.ScalarNode) -> str:
    return str(loader.construct_scalar(node))


# "no" and "on" are words; only true and false are truth values (as in YAML 1.2).
_Loader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in pairs if tag != "tag:yaml.org,2002:bool"]
    for first, pairs in _Loader.yaml_implicit_resolvers.items()
}
_Loader.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile("^(?:true|false)$"), ["t", "f"])
_Loader.add_constructor("tag:yaml.org,2002:map", _mapping)
_Loader.add_constructor("tag:yaml.org,2002:float", _decimal)
_Loader.add_constructor("tag:yaml.org,2002:timestamp", _text)


def read_yaml(path: Path) -> Node:
    """The mapping in a YAML file; an absent or empty file is an empty mapping.

    Decimals keep their printed digits and dates stay text. Raises CompanionError with file and
    line for what is not YAML, is no mapping, or names a key twice.
    """
    if not path.exists():
        return Node()
    loader = _Loader(path.read_text("utf-8"))
    loader.file = path.name
    try:
        content = loader.get_single_data()
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise CompanionError(
            f"not readable YAML: {error.problem}", where=f"{path}:{line}"
        ) from None
    except UnicodeDecodeError as error:
        raise CompanionError(f"not UTF-8 text: {error}", where=str(path)) from None
    finally:
        loader.dispose()
    if content is None:
        return Node()
    if not isinstance(content, Node):
        raise CompanionError("must be a mapping of names", where=str(path))
    return content


def read_entries(path: Path) -> Node:
    """The same, where each name must have a mapping."""
    content = read_yaml(path)
    for name, entry in content.items():
        if not isinstance(entry, Node):
            raise CompanionError(f"“{name}” must be a mapping", where=str(path))
    return content


def mappings(spec: Mapping[str, Any], key: str) -> Sequence[Mapping[str, Any]]:
    """The list of mappings at a key; CompanionError with file and line for anything else."""
    found = spec[key]
    if not isinstance(found, list) or not all(isinstance(item, Mapping) for item in found):
        where = getattr(spec, "where", None)
        raise CompanionError(f"“{key}” must be a list of mappings", where=where)
    return found
