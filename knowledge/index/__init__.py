"""What is derived from the store and may be deleted at any time: Chroma, lexical index, sync."""
