"""The commands: what each takes, and what it calls. Heavy imports stand inside the functions."""

from __future__ import annotations

from importlib import import_module

from .common import Commands

GROUPS = ("report", "loop", "exchange", "club", "audit")

COMMANDS: Commands = {
    name: command
    for group in GROUPS
    for name, command in import_module(f".{group}", __package__).COMMANDS.items()
}
