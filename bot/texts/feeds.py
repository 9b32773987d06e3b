"""Followed sources: what administrators are told. Pure data."""

from __future__ import annotations

from bot.views.wording import typeset as _t

# Listing.
HEADING = _t("Sources suivies : {}")
PAGE_OF = _t("Page {page} sur {pages}")
NONE = _t(
    "Aucune source n'est suivie. Pour en suivre une : /flux_ajouter suivi de l'adresse d'un flux "
    "RSS, Atom ou JSON, ou de la page d'un site qui en nomme un."
)
HINT = _t("/flux_ajouter ADRESSE en suit une autre, /flux_retirer NUMÉRO en retire une.")
NOT_FOLLOWED = _t(
    "Ce robot ne visite pas les sources lui-même (SOURCIER_FOLLOW_FEEDS) : « sourcier feeds "
    "check » le fait."
)
ARTICLE, ARTICLES = _t("{} article"), _t("{} articles")
FOLDER = _t("dossier {}")
LAST_SUCCESS = _t("Dernier succès : {}")
NEVER = "jamais"
LAST_ERROR = _t("Dernière erreur, {when} : {error}")
FAILING = _t("En échec depuis {since}, dernière erreur {when} : {error}")
STOPPED = _t("Arrêtée, dernière erreur {when} : {error}")
NEXT_VISIT = _t("Prochaine visite : {}")
AT_ONCE = "dans un instant"
NO_VISIT = "aucune"
PREVIOUS, NEXT = "◀", "▶"

# Adding.
ADD_USAGE = _t(
    "Écrivez /flux_ajouter suivi de l'adresse d'un flux RSS, Atom ou JSON, ou de la page d'un site "
    "qui en nomme un."
)
FOLDER_REFUSED = _t(
    "Un dossier de la machine ne s'ajoute que depuis elle : sourcier feeds add CHEMIN. Ici, "
    "donnez l'adresse web d'un flux."
)
ADDED = _t("Source suivie : ")
AGAIN = _t("Source suivie déjà : ")
VIA_PAGE = _t("C'est le flux que nomme cette page.")
ANNOUNCED_NONE = _t("Elle n'annonce aucun article pour le moment.")
ANNOUNCED_ONE = _t("Elle annonce un article.")
ANNOUNCED = _t("Elle annonce {} articles.")
FIRST_VISIT = _t("Première visite dans un instant.")
FIRST_VISIT_LATER = _t("Première visite : sourcier feeds check.")
NOT_ADDED = _t("Aucune source n'a été ajoutée. {reason}")

# Removing.
CHOOSE_REMOVED = _t("Quelle source retirer ? Touchez son numéro.")
REMOVE_QUESTION = _t("Ne plus suivre cette source ?")
REMOVE_MEANS = _t("Ses articles restent dans la base.")
REMOVE, CANCEL = "Retirer", "Annuler"
REMOVED = _t("Source retirée : ")
KEPT = _t("D'accord, elle reste suivie.")
NO_SUCH_NUMBER = _t("La dernière liste n'a pas ce numéro. Demandez d'abord /flux.")
NO_SUCH_SOURCE = _t("Cette source n'est plus suivie.")

# When sources have failed for a day.
FAILED_ONE = _t("Une source suivie ne se lit plus :")
FAILED_MANY = _t("{} sources suivies ne se lisent plus :")
FAILED_LINE = _t("depuis {since}. {error}")
FAILED_MORE = _t("et {} de plus.")
FAILED_HINT = _t("/flux en dit plus. Je ne le redirai que si elles sont lues puis échouent encore.")
FAILED_HINT_ONE = _t("/flux en dit plus. Je ne le redirai que si elle est lue puis échoue encore.")
