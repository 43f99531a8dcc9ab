"""The journal club: a session on a review whose questions come from its data.

The report does not depend on it. It is registered in `pyproject.toml` as an entry point (see
`commands`), and has an edition for each of its readers in `_quarto.yml`, notebooks that ask
`pages.open_club`, and templates.
"""
