"""Who may use the bot and how often: what readers and administrators are told. Pure data."""

from __future__ import annotations

from bot.access import AccessMode, AccessState
from bot.quota import Window
from bot.views.wording import typeset as _t

# Refusals. An identifier is what an administrator writes in the settings.
NOT_LISTED = _t(
    "Bonjour. Ce robot ne répond qu'aux personnes que ses administrateurs ont inscrites. Pour en "
    "être, donnez-leur votre identifiant Telegram : "
)
GROUP_NOT_LISTED = _t(
    "Bonjour. Je ne réponds qu'aux groupes et aux personnes que mes administrateurs ont inscrits : "
    "il suffit que l'un ou l'autre le soit. Identifiant de ce groupe : "
)
PAIRING = _t(
    "Bonjour. Ce robot répond sur invitation : donnez ce code à l'un de ses administrateurs, et je "
    "vous préviendrai de sa réponse.\n\nCode : "
)
GROUP_PAIRING = _t(
    "Bonjour. Je ne réponds que dans les groupes qu'un administrateur du robot a approuvés : "
    "donnez-lui ce code. Il vaut pour tout le groupe, et je dirai ici ce qu'il a répondu."
    "\n\nCode : "
)
CODE_EXPIRES = _t("Il expire {}.")
TOO_MANY_PENDING = _t(
    "Trop de demandes d'accès attendent déjà une réponse. Revenez demain, s'il vous plaît."
)
TURNED_DOWN = _t(
    "Un administrateur de ce robot n'a pas accepté la demande d'accès. Adressez-vous à lui si vous "
    "pensez que c'est une erreur."
)
NOT_ADMITTED_TOAST = _t("Vous n'avez pas accès à ce robot.")

# What the asker is told of the decision.
GRANTED = _t(
    "Bonne nouvelle : un administrateur vous a donné accès. Posez-moi votre question ; /aide "
    "explique le reste."
)
GROUP_GRANTED = _t(
    "Bonne nouvelle : un administrateur a approuvé ce groupe. Pour m'interroger : /question suivi "
    "de la question, une mention, ou une réponse à l'un de mes messages."
)

# Administrators.
ADMINISTRATORS_ONLY = _t("Cette commande est réservée aux administrateurs de ce robot.")
ADMINISTRATORS_ONLY_TOAST = _t("Ce bouton est réservé aux administrateurs de ce robot.")
IN_PRIVATE = _t("Cette commande s'emploie dans notre conversation privée.")
REQUEST = _t("Demande d'accès de ")
GROUP_REQUEST = _t("Demande d'accès du groupe ")
REQUEST_CODE = _t("Code : ")
APPROVE, REFUSE = "Accepter", "Refuser"
APPROVED = _t("Accès accordé à ")
REFUSED = _t("Accès refusé à ")
UNKNOWN_CODE = _t(
    "Aucune demande en attente n'a ce code : il est faux, expiré (24 heures) ou déjà traité."
)
CODE_EXPECTED = _t("Écrivez la commande suivie du code de 8 signes, par exemple : {}")
TOO_MANY_CODES = _t("Trop de codes essayés. Réessayez {}.")
ALREADY_DECIDED = _t("Cette demande a déjà été traitée, ou son code a expiré.")

# The list.
LIST_HEADINGS = {
    AccessMode.OPEN: _t("Accès : ouvert à tous (SOURCIER_ACCESS=ouvert)."),
    AccessMode.LIST: _t("Accès : sur liste (SOURCIER_ALLOWED)."),
    AccessMode.PAIRING: _t("Accès : par jumelage, chaque demande est approuvée ici."),
}
LISTED_IN_SETTINGS = _t("Inscrits dans les réglages : {}. Administrateurs : {}.")
NO_REQUEST = _t("Aucune demande enregistrée.")
STATES = {
    AccessState.PENDING: _t("en attente, code "),
    AccessState.APPROVED: _t("accès accordé"),
    AccessState.REFUSED: _t("accès refusé"),
}
SINCE = "le {}"
GROUP_MARK = "groupe "
REVOKE, FORGET_REFUSAL = "Retirer", "Effacer le refus"
REVOKE_QUESTION = _t("Retirer l'accès de ")
FORGET_QUESTION = _t("Effacer le refus de ")
FORGET_MEANS = _t("Une nouvelle demande sera alors possible.")
CONFIRM, CANCEL = "Confirmer", "Annuler"
REVOKED = _t("Accès retiré à ")
REFUSAL_FORGOTTEN = _t("Refus effacé pour ")
GONE = _t("Cette personne ou ce groupe n'est plus dans la liste.")
PREVIOUS, NEXT = "◀", "▶"
NAMELESS = _t("sans nom visible")

# Limits.
QUOTA = {
    Window.MINUTE: _t(
        "Je réponds à {limit} questions par minute et par personne, et vous y êtes. Reposez "
        "celle-ci {when}, s'il vous plaît."
    ),
    Window.DAY: _t(
        "Je réponds à {limit} questions par jour et par personne, et vous y êtes. Reposez celle-ci "
        "{when}, s'il vous plaît."
    ),
}
QUOTA_OF_ONE = {
    Window.MINUTE: _t(
        "Je réponds à une question par minute et par personne. Reposez celle-ci {when}, s'il vous "
        "plaît."
    ),
    Window.DAY: _t(
        "Je réponds à une question par jour et par personne. Reposez celle-ci {when}, s'il vous "
        "plaît."
    ),
}
