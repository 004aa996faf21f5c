"""The commands: thin, a file per group. Scripts rely on their names, their JSON and their exit codes."""

from tearmann.cli.root import main

__all__ = ["main"]
