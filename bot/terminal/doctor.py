"""``sourcier doctor``: is everything in order, and if not, what mends it."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import asdict, dataclass

from bot.settings import BotSettings
from bot.terminal.configuration import ENV_FILE, doubtful_settings
from bot.terminal.console import say, say_json
from bot.views.wording import number
from knowledge.bootstrap import open_base, open_indexes
from knowledge.errors import SourcierError
from knowledge.failures import french_reason
from knowledge.settings import MEBIBYTE, load_settings

_LOW_DISK_BYTES = 500 * MEBIBYTE
_NETWORK_SECONDS = 10.0


@dataclass(frozen=True, slots=True)
class Finding:
    """The state of one thing: `ok`, what was seen, and what to do if it is not."""

    subject: str
    ok: bool
    seen: str


def doctor(*, as_json: bool) -> int:
    """Print a finding a line; return 1 if anything has to be mended."""
    settings = load_settings(BotSettings, env_file=ENV_FILE)
    findings = []
    for finding in examine(settings):
        findings.append(finding)
        if not as_json:
            say(f"{'✔' if finding.ok else '✘'} {finding.subject} : {finding.seen}")
    if as_json:
        say_json([asdict(finding) for finding in findings])
    return int(not all(finding.ok for finding in findings))


def examine(settings: BotSettings) -> Iterator[Finding]:
    """Yield the findings, quick ones first."""
    checks: tuple[tuple[str, Callable[[BotSettings], str]], ...] = (
        ("Réglages", _check_names),
        ("Disque", _check_disk),
        ("Base de données", _check_database),
        ("Chroma et index des mots", _check_indexes),
        ("Modèle de langue", _check_model),
        ("Jeton Telegram", _check_token),
    )
    for subject, check in checks:
        try:
            yield Finding(subject, True, check(settings))
        except SourcierError as error:
            yield Finding(subject, False, error.message)


def _check_names(_settings: BotSettings) -> str:
    doubts = list(doubtful_settings())
    if doubts:
        raise SourcierError(" ".join(doubts), subject=str(ENV_FILE))
    return "tous connus"


def _check_disk(settings: BotSettings) -> str:
    folder = settings.data_dir.absolute()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        free = shutil.disk_usage(folder).free
    except OSError as error:
        raise SourcierError(
            f"le dossier {folder} ne peut pas être créé ou lu ({french_reason(error)}) : "
            "corrigez cela ou SOURCIER_DATA_DIR.",
            subject=str(folder),
        ) from error
    if free < _LOW_DISK_BYTES:
        raise SourcierError(
            f"il reste {free // MEBIBYTE} Mio dans {folder} : libérez au moins 500 Mio.",
            subject=str(folder),
        )
    return f"{number(free // MEBIBYTE)} Mio libres dans {folder}"


def _check_database(settings: BotSettings) -> str:
    with closing(open_base(settings)) as store:
        summary = store.summary()
    if not summary.articles:
        return "en ordre, et vide ; pour la remplir : sourcier ingest FICHIER|DOSSIER|ADRESSE"
    counts = (summary.articles, summary.sentences, summary.passages)
    return "{} articles, {} phrases, {} passages".format(*map(number, counts))


def _check_indexes(settings: BotSettings) -> str:
    with closing(open_base(settings)) as store:
        dense, lexical = open_indexes(settings, store)
        with closing(dense), closing(lexical):
            dense.check_embedder()
            counts = (dense.count(), lexical.count())
        expected = store.current_passage_count()
    if counts != (expected, expected):
        raise SourcierError(
            f"Chroma a {number(counts[0])} passages et l’index des mots {number(counts[1])}, sur "
            f"{number(expected)} : le "
            "prochain démarrage les complète, « sourcier reindex » les reconstruit."
        )
    return f"{number(expected)} passages dans chacun"


def _check_model(settings: BotSettings) -> str:
    if settings.model is None:
        return "aucun (réponses par extraits) ; pour en choisir un : sourcier models list"
    from knowledge.bootstrap import open_generator

    with open_generator(settings, settings.model) as generator:
        return f"{generator.name}, contexte de {generator.context_tokens} tokens"


def _check_token(settings: BotSettings) -> str:
    if settings.telegram_token is None:
        return "aucun (conversation dans le terminal) ; demandez-en un à @BotFather"
    import httpx

    token = settings.telegram_token.get_secret_value()
    try:
        answer = httpx.get(
            f"{settings.telegram_base_url}/bot{token}/getMe", timeout=_NETWORK_SECONDS
        ).json()
        username = answer["result"]["username"] if answer.get("ok") else None
    except (httpx.HTTPError, ValueError, KeyError, TypeError, AttributeError) as error:
        # Neither the message nor the cause is kept: both may hold the address, so the token.
        raise SourcierError(
            f"{settings.telegram_base_url} ne répond pas comme attendu ({type(error).__name__}) : "
            "vérifiez le réseau, puis recommencez.",
            retryable=True,
        ) from None
    if username is None:
        raise SourcierError(
            "Telegram ne connaît pas ce jeton : copiez celui que donne @BotFather dans "
            "SOURCIER_TELEGRAM_TOKEN."
        )
    return f"accepté, le bot est @{username}"
