"""From a clean text to its sentences, who is quoted in them, and its passages."""

from __future__ import annotations

from knowledge.ports import SegmentedText
from knowledge.text.passages import group_passages
from knowledge.text.sentences import split_sentences
from knowledge.text.speech import attribute_speech


def segment(text: str) -> SegmentedText:
    """Return the sentences and passages of `text`, as spans of it. Pure."""
    sentences = split_sentences(text)
    return SegmentedText(
        sentences=sentences,
        speech=attribute_speech(text, sentences),
        passages=group_passages(text, sentences),
    )
