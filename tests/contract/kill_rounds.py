"""Run as a program by `test_index_kills`: kill a working process again and again, heal, compare.

One parent imports everything once and forks; each child opens the base, changes it and fills
the indexes until SIGKILL falls at a random moment; another child then runs the ordinary
synchronisation and tells what the store and the indexes hold. One line of JSON a round.
"""

from __future__ import annotations

import json
import os
import random
import signal
import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

import chromadb.api.rust  # noqa: F401 - loaded once, before the forks

from knowledge.types import article_id
from tests.bases import NOW, WordEmbedder, draft, open_base, segmented

ORIGINS = 300
BATCH = 12  # passages: many moments between two steps


def _text(generator: random.Random) -> str:
    """Return sentences of rare words, so that a passage is the nearest to its own text."""
    sentences = []
    for _ in range(generator.randint(1, 12)):
        words = ("".join(generator.choices("bdfgklmprtvaeiou", k=7)) for _ in range(5))
        sentences.append(f"Récit {' '.join(words)}.")
    return " ".join(sentences)


def _work(folder: Path, seed: int, ready: int) -> None:
    """Save, remove and index for ever."""
    generator = random.Random(seed)  # noqa: S311 - reproducible, not secret
    with open_base(folder, WordEmbedder(dimension=256)) as base:
        while True:
            drafts = []
            for _ in range(25):
                text = _text(generator)
                drafts.append((draft(f"{generator.randrange(ORIGINS)}", text), segmented(text)))
            base.store.save_many(drafts, now=NOW)
            os.write(ready, b"r")  # from here on, a kill always finds something undone
            for _ in range(3):
                base.store.remove(article_id(f"{generator.randrange(ORIGINS)}"), now=NOW)
            base.synchronise(batch=BATCH)


def _heal(folder: Path, out: int) -> None:
    """Run the ordinary synchronisation and tell what is held, and whether it can be found."""
    with open_base(folder, WordEmbedder(dimension=256)) as base:
        waiting = base.store.pending_count()
        base.synchronise()
        store, dense, lexical = base.ids()
        records = base.store.records(sorted(store)[:: max(1, len(store) // 20)])
        lost = {
            name: sum(
                index.search(record.passage.text, limit=1)[0][0] != record.passage.id
                for record in records
            )
            for name, index in (("dense", base.dense), ("lexical", base.lexical))
        }
        found = {
            "waiting": waiting,
            "pending": base.store.pending_count(),
            "passages": len(store),
            "dense": dense == store,
            "lexical": lexical == store,
            "searched": len(records),
            "lost": lost,
        }
    os.write(out, json.dumps(found).encode())


def _forked(act: Callable[[int], None]) -> tuple[int, int]:
    """Run `act` in a child; return its process id and the end of the pipe it writes to."""
    reading, writing = os.pipe()
    child = os.fork()
    if child:
        os.close(writing)
        return child, reading
    os.close(reading)
    try:
        act(writing)
        os._exit(0)
    except BaseException as error:  # noqa: BLE001 - a forked child must never run the parent's code
        sys.stderr.write(f"{error!r}\n")
        sys.stderr.flush()
        os._exit(1)


def main() -> None:
    """Arguments: folder, rounds, seed."""
    folder, rounds, seed = Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
    generator = random.Random(seed)  # noqa: S311 - reproducible, not secret
    for number in range(rounds):
        worker, ready = _forked(partial(_work, folder, seed * 1_000 + number))
        os.read(ready, 1)
        time.sleep(generator.uniform(0.0, 0.7))
        os.kill(worker, signal.SIGKILL)
        os.close(ready)
        _, status = os.waitpid(worker, 0)
        healer, out = _forked(partial(_heal, folder))
        with os.fdopen(out) as pipe:
            told = pipe.read()
        os.waitpid(healer, 0)
        killed = os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL
        sys.stdout.write(json.dumps({"killed": killed, **json.loads(told or "{}")}) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
