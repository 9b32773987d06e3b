"""Every French sentence about subscriptions. Pure data."""

from __future__ import annotations

from bot.views.wording import typeset as _t

# What was typed or pressed cannot be.
BAD_HOURS = _t("Je n'ai pas compris ces heures. Écrivez-les comme ceci : 8h, 12h30, 18h.")
BAD_ZONE = _t(
    "Je ne connais pas ce fuseau horaire. Écrivez une ville comme Paris ou Montréal, ou un nom "
    "comme America/Toronto."
)
BAD_ITEMS = _t("Un résumé compte de 1 à {most} articles.")
TOO_MANY_HOURS = _t("Douze heures par jour au plus.")
LAST_HOUR = _t("Il faut au moins une heure. Ajoutez-en une autre d'abord.")
LAST_DAY = _t("Il faut au moins un jour. Ajoutez-en un autre d'abord.")
TOO_MANY_SUBJECTS = _t("Trente sujets au plus, de quatre-vingts caractères chacun.")
BOTH_WAYS = _t("« {word} » ne peut pas être à la fois un sujet et un mot à éviter.")
NO_WORDS = _t("Je n'y ai trouvé aucun mot. Séparez-les par des virgules : budget, école.")
STALE_PANEL = _t("Ces réglages ont changé depuis. Les voici à jour.")

# The panel.
TITLE = _t("Résumé n° {id}")
WHERE_PRIVATE = _t("pour cette conversation")
WHERE_GROUP = _t("pour ce groupe")
WHERE_CHANNEL = _t("pour ce canal")
WHERE_TOPIC = _t("pour ce sujet du groupe")
WHERE_OTHER_TOPIC = _t("pour un autre sujet du groupe")
WHERE_CHAT = _t("pour « {title} »")
HOURS = _t("Heures : {}")
DAYS = _t("Jours : {}")
WORDS = _t("Sujets : {}")
WORDS_ALL = "tous"
AVOID = _t("À éviter : {}")
OUTLETS = _t("Journaux : {}")
FEEDS = _t("Flux : {}")
ITEMS_ONE = _t("Longueur : 1 article")
ITEMS_MANY = _t("Longueur : {} articles au plus")
STYLE_BRIEFS = _t("Style : brèves, une phrase citée par article")
STYLE_SYNTHESIS = _t("Style : synthèse, quelques lignes par sujet, avec leurs citations")
STYLE_SYNTHESIS_NO_MODEL = _t(
    "Style : synthèse ; sans modèle de langue sur ce serveur, des brèves sont envoyées"
)
LOUD, SILENT = _t("Sonnerie : oui"), _t("Sonnerie : non, envoi silencieux")
NOTHING_SILENT = _t("Rien de nouveau : rien n'est envoyé")
NOTHING_SAID = _t("Rien de nouveau : une ligne le dit")
CORRECTIONS_YES = _t("Corrections : signalées en réponse au résumé")
CORRECTIONS_NO = _t("Corrections : non signalées")
NEXT = _t("Prochain envoi : {}.")
SUSPENDED = {
    "blocked": _t("Suspendu : le robot était bloqué. Il reprend dès que vous lui écrivez."),
    "removed": _t(
        "Suspendu : le robot n'est plus dans cette conversation. Il reprend à son retour."
    ),
    "muted": _t("Suspendu : le robot n'a pas le droit d'écrire ici. Il reprend dès qu'il l'a."),
    "topic": _t("Suspendu : ce sujet du groupe est fermé ou supprimé."),
    "access": _t(
        "Suspendu : cette conversation n'est plus admise. Il reprend dès qu'elle l'est de nouveau."
    ),
}

# Its buttons.
BUTTON_HOURS, BUTTON_DAYS, BUTTON_ZONE = "Heures", "Jours", "Fuseau"
BUTTON_WORDS, BUTTON_OUTLETS, BUTTON_FEEDS = "Sujets", "Journaux", "Flux"
BUTTON_ITEMS = "Longueur"
BUTTON_STYLE = {"breves": _t("Style : brèves"), "synthese": _t("Style : synthèse")}
BUTTON_SOUND = {False: _t("Sonnerie : oui"), True: _t("Sonnerie : non")}
BUTTON_EMPTY = {False: _t("Si rien : rien"), True: _t("Si rien : une ligne")}
BUTTON_CORRECTIONS = {True: _t("Corrections : oui"), False: _t("Corrections : non")}
BUTTON_CANCEL = "Se désabonner"
BUTTON_CANCEL_SURE = "Oui, se désabonner"
BUTTON_BACK = "Retour"
BUTTON_ADD_WORDS, BUTTON_ADD_AVOID = "Ajouter des sujets", "Ajouter des mots à éviter"
BUTTON_OTHER_HOUR, BUTTON_OTHER_ZONE = "Autre heure", "Autre fuseau"
CHOSEN, REMOVE, REMOVE_AVOID = "✓ {}", "✕ {}", "✕ sauf {}"

