"""Every French sentence of the bot, in French typography. Pure data."""

from __future__ import annotations

from bot.courtesies import Courtesy
from bot.views.wording import typeset as _t

START = _t(
    "Bonjour ! Je réponds en français à vos questions d'après une base d'articles de presse. "
    "Chaque réponse s'appuie sur la phrase exacte de l'article, que je cite mot pour mot.\n\n"
    "Écrivez simplement votre question. Si les articles ne disent rien, je vous le dis aussi.\n\n"
    "/aide explique le reste."
)
START_IN_GROUP = _t(
    "Bonjour ! Je réponds en français d'après une base d'articles de presse, chaque phrase citée "
    "mot pour mot. Écrivez « /question » suivi de votre question, mentionnez-moi, ou répondez à "
    "un de mes messages ; je ne lis pas le reste."
)

# Headings and paragraphs of /aide; `{limit}` is the longest question, in characters.
HELP = (
    (
        _t("Poser une question"),
        _t(
            "Écrivez-la comme à quelqu'un : « Combien de personnes ont été évacuées ? » Un message "
            "vaut une question, de {limit} caractères au plus. Vous pouvez enchaîner : « Et "
            "combien de maisons ? » se comprend d'après vos trois dernières questions ; répondre à "
            "l'une de mes réponses repart de celle-là. Pour corriger une question, renvoyez-la : "
            "les messages modifiés ne sont pas relus. /stop arrête la réponse en cours."
        ),
    ),
    (
        _t("Dans un groupe"),
        _t(
            "Écrivez « /question Combien de personnes ont été évacuées ? », mentionnez-moi, ou "
            "répondez à un de mes messages. Me mentionner en réponse au message de quelqu'un, sans "
            "rien ajouter, pose sa question. Je ne lis pas le reste."
        ),
    ),
    (
        _t("Résumés des nouvelles"),
        _t(
            "/resume donne les nouvelles du jour en phrases exactes ; « /resume hier », « /resume "
            "semaine », « /resume budget, école » ou un lien précisent lesquelles. /abonner les "
            "envoie à vos heures, ici, dans un groupe ou dans un canal que vous administrez."
        ),
    ),
    (
        _t("Citation exacte"),
        _t(
            "Les phrases en retrait viennent de l'article, caractère pour caractère ; c'est "
            "vérifié avant l'envoi. Dessous : le titre (qui mène à la phrase quand l'article est "
            "en ligne), le journal, la date et, s'il s'agit de propos rapportés, leur auteur. Le "
            "gras, de mon fait, montre la réponse probable. « Contexte » affiche le passage autour "
            "de la phrase ; 👍 et 👎 me disent si la réponse est utile."
        ),
    ),
    (
        _t("Appui estimé"),
        _t(
            "Quand un modèle de langue rédige, ses phrases portent des numéros, [1] ou [2], qui "
            "renvoient aux citations. Je vérifie que leurs chiffres, dates et noms figurent dans "
            "les phrases citées ; cela ne prouve pas qu'elles disent la même chose. "
            "En cas de doute, fiez-vous à la citation."
        ),
    ),
    (
        _t("Limites"),
        _t(
            "Je ne connais que les articles de ma base (/sources). Une citation exacte prouve "
            "qu'un article le dit, non que c'est vrai. Je peux passer à côté d'une réponse. Je ne "
            "lis que le texte, pas les images ni les fichiers."
        ),
    ),
    (
        _t("Vos questions"),
        _t(
            "Elles ne sont ni enregistrées ni transmises à un autre service. Les trois dernières "
            "restent en mémoire une demi-heure pour comprendre les suivantes ; /oublier les "
            "efface. Un avis 👍 ou 👎 est noté avec une empreinte de la question, pas ses mots."
        ),
    ),
)
HELP_ADMINISTRATORS = (
    _t("Administrer le robot"),
    _t(
        "Vous en êtes administrateur. Un fichier ou un lien envoyé ici devient un article, après "
        "confirmation ; /ajouter prend aussi un texte. /articles montre les articles, /retirer en "
        "retire un. /flux montre les sources suivies, /flux_ajouter et /flux_retirer les changent. "
        "/acces montre qui peut m'écrire, /statut comment je vais."
    ),
)
HELP_IN_GROUP = _t(
    "Écrivez « /question Combien de personnes ont été évacuées ? », mentionnez-moi, ou répondez à "
    "un de mes messages. Les phrases en retrait sont citées mot pour mot ; quand un modèle rédige, "
    "l'appui de ses phrases n'est qu'estimé. /stop arrête la réponse que vous attendez. "
    "En privé, /aide en dit plus."
)

FORGOTTEN = _t("C'est oublié. Posez une nouvelle question quand vous voulez.")

