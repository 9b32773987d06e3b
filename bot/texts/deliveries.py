"""What the bot says by itself beside digests: nothing new, a closed topic. Pure data."""

from __future__ import annotations

from bot.wording import typeset as _t

NOTHING_NEW = _t("Rien de nouveau dans mes articles depuis le dernier résumé.")
TOPIC_CLOSED = _t(
    "Le sujet où j'envoyais un résumé est fermé ou supprimé : je n'y envoie plus rien, et rien "
    "ailleurs non plus. Rouvrez-le, ou écrivez /abonner dans un autre sujet."
)
