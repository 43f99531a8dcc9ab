"""What kernels find imported: loaded by the process that they are forked from."""

from __future__ import annotations

import gc
import importlib
import sys
from contextlib import suppress

from ..figures.draw import FIGURE_KINDS
from ..imports import without
from ..markup import compile_all

LIBRARIES = (
    "ipykernel.kernelapp",
    "ipykernel.debugger",
    "ipykernel.zmqshell",
    "IPython.core.completerlib",
    "IPython.core.debugger",
    "IPython.core.logger",
    "IPython.core.oinspect",
    "IPython.extensions.storemagic",
    "tornado.platform.asyncio",
    "sqlite3",
    "pandas",
    "tabulate",
    "review_companion.notebooks.kernels",
    "review_companion.review",
    "review_companion.evidence.appendix",
    "review_companion.evidence.inventory",
    *(f"review_companion.figures.{module}" for module in (*FIGURE_KINDS, "pen")),
)
PATH = tuple(sys.path)  # without the folder of the program that asks, which is not a library

gc.disable()  # nothing of it is rubbish, and searching it takes a fifth of the time
with without("debugpy"):  # in a render nobody goes through a cell step by step
    for library in LIBRARIES:
        with suppress(Exception):  # a notebook that imports it says so better, with cell and line
            importlib.import_module(library)
compile_all()
gc.enable()
