"""The journal club: a session on a review whose questions come from its data.

A part of its own: the report knows nothing of it. It is registered in `pyproject.toml` as an entry
point (see `commands.common`), has an edition for each of its readers in `_quarto.yml`, notebooks
that ask `pages.open_club`, and templates.
"""
