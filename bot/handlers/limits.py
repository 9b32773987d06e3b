"""How often somebody may ask: what handlers call before they begin an answer."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from telegram import Update

from bot.context import Services, visitor_of
from bot.views.access_view import Clock, render_quota
from bot.views.messages import Message


def refused_by_quota(update: Update, services: Services) -> Message | None:
    """Count one question of the update's author and return None, or the refusal to send.

    The person counts, wherever the question is asked; a group counts for those who write in it
    without being named.
    """
    visitor = visitor_of(update)
    if visitor is None:
        return None
    now = services.now()
    refusal = services.quota.admit(visitor.counted, now)
    if refusal is None:
        return None
    return render_quota(refusal, Clock(now, ZoneInfo(services.settings.timezone)))
