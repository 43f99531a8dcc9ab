"""The project's own promises: pins, locks, reference pages, an engine that fits any review."""

from __future__ import annotations

import ast
import csv
import re
import subprocess
import tomllib
from collections.abc import Iterator
from functools import cache
from importlib.metadata import packages_distributions
from pathlib import Path
from typing import Any

import nbformat
import pytest
import yaml
from docs.generate import pages
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from tests.cases import cases

from review_companion.commands import commands
from review_companion.notebooks.notebook_files import read_notebook
from review_companion.typeset.quarto import INSTALL
from review_companion.typeset.quarto import MINIMUM as QUARTO

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
LOCKS = ("requirements.lock", "requirements-test.lock", "requirements-uv.lock")
NOTEBOOKS = sorted((ROOT / "notebooks").rglob("[!.]*.ipynb"))
CONDA_NAMES = {"matplotlib-base": "matplotlib", "jupyter_client": "jupyter-client"}
CONDA_ONLY = {"python", "pip", "jupyterlab", "quarto"}


@cache
def tracked() -> tuple[Path, ...]:
    """The files of the repository; of an unpacked archive, all but what is made in it."""
    if (ROOT / ".git").exists():
        listed = subprocess.run(
            ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True
        )
        found = [ROOT / name for name in listed.stdout.split("\0") if name]
    else:
        made = re.compile(r"\.venv|\..+_cache|\.hypothesis|build|__pycache__|.+\.egg-info")
        parts = {p: p.relative_to(ROOT).parts for p in ROOT.rglob("*")}
        found = [p for p, names in parts.items() if not any(map(made.fullmatch, names[:-1]))]
    return tuple(path for path in found if path.is_file())


def requirements(group: str) -> dict[str, str]:
    """Name -> specifier of the direct dependencies: "report", "test" or "setup"."""
    listed = {
        "report": PROJECT["project"]["dependencies"],
        "test": PROJECT["project"]["optional-dependencies"]["test"],
        "setup": PROJECT["dependency-groups"]["setup"],
    }[group]
    parsed = [Requirement(line) for line in listed]
    return {canonicalize_name(r.name): str(r.specifier) for r in parsed}


def locked(name: str) -> dict[str, set[str]]:
    """Package -> versions in a lock (more than one where Python versions differ)."""
    found: dict[str, set[str]] = {}
    for line in (ROOT / name).read_text("utf-8").splitlines():
        if match := re.match(r"([a-z0-9][\w.-]*)==([^ ;]+)", line):
            found.setdefault(canonicalize_name(match[1]), set()).add(match[2])
    return found


# Pins and locks


def test_conda_has_the_pins_of_pyproject() -> None:
    listed = yaml.safe_load((ROOT / "environment.yml").read_text("utf-8"))["dependencies"]
    (wheels,) = [entry["pip"] for entry in listed if isinstance(entry, dict)]
    parsed = [
        Requirement(line)
        for line in [*(e for e in listed if isinstance(e, str)), *wheels]
        if not line.startswith("-")
    ]
    pins = {CONDA_NAMES.get(r.name, r.name): str(r.specifier) for r in parsed}
    assert pins.keys() >= CONDA_ONLY
    assert pins["python"] == PROJECT["project"]["requires-python"]
    assert {n: pin for n, pin in pins.items() if n not in CONDA_ONLY} == requirements("report")
    assert pins["quarto"] == f">={'.'.join(map(str, QUARTO))}"
    assert f"Quarto {'.'.join(map(str, QUARTO))} or newer" in INSTALL


@pytest.mark.parametrize("name", LOCKS)
def test_a_lock_holds_versions_and_hashes_and_nothing_else(name: str) -> None:
    lines = (ROOT / name).read_text("utf-8").splitlines()
    entry = re.compile(r"[a-z0-9][\w.-]*==[^ ]+( ; [^/]+)? \\|    --hash=sha256:[0-9a-f]{64}( \\)?")
    assert lines
    assert [line for line in lines if not entry.fullmatch(line)] == []
    starts = [i for i, line in enumerate(lines) if not line.startswith(" ")]
    assert [lines[i] for i in starts if not lines[i + 1].startswith("    --hash=")] == []


@cases
def test_a_lock_meets_every_direct_pin(lock: str, group: str) -> None:
    versions = locked(lock)
    for name, specifier in requirements(group).items():
        wanted = Requirement(f"{name}{specifier}").specifier
        assert any(wanted.contains(v) for v in versions.get(name, ())), f"{name}{specifier}"


def test_the_locks_agree_with_each_other() -> None:
    report, test, uv = (locked(name) for name in LOCKS)
    assert {n: v for n, v in test.items() if n in report} == report
    assert uv == {"uv": report["uv"]}


