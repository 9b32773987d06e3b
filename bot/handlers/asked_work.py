"""Work that somebody asked for and waits for: shown as «écrit…», stopped by /stop, bounded."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import Any, TypeVar

from bot import texts
from bot.context import Services
from bot.conversations import Conversation
from bot.handlers.errors import logged
from bot.handlers.typing import typing_shown
from bot.running import AnswerStoppedError
from bot.views.feeding_view import render_not_added
from bot.views.messages import Message
from bot.worker import QueueFullError
from knowledge.errors import GenerationCancelledError, SourceError

T = TypeVar("T")


async def outcome_of(
    services: Services, conversation: Conversation, message_id: int, work: Coroutine[Any, Any, T]
) -> T | Message:
    """Return what the work asked for by a message gives, or what is said in its place."""
    limit = services.settings.answer_deadline_seconds
    try:
        async with typing_shown(services.sender, conversation.place), asyncio.timeout(limit):
            return await services.running.run(conversation, message_id, work)
    except AnswerStoppedError:
        return Message(texts.STOPPED)
    except QueueFullError as error:
        return Message(error.message)
    except GenerationCancelledError:
        return Message(texts.INTERRUPTED)
    except TimeoutError:
        return Message(texts.TOO_LATE)
    except SourceError as error:
        return render_not_added(error.message)
    except Exception as error:  # noqa: BLE001 - told in the place of what was asked for, and logged
        return logged(error)
