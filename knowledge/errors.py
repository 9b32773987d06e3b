"""The errors of Sourcier, one tree.

Each error has a French message that says what to do, the `subject` it is about (a path, an
address, a setting's name; never a secret, never a reader's question) and `retryable`: whether
the same call may succeed later without anybody mending anything.

    SourcierError
    ├── SettingsError           a setting is missing or wrong
    ├── SourceError             a document cannot become an article
    │   ├── FetchError          it could not be fetched (often retryable)
    │   │   └── ForbiddenAddressError   it is at an address we refuse to visit
    │   ├── DocumentTooLargeError
    │   ├── UnreadableDocumentError     empty, binary, truncated, protected
    │   ├── NoArticleError      it was read, and holds no article
    │   └── NotAFeedError       it is no feed, or a feed that cannot be read
    ├── FeedError               a feed cannot be added, found, imported or removed
    ├── StoreError              the database
    │   ├── StoreBusyError      locked by another process (retryable)
    │   ├── StoreFullError      no space left on the disk
    │   └── StoreVersionError   written by a newer Sourcier
    ├── IndexingError           Chroma or the lexical index
    │   └── EmbedderMismatchError   built with another embedder: reindex
    ├── ModelError              llama.cpp
    │   ├── ModelFileError      missing, corrupt, or not the right kind of model
    │   ├── ContextTooSmallError
    │   ├── GrammarError        llama.cpp refuses a grammar: a defect of ours
    │   ├── GenerationTruncatedError    the answer hit its length limit
    │   ├── GenerationTimeoutError      the deadline passed (retryable)
    │   ├── GenerationCancelledError    the reader or the operator stopped it
    │   └── DownloadError       a model could not be downloaded
    ├── SubscriptionError       the settings of a subscription cannot be used
    └── CitationError           a quotation differs from the store: nothing is sent
"""

from __future__ import annotations


class SourcierError(Exception):
    """Base of all errors raised on purpose. `message` is French and ready to show."""

    retryable = False

    def __init__(
        self, message: str, *, subject: str | None = None, retryable: bool | None = None
    ) -> None:
        super().__init__(message)
        self.message = message
        self.subject = subject
        if retryable is not None:
            self.retryable = retryable


class SettingsError(SourcierError):
    """A setting is missing or has a bad value; `subject` is the variable's name."""


class SourceError(SourcierError):
    """A document cannot become an article; `subject` is its path or address."""


class FetchError(SourceError):
    """A document could not be fetched over the network.

    `status` is the HTTP status where the site gave one, `retry_after` its Retry-After header.
    """

    retryable = True

    def __init__(
        self,
        message: str,
        *,
        subject: str | None = None,
        retryable: bool | None = None,
        status: int | None = None,
        retry_after: str | None = None,
    ) -> None:
        super().__init__(message, subject=subject, retryable=retryable)
        self.status = status
        self.retry_after = retry_after


class ForbiddenAddressError(FetchError):
    """The address is private, local or of a scheme that is never visited."""

    retryable = False


class DocumentTooLargeError(SourceError):
    """The document is larger than the limit, as announced or as received."""


class UnreadableDocumentError(SourceError):
    """The document is empty, binary, truncated, protected or of an unknown kind."""


class NoArticleError(SourceError):
    """The document was read and no article text was found in it."""


class NotAFeedError(SourceError):
    """The document is no feed, or one that cannot be read."""


class FeedError(SourcierError):
    """A feed cannot be added, found, imported or removed; `subject` is its address."""


class StoreError(SourcierError):
    """The database refused; `subject` is its address without password."""


class StoreBusyError(StoreError):
    """Another process holds the database."""

    retryable = True


class StoreFullError(StoreError):
    """No space is left for the database; what was stored before is intact."""


class StoreVersionError(StoreError):
    """The database was written by a newer Sourcier."""


class IndexingError(SourcierError):
    """Chroma or the lexical index failed; `sourcier reindex` rebuilds both."""


class EmbedderMismatchError(IndexingError):
    """The index was built with another embedder than the one configured."""


class ModelError(SourcierError):
    """llama.cpp or a model file failed; `subject` is the model's name or path."""


class ModelFileError(ModelError):
    """The model file is missing, corrupt, or not of the right kind."""


class ContextTooSmallError(ModelError):
    """The model's context cannot hold the prompt and an answer."""


class GrammarError(ModelError):
    """llama.cpp cannot use a grammar that we built."""


class GenerationTruncatedError(ModelError):
    """The model reached its length limit before the grammar was complete."""


class GenerationTimeoutError(ModelError):
    """The deadline passed before the answer was complete."""

    retryable = True


class GenerationCancelledError(ModelError):
    """The generation was cancelled from outside."""


class DownloadError(ModelError):
    """A model could not be downloaded or is not the file that was announced."""

    retryable = True


class SubscriptionError(SourcierError):
    """The settings of a subscription are unreadable, or a newer Sourcier wrote them."""


class CitationError(SourcierError):
    """A quotation differs from the stored text. Nothing may be sent."""