# Reference pages


@pytest.mark.parametrize("page", pages(), ids=lambda path: path.name)
def test_a_generated_page_is_in_step(page: Path) -> None:
    assert page.read_text("utf-8") == pages()[page], "run `make docs`"


def test_every_direct_dependency_is_explained_and_no_other() -> None:
    rows = re.findall(r"^\| `([\w-]+)` \| \S", (ROOT / "docs/dependencies.md").read_text(), re.M)
    assert sorted(rows) == sorted({**requirements("report"), **requirements("test"),
                                   **requirements("setup")})  # fmt: skip


def imported(*folders: str) -> set[str]:
    """Distributions that a folder imports, at the top or within a function, or finds by name."""
    found, wheels = set(), set()
    for path in (path for folder in folders for path in (ROOT / folder).rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            match node:
                case ast.Import(names=names):
                    found |= {alias.name for alias in names}
                case ast.ImportFrom(module=str(module), level=0):
                    found.add(module)
                case ast.Call(func=ast.Name("distribution"), args=[ast.Constant(value=str(name))]):
                    wheels.add(name)  # in which a program or a font lies
    holders = packages_distributions()
    modules = {name.partition(".")[0] for name in found}
    wheels |= {holder for name in modules for holder in holders.get(name, ())}
    return set(map(canonicalize_name, wheels))


def test_what_src_imports_is_declared_and_what_is_declared_is_imported() -> None:
    """But for `jupyter`: JupyterLab, for those who open the notebooks."""
    own = PROJECT["project"]["name"]
    assert imported("src") - {own} == requirements("report").keys() - {"jupyter"}


def test_what_the_tests_declare_they_import_or_run() -> None:
    run = {"mypy", "ruff", "pandas-stubs", "types-pyyaml", "types-tabulate"}
    used = imported("tests", "benchmarks", "tools", "docs")
    assert requirements("test").keys() - used <= run


def test_every_command_of_the_contract_exists_and_each_has_help() -> None:
    found = commands()
    promised = (
        "check render verify explain diff new index suggest tidy remove-study rename add-column "
        "locate coverage agree missing export-xlsx import-xlsx preview club"
    )
    assert set(promised.split()) <= set(found)
    silent = [
        f"{name} {argument}"
        for name, command in found.items()
        for argument, settings in {**command.takes, "": {"help": command.does}}.items()
        if not settings.get("help")
    ]
    assert silent == []


# The engine is not about this review


def column(resource: str, *names: str) -> Iterator[str]:
    with (ROOT / f"data/{resource}.csv").open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            yield from (row[name] for name in names if row[name])


def words_of_this_review() -> set[str]:
    """Substances, study keys, authors' names, licence; parts of names such as HER2 too."""
    substances = set(column("substances", "substance", "name", "long_name"))
    parts = {p for name in substances for p in re.split(r"[ /]", name) if re.search(r"\d", p)}
    parts |= {p.split("-")[0] for p in parts if re.search(r"\d", p.split("-")[0])}
    authors = {name.removesuffix(" et al.") for name in column("studies", "authors")}
    subject = {"drug", "drugs", "drug_class", "radionecrosis", "radiotherapy", "CC BY", "CC-BY-4.0"}
    return substances | parts | authors | subject | set(column("studies", "study"))


@cache
def one_of(words: frozenset[str], flags: int) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, sorted(words)))})(?!\w)", flags)


def mentions(text: str, words: set[str]) -> list[str]:
    """Words that stand in the text by themselves; names of people only as written."""
    anyhow = frozenset(filter(str.islower, words))
    found = {word.lower() for word in one_of(anyhow, re.I).findall(text)}
    return sorted(found | set(one_of(frozenset(words) - anyhow, 0).findall(text)))


@pytest.mark.integration
def test_the_engine_names_nothing_of_this_review() -> None:
    words = words_of_this_review()
    assert {"HER2", "T-DM1", "stumpf-2019", "lapatinib", "Stumpf"} <= words
    bound = (ROOT / "src", ROOT / "report/style")
    sources = [p for p in tracked() if any(map(p.is_relative_to, bound)) and p.is_file()]
    assert {"review.py", "companion.js", "template.typ"} <= {p.name for p in sources}
    found = {
        str(path.relative_to(ROOT)): hits
        for path in sources
        if (hits := mentions(path.read_text("utf-8"), words))
    }
    assert found == {}


def tables(schema: str) -> set[str]:
    return set(yaml.safe_load((ROOT / schema).read_text("utf-8"))["tables"])