# While an answer is prepared.
QUEUE_PLACE = _t("Vous êtes {place} dans la file…")
SEARCHING = _t("Je cherche dans mes articles…")
READING_ONE = _t("Je lis un passage d'un article…")
READING_ONE_ARTICLE = _t("Je lis {passages} passages d'un article…")
READING = _t("Je lis {passages} passages de {articles} articles…")
MORE_TO_COME = "…"
STOPPED = _t("Réponse arrêtée.")
NOTHING_TO_STOP = _t("Je n'ai pas de réponse en cours pour vous ici.")

# Answers.
MODEL_WROTE = _t(
    "Phrases numérotées : rédigées par un modèle, appui estimé. Citations : exactes, tirées des "
    "articles."
)
MODEL_CHOSE = _t("Citations exactes, choisies par un modèle ; rien n'est rédigé.")
UNTITLED = _t("Sans titre")
SPOKEN_BY = "propos {}"
SUMMARY_ONLY = _t("d'après le résumé du flux, l'article entier n'a pu être lu")
TO_BE_CONTINUED = "(à suivre)"
CONTINUED = "(suite)"

# Abstentions.
ABSTENTION = _t("Désolé, je n'ai pas trouvé de réponse à cette question dans mes articles.")
NEAREST_ONE = _t("L'article le plus proche :")
NEAREST_MANY = _t("Les articles les plus proches :")
NEWEST = _t("Mon article le plus récent est du {}.")
NEWEST_UNKNOWN = _t("Je ne connais la date d'aucun article.")

# What cannot be answered.
QUESTION_TOO_LONG = _t(
    "Cette question compte {length} caractères, et j'en lis {limit} au plus. "
    "Pouvez-vous la raccourcir ?"
)
NOT_TEXT = _t(
    "Je ne lis que le texte, pas les images, les messages vocaux ni les fichiers. Écrivez votre "
    "question seule, s'il vous plaît."
)
ASK = _t(
    "Quelle est votre question ? Écrivez-la à la suite, par exemple : « /question Combien de "
    "personnes ont été évacuées ? »"
)
COURTESIES = {
    Courtesy.GREETING: _t("Bonjour ! Posez-moi votre question ; /aide explique le reste."),
    Courtesy.THANKS: _t("Avec plaisir. Posez-moi une autre question quand vous voulez."),
    Courtesy.FAREWELL: _t("À bientôt !"),
    Courtesy.AGREEMENT: _t("Bien noté. Posez-moi une autre question quand vous voulez."),
    Courtesy.INQUIRY: _t(
        "Je réponds à vos questions d'après une base d'articles de presse, en citant la phrase "
        "exacte. Posez-moi la vôtre ; /aide explique le reste."
    ),
}
UNKNOWN_COMMAND = _t("Je ne connais pas cette commande. /aide dit ce que je sais faire.")
BUSY = _t(
    "Trop de personnes me posent une question en ce moment. Reposez la vôtre dans une minute, "
    "s'il vous plaît."
)
TOO_LATE = _t(
    "Je n'ai pas eu le temps de répondre. Reposez votre question dans quelques minutes, plus "
    "courte ou plus précise si possible."
)
INTERRUPTED = _t(
    "Je dois m'arrêter avant d'avoir répondu. Reposez votre question un peu plus tard."
)
RESTARTED = _t("J'ai été interrompu avant de répondre. Reposez votre question, s'il vous plaît.")
PERHAPS_LOST = _t(
    "La connexion a été coupée pendant l'envoi. Si ma réponse ne figure pas au-dessus, reposez "
    "votre question."
)

# Failures, by what the reader can do about them; the number finds the line in the log.
FAILURE = _t("Une erreur m'a empêché de répondre (n° {number}). Réessayez un peu plus tard.")
FAILURE_TIMEOUT = _t(
    "La réponse demandait trop de temps, j'ai abandonné (n° {number}). Essayez une question plus "
    "courte ou plus précise."
)
FAILURE_BUSY = _t("Ma base d'articles est occupée (n° {number}). Réessayez dans un instant.")
FAILURE_BASE = _t(
    "Ma base d'articles n'est pas utilisable pour le moment (n° {number}). Prévenez la personne "
    "qui s'occupe de ce robot."
)
FAILURE_MODEL = _t(
    "Le modèle qui rédige n'a pas pu répondre (n° {number}). Réessayez ; si cela dure, prévenez la "
    "personne qui s'occupe de ce robot."
)
FAILURE_CITATION = _t(
    "Une citation ne correspondait plus à l'article enregistré : je préfère ne rien affirmer "
    "(n° {number}). Réessayez un peu plus tard."
)
