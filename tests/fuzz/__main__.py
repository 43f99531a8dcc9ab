"""`make fuzz`: many spoilt projects, each in a process of its own that has limits.

    python -m tests.fuzz --packages 10000 --others 500 --first 0

Prints what went wrong by kind and seed, and how many ended how; 1 if anything went wrong. A case
by itself: `python -m tests.fuzz --only package/17`.
"""

from __future__ import annotations

import argparse
import collections
import multiprocessing
import resource
import signal
import sys
import tempfile
import traceback
from pathlib import Path

from tests.fuzz.cases import KINDS, run

MOST_SECONDS, MOST_BYTES = 60, 2_000_000_000
BATCH = 100


def batch(
    kind: str, seeds: list[int], folder: str, answer: multiprocessing.connection.Connection
) -> None:
    """Runs cases one after another; sends (seed, how it ended) for each, "begun" before it."""
    resource.setrlimit(resource.RLIMIT_AS, (MOST_BYTES, MOST_BYTES))
    for seed in seeds:
        answer.send((seed, "begun"))
        signal.setitimer(signal.ITIMER_REAL, MOST_SECONDS)  # its default action ends the process
        try:
            ended = run(kind, seed, Path(folder))
        except BaseException:
            ended = traceback.format_exc(limit=-4)
        signal.setitimer(signal.ITIMER_REAL, 0)
        answer.send((seed, ended))


def judged(kind: str, seeds: list[int], folder: str) -> dict[int, str]:
    """How each case ended: clean, told, a traceback, or the process itself with a signal."""
    found: dict[int, str] = {}
    waiting = list(seeds)
    while waiting:
        here, there = multiprocessing.Pipe(duplex=False)
        process = multiprocessing.Process(target=batch, args=(kind, waiting, folder, there))
        process.start()
        there.close()
        last = waiting[0]
        try:
            while True:
                last, ended = here.recv()
                found[last] = ended
        except EOFError:
            process.join()
        if found.get(last, "begun") == "begun":
            found[last] = f"the process ended with {process.exitcode}"
        waiting = [seed for seed in waiting if seed not in found]
    return found


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz")
    parser.add_argument("--packages", type=int, default=10_000)
    parser.add_argument("--others", type=int, default=500)
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument("--only", metavar="KIND/SEED")
    options = parser.parse_args()
    counts: collections.Counter[str] = collections.Counter()
    with tempfile.TemporaryDirectory() as folder:
        work = f"{folder}/review"
        if options.only:
            kind, _, seed = options.only.partition("/")
            print(run(kind, int(seed), Path(work)))
            return 0
        for kind in KINDS:
            number = options.packages if kind == "package" else options.others // 3
            for start in range(options.first, options.first + number, BATCH):
                seeds = list(range(start, min(start + BATCH, options.first + number)))
                for seed, ended in judged(kind, seeds, work).items():
                    known = ended if ended in ("clean", "told") else "WRONG"
                    counts[f"{kind}: {known}"] += 1
                    if known == "WRONG":
                        print(f"{kind}/{seed}: {ended}", flush=True)
    for name, times in sorted(counts.items()):
        print(f"{times:6} {name}")
    return int(any(name.endswith("WRONG") for name in counts))


if __name__ == "__main__":
    sys.exit(main())
