"""Adding, listing and removing articles: what administrators are told. Pure data."""

from __future__ import annotations

from bot.views.wording import typeset as _t
from knowledge.ports import SaveStatus

# Adding.
USAGE = _t(
    "Pour ajouter un article, envoyez-moi un fichier (texte, Markdown, HTML ou PDF) ou un lien, ou "
    "écrivez :\n"
    "• /ajouter suivi d'un lien ;\n"
    "• /ajouter suivi d'un texte, son titre seul sur la première ligne ;\n"
    "• /ajouter en réponse à un message qui contient l'article, le lien ou le fichier."
)
OFFER = _t("Ajouter cet article ?")
OFFER_FILE = _t("Fichier : ")
OFFER_LINK = _t("Lien : ")
YES, NO = "Oui", "Non"
ADDING = _t("Ajout en cours…")
NOT_WANTED = _t("D'accord, rien n'a été ajouté.")
OFFER_GONE = _t("Le message d'origine n'est plus là. Renvoyez-le, s'il vous plaît.")
ALREADY_ANSWERED = _t("C'est déjà fait.")
NAMELESS_FILE = _t("sans nom")
STATUSES = {
    SaveStatus.ADDED: _t("Ajouté : "),
    SaveStatus.UPDATED: _t("Mis à jour : "),
    SaveStatus.UNCHANGED: _t("Déjà dans la base, inchangé : "),
}
SENTENCE, SENTENCES = _t("{} phrase"), _t("{} phrases")
BY_WORDS_ONLY = _t(
    "L'article se trouve par ses mots ; l'index Chroma ne l'a pas encore et sera complété au "
    "prochain démarrage."
)
NOT_ADDED = _t("Rien n'a été ajouté. {reason}")
FILE_TOO_LARGE = _t("Ce fichier pèse {size} Mio ; je peux en recevoir de {limit} Mio au plus.")
DOWNLOAD_FAILED = _t("Telegram ne m'a pas transmis le fichier. Renvoyez-le, s'il vous plaît.")
TOO_MUCH = _t("Trop d'ajouts et de retraits attendent déjà. Réessayez dans une minute.")
STOPPING = _t("Je m'arrête : recommencez quand je serai revenu.")

# Listing.
LIST_HEADING = _t("Articles de la base : {}")
SEARCH_HEADING = _t("Articles pour « {words} » : {}")
PAGE_OF = _t("Page {page} sur {pages}")
NO_ARTICLE = _t("La base est vide. /ajouter dit comment la remplir.")
NOTHING_FOUND = _t("Aucun article n'a ces mots dans son titre, son média ou son adresse.")
REMOVE_HINT = _t("Pour en retirer un : /retirer suivi de son numéro.")
PREVIOUS, NEXT = "◀", "▶"

# Removing.
REMOVE_USAGE = _t(
    "Quel article retirer ? Écrivez /retirer suivi de son numéro dans la dernière liste "
    "(/articles), de son lien ou de mots de son titre."
)
REMOVE_QUESTION = _t("Retirer cet article ?")
REMOVE, CANCEL = "Retirer", "Annuler"
REMOVED = _t("Retiré : ")
REMOVED_MEANS = _t("Il ne sert plus aux réponses.")
KEPT = _t("D'accord, l'article reste.")
NO_SUCH_NUMBER = _t("La dernière liste n'a pas ce numéro. Demandez d'abord /articles.")
NO_SUCH_ARTICLE = _t("Je n'ai pas cet article.")
SEVERAL = _t("Plusieurs articles ont ces mots : donnez le numéro de celui qu'il faut retirer.")

# What everybody may ask.
SOURCES_EMPTY = _t("Ma base ne contient encore aucun article.")
SOURCES_COUNT_ONE = _t("Ma base contient un article.")
SOURCES_COUNT = _t("Ma base contient {} articles.")
SOURCES_NEWEST = _t("Le plus récent est du {}.")
SOURCES_UNDATED = _t("Je ne connais la date d'aucun d'eux.")
SOURCES_OUTLET = _t("Média : {}.")
SOURCES_OUTLETS = _t("Médias : {}.")
SOURCES_MORE_ONE = _t("et un autre")
SOURCES_MORE = _t("et {} autres")
