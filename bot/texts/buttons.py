"""What the buttons under an answer say, and what a press answers. Pure data."""

from __future__ import annotations

from bot.views.wording import typeset as _t

CONTEXT = _t("Contexte")
CONTEXT_OF = _t("Contexte {number}")
USEFUL, USELESS = "👍", "👎"

# Toasts, up to 200 characters.
VOTED_USEFUL = _t("Merci ! C'est noté : réponse utile.")
VOTED_USELESS = _t("Merci ! C'est noté : réponse inutile.")
VOTE_WITHDRAWN = _t("Votre avis est retiré.")
ALREADY_SHOWN = _t("Le contexte est déjà affiché, en réponse à ce message.")
BEING_SHOWN = _t("Le contexte arrive.")
TOO_MANY = _t("J'affiche déjà plusieurs contextes ici. Réessayez dans un instant.")
TOO_OLD = _t("Ce message est trop ancien pour que je m'en souvienne. Reposez la question.")
UNKNOWN = _t("Ce bouton ne sert plus. Posez votre question de nouveau, s'il vous plaît.")
NOT_NOW = _t("Je n'y arrive pas pour le moment. Réessayez dans un instant.")
NO_LONGER_EXACT = _t("La citation ne correspond plus à l'article enregistré : je n'affiche rien.")

# The passage around a quotation.
CUT = "[…]"
CHANGED_SINCE = _t("L'article a été modifié depuis ; voici la version citée.")
REMOVED_SINCE = _t("L'article a été retiré de ma base depuis ; voici la version citée.")
