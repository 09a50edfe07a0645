"""Typer: the same services on the command line, with progress and exit codes."""
