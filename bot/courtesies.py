"""«Bonjour», «merci !», «👍», «qui es-tu ?»: what is said to the bot and no article answers. Pure.

Taken for a question, a thank-you would be read as a follow-up and answered with a quotation.
"""

from __future__ import annotations

import re
from enum import Enum

_LONGEST = 60  # characters
_WORD = re.compile(r"[^\W_]+")
_SIGNS = frozenset("👍👌🙏👏❤😊🙂")
_BETWEEN = frozenset("\u200d\ufe0e\ufe0f \u00a0\n!.") | {
    chr(tone) for tone in range(0x1F3FB, 0x1F400)
}


class Courtesy(Enum):
    """What a courtesy is."""

    GREETING = "greeting"
    THANKS = "thanks"
    FAREWELL = "farewell"
    AGREEMENT = "agreement"
    INQUIRY = "inquiry"  # about the bot itself


# The first kind of which a word is found is that of the whole.
_WORDS = {
    Courtesy.THANKS: frozenset({"merci", "mercis", "remercie", "remercions"}),
    Courtesy.FAREWELL: frozenset(
        {"revoir", "bientôt", "bientot", "adieu", "bye", "ciao", "journée", "soirée", "nuit"}
    ),
    Courtesy.GREETING: frozenset(
        {"bonjour", "bonsoir", "salut", "coucou", "hello", "bjr", "slt", "rebonjour"}
    ),
    Courtesy.AGREEMENT: frozenset(
        {"ok", "okay", "accord", "entendu", "parfait", "super", "génial", "compris", "top"}
        | {"noté", "nickel", "excellent", "bravo", "impeccable"}
    ),
}
_BESIDE = frozenset(
    "à au aux et d c est j ai je vous te t tout tous toutes le la les monde un une mille grand bon "
    "bonne très tres beaucoup bien infiniment encore pour cette ta ton votre vos réponse réponses "
    "aide information informations infos sourcier robot".split()
)
_ABOUT_THE_BOT = frozenset(
    {
        *("aide", "help", "menu", "aide moi", "aidez moi"),
        *("qui es tu", "tu es qui", "que sais tu faire", "que peux tu faire", "à quoi sers tu"),
        *("qui êtes vous", "vous êtes qui", "que savez vous faire", "que pouvez vous faire"),
        "à quoi servez vous",
    }
)
_HOW_ARE_YOU = frozenset(
    {
        *("ça va", "ca va", "comment ça va", "comment ca va", "tu vas bien", "vous allez bien"),
        *("comment vas tu", "comment allez vous", "comment tu vas", "comment vous allez"),
    }
)
_ALL = _BESIDE.union(*_WORDS.values())


def courtesy(text: str) -> Courtesy | None:
    """Return what a text of nothing but courtesies is, or None: it may be a question."""
    if len(text) > _LONGEST:
        return None
    words = [word.casefold() for word in _WORD.findall(text)]
    said = " ".join(word for word in words if word not in _WORDS[Courtesy.GREETING])
    if said in _ABOUT_THE_BOT:
        return Courtesy.INQUIRY
    if said in _HOW_ARE_YOU:
        return Courtesy.GREETING
    if "?" in text:
        return None
    if not words:
        signs = set(text) - _BETWEEN
        return Courtesy.AGREEMENT if signs and signs <= _SIGNS else None
    if not _ALL.issuperset(words):
        return None
    return next((kind for kind, known in _WORDS.items() if not known.isdisjoint(words)), None)
