"""A private PostgreSQL cluster on a unix socket: find the binaries, create, start, stop.

Knows no table of landbank.
"""
