"""Decompression of HTTP bodies in pieces of bounded size."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator

_PIECE = 65_536  # bytes; deflate can grow its input a thousandfold
_BY_HEADER = zlib.MAX_WBITS | 32  # gzip or zlib
_RAW = -zlib.MAX_WBITS  # what some servers send as «deflate»


def inflate(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """Yield what gzip, zlib or raw deflate `chunks` hold, in pieces of at most 64 KiB.

    Several gzip members are one stream (RFC 1952, 2.2); what follows the last one is ignored.

    Raises:
        zlib.error: the bytes are not compressed data.
        EOFError: the stream ends before its end.
    """
    inflater = zlib.decompressobj(_BY_HEADER)
    started = ended = False
    for chunk in chunks:
        pending = chunk
        while pending:
            try:
                piece = inflater.decompress(pending, _PIECE)
            except zlib.error:
                if ended:
                    return  # no member, but padding
                if started:
                    raise
                inflater = zlib.decompressobj(_RAW)
                piece = inflater.decompress(pending, _PIECE)
            started = True
            yield piece
            pending = inflater.unused_data or inflater.unconsumed_tail
            if inflater.eof:
                ended = True
                inflater = zlib.decompressobj(_BY_HEADER)
            elif piece:
                ended = False
    rest = inflater.flush() if started else b""
    if rest:
        yield rest
    if started and not ended and not inflater.eof:
        raise EOFError("compressed stream ends early")


def inflate_brotli(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """Yield what brotli `chunks` (RFC 7932) hold, in pieces of about 64 KiB; the rest is ignored.

    Raises:
        brotli.error: the bytes are not compressed data.
        EOFError: the stream ends before its end.
    """
    import brotli

    inflater = brotli.Decompressor()
    for chunk in chunks:
        pending = chunk
        while not inflater.is_finished():
            piece = inflater.process(pending, output_buffer_limit=_PIECE)
            pending = b""
            if piece:
                yield piece
            if inflater.can_accept_more_data():
                break
    if not inflater.is_finished():
        raise EOFError("compressed stream ends early")
