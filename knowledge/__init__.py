"""Everything about Sourcier that is true without Telegram.

Synchronous, importable from a notebook; never imports ``bot``, ``telegram`` or ``asyncio``.
The way in is :func:`knowledge.bootstrap.open_knowledge`.
"""

__version__ = "0.1.0"
