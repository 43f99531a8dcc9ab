"""Tiny notebooks for the tests."""

from __future__ import annotations

from review_companion.notebooks.notebook_files import Cell, Notebook


def code(source: str, *tags: str) -> Cell:
    return {"cell_type": "code", "source": source, "metadata": {"tags": list(tags)}}


def markdown(source: str) -> Cell:
    return {"cell_type": "markdown", "source": source, "metadata": {}}


def notebook(*cells: Cell) -> Notebook:
    return {"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": list(cells)}


def parameters(source: str) -> Cell:
    return code(source, "parameters")
