"""The unmodified application sends digests at their hour, and corrects what it quoted."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

from bot.conversations import Place
from bot.digests.subscriptions import Preferences
from bot.store.subscriptions import SubscriptionStore
from knowledge.articles import Article
from knowledge.digest.types import Digest, DigestGroup, DigestItem, Window
from knowledge.store import open_database, open_store
from knowledge.types import Citation, Claim, Span
from tests.bases import TEXT, draft, segmented
from tests.interface.running_bot import RunningBot, ScriptedKnowledge
from tests.telegram_server import TelegramServer

NOW = datetime.now(UTC)


def saved(path: Path, text: str, at: datetime) -> Article:
    store = open_store(path)
    try:
        return store.save(draft(text=text), segmented(text), now=at).article
    finally:
        store.close()


def cost_of(article: Article) -> Citation:
    """Return the citation of the second sentence, which tells the cost."""
    found = segmented(article.text).sentences[1]
    span = Span(found.start + 1, found.end)  # without the blank before it
    return Citation(article, span, span.of(article.text))


def test_a_digest_leaves_at_its_hour_and_is_corrected_when_its_source_changes(
    server: TelegramServer, tmp_path: Path
) -> None:
    base = tmp_path / "sourcier.sqlite3"
    article = saved(base, TEXT, NOW - timedelta(hours=3))
    reader = server.user("Lectrice")
    chat = reader.private_chat()
    chat.chat.started = True
    database = open_database(base)
    SubscriptionStore(database).create(
        Place(chat.id), Preferences(), created_by=None, now=NOW - timedelta(days=1, hours=1)
    )
    database.close()
    cited = cost_of(article)
    knowledge = ScriptedKnowledge()
    window = Window(NOW - timedelta(days=1), NOW)
    knowledge.digest = Digest(
        (DigestGroup((DigestItem(article, (Claim("", (cited,)),)),)),), window
    )
    with RunningBot(server, knowledge, tmp_path):
        [digest] = chat.wait_for_messages()
    assert digest.entity_texts("blockquote") == [cited.quote]

    newer = saved(base, TEXT.replace("1,5 million", "2,1 millions"), NOW - timedelta(minutes=5))
    for _ in range(2):  # once, though the bot starts twice
        with RunningBot(server, ScriptedKnowledge(), tmp_path):
            if len(chat.bot_messages) == 1:
                chat.wait_for_messages()
            else:
                assert chat.stays_silent(1.0)
    [_, correction] = chat.bot_messages
    assert correction.reply_to is digest
    quoted = [text.strip() for text in correction.entity_texts("blockquote")]
    assert quoted == [cited.quote, cost_of(newer).quote]
