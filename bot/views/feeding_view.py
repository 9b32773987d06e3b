"""What is shown of adding, listing and removing articles: text, entities and buttons. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from bot import texts as bot_texts
from bot.feeding import Link, Offered, SentFile
from bot.texts import feeding as texts
from bot.views.fragment import article_link
from bot.views.messages import Button, EntityType, Message, Writer, inline, is_invisible
from bot.views.wording import french_date, typeset
from bot.views.wording import number as french_number
from knowledge.holdings import Added, ArticleEntry, Listing
from knowledge.ports import BaseSummary

PAGE = 8
OFFER_DATA, LIST_DATA, REMOVE_DATA = "ajout", "articles", "retirer"
# So that page and words fit into the 64 bytes of a button's data.
_MOST_WORD_BYTES = 40
_MEBIBYTE = 1024 * 1024
_LONGEST_TITLE, _LONGEST_NAME, _LONGEST_REASON = 250, 120, 700
_MOST_OUTLETS = 30


@dataclass(frozen=True, slots=True)
class Page:
    """A page of a list, from 0, and the words it was searched with."""

    listing: Listing
    number: int = 0
    words: str = ""

    @property
    def pages(self) -> int:
        """How many there are, at least one."""
        return max(1, -(-self.listing.total // PAGE))


def render_offer(offered: Offered) -> Message:
    """Return the question whether to add what was sent."""
    writer = Writer().write(texts.OFFER, EntityType.BOLD)
    if isinstance(offered, SentFile):
        writer.write("\n" + texts.OFFER_FILE + _name(offered.name, texts.NAMELESS_FILE))
    elif isinstance(offered, Link):
        writer.write("\n" + texts.OFFER_LINK + _name(offered.address, "?"))
    return _message(writer).with_keyboard(
        (Button(texts.YES, f"{OFFER_DATA}:oui"), Button(texts.NO, f"{OFFER_DATA}:non"))
    )


def render_added(added: Added) -> Message:
    """Return what adding did: the article, and how many sentences it has."""
    writer = Writer().write(texts.STATUSES[added.status])
    _write_entry(writer, added.article)
    writer.write(".")
    if not added.indexed:
        writer.write("\n" + texts.BY_WORDS_ONLY)
    return _message(writer)


def render_not_added(reason: str) -> Message:
    """Return why nothing was added; `reason` is French, and may repeat untrusted words."""
    shown = inline(typeset(reason), limit=_LONGEST_REASON)
    return Message(texts.NOT_ADDED.format(reason=shown))


def render_file_too_large(size: int, limit: int) -> Message:
    """Return the refusal of a file of `size` bytes where `limit` are taken."""
    shown = f"{size / _MEBIBYTE:.1f}".replace(".", ",")
    reason = texts.FILE_TOO_LARGE.format(size=shown, limit=limit // _MEBIBYTE)
    return Message(texts.NOT_ADDED.format(reason=reason))


def render_page(page: Page, *, note: str | None = None) -> Message:
    """Return a page of articles, numbered from 1 in the order of the whole list."""
    total = french_number(page.listing.total)
    heading = texts.LIST_HEADING.format(total)
    if page.words:
        shown = inline(page.words, limit=_LONGEST_NAME)
        heading = texts.SEARCH_HEADING.format(total, words=shown)
    writer = Writer().write(heading, EntityType.BOLD)
    if not page.listing.total:
        writer.write("\n" + (texts.NOTHING_FOUND if page.words else texts.NO_ARTICLE))
        return _message(writer)
    if page.pages > 1:
        place = texts.PAGE_OF.format(page=page.number + 1, pages=french_number(page.pages))
        writer.write("\n" + place)
    writer.write("\n")
    for number, article in enumerate(page.listing.entries, page.number * PAGE + 1):
        writer.write(f"\n{french_number(number)}. ")
        _write_entry(writer, article)
    writer.write("\n\n" + (note or texts.REMOVE_HINT))
    return _message(writer).with_keyboard(*_turns(page))


def render_remove_question(article: ArticleEntry) -> Message:
    """Return the question before an article is removed."""
    writer = Writer().write(texts.REMOVE_QUESTION, EntityType.BOLD).write("\n")
    _write_entry(writer, article)
    return _message(writer).with_keyboard(
        (
            Button(texts.REMOVE, f"{REMOVE_DATA}:oui:{article.id}"),
            Button(texts.CANCEL, f"{REMOVE_DATA}:non"),
        )
    )


def render_removed(article: ArticleEntry) -> Message:
    """Return what is told once an article is removed."""
    writer = Writer().write(texts.REMOVED)
    _write_entry(writer, article)
    return _message(writer.write(". " + texts.REMOVED_MEANS))


def render_sources(summary: BaseSummary) -> Message:
    """Return what the base holds, as everybody may know it."""
    if not summary.articles:
        return Message(texts.SOURCES_EMPTY)
    one = summary.articles == 1
    count = texts.SOURCES_COUNT_ONE if one else texts.SOURCES_COUNT
    lines = [count.format(french_number(summary.articles))]
    lines.append(
        texts.SOURCES_NEWEST.format(french_date(summary.newest))
        if summary.newest
        else texts.SOURCES_UNDATED
    )
    outlets = [inline(name, limit=_LONGEST_NAME // 2) for name in summary.outlets]
    shown = [name for name in outlets if not is_invisible(name)][:_MOST_OUTLETS]
    left = len(summary.outlets) - len(shown)
    if shown:
        named = texts.SOURCES_OUTLETS if len(summary.outlets) > 1 else texts.SOURCES_OUTLET
        more = texts.SOURCES_MORE_ONE if left == 1 else texts.SOURCES_MORE.format(left)
        lines.append(named.format(", ".join(shown) + (f" {more}" if left else "")))
    return Message("\n".join(lines))


def searchable(words: str) -> str:
    """Return the words as a list's buttons can carry them: one line, cut after so many bytes."""
    text = inline(words, limit=_LONGEST_NAME)
    while len(text.encode()) > _MOST_WORD_BYTES:
        text = text[:-1]
    return text.strip()


def page_data(number: int, words: str) -> str:
    """Return the data of the button that turns to a page."""
    return f"{LIST_DATA}:{number}:{words}"


def _turns(page: Page) -> list[tuple[Button, ...]]:
    turns = []
    if page.number > 0:
        turns.append(Button(texts.PREVIOUS, page_data(page.number - 1, page.words)))
    if page.number < page.pages - 1:
        turns.append(Button(texts.NEXT, page_data(page.number + 1, page.words)))
    return [tuple(turns)] if turns else []


def _write_entry(writer: Writer, article: ArticleEntry) -> None:
    """Write title (a link where there is one), outlet, date and number of sentences."""
    title = inline(article.title, limit=_LONGEST_TITLE)
    title = bot_texts.UNTITLED if is_invisible(title) else title
    link = article_link(article.url)
    writer.write(title, EntityType.TEXT_LINK if link else EntityType.BOLD, link)
    outlet = inline(article.outlet or "", limit=_LONGEST_NAME)
    if not is_invisible(outlet):
        writer.write(f", {outlet}")
    words = texts.SENTENCE if article.sentences < 2 else texts.SENTENCES
    count = words.format(french_number(article.sentences))
    writer.write(f", {french_date(article.published)} ({count})")


def _name(name: str | None, otherwise: str) -> str:
    shown = inline(name or "", limit=_LONGEST_NAME)
    return otherwise if is_invisible(shown) else shown


def _message(writer: Writer) -> Message:
    block = writer.block()
    return Message(block.text, block.entities)
