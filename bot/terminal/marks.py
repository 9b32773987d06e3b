"""Small files in the data folder that remember what was done or asked once."""

from __future__ import annotations

from pathlib import Path

from knowledge.errors import StoreError


def remembered(mark: Path) -> str | None:
    """Return what the mark says, or None if there is none.

    Raises:
        StoreError: it cannot be read.
    """
    try:
        return mark.read_text(encoding="utf-8") if mark.exists() else None
    except (OSError, UnicodeDecodeError) as error:
        raise _refused(mark) from error


def remember(mark: Path, state: str = "") -> None:
    """Write the mark; its folder is made if needed.

    Raises:
        StoreError: it cannot be written.
    """
    try:
        mark.parent.mkdir(parents=True, exist_ok=True)
        mark.write_text(state, encoding="utf-8")
    except OSError as error:
        raise _refused(mark) from error


def _refused(mark: Path) -> StoreError:
    return StoreError(
        f"{mark} ne peut pas être lu ou écrit : vérifiez la place et les droits du dossier de "
        "données.",
        subject=str(mark),
    )
