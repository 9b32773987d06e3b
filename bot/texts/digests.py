"""What a digest says around its quotations."""

from __future__ import annotations

from bot.views.wording import typeset as _t

# Above each part: the window in the reader's time, then which part of how many.
WINDOW = _t("Les nouvelles du {since} au {until}")
WINDOW_OF_ONE_DAY = _t("Les nouvelles du {day}, de {since} à {until}")
WINDOW_OF_WHOLE_DAY = _t("Les nouvelles du {day}")
MOMENT = _t("{day} à {hour}")
PART = "({part}/{parts})"

NOTHING_NEW = _t("Rien de nouveau du {since} au {until}.")
NOTHING_NEW_OF_ONE_DAY = _t("Rien de nouveau le {day}, de {since} à {until}.")
NOTHING_NEW_OF_WHOLE_DAY = _t("Rien de nouveau le {day}.")

GROUP_CONTINUED = _t("{} (suite)")
GROUP_WITHOUT_NAME = _t("Un même événement")

# Under a quotation: the outlets that published the same story.
SOURCES = _t("{count} sources, dont {names}")
SOURCES_UNNAMED = _t("{count} sources")
AND = " et "
AND_ONE_MORE = _t(" et une autre")
AND_MORE = _t(" et {} autres")

CONTRAST = _t("Les articles donnent des chiffres différents :")
OTHER_FIGURE = _t("Un autre article donne un autre chiffre :")
OTHER_FIGURES = _t("D'autres articles donnent d'autres chiffres :")

LEFT_OUT_ONE = _t("Une autre nouvelle de cette période n'est pas montrée.")
LEFT_OUT = _t("{} autres nouvelles de cette période ne sont pas montrées.")
