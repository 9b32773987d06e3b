"""What is said of summaries that are asked for at once. Pure data."""

from __future__ import annotations

from bot.views.wording import typeset as _t

# Above a summary on subjects; `{window}` is its window, as digests say it.
ABOUT = _t("« {words} » : {window}")
ABOUT_ANY = _t("Un de ces mots, « {words} » : {window}")
NOTHING_ABOUT = _t("Je n'ai rien trouvé sur « {words} » dans les articles de la dernière semaine.")
NO_ARTICLE = _t("Ma base ne contient encore aucun article.")
TOO_LONG = _t(
    "C'est trop de mots pour un sujet : trente sujets au plus, de quatre-vingts caractères chacun, "
    "séparés par des virgules."
)

# The summary of one article.
ARTICLE_ONE = _t("L'article en une phrase")
ARTICLE = _t("L'article en {} phrases")
IN_ARTICLE = _t("dans l'article")
NOT_IN_BASE = _t(
    "Cet article n'est pas dans ma base, je ne peux donc pas le résumer. Un administrateur peut "
    "l'y ajouter."
)
NO_LINK = _t(
    "Je n'ai pas trouvé de lien dans ce message. Écrivez /resume suivi d'un lien ou de mots, ou "
    "répondez /resume à un message qui contient le lien d'un article."
)
