"""A strict local Bot API server: HTTP, state, and a way for a test to speak as a user.

Usage::

    with TelegramServer() as server:
        # An unmodified python-telegram-bot application: builder().token(server.token)
        #   .base_url(server.base_url).base_file_url(server.base_file_url)
        #   .request(HTTPXRequest(httpx_kwargs={"trust_env": False})) and the same for getUpdates
        alice = server.user("Alice", language_code="fr")
        question = alice.say("Qui dirige la ville ?")
        [answer] = alice.private_chat().wait_for_messages()
        assert answer.entity_texts("blockquote") == ["…"]
        assert answer.sent_at - question.sent_at < 0.2  # both monotonic

A test speaks as a user (``say``, ``start``, ``edit``, ``delete``, ``forward``, ``press``,
``send_document``, ``add_bot``, ``block_bot``, ``delete_account``), arranges a group or channel
(``server.group``: ``add``, ``restrict``, ``set_status``, ``set_bot_status``, ``restrict_bot``,
``link``, ``add_topic``, ``close_topic``, ``delete_topic``, ``migrate``, ``delete``), watches a
chat (``wait_for_messages``, ``wait_for_edit``, ``wait_for_action``, ``stays_silent``, ``actions``,
``drafts``, ``visible_drafts``) and the wire (``server.calls``, ``server.refusals``), and breaks
things (``server.faults.add``, ``drop_connections``, ``refuse_connections``, ``server.limits``,
``server.redeliver``). Every time that matters comes from one clock
(``TelegramServer(clock=ManualClock())``, ``SimulatedClock``); ``server.flood.tally`` says how much
was accepted in any second or minute, ``server.flood.violations`` what came too fast. The waits
block: from a coroutine, call them in a thread. ``python -m tests.telegram_server`` is the server in
a process of its own, with a terminal.

The shape
    ``network`` sockets, tokens, paths · ``bodies`` urlencoded, multipart, JSON · ``dispatch``
    faults, then the method, then the record · ``methods`` one small function ``(state,
    parameters) -> result`` per method, registered with its parameters, raising ``ApiError`` ·
    ``access`` which chat, topic, message, and may the bot write there, by the rights of
    ``members`` · ``formatted``, ``entities``, ``keyboards`` what may be written · ``updates``
    queue and long poll · ``webhooks`` the same by POST · ``delivery`` which update the bot gets ·
    ``flood``, ``tally``, ``faults``, ``leniency`` · ``model``, ``state`` what is remembered, by
    the one ``clock`` · ``handles``, ``groups``, ``watching``, ``server`` the test's side. A new
    method is a function in ``methods``; a new kind of chat event a verb in ``handles`` or
    ``groups``.

Enforced, with Telegram's wording
    Tokens and method names; lengths (4096 code points after trimming, captions 1024, 32768 raw
    bytes); empty and invisible texts; every field and type of an entity, its bounds in UTF-16
    units, no half surrogate pair, no partial overlap, the documented nesting, 100 entities, about
    9500 bytes of them, links that are links; inline keyboards (64 bytes of data); replies and
    quotes; "message is not modified", not found, can't be edited; blocked, deactivated, never
    started, kicked, not a member, restricted, without the right, migrated, deleted, topic not
    found or closed, General, chains of replies that are no topics; deletions by age and right; who
    may see members; commands by scope; callback queries answered once and in time; offsets,
    ``limit``, ``allowed_updates``, conflicts of two polls and of poll and webhook; addresses and
    ports of webhooks; flood limits with ``retry_after``; files larger than 20 MB.

Refused although Telegram is silent (descriptions that begin with ``strict:``)
    What it would repair, drop or ignore: texts with blanks at their ends or control characters,
    overlapping, surplus or invisible entities, unknown parameters, fields and update types,
    values it would clamp or read as 0. Parse modes, because this project sends entities.
    ``Leniency`` names what a test may let pass.

Not emulated
    Methods and parameters outside ``methods`` (media but documents, polls, inline mode, payments,
    business, rich and ephemeral messages); webhooks outside the loopback interface (stored, never
    called), their certificates; detection of addresses and mentions in the bot's own texts; TDLib's
    splitting of overlapping entities; HTML and Markdown; the 3 s by which the real server delays a
    repeated conflict or a hurried poll; link previews; slow mode.
    Assumptions, not facts: bursts of the flood limits and their ``retry_after``; the 15 s in
    which a callback query may be answered; CHAT_WRITE_FORBIDDEN for a restricted bot's chat
    action; the rights a promotion grants when a test names none (``members``); a command or a
    mention in the middle of a text, a caption or an edit passes the privacy mode; what is not a
    message waits its turn behind its user on the way to a webhook, and retries begin sooner
    (``WebhookTiming``); a deleted topic is "message thread not found", as reported, where
    TOPIC_DELETED is said to occur too (add it as a fault).
"""

from tests.telegram_server.clock import ManualClock, RealClock, SimulatedClock
from tests.telegram_server.dispatch import Call
from tests.telegram_server.faults import Fault, Faults
from tests.telegram_server.flood import FloodLimits, Limit
from tests.telegram_server.handles import ChatHandle, GroupHandle, UserHandle, WaitTimeoutError
from tests.telegram_server.leniency import Leniency
from tests.telegram_server.model import Action, CallbackQuery, Draft, Message
from tests.telegram_server.server import TOKEN, EmulatorDefectError, TelegramServer

__all__ = [
    "TOKEN",
    "Action",
    "Call",
    "CallbackQuery",
    "ChatHandle",
    "Draft",
    "EmulatorDefectError",
    "Fault",
    "Faults",
    "FloodLimits",
    "GroupHandle",
    "Leniency",
    "Limit",
    "ManualClock",
    "Message",
    "RealClock",
    "SimulatedClock",
    "TelegramServer",
    "UserHandle",
    "WaitTimeoutError",
]
