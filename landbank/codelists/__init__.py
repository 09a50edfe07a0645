"""The code lists of data/*.toml, read once and checked against the domain's enumerations.

Knows files of its own package only; no database and no request.
"""
