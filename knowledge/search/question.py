"""What a question asks for: the kind of answer, its words, names and numbers. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from knowledge.text.french import Token, fold, tokenise


class AnswerType(StrEnum):
    """The kind of short answer that a question asks for."""

    NUMBER = "number"
    DATE = "date"
    PERSON = "person"  # or any other name that was asked for
    PLACE = "place"
    REASON = "reason"
    MANNER = "manner"
    DEFINITION = "definition"
    YES_NO = "yes_no"
    THING = "thing"  # quel + noun, que, quoi
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class QuestionAnalysis:
    """`stems` are the distinct content stems in order, words that only ask left out.

    `names` are the stems of capitalised words that are not the first one; `head` is the stem of
    the noun asked about («quel maire», «combien d’élèves»), which the answer replaces or counts.
    `units` are regular expressions of the units that the answer may have, empty if any.
    """

    text: str
    type: AnswerType
    stems: tuple[str, ...]
    names: frozenset[str]
    numbers: frozenset[str]
    head: str | None = None
    units: str = ""


_MONEY = r"(?:euros?|€|dollars?|\$|francs?|livres?|roupies|yens?|couronnes)"
_TIME = r"(?:ans?|années?|mois|semaines?|jours?|heures?|minutes?|secondes?|siècles?|nuits?)"
_LENGTH = r"(?:mètres?|m|km|kilomètres?|cm|centimètres?|mm|millimètres?|pieds?|milles?|lieues?)"
_SURFACE = r"(?:hectares?|ha|km²|km2|m²|m2|mètres carrés|kilomètres carrés|acres?)"
_WEIGHT = r"(?:kg|kilos?|kilogrammes?|grammes?|tonnes?|t|g)"
_SHARE = r"(?:%|pour cents?|pourcents?|tiers|quarts?|moitié)"
_HEAT = r"(?:°|degrés?)"
_SPEED = r"(?:km/h|kilomètres? à l['’]heure|m/s|nœuds)"

# Words that ask for a quantity → its units. Keys are folded.
_QUANTITIES = {
    "cout couts prix montant montants tarif tarifs budget somme salaire loyer amende subvention "
    "cachet facture depense depenses benefice recette recettes dette chiffre": _MONEY,
    "coute coutent coutera couteront coutait coute-t-il debourser payer paye paient rapporte "
    "rapporter depense": _MONEY,
    "duree temps longtemps age delai anciennete": _TIME,
    "distance hauteur longueur largeur altitude profondeur taille epaisseur diametre": _LENGTH,
    "superficie surface aire etendue": _SURFACE,
    "poids masse pese pesait": _WEIGHT,
    "pourcentage taux part proportion": _SHARE,
    "temperature": _HEAT,
    "vitesse": _SPEED,
}
_UNITS_OF = {word: unit for words, unit in _QUANTITIES.items() for word in words.split()}
_COUNTED = frozenset(
    "nombre population effectif total quantite score resultat capacite combien numero "
    "frequence puissance".split()
)
_DATED = frozenset(
    "date annee jour mois moment epoque siecle periode saison heure decennie".split()
)
_PERSONS = frozenset(
    """auteur autrice maire president presidente directeur directrice ministre roi reine
    empereur personne personnalite homme femme chef architecte acteur actrice chanteur chanteuse
    ecrivain peintre inventeur fondateur fondatrice createur responsable joueur joueuse
    entraineur champion vainqueur gagnant laureat prefet prefete depute deputee senateur avocat
    juge procureur procureure medecin scientifique savant philosophe pape eveque general
    commandant compositeur realisateur realisatrice pere mere fils fille frere soeur epouse mari
    successeur predecesseur nom prenom surnom pseudonyme cineaste poete historien artiste
    scenariste dirigeant patron proprietaire editeur""".split()
)
_PLACES = frozenset(
    """ville pays lieu endroit region commune departement village quartier rue continent etat
    capitale province ile riviere fleuve mer ocean montagne hopital stade salle place site
    localite territoire canton""".split()
)
_ASKING = frozenset(
    """combien comment pourquoi quand quel quelle quels quelles qui que quoi ou lequel laquelle
    est-ce appelle appelait nomme nom""".split()
)
_OPENERS = re.compile(r"^(?:et|mais|alors|donc|or|sinon|ok|dis|au fait|par ailleurs)\b[\s,]*")
_ELIDED = r"(?:\b[dlnscj]['’])?"
_WHAT = re.compile(
    r"\b(?:quel|quelle|quels|quelles)\b(?:\s+(?:est|sont|etait|etaient|fut|furent|sera|seront"
    r"|a ete|ont ete|serait))?(?:\s+(?:le|la|les|l'|son|sa|ses|leur|leurs|cette|ce|cet))?\s*"
    r"(?:(?:nouveau|nouvelle|premier|premiere|dernier|derniere|seul|seule|grand|grande|autre"
    r"|principal|principale|principaux|principales|type|genre|sorte|espece)s?\s+(?:de\s+|d')?)*"
    r"(?P<head>[a-z-]+)"
)
_HOW_MANY = re.compile(r"\bcombien\b(?:\s+(?:de|d'|des|du)\s*)?(?P<head>[a-z-]+)?")


@lru_cache(maxsize=1024)
def analyse_question(text: str) -> QuestionAnalysis:
    """Return what `text` asks for. Any text is accepted; one without a word has no stem."""
    tokens = tokenise(text)
    folded = _OPENERS.sub("", fold(" ".join(text.split())).strip())
    kind, head, units = _classify(folded)
    content = [token for token in tokens if _is_content(token)]
    head_stem = next((t.stem for t in content if head and fold(t.text) == head), None)
    return QuestionAnalysis(
        text=text,
        type=kind,
        stems=tuple(dict.fromkeys(token.stem for token in content)),
        names=frozenset(_names(text, tokens)),
        numbers=frozenset(token.stem for token in tokens if token.is_number),
        head=head_stem,
        units=units,
    )


def content_words(text: str) -> tuple[tuple[str, str], ...]:
    """Return each content word of a question with its stem, as ``(stem, word)``, in order."""
    return tuple((token.stem, token.text) for token in tokenise(text) if _is_content(token))


def _is_content(token: Token) -> bool:
    if token.is_number:
        return True
    return not token.is_stopword and len(token.text) > 1 and fold(token.text) not in _ASKING


def _names(text: str, tokens: tuple[Token, ...]) -> list[str]:
    """Return the stems of capitalised words; the first word only if it is all in capitals."""
    if text.isupper():
        return []
    names = []
    for position, token in enumerate(tokens):
        if token.is_number or token.is_stopword or not token.text[0].isupper():
            continue
        if position == 0 and not (len(token.text) > 1 and token.text.isupper()):
            continue
        if len(token.text) > 1:
            names.append(token.stem)
    return names


def _classify(folded: str) -> tuple[AnswerType, str | None, str]:
    """Return the type, the word asked about and the units of the answer."""
    if re.search(r"\bcomment (?:s'|se |l')?(?:appel|nomm|surnomm|baptis)", folded):
        return AnswerType.PERSON, None, ""
    how_many = _HOW_MANY.search(folded)
    if how_many:
        return _how_many(folded, how_many["head"])
    what = _WHAT.search(folded)
    if what:
        return _what(what["head"])
    if re.search(r"\bquand\b", folded):
        return AnswerType.DATE, None, ""
    if re.search(r"\bpourquoi\b|pour quelle raison|a cause de quoi", folded):
        return AnswerType.REASON, None, ""
    return _by_interrogative(folded), None, ""


def _how_many(folded: str, head: str | None) -> tuple[AnswerType, str | None, str]:
    if head in _UNITS_OF:
        return AnswerType.NUMBER, None, _UNITS_OF[head]
    if re.search(r"\bcout|\bpay|\bdebours|\brapport", folded):
        return AnswerType.NUMBER, None, _MONEY
    return AnswerType.NUMBER, head, ""


def _what(head: str) -> tuple[AnswerType, str | None, str]:
    if head in _UNITS_OF:
        return AnswerType.NUMBER, head, _UNITS_OF[head]
    kinds = (
        (_COUNTED, AnswerType.NUMBER),
        (_DATED, AnswerType.DATE),
        (_PERSONS, AnswerType.PERSON),
        (_PLACES, AnswerType.PLACE),
        (frozenset({"raison", "raisons", "cause", "causes", "motif", "motifs"}), AnswerType.REASON),
        (frozenset({"maniere", "facon", "moyen", "moyens"}), AnswerType.MANNER),
    )
    kind = next((kind for words, kind in kinds if head in words), AnswerType.THING)
    return kind, head, ""


_INTERROGATIVES = (
    (
        (
            r"\bqu'est[- ]ce qu(?:e|')\b(?: (?:un|une|le|la|les|l'|des)\b)?[^?]{0,60}$|c'est quoi"
            r"|que signifie|que veut dire|definition"
        ),
        AnswerType.DEFINITION,
    ),
    (
        (
            r"^(?:\w+ ){0,2}qui\b|\bqui (?:est|sont|a|ont|etait|fut)\b"
            r"|\b(?:avec|par|a|de|pour|chez|contre) qui\b|\bqui\s*\?*$"
        ),
        AnswerType.PERSON,
    ),
    (
        (
            r"^(?:d')?ou\b|\b(?:d'|par |vers |jusqu'|jusque )?ou (?:est|sont|se|a|ont|etait|etaient"
            r"|va|vont|il|elle|on|le|la|les|l'|s')|\bou\s*\?*$"
        ),
        AnswerType.PLACE,
    ),
    (r"\bcomment\b", AnswerType.MANNER),
    (r"\bqu(?:e|oi|')\b|\ba quoi\b|\blequel|\blaquelle", AnswerType.THING),
    (
        (r"^(?:est-ce qu|a-t-|y a-t-il|\w+-(?:t-)?(?:il|elle|ils|elles|on|ce)\b)"),
        AnswerType.YES_NO,
    ),
)


def _by_interrogative(folded: str) -> AnswerType:
    return next(
        (kind for rule, kind in _INTERROGATIVES if re.search(rule, folded)), AnswerType.OTHER
    )
