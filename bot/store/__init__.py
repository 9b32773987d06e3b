"""Adapters of the bot's own tables, SQLAlchemy Core; one transaction a call, thread-safe."""
