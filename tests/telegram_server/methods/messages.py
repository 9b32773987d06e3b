"""Writing in chats: send, draft, edit, chat actions, answers to buttons."""

from typing import Any

from tests.telegram_server.access import (
    check_may_send,
    find_action_thread,
    find_chat,
    find_message,
    find_reply,
    find_thread,
)
from tests.telegram_server.delivery import publish
from tests.telegram_server.errors import bad_request, strict
from tests.telegram_server.formatted import FormattedText, read_formatted_text
from tests.telegram_server.keyboards import read_reply_markup
from tests.telegram_server.members import permissions_of
from tests.telegram_server.methods.registry import method
from tests.telegram_server.model import Action, Chat, Draft, Message, Revision, StoredFile
from tests.telegram_server.parameters import JsonFields, Parameters
from tests.telegram_server.state import State
from tests.telegram_server.text import MAX_CAPTION_LENGTH, MAX_TEXT_LENGTH

DRAFT_SECONDS = 30.0
MAX_CALLBACK_ANSWER_LENGTH = 200
ACTIONS = frozenset(
    "typing upload_photo record_video upload_video record_voice upload_voice upload_document "
    "choose_sticker find_location record_video_note upload_video_note".split()
)
NOT_MODIFIED = (
    "message is not modified: specified new message content and reply markup are exactly the same "
    "as a current content and reply markup of the message"
)
QUERY_INVALID = "query is too old and response timeout expired or query ID is invalid"
_PREVIEW_FIELDS = {
    "is_disabled": "Boolean",
    "url": "String",
    "prefer_small_media": "Boolean",
    "prefer_large_media": "Boolean",
    "show_above_text": "Boolean",
}
_SENDING = (
    "chat_id message_thread_id reply_parameters reply_markup disable_notification protect_content "
    "parse_mode "
)


@method("sendMessage", f"{_SENDING} text entities link_preview_options")
def send_message(state: State, parameters: Parameters) -> dict[str, Any]:
    """Send a text; return the ``Message`` object."""
    formatted = _read_text(state, parameters, too_long="message is too long")
    preview = _read_link_preview(parameters)
    return _send(
        state,
        parameters,
        text=formatted.text,
        entities=formatted.entities,
        link_preview_options=preview,
    )


@method("sendDocument", f"{_SENDING} document caption caption_entities")
def send_document(state: State, parameters: Parameters) -> dict[str, Any]:
    """Send a file, uploaded or known by its id; return the ``Message`` object."""
    document = _read_document(state, parameters)
    caption = read_formatted_text(
        parameters,
        lenient=state.lenient,
        field="caption",
        entities_field="caption_entities",
        max_length=MAX_CAPTION_LENGTH,
        too_long=bad_request("message caption is too long"),
        may_be_empty=True,
    )
    return _send(
        state, parameters, document=document, caption=caption.text, entities=caption.entities
    )


@method("sendMessageDraft", "chat_id draft_id text entities parse_mode message_thread_id")
def send_message_draft(state: State, parameters: Parameters) -> bool:
    """Show a text being written, for 30 s; an empty one shows that the bot thinks."""
    formatted = _read_text(state, parameters, too_long="MESSAGE_TOO_LONG", may_be_empty=True)
    draft_id = parameters.integer("draft_id")
    chat = find_chat(state, parameters, write=True)
    if chat.kind != "private":
        raise bad_request("TEXTDRAFT_PEER_INVALID")
    find_thread(state, parameters, chat)
    if not draft_id:
        raise strict("draft_id must be non-zero")
    state.flood.charge("draft", chat, parameters.method)
    now = state.clock.monotonic()
    chat.drafts.append(
        Draft(draft_id, formatted.text, formatted.entities, now, now + DRAFT_SECONDS)
    )
    return True


@method("sendChatAction", "chat_id action message_thread_id")
def send_chat_action(state: State, parameters: Parameters) -> bool:
    """Show for five seconds what the bot is doing."""
    action = parameters.text("action")
    if action not in ACTIONS:
        raise bad_request("wrong parameter action in request")
    chat = find_chat(state, parameters, write=True)
    if chat.kind == "channel":
        raise strict("Telegram shows no chat action in a channel")
    if chat.user is None and "can_send_messages" not in permissions_of(chat, state.bot.id):
        raise bad_request("CHAT_WRITE_FORBIDDEN")
    thread_id = find_action_thread(state, parameters, chat)
    state.flood.charge("action", chat, parameters.method)
    chat.actions.append(Action(action, state.clock.monotonic(), thread_id))
    return True


@method(
    "editMessageText",
    "chat_id message_id text entities parse_mode link_preview_options reply_markup",
)
def edit_message_text(state: State, parameters: Parameters) -> dict[str, Any]:
    """Replace the text of a message of the bot; without ``reply_markup`` its keyboard goes."""
    formatted = _read_text(state, parameters, too_long="MESSAGE_TOO_LONG")
    preview = _read_link_preview(parameters)
    markup = read_reply_markup(parameters, inline_only=True)
    message = _message_to_edit(state, parameters)
    if message.document is not None:
        raise bad_request("there is no text in the message to edit")
    _edit(state, parameters.method, message, formatted, markup)
    message.link_preview_options = preview
    return message.json()


