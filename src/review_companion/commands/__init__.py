"""The commands: what each takes, and what it calls. Heavy imports stand inside the functions."""

from . import report, loop, exchange, keeping, club, audit  # isort: skip # noqa: F401 (the order of --help)
from .common import COMMANDS

__all__ = ["COMMANDS"]
