"""llama.cpp as a library: imported once, late, and silent.

The low-level API is used (``llama_cpp.llama_cpp``, https://github.com/ggml-org/llama.cpp/blob/
master/include/llama.h): what ``llama_cpp.Llama`` adds serves one prompt at a time and tokenises
article text as if it were ours.
"""

from __future__ import annotations

import logging
from functools import cache
from typing import Any

logger = logging.getLogger("knowledge.model.llama_cpp")


@cache
def native() -> Any:
    """Return the low-level module of llama-cpp-python, its messages sent to our debug log.

    Importing takes about a second, so nothing imports it before a model is wanted.
    """
    import llama_cpp
    import llama_cpp.llama_cpp as library

    def receive(_level: int, text: bytes, _data: object) -> None:
        message = text.decode("utf-8", "replace").rstrip()
        if message.strip("."):  # loading prints one dot a tensor
            logger.debug("%s", message)

    # The callback must outlive every call into the library: llama.cpp keeps only its address.
    library.sourcier_log_callback = llama_cpp.llama_log_callback(receive)
    library.llama_log_set(library.sourcier_log_callback, None)
    library.llama_backend_init()
    return library