@method("editMessageReplyMarkup", "chat_id message_id reply_markup")
def edit_message_reply_markup(state: State, parameters: Parameters) -> dict[str, Any]:
    """Replace or remove the keyboard of a message of the bot."""
    markup = read_reply_markup(parameters, inline_only=True)
    message = _message_to_edit(state, parameters)
    _edit(state, parameters.method, message, _shown(message), markup)
    return message.json()


@method("answerCallbackQuery", "callback_query_id text show_alert url cache_time")
def answer_callback_query(state: State, parameters: Parameters) -> bool:
    """End the waiting of a pressed button, once and in time."""
    query = state.callback_queries.get(parameters.text("callback_query_id"))
    if query is None or query.answer is not None:
        raise bad_request(QUERY_INVALID)
    if state.clock.monotonic() - query.asked_at > state.callback_query_lifetime:
        raise bad_request(QUERY_INVALID)
    text = parameters.text("text")
    if len(text) > MAX_CALLBACK_ANSWER_LENGTH:
        raise bad_request("MESSAGE_TOO_LONG")
    if parameters.text("url"):
        raise bad_request("URL_INVALID")
    parameters.integer("cache_time")
    query.answer = {"text": text, "show_alert": parameters.boolean("show_alert")}
    return True


def _read_text(
    state: State, parameters: Parameters, *, too_long: str, may_be_empty: bool = False
) -> FormattedText:
    return read_formatted_text(
        parameters,
        lenient=state.lenient,
        max_length=MAX_TEXT_LENGTH,
        too_long=bad_request(too_long),
        may_be_empty=may_be_empty,
    )


def _read_link_preview(parameters: Parameters) -> dict[str, Any] | None:
    value = parameters.json("link_preview_options", what="link preview options")
    if value is None:
        return None
    if not isinstance(value, dict):
        raise bad_request("object expected as link preview options")
    fields = JsonFields(value)
    for name, kind in _PREVIEW_FIELDS.items():
        fields.optional(name, kind)
    fields.refuse_others(_PREVIEW_FIELDS)
    return value


def _read_document(state: State, parameters: Parameters) -> StoredFile:
    given = parameters.text("document")
    if given and not given.startswith("attach://"):
        if given not in state.files:
            raise bad_request(
                "wrong remote file identifier specified: Wrong character in the string"
                if not given.isascii()
                else "wrong file identifier/HTTP URL specified"
            )
        return state.files[given]
    upload = parameters.files.get(given.removeprefix("attach://") or "document")
    if upload is None:
        raise bad_request("there is no document in the request")
    if not upload.content:
        raise bad_request("file must be non-empty")
    return state.add_file(upload.name, upload.mime_type, upload.content)


def _send(state: State, parameters: Parameters, **content: Any) -> dict[str, Any]:
    markup = read_reply_markup(parameters)
    silent = parameters.boolean("disable_notification")
    protected = parameters.boolean("protect_content")
    chat = find_chat(state, parameters, write=True)
    documents = content.get("document") is not None
    check_may_send(state, chat, "can_send_documents" if documents else "can_send_messages")
    reply_to, quote = find_reply(parameters, chat)
    thread_id = find_thread(state, parameters, chat, reply_to)
    state.flood.charge("message", chat, parameters.method)
    message = state.add_message(
        chat,
        state.bot,
        reply_to=reply_to,
        reply_markup=markup,
        thread_id=thread_id,
        quote=quote,
        disable_notification=silent,
        protect_content=protected,
        **content,
    )
    publish(state, message)
    return message.json()


def _message_to_edit(state: State, parameters: Parameters) -> Message:
    if not parameters.text("chat_id") and not parameters.integer("message_id"):
        raise bad_request("message identifier is not specified")
    chat: Chat = find_chat(state, parameters, write=True)
    message = find_message(parameters, chat, what="message to edit")
    if message.sender is not state.bot:
        raise bad_request("message can't be edited")
    return message


def _shown(message: Message) -> FormattedText:
    return FormattedText(message.text, message.entities)


def _edit(
    state: State,
    method: str,
    message: Message,
    content: FormattedText,
    markup: dict[str, Any] | None,
) -> None:
    before = (message.text, _sorted(message.entities), message.reply_markup)
    if before == (content.text, _sorted(content.entities), markup):
        raise bad_request(NOT_MODIFIED)
    state.flood.charge("message", message.chat, method)
    message.revisions.append(
        Revision(message.text, message.entities, message.reply_markup, state.clock.monotonic())
    )
    message.text, message.entities, message.reply_markup = content.text, content.entities, markup
    message.edit_date = state.now()


def _sorted(entities: tuple[dict[str, Any], ...]) -> list[dict[str, Any]]:
    return sorted(entities, key=lambda each: (each["offset"], -each["length"], each["type"]))