# Its pages.
ASK_HOURS = _t("À quelles heures l'envoyer ? ({zone})")
ASK_DAYS = _t("Quels jours l'envoyer ?")
ASK_ZONE = _t("Dans quel fuseau horaire compter les heures ?")
ASK_ITEMS = _t("Combien d'articles au plus ?")
ASK_WORDS = _t(
    "Un article est retenu s'il parle d'un de ces sujets et d'aucun mot à éviter ; les formes d'un "
    "mot se valent (école, écoles). Touchez un mot pour l'enlever."
)
ASK_FIRST_WORDS = _t(
    "Tous les articles sont retenus. Ajoutez des sujets pour ne garder que ceux qui en parlent, ou "
    "des mots à éviter ; les formes d'un mot se valent (école, écoles)."
)
ASK_WORDS_ONLY_AVOID = _t(
    "Tous les articles sont retenus, sauf ceux qui ont un mot à éviter ; les formes d'un mot se "
    "valent (école, écoles). Touchez un mot pour l'enlever."
)
ASK_OUTLETS = _t("Quels journaux suivre ? Sans choix, tous.")
ASK_FEEDS = _t("Quels flux suivre ? Sans choix, tous.")
NO_OUTLETS = _t("La base ne connaît encore aucun journal.")
NO_FEEDS = _t("Aucun flux n'est suivi pour le moment.")
ASK_CANCEL = _t("Supprimer cet abonnement ? Les messages déjà envoyés restent.")

# Questions answered by a reply; the first line is how the reply is recognised.
PROMPT = _t("Résumé n° {id} : {field}")
PROMPT_FIELDS = {
    "words": "sujets",
    "avoid": _t("mots à éviter"),
    "hours": "heures",
    "zone": "fuseau horaire",
}
PROMPT_HELP = {
    "words": _t("Répondez à ce message par les sujets à suivre, séparés par des virgules."),
    "avoid": _t("Répondez à ce message par les mots à éviter, séparés par des virgules."),
    "hours": _t("Répondez à ce message par les heures d'envoi : 7h30, 18h."),
    "zone": _t("Répondez à ce message par une ville (Montréal) ou un nom (America/Toronto)."),
}

# Commands.
SUBSCRIBED = _t("C'est noté : un résumé partira {days}, à {hours}.")
SUBSCRIBED_CHANNEL = _t(
    "C'est noté : un résumé sera publié ici {days}, à {hours}. Prochain envoi : {next}."
)
SUBSCRIBED_HELP = _t("Les boutons changent les réglages ; /abonnements les retrouve.")
CHANGED_ABOVE = _t("C'est changé.")  # above the settings, which say when the next one leaves
CHANGED = _t("C'est changé. Prochain envoi : {next}.")
CHANGED_SUSPENDED = _t("C'est changé. Cet abonnement est suspendu.")
CANCELLED = _t("Le résumé n° {id} est supprimé. /abonner en crée un autre.")
TOO_MANY = _t(
    "Il y a déjà {most} abonnements ici, c'est le plus possible. /abonnements permet d'en modifier "
    "ou d'en supprimer un."
)
NONE_HERE = _t("Il n'y a aucun abonnement ici. /abonner en crée un.")
LIST_HEADING = _t("Abonnements :")
LIST_LINE = _t("n° {id}, {where} : {days}, à {hours}{subjects}")
LIST_BUTTON = _t("n° {}")
LIST_SUBJECTS = " ({})"
LIST_SUSPENDED = " (suspendu)"
CHOOSE_CANCEL = _t("Quel abonnement supprimer ?")
CHOOSE_PLACE = _t("Où envoyer le résumé ?")
HERE = "Dans cette conversation"
CHANNEL_HELP = _t("Pour changer les réglages, un administrateur m'écrit /abonnements en privé.")
CHANNEL_NOT_ADMITTED = _t(
    "Ce canal n'est pas admis ici. Un de ses administrateurs, s'il l'est, peut m'écrire /abonner "
    "en privé."
)
NO_SUCH = _t("Il n'y a pas d'abonnement n° {id} ici. /abonnements montre ceux qu'il y a.")
ADMINISTRATORS_ONLY = _t(
    "Dans un groupe ou un canal, seuls ses administrateurs gèrent les abonnements."
)
UNSURE_ADMINISTRATOR = _t(
    "Telegram ne me dit pas si vous êtes administrateur ici. Réessayez dans un instant."
)
GONE = _t("Cet abonnement n'existe plus.")

# Chats that the bot joins, leaves, or may no longer write to.
GREETING_GROUP = _t(
    "Bonjour ! Je réponds en français aux questions sur une base d'articles de presse, citations "
    "exactes à l'appui. Ici, écrivez /question suivi de votre question, mentionnez-moi ou répondez "
    "à un de mes messages. Un administrateur peut taper /abonner pour recevoir un résumé des "
    "nouveaux articles."
)
GREETING_CHANNEL = _t(
    "Bonjour ! Je peux publier ici un résumé des nouveaux articles, citations exactes à l'appui. "
    "Un administrateur publie /abonner ici, ou m'écrit /abonner en privé et choisit ce canal."
)
RESUMED = _t("Me revoici : les abonnements reprennent. Prochain envoi : {next}.")
