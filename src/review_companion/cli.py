"""`companion`: parse, call, print. The library never depends on this module."""

from __future__ import annotations

import argparse
import contextlib
import gc
import io
import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from types import FrameType

from .commands import commands
from .errors import CheckFailed, CompanionError

if os.name == "nt":
    sys.exit("companion: Windows is not supported; in WSL (`wsl --install`) it runs as on Linux")

DONE, FOUND, BAD, INTERRUPTED, SIGNALLED = 0, 1, 2, 130, 128
ENDING = (signal.SIGTERM, signal.SIGHUP)
OBJECTS = 100_000  # that are made between two searches for circles, of which there are few


def _count(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"a number of 1 or more is needed, not “{text}”")
    return int(text)


PROJECT: Mapping[str, str] = {"metavar": "DIR", "help": "the project's folder"}
KINDS: Mapping[str, Callable[[str], object]] = {"path": Path, "int": int, "count": _count}


def main(argv: Sequence[str] | None = None) -> int:
    """Runs a command; the one place that turns errors into exit statuses."""
    _print_in_any_encoding()
    gc.set_threshold(OBJECTS, *gc.get_threshold()[1:])
    words = sys.argv[1:] if argv is None else argv
    arguments = parser(words).parse_args(words)
    try:
        with _one_way_out():
            return int(arguments.command(arguments))
    except CheckFailed as found:
        print(found, file=sys.stderr)
        return FOUND
    except CompanionError as error:
        print(f"companion: {error}", file=sys.stderr)
        return error.status
    except _Ended as ended:
        print("companion: ended by the system; nothing was published", file=sys.stderr)
        return SIGNALLED + ended.number
    except KeyboardInterrupt:
        print("companion: interrupted; nothing was published", file=sys.stderr)
        return INTERRUPTED
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return DONE
    except OSError as error:
        place = f"{error.filename}: " if error.filename else ""
        print(f"companion: {place}{error.strerror or error}", file=sys.stderr)
        return BAD


class _Ended(KeyboardInterrupt):
    """The system asked the program to end."""

    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.number = number


@contextlib.contextmanager
def _one_way_out() -> Iterator[None]:
    """SIGTERM and SIGHUP end a command as Ctrl-C does: locks and processes are removed."""
    here = threading.current_thread() is threading.main_thread()
    asked = [n for n in ENDING if here and signal.getsignal(n) is signal.SIG_DFL]

    def end(number: int, frame: FrameType | None) -> None:
        for each in asked:
            signal.signal(each, signal.SIG_IGN)
        raise _Ended(number)

    for number in asked:
        signal.signal(number, end)
    try:
        yield
    finally:
        for number in asked:
            signal.signal(number, signal.SIG_DFL)


def _print_in_any_encoding() -> None:
    """Prints a character that the terminal's encoding lacks as its code, instead of failing."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def parser(words: Sequence[str] = ()) -> argparse.ArgumentParser:
    """The parser for the command line, with only the commands that these words need."""
    top = argparse.ArgumentParser(
        prog="companion", description="Reproducible companion reports for systematic reviews."
    )
    top.add_argument("--project", type=Path, metavar=PROJECT["metavar"], help=PROJECT["help"])
    known = top.add_subparsers(title="commands", required=True, metavar="COMMAND")
    for name, command in commands(words).items():
        sub = known.add_parser(name, help=command.does, description=command.does)
        for names, settings in command.takes.items():
            kind = {"type": KINDS[settings["type"]]} if "type" in settings else {}
            sub.add_argument(names, **{**settings, **kind})
        sub.set_defaults(command=command.run)
    return top


if __name__ == "__main__":
    sys.exit(main())
