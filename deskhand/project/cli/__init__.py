"""The `deskhand` command: one module a command, and one sentence instead of a traceback.

Django is imported inside the commands, after the database's address is known.
"""

from deskhand.project.cli.main import main

__all__ = ["main"]
