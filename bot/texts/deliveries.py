"""What the bot says by itself beside digests: a closed topic, a correction. Pure data."""

from __future__ import annotations

from bot.wording import typeset as _t

TOPIC_CLOSED = _t(
    "Le sujet où j'envoyais un résumé est fermé ou supprimé : je n'y envoie plus rien, et rien "
    "ailleurs non plus. Rouvrez-le, ou écrivez /abonner dans un autre sujet."
)
