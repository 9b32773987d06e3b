"""Feeds as they are served, hostile or broken in many ways, and what a visit makes of each."""

from __future__ import annotations

from tests.feed_cases.answers import ANSWERS
from tests.feed_cases.case import Case, Kept, Outcome
from tests.feed_cases.documents import DOCUMENTS
from tests.feed_cases.entries import ENTRIES

__all__ = ["CASES", "Case", "Kept", "Outcome"]

CASES = DOCUMENTS | ENTRIES | ANSWERS
