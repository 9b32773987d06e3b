"""The vocabularies of the tiny models: a byte-level BPE learnt on a little French, and words."""

from __future__ import annotations

import itertools
import unicodedata
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

import gguf

CONTROL_TOKENS = ("<|endoftext|>", "<|im_start|>", "<|im_end|>", "<s>", "</s>", "[INST]", "[/INST]")
END_TOKEN = "<|im_end|>"

SAMPLE = """
Le conseil municipal a voté mardi soir la rénovation de la piscine, dont le coût est estimé à
1,5 million d’euros. « Nous ne pouvions plus attendre », a déclaré la maire, Hélène Vasseur, devant
une salle pleine. Les travaux commenceront en septembre et dureront quatorze mois. Selon la
préfecture, 3 200 habitants sont concernés par la fermeture du pont. Les élèves du collège seront
accueillis dans des bâtiments provisoires. L’enquête se poursuit, a précisé le procureur, qui n’a
pas souhaité commenter les témoignages. C’était la première fois, depuis 1987, qu’une crue
atteignait ce niveau. Les agriculteurs réclament une indemnisation rapide ; le département promet
une réponse avant la fin de l’année. Où iront les œuvres ? Personne ne le sait, ça dépend du musée.
"""


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Tokens, their types and the merges of a byte-level BPE."""

    tokens: tuple[str, ...]
    types: tuple[int, ...]
    merges: tuple[str, ...]

    def id_of(self, token: str) -> int:
        """Return the token's number."""
        return self.tokens.index(token)


@cache
def byte_characters() -> Mapping[int, str]:
    """Return the printable stand-in of each byte, as in GPT-2's byte-level BPE."""
    printable = [*range(33, 127), *range(161, 173), *range(174, 256)]
    others = [byte for byte in range(256) if byte not in printable]
    shifted = {byte: chr(256 + index) for index, byte in enumerate(others)}
    return {byte: shifted.get(byte, chr(byte)) for byte in range(256)}


@cache
def train_merges(count: int = 420) -> tuple[tuple[str, str], ...]:
    """Return byte-pair merges learnt on the French sample (Sennrich et al. 2016)."""
    stand_in = byte_characters()
    words = Counter((" " + word) for word in SAMPLE.split())
    split = {
        tuple(stand_in[byte] for byte in word.encode()): count for word, count in words.items()
    }
    merges: list[tuple[str, str]] = []
    while len(merges) < count:
        pairs: Counter[tuple[str, str]] = Counter()
        for pieces, weight in split.items():
            for pair in itertools.pairwise(pieces):
                pairs[pair] += weight
        if not pairs:
            break
        best = max(pairs, key=lambda pair: (pairs[pair], pair))
        merges.append(best)
        split = {_merged(pieces, best): weight for pieces, weight in split.items()}
    return tuple(merges)


def _merged(pieces: tuple[str, ...], pair: tuple[str, str]) -> tuple[str, ...]:
    result: list[str] = []
    index = 0
    while index < len(pieces):
        if pieces[index : index + 2] == pair:
            result.append("".join(pair))
            index += 2
        else:
            result.append(pieces[index])
            index += 1
    return tuple(result)


@cache
def vocabulary(tokens: int = 0) -> Vocabulary:
    """Return the shared vocabulary: 256 bytes, French pieces, control tokens, then padding."""
    merges = train_merges()
    normal = [*byte_characters().values()]
    normal += list(dict.fromkeys("".join(pair) for pair in merges))
    syllables = [a + b + c for a in "bcdfglmnprstv" for b in "aeiouéèêà" for c in "nrstlmxcd"]
    filler = (f"{a}{b}" for a in syllables for b in syllables)
    known = set(normal)
    stand_in = byte_characters()
    while len(normal) + len(CONTROL_TOKENS) < tokens:
        candidate = "".join(stand_in[byte] for byte in next(filler).encode())
        if candidate not in known:
            normal.append(candidate)
    kinds = [gguf.TokenType.NORMAL] * len(normal) + [gguf.TokenType.CONTROL] * len(CONTROL_TOKENS)
    return Vocabulary(
        (*normal, *CONTROL_TOKENS),
        tuple(int(kind) for kind in kinds),
        tuple(" ".join(pair) for pair in merges),
    )


def word_pieces() -> list[str]:
    """Return the pieces of an encoder: control pieces, letters, then the words of the sample."""
    letters = sorted({*"abcdefghijklmnopqrstuvwxyz0123456789’'.,;:!?«»-()", *"àâæçéèêëîïôœùûüÿ"})
    plain = set(unicodedata.normalize("NFD", "".join(letters)))
    pieces = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
    pieces += [f"▁{letter}" for letter in sorted(plain | set(letters))]
    pieces += sorted(plain | set(letters))
    words = {word.strip(".,;:?!«»").lower() for word in SAMPLE.split()}
    return pieces + [f"▁{word}" for word in sorted(words) if len(word) > 1]
