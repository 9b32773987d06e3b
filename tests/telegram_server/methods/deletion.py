"""Deleting messages, under the conditions the Bot API's documentation gives for deleteMessage."""

from tests.telegram_server.access import find_chat, find_message
from tests.telegram_server.errors import bad_request
from tests.telegram_server.members import rights_of
from tests.telegram_server.methods.registry import method
from tests.telegram_server.model import Message
from tests.telegram_server.parameters import Parameters
from tests.telegram_server.state import State

DELETABLE_SECONDS = 48 * 3600
MAX_DELETED_MESSAGES = 100
_LASTING_SERVICES = frozenset(
    {"supergroup_chat_created", "channel_chat_created", "forum_topic_created"}
)


@method("deleteMessage", "chat_id message_id")
def delete_message(state: State, parameters: Parameters) -> bool:
    """Delete a message the bot may delete."""
    chat = find_chat(state, parameters, write=True)
    message = find_message(parameters, chat, what="message to delete")
    if not _deletable(state, message):
        raise bad_request("message can't be deleted")
    message.deleted = True
    return True


@method("deleteMessages", "chat_id message_ids")
def delete_messages(state: State, parameters: Parameters) -> bool:
    """Delete up to a hundred messages, passing over those that are not there."""
    wanted = parameters.json("message_ids", what="message identifiers")
    if not wanted:
        raise bad_request("message identifiers are not specified")
    if not isinstance(wanted, list) or not all(type(each) is int for each in wanted):
        raise bad_request("invalid message identifier specified")
    if len(wanted) > MAX_DELETED_MESSAGES:
        raise bad_request("too many message identifiers specified")
    chat = find_chat(state, parameters, write=True)
    for message_id in wanted:
        message = chat.messages.get(message_id)
        if message is not None and _deletable(state, message):
            message.deleted = True
    return True


def _deletable(state: State, message: Message) -> bool:
    """Say whether the bot may delete a message.

    Its own ones everywhere (in channels by the right to post) and any in private chats, within 48
    hours; with ``can_delete_messages`` any in a group or channel, which the real server allows for
    older ones too.
    """
    chat = message.chat
    if message.deleted or _LASTING_SERVICES & set(message.service):
        return False
    rights = rights_of(chat, state.bot.id)
    if "can_delete_messages" in rights:
        return True
    recent = state.now() - message.date <= DELETABLE_SECONDS
    own = message.sender is state.bot
    if chat.kind == "channel":
        return recent and own and "can_post_messages" in rights
    return recent and (own or chat.kind == "private")
