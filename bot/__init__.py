"""Telegram, the French interface texts and the command line's composition."""
