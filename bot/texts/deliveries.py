"""What the bot says by itself beside digests: a closed topic, a correction. Pure data."""

from __future__ import annotations

from bot.views.wording import typeset as _t

TOPIC_CLOSED = _t(
    "Le sujet où j'envoyais un résumé est fermé ou supprimé : je n'y envoie plus rien, et rien "
    "ailleurs non plus. Rouvrez-le, ou écrivez /abonner dans un autre sujet."
)

CORRECTION_ONE = _t("Correction : une phrase citée dans ce message a changé à la source.")
CORRECTION_SEVERAL = _t("Correction : des phrases citées dans ce message ont changé à la source.")
CORRECTION_MOVED = _t("Correction : une phrase que j'avais citée ici a changé à la source.")
BEFORE = _t("Citée alors :")
AFTER = _t("À présent :")
LOST = _t("Cette phrase n'est plus dans l'article.")