def test_the_engine_asks_for_no_table_that_only_this_review_has() -> None:
    own = tables("data/schema.yml") - tables("src/review_companion/defaults/schema.yml")
    assert {"mentions", "changes", "references"} <= own
    asked = re.compile(rf"""(?:package|resources)(?:\[|\.get\()["']({"|".join(own)})["']""")
    source = {p.name: p.read_text("utf-8") for p in (ROOT / "src").rglob("*.py")}
    assert {name: asked.findall(t) for name, t in source.items() if asked.search(t)} == {}
    assert asked.search('walk.package["mentions"]')


def test_a_mention_is_noticed_in_any_spelling_that_counts() -> None:
    assert mentions("the HER2-directed Lapatinib", {"HER2", "lapatinib"}) == ["HER2", "lapatinib"]
    assert mentions("in the car park of adc", {"Park", "drug"}) == []


# Notebooks are thin


def code_cells(path: Path) -> list[Any]:
    cells = nbformat.read(path, as_version=4).cells
    return [cell for cell in cells if cell.cell_type == "code"]


FORBIDDEN = (
    ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda, ast.For, ast.AsyncFor,
    ast.While, ast.If, ast.With, ast.Try, ast.ListComp, ast.SetComp, ast.DictComp,
    ast.GeneratorExp,
)  # fmt: skip
FILES = re.compile(r"[\w.-]*/[\w./-]+|\w+\.(csv|ya?ml|json|svg|html|pdf|ipynb|md)")
READS = re.compile(r"open|exec|eval|input|read_\w+|to_(csv|excel|json|html|pickle|parquet)")


def thick(source: str) -> list[str]:
    """What a thin cell does not hold: definitions, loops, branches, paths, I/O, libraries."""
    found = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, FORBIDDEN):
            found.append(type(node).__name__)
        elif isinstance(node, ast.Import):
            found += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and not (node.module or "").startswith(
            "review_companion"
        ):
            found.append(node.module or "")
        elif isinstance(node, ast.Call):
            name = getattr(node.func, "id", getattr(node.func, "attr", ""))
            found += [name] if READS.fullmatch(name) else []
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            found += [node.value] if FILES.fullmatch(node.value) else []
    return found


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_is_thin_and_committed_stripped(path: Path) -> None:
    """Parameters are annotated literals in the first code cell."""
    cells = code_cells(path)
    assert cells
    assert [hit for cell in cells for hit in thick(cell.source)] == []
    tagged = [c for c in cells if "parameters" in c.metadata.get("tags", ())]
    assert tagged in ([], cells[:1])
    for cell in tagged:
        for statement in ast.parse(cell.source).body:
            assert isinstance(statement, ast.AnnAssign)
            assert statement.value is not None
            ast.literal_eval(statement.value)
    assert read_notebook(path) == nbformat.read(path, as_version=4)


def test_a_thick_cell_is_noticed() -> None:
    for source in (
        "def f(): pass", "for x in y: pass", "[x for x in y]", "open('a')", "import os",
        "pd.read_csv(x)", "review.frame('data/studies.csv')", "from pathlib import Path",
    ):  # fmt: skip
        assert thick(source), source
    call = "from review_companion import open_review\nopen_review().table('table-1')"
    assert thick(call) == []


# The repository speaks of itself alone

MACHINE = (  # each begins with what is looked for fast
    re.compile(r"/(?<![\w.~/-]/)(?:home|root|work|opt|mnt|Users)/\w"),
    re.compile(r"pypi\.[a-z]{2,}\b"),
    *map(re.compile, ("pythonhosted\\.", "registry\\.npm", "index-url", r"anaconda\.(?:org|com)")),
)


def noticed(text: str) -> list[str]:
    return [found for pattern in MACHINE for found in pattern.findall(text)]


NAMED_HERE = {"tests/test_project.py", "Makefile"}


@pytest.mark.integration
def test_no_file_names_a_machine_or_a_registry() -> None:
    found = {}
    for path in tracked():
        name = path.relative_to(ROOT).as_posix()
        text = path.read_bytes().decode("utf-8", "ignore")
        if name not in NAMED_HERE and (hits := noticed(text)):
            found[name] = hits[:3]
    assert found == {}


@pytest.mark.integration
def test_make_names_no_folder_above_so_that_blanks_in_one_do_no_harm() -> None:
    quiet = ("--no-print-directory", "--dry-run", "--always-make")
    dry = ["make", *quiet, "report", "lock"]
    said = subprocess.run(dry, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    assert "uv pip install" in said
    assert str(ROOT) not in said


def test_a_machine_and_a_registry_are_noticed() -> None:
    for text in ("/home/someone/x", "/opt/y", "see pypi.org", "files.pythonhosted.org/a"):
        assert noticed(text)
    assert not noticed("data/work/x ~/home/x https://example.org/root/x")
