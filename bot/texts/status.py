"""How the bot fares, for administrators. Pure data."""

from __future__ import annotations

from bot.views.wording import typeset as _t

HEADING = _t("État du robot")
MODE_EXTRACT = _t("Mode : extraits, sans modèle de langue")
MODE_MODEL = _t("Mode : réponses rédigées")
MODEL = _t("Modèle : {}")
EMBEDDER_BUILTIN = _t("Encodeur : intégré")
EMBEDDER = _t("Encodeur : {}")
BASE = _t("Base : {articles}, {passages}")
INDEX_OK = _t("Index : Chroma et index des mots à jour")
INDEX_PENDING = _t("Index : {} à indexer")
INDEX_WORDS_ONLY = _t("Index : mots seulement. Chroma : {}")
QUEUE = _t("File : {running} en cours, {waiting} en attente ; ajouts : {feeding}")
ACCESS = _t("Accès : {mode} ; {administrators}")
UPTIME = _t("En marche depuis {duration} ; mémoire : {memory} Mio")
UPTIME_ONLY = _t("En marche depuis {duration}")
ARTICLE, ARTICLES = "article", "articles"
PASSAGE, PASSAGES = "passage", "passages"
ADMINISTRATOR, ADMINISTRATORS = "administrateur", "administrateurs"
VERSIONS = _t("Versions : {}")
