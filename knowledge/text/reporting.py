"""French reporting verbs and the noun phrases that stand beside them, as regular expressions.

Only the forms that attributions use are listed: third person of the present, imperfect and simple
past, and the past participle after an auxiliary. `speech` combines the patterns.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

# First group, by stem: déclar-e, déclar-ait, déclar-a, déclar-é.
_REGULAR = (
    "déclar affirm expliqu précis indiqu ajout assur estim soulign confi racont lanc insist "
    "regrett déplor dénonc annonc jug résum gliss témoign nuanc tranch comment not observ argu "
    "avanc avou constat détaill ironis jur justifi lâch murmur plaid proclam propos protest "
    "rapport réclam relat rétorqu soupir signal souffl tonn tweet confirm certifi critiqu accus "
    "rassur clam cri hurl chuchot marmonn corrig exig recommand conseill demand interrog analys "
    "récus réfut contest exclam indign étonn amus agac emport enthousiasm alarm félicit désol "
    "insurg répliqu renseign martel appel présag pronostiqu argument vilipend moqu lament "
    "fulmin calcul plaisant pest souhait"
)
# The same with two stems: rappell-e but rappel-ait.
_ALTERNATING = {
    "rappell": "rappel",
    "martèl": "martel",
    "tempèr": "tempér",
    "considèr": "considér",
    "énumèr": "énumér",
    "espèr": "espér",
    "relèv": "relev",
    "répèt": "répét",
    "révèl": "révél",
    "suggèr": "suggér",
    "inquièt": "inquiét",
    "complèt": "complét",
    "réitèr": "réitér",
}
_FINITE = (
    "dit disent disait disaient dirent redit écrit écrivent écrivait écrivit répond répondent "
    "répondait répondit conclut concluent concluait poursuit poursuivent poursuivait poursuivit "
    "prévient préviennent prévenait prévint promet promettent promettait promit admet admettent "
    "admettait admit reconnaît reconnaissent reconnaissait reconnut soutient soutiennent soutenait "
    "soutint maintient maintenait convient convenait souvient souvenait réagit réagissent "
    "réagissait renchérit renchérissait garantit garantissait avertit avertissent avertissait "
    "réjouit réjouissait prédit prédisait défend défendait décrit décrivait savourait savoure "
    "craint craignait"
)
_PARTICIPLES = (
    "dit redit écrit répondu conclu poursuivi prévenu promis admis reconnu soutenu maintenu "
    "convenu souvenu réagi renchéri garanti averti réjoui prédit défendu décrit souri craint"
)
_FACTITIVE = r"(?:savoir|valoir|remarquer|observer)"


def _soften(stem: str) -> str:
    """Keep the sound of c and g before a: lanc- becomes lanç-, interrog- becomes interroge-."""
    if stem.endswith("c"):
        return stem[:-1] + "ç"
    return stem + "e" if stem.endswith("g") else stem


def _alternatives(words: Iterable[str]) -> str:
    return "|".join(sorted(words))


_STEMS = _alternatives(
    {_soften(stem) for stem in _ALTERNATING.values()}
    | {_soften(stem) for stem in _REGULAR.split()}
    | {*_REGULAR.split(), *_ALTERNATING}
)
# Stems and endings apart, and each list once: whole forms would take five times as long to compile.
_FINITE_FORMS = rf"(?:{_STEMS})(?:e(?:nt)?|a(?:it|ient)?|èrent)|{_alternatives(_FINITE.split())}"
_PRONOUN = r"(?:s[’']|se\s+|lui\s+|leur\s+|me\s+|nous\s+|y\s+)?"
_ADVERB = (
    r"(?:\w{3,20}ment|aussi|encore|ensuite|déjà|enfin|alors|ainsi|toutefois"
    r"|d[’']ailleurs|pour\s+(?:sa|leur)\s+part|de\s+(?:son|leur)\s+côté)"
)
_AUXILIARY = (
    r"(?:(?:lui\s+|leur\s+|nous\s+|y\s+|[ml][’'])?(?:a|ont|avait|avaient)"
    r"|s[’']est|s[’']était|se\s+sont)"
)

# The conditional group: a participle after an auxiliary, a finite form without one.
VERB = (
    rf"(?:(?P<auxiliary>{_AUXILIARY}\s+(?:{_ADVERB}\s+)?)|{_PRONOUN})"
    rf"(?:(?:{_STEMS})(?(auxiliary)ée?s?|(?:e(?:nt)?|a(?:it|ient)?|èrent))"
    rf"|(?(auxiliary)(?:{_alternatives(_PARTICIPLES.split())})e?s?"
    rf"|(?:{_alternatives(_FINITE.split())}))"
    rf"|(?:fait|font|faisait)\s+{_FACTITIVE})(?!\w)"
)
"""A reporting verb with its auxiliary and pronoun: déclare, a déclaré, s’est interrogée."""

_DAY = (
    r"(?:lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche|hier|aujourd[’']hui|ce)"
    r"(?:\s+(?:matin|midi|soir|après-midi|lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche))?"
)
CIRCUMSTANCE = (
    rf"(?:{_DAY}|{_ADVERB}|à\s+l[’']AFP|à\s+l[’']Agence\s+France-Presse|à\s+Reuters"
    r"|à\s+la\s+(?:presse|radio|télévision|barre|tribune)|aux\s+journalistes|devant\s+la\s+presse"
    r"|dans\s+un\s+(?:communiqué|message|tweet|entretien)|sur\s+(?:Twitter|X)"
    r"|en\s+conférence\s+de\s+presse)"
)
"""What may stand between an inverted verb and its subject: vendredi, à l’AFP, également."""

_TITLE = r"(?:(?:MM?\.|Mmes?\.?|Mlle\.?|Me|Dr\.?|Pr\.?|Mgr)\s+)"
_CAPITAL = r"(?:[A-ZÀ-ÖØ-ÞŒ](?:\.(?:-?[A-Z]\.)*|[\w’'-]{1,30}))"
_PARTICLE = r"(?:(?:de\s+la|de|du|des|la|le|von|van|der|bin|ben|al|el|di|da|dos)\s+|d[’'])"
NAME = rf"(?:{_TITLE}?{_CAPITAL}(?>(?:\s+{_PARTICLE}?{_CAPITAL}){{0,4}}))"
"""A proper name: Blinken, Mme Anne Le Goff, J.-P. de La Tour."""

_STOPS_A_ROLE = (
    r"(?:à|au|aux|dans|en|sur|lors|devant|pour|par|avec|qui|que|dont|où|après|avant|depuis|mais|et"
    r"|ou|a|ont|avait|avaient|est|sont|était|alors|quand|tandis|selon|face|dès|vers|chez|contre"
    r"|sans|sous|entre|pendant|puis|jusqu\w*|auprès|hier|ce|cette|y|me|te|ne|se|nous|vous|lui|lundi|mardi|mercredi|jeudi"
    r"|vendredi|samedi|dimanche)(?![\w’'-])"
)
_DETERMINER = (
    r"(?:(?:[Ll]es?|[Ll]a|[Uu]ne?|[Ss]on|[Ss]a|[Ss]es|[Ll]eurs?|[Cc]et(?:te)?|[Dd]es|[Dd]eux|"
    r"[Pp]lusieurs|[Cc]es?)\s+|[Ll][’'])"
)
_WORD = r"[^\W\d_][\w’'-]{0,30}"


def _role(unless: str) -> str:
    """Return a noun phrase of at most nine words, of which only the first may match `unless`."""
    return (
        rf"(?:{_DETERMINER}(?!{_STOPS_A_ROLE}){_WORD}"
        rf"(?>(?:\s+(?!{unless})(?:{_TITLE}|(?:[A-Z]\.-?)+\s+)?{_WORD}){{0,8}}))"
    )


_NOT_A_NAME = (
    r"(?!(?:Il|Elle|Ils|Elles|On|Nous|Vous|Je|Tu|Ce|Cela|Ça|Ceci|Celui|Celle|Ceux|Celles|Qui|Que"
    r"|Certains|Certaines|Beaucoup|Personne|Chacun|Chacune|Tous|Toutes|Tout|Rien|Mais|Et|Puis|Or"
    r"|Car|Si|Quand|Comme|Alors|Ainsi|Aussi|Enfin|Ensuite|Dans|En|Pour|Par|Sur|Avec|Sans|Après"
    r"|Avant|Depuis|Lors|À|A|Au|Aux|Là|Hier|Selon|Y)(?![\w’']))"
)
_STOPS_A_SUBJECT = rf"(?:{_STOPS_A_ROLE}|{_PRONOUN}(?:{_FINITE_FORMS})(?!\w)|s[’'])"

SPEAKER = rf"(?P<speaker>{_NOT_A_NAME}(?:{_role(_STOPS_A_ROLE)}|(?!{_DETERMINER}[a-zß-ÿœ]){NAME}))"
"""A speaker after the verb or the preposition: as many words as belong to it, never fewer."""

SUBJECT = (
    rf"(?P<speaker>{_NOT_A_NAME}(?:{_role(_STOPS_A_SUBJECT)}"
    rf"|(?!{_DETERMINER}[a-zß-ÿœ]){NAME}))"
)
"""A speaker before the verb: it ends where the verb begins."""

FULL_NAME = re.compile(
    rf",\s+(?P<name>{_TITLE}?{_CAPITAL}(?>(?:\s+{_PARTICLE}?{_CAPITAL}){{1,4}}))"
)
"""The name that follows a role: « le maire, Jean Dupont »."""

ANAPHORS = frozenset(
    (
        "l’un",
        "l’une",
        "l’autre",
        "l’intéressé",
        "l’intéressée",
        "ce dernier",
        "cette dernière",
        "ces derniers",
        "ces dernières",
        "le premier",
        "la première",
        "le second",
        "la seconde",
        "les uns",
        "les autres",
        "le même",
        "la même",
    )
)
"""Phrases that name nobody by themselves."""
