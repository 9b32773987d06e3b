"""Who may do what in a group or channel, and the ``ChatMember`` objects that say so.

A creator may do everything. An administrator has the rights granted (``DEFAULT_RIGHTS`` when the
test named none); others have the chat's permissions, or those their restriction left them. Which
rights a promotion grants by default is a choice of the client: the one here, everything but
promoting others, managing topics and being anonymous, is ours.
"""

from tests.telegram_server.model import (
    ADMINISTRATORS,
    ALL_PERMISSIONS,
    PRESENT,
    Chat,
    ChatKind,
    Json,
    User,
)

_COMMON = (
    "can_manage_chat can_delete_messages can_manage_video_chats can_restrict_members "
    "can_promote_members can_change_info can_invite_users can_post_stories can_edit_stories "
    "can_delete_stories"
).split()
RIGHTS: dict[ChatKind, tuple[str, ...]] = {
    "private": (),
    "group": (*_COMMON, "can_pin_messages"),
    "supergroup": (*_COMMON, "can_pin_messages", "can_manage_topics"),
    "channel": (*_COMMON, "can_post_messages", "can_edit_messages", "can_manage_direct_messages"),
}
NOT_BY_DEFAULT = frozenset({"can_promote_members", "can_manage_topics"})


def default_rights(kind: ChatKind) -> frozenset[str]:
    """Return the rights of an administrator when a test names none."""
    return frozenset(RIGHTS[kind]) - NOT_BY_DEFAULT


def check_rights(kind: ChatKind, rights: frozenset[str]) -> None:
    """Raise ``ValueError`` for a right that no administrator of such a chat can have."""
    unknown = rights - set(RIGHTS[kind])
    if unknown:
        raise ValueError(f"an administrator of a {kind} has no right {min(unknown)}")


def rights_of(chat: Chat, user_id: int) -> frozenset[str]:
    """Return the administrator rights of somebody, none for others."""
    status = chat.members.get(user_id, "left")
    if status == "creator":
        return frozenset(RIGHTS[chat.kind])
    if status != "administrator":
        return frozenset()
    return chat.rights.get(user_id, default_rights(chat.kind))


def permissions_of(chat: Chat, user_id: int) -> frozenset[str]:
    """Return what somebody may send and do as a member."""
    status = chat.members.get(user_id, "left")
    if status in ADMINISTRATORS:
        return ALL_PERMISSIONS
    if status == "restricted":
        return chat.restrictions.get(user_id, frozenset())
    return chat.permissions if status in PRESENT else frozenset()


def chat_member(chat: Chat, user: User) -> Json:
    """Return the ``ChatMember`` object of a user in a group or channel."""
    status = chat.members.get(user.id, "left")
    member: Json = {"status": status, "user": user.json()}
    if status == "kicked":
        member["until_date"] = 0
    if status in ADMINISTRATORS:
        member["is_anonymous"] = user.id in chat.anonymous
        if user.id in chat.custom_titles:
            member["custom_title"] = chat.custom_titles[user.id]
    if status == "administrator":
        granted = rights_of(chat, user.id)
        member["can_be_edited"] = False
        member |= {right: right in granted for right in RIGHTS[chat.kind]}
    if status == "restricted":
        left = permissions_of(chat, user.id)
        member |= {each: each in left for each in sorted(ALL_PERMISSIONS)}
        member |= {"is_member": True, "until_date": 0}
    return member
