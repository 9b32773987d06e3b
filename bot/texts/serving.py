"""What the bot says of its own service: full, free again, interrupted. Pure data."""

from __future__ import annotations

from bot.views.wording import typeset as _t

QUEUE_FULL = _t(
    "Trop de messages attendent déjà ici : je n'ai pas pris celui-ci, et je n'en prends pas "
    "d'autre avant d'avoir répondu à ceux-là. Je vous ferai signe."
)
LEFT_OUT_ONE = _t("Ce qui attendait est traité : renvoyez ce message, s'il vous plaît.")
LEFT_OUT_MANY = _t(
    "Ce qui attendait est traité. {count} messages n'ont pas été pris, à partir de celui-ci : "
    "renvoyez ceux qui comptent, s'il vous plaît."
)
PRESSED_TOO_OFTEN = _t("Trop d'appuis à la fois : réessayez dans un instant.")
RESTARTED_MANY = _t(
    "J'ai été interrompu avant de répondre à {count} messages, dont celui-ci est le premier. "
    "Renvoyez-les, s'il vous plaît."
)
