"""Bytes to article drafts: plain text, Markdown, HTML, PDF, and guarded fetching."""
