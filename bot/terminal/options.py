"""What several groups of commands share: common options, and ending with an exit code."""

from __future__ import annotations

from typing import Annotated

import typer

Json = Annotated[bool, typer.Option("--json", help="Écrire du JSON, pour un programme.")]


def exit_with(code: int) -> None:
    """End the command with `code`, unless that is success: then the command simply returns."""
    if code:
        raise typer.Exit(code)
