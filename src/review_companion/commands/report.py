"""Commands on the report as a whole: check, render, diff, preview."""

from __future__ import annotations

import argparse
import contextlib
import sys
from collections.abc import Iterator
from functools import partial
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from ..errors import CompanionError
from . import no_folder, project_root, project_root_if_any, shortest

if TYPE_CHECKING:
    from ..cache import Cache
    from ..package.problems import Problem
    from ..pipeline.inputs import Inputs
    from ..pipeline.progress import Printer
    from ..pipeline.settings import Report, Settings

MOST_SHOWN = 5


def check(arguments: argparse.Namespace) -> int:
    """Prints one line per problem; 1 if one of them is an error."""
    from ..package.problems import errors, to_json
    from ..pipeline.validation import checked_once

    if arguments.folder:
        problems = _data_problems(arguments.folder)
    else:
        root = project_root(arguments)
        problems = checked_once(root, str(shortest(root)), _problems)
    wrong = len(errors(problems))
    if arguments.format == "json":
        print(to_json(problems), end="")
    else:
        print(*problems, sep="\n", end="\n" if problems else "")
        print(f"{wrong} error(s), {len(problems) - wrong} warning(s)")
    return 1 if wrong else 0


def _data_problems(folder: Path) -> list[Problem]:
    from ..package.generated import refresh
    from ..validate import validate

    if not folder.is_dir():
        raise no_folder(folder)
    if written := refresh(folder):
        print(f"written anew from schema.yml: {', '.join(written)}", file=sys.stderr)
    return validate(shortest(folder))


def _problems(inputs: Inputs, cache: Cache) -> list[Problem]:
    from ..package.problems import errors

    problems = _data_problems(inputs.root / "data")
    return problems if errors(problems) else problems + _declared_problems(inputs, cache)


def _declared_problems(inputs: Inputs, cache: Cache) -> list[Problem]:
    """Problems in the definitions, the chapters and the parts, once the data are valid."""
    from ..checks.chapters import chapter_problems
    from ..checks.definitions import (
        compiled_templates,
        definition_problems,
        in_folder,
        problem_of,
        without_consequences,
    )
    from ..package.generated import BIBLIOGRAPHY, STALE, stale_bibliography
    from ..package.problems import Problem, errors
    from ..pipeline.render_session import RenderSession
    from . import each

    root = inputs.root
    folder = shortest(root / "data")
    with compiled_templates(cache):
        try:
            evaluated = RenderSession(root).evaluated(inputs, cache, {}, ())
            evaluated.recall()
            review = evaluated.review
            found = definition_problems(review, folder, cache, inputs)
        except CompanionError as error:
            return [in_folder(problem_of(error, ""), folder)]
        found += chapter_problems(root, None if errors(found) else review, shortest(root), cache)
        if stale_bibliography(root, review.package):
            file = str(shortest(root / BIBLIOGRAPHY))
            found.append(Problem(file, severity="warning", code="bibliography", message=STALE))
        found = without_consequences(review, folder, found)
        if not errors(found):
            found += chain.from_iterable(each("problems", review))
    return found


def render(arguments: argparse.Namespace) -> int:
    """Renders the report, prints where it is and what changed since the last one."""
    from ..notebooks.parameters import parse_assignments
    from ..pipeline.progress import Printer
    from ..pipeline.settings import Settings

    settings = Settings(
        root=project_root(arguments),
        parameters=parse_assignments(arguments.parameters),
        engine=arguments.engine,
        edition=arguments.edition,
        out=arguments.out.resolve() if arguments.out else None,
        jobs=arguments.jobs,
        use_cache=not arguments.no_cache,
    )
    with contextlib.ExitStack() as stack:
        log: TextIO | None = None
        if arguments.log:
            arguments.log.parent.mkdir(parents=True, exist_ok=True)
            log = stack.enter_context(arguments.log.open("w", encoding="utf-8"))
        printer = Printer(sys.stderr, quiet=arguments.quiet, log=log)
        try:
            for report in _reports(settings, arguments.variants, printer):
                printer.summary(report)
                if not arguments.quiet:
                    pages = sorted(report.folder.glob("companion.*"))
                    print(*map(shortest, pages), sep="\n", flush=True)
        except CompanionError as error:
            if log is not None:
                print(error, file=log)
            raise
    return 0


def _reports(settings: Settings, variants: Path | None, printer: Printer) -> Iterator[Report]:
    from ..pipeline.render import render as render_report
    from ..pipeline.settings import Watch

    watch = Watch(printer.event, printer.planned, partial(_say_what_changed, printer))
    if variants is None:
        yield render_report(settings, watch)
        return
    from ..pipeline.variants import read_variants, render_variants

    yield from render_variants(read_variants(variants, settings), watch)


def _say_what_changed(printer: Printer, old: Path, new: Path, cache: Cache) -> None:
    from ..compare.changes import written
    from ..compare.sources import of_published

    if changes := of_published(old, new, "last published", cache):
        printer.line(written(changes, most=MOST_SHOWN).rstrip())
        if any(len(found) > MOST_SHOWN for found in changes.kinds.values()):
            printer.line("all of it, against the last commit: companion diff HEAD .")


def diff(arguments: argparse.Namespace) -> int:
    """Prints what changed; 0 whether or not anything did."""
    from ..compare.changes import compare_snapshots, written
    from ..compare.sources import snapshot

    root = project_root_if_any(arguments)
    changes = compare_snapshots(snapshot(arguments.old, root), snapshot(arguments.new, root))
    most = MOST_SHOWN if arguments.brief else None
    print(written(changes, arguments.format, most), end="")
    return 0


def preview(arguments: argparse.Namespace) -> int:
    """Serves the report and renders it again after every save, until interrupted."""
    from ..notebooks.parameters import parse_assignments
    from ..preview.loop import preview_settings, run

    parameters = parse_assignments(arguments.parameters)
    settings = preview_settings(project_root(arguments), parameters, arguments.edition)
    return run(settings, sys.stdout, port=arguments.port, open_browser=not arguments.no_browser)
