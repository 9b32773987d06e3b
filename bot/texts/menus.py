"""The commands: their names, and how Telegram's menus describe them. Pure data.

A command that is not named here is not the bot's: in a group another bot may own it.
"""

from __future__ import annotations

from bot.views.wording import typeset as _t

Menu = tuple[tuple[str, str], ...]

# What a menu shows is bounded by Telegram: names of 32 characters, descriptions of 256.
_START = ("start", _t("Ce que fait ce robot"))
_HELP = ("aide", _t("Comment poser une question, et ce que valent les réponses"))
_QUESTION = ("question", _t("Poser une question"))
_SOURCES = ("sources", _t("Ce que contient ma base d'articles"))
_SUMMARY = ("resume", _t("Résumer les nouvelles, un sujet ou un article"))
_STOP = ("stop", _t("Arrêter la réponse en cours"))
_FORGET = ("oublier", _t("Oublier notre conversation"))
_SUBSCRIPTIONS: Menu = (
    ("abonner", _t("Recevoir un résumé des nouveaux articles")),
    ("abonnements", _t("Voir et régler les abonnements")),
    ("desabonner", _t("Supprimer un abonnement")),
)

PRIVATE: Menu = (_QUESTION, _SUMMARY, _HELP, _SOURCES, *_SUBSCRIPTIONS, _STOP, _FORGET, _START)
GROUPS: Menu = (_QUESTION, _SUMMARY, _HELP, _SOURCES, _STOP, _FORGET)
GROUP_ADMINISTRATORS: Menu = (*GROUPS, *_SUBSCRIPTIONS)  # of any group
ADMINISTRATORS: Menu = (
    *PRIVATE,
    ("statut", _t("Mode, modèle, index, file d'attente et versions")),
    ("ajouter", _t("Ajouter un article : un fichier, un texte ou un lien")),
    ("articles", _t("Voir les articles de la base")),
    ("retirer", _t("Retirer un article de la base")),
    ("flux", _t("Voir les sources suivies, et comment vont leurs visites")),
    ("flux_ajouter", _t("Suivre une source : l'adresse d'un flux ou d'un site")),
    ("flux_retirer", _t("Ne plus suivre une source")),
    ("acces", _t("Voir qui a accès, accorder ou retirer un accès")),
)

ALIASES = {"help": "aide"}
# Commands that no menu shows.
_UNLISTED: tuple[str, ...] = ("approuver", "refuser")
COMMAND_NAMES = frozenset(
    (*(name for menu in (PRIVATE, GROUPS, ADMINISTRATORS) for name, _ in menu), *_UNLISTED)
)
