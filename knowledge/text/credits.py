"""Credits of an article: who wrote it, who contributed, which agencies.

Only whole lines are judged, and only at the start and the end of an article: in the middle,
«Avec Reuters» may be a heading and «Par Jean Dupont» the start of a list.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_LONGEST = 240  # characters of a line of credits

_PARTICLE = r"(?:de|du|des|d’|d'|la|le|van|von|der|den|el|al|ben|bin|da|di|dos|y)"
_CAPITALISED = r"(?:[^\W\d_a-zà-öø-ÿ](?:[^\W\d_]|[-’'.·])*)"
_NAME = rf"{_CAPITALISED}(?: (?:{_PARTICLE} ?)?{_CAPITALISED}){{0,4}}"
_FULL_NAME = rf"{_CAPITALISED}(?: (?:{_PARTICLE} ?)?{_CAPITALISED}){{1,4}}"
_AGENCY = (
    r"(?:(?:les |l’|l'|la )?(?:agences?|AFP|A\.F\.P\.|Reuters|REUTERS|AP|Associated Press|ATS|Belga"
    r"|BELGA|EFE|dpa|DPA|Ansa|ANSA|Bloomberg|Xinhua|Tass|TASS|La Presse Canadienne|CNN|BBC|RFI"
    r"|AFP[- ]Services|Agence [-\w ]{2,30}|afp|reuters))"
)
_AND = r"(?:, | et |, et | avec | ?/ ?| ?& ?| and )"
_AGENCIES = rf"{_AGENCY}(?:{_AND}{_AGENCY}){{0,4}}"
_NAMES = rf"(?P<names>{_FULL_NAME}(?:{_AND}{_FULL_NAME}){{0,7}})"
_OUTLET = rf"(?:,? (?:de|du|d’|d'|pour|from|of) ?(?:la |le |l’|l')?{_NAME}| \([^()]{{2,40}}\))"
_ROLE = (
    r"(?:,? (?:(?:avec|à|au|aux|en|envoyée? spéciale?|correspondante?|journaliste|de notre|pour)\b)"
    r"[^.!?]{0,60})"
)

_CONTRIBUTED = re.compile(
    rf"{_NAMES}{_OUTLET}?,? (?:a|ont) (?:également |aussi )?(?:contribué|participé|collaboré) "
    r"à (?:ce|cet|cette|la rédaction de ce|la rédaction de cet) "
    r"(?:\w+ )?(?:rapport|article|reportage|papier|enquête|récit|dossier|sujet|texte)\.?"
    rf"|{_NAMES.replace('names', 'english')}(?:{_OUTLET})? (?:also )?contributed "
    r"(?:reporting )?to this (?:report|story|article)\.?"
)
_WITH_AGENCIES = re.compile(
    r"[(\[]?(?:Avec |avec |Source ?: |Sources ?: |Source - |D’après |D'après )?"
    rf"(?P<agencies>{_AGENCIES})[)\]]?\.?"
)
_BY = re.compile(
    r"(?:(?:Par|PAR|Article (?:rédigé|écrit) par|Rédigé par|Écrit par|Texte(?: de| :)?|Reportage de"
    r"|Propos recueillis par|Un (?:article|texte|reportage|récit) de|Publié par|Auteur ?:"
    r"|De notre (?:correspondante?|envoyée? spéciale?)[^,.:]{0,40}[,:]?) )"
    rf"(?P<names>{_FULL_NAME}(?:{_AND}{_FULL_NAME}){{0,5}}"
    rf"|(?:la|La) rédaction(?: (?:de|du) {_NAME})?)"
    rf"(?:{_OUTLET})?(?:{_AND}{_AGENCIES})?(?:{_ROLE})?(?: \({_AGENCY}\))?\.?"
)
_NAMED_AGENCY = re.compile(rf"(?<!\w)(?<!de ){_AGENCY}(?!\w)")
_NAME_SEPARATOR = re.compile(_AND)
_OF_OUTLET = re.compile(
    r" (?:de|du|of|from) (?:la |l’|l')?(?:[A-Z][A-Z0-9]+|Monde|Figaro|Parisien)\Z"
)


@dataclass(frozen=True, slots=True)
class Credit:
    """What a line of credits names: authors, and contributors (people, then agencies)."""

    authors: tuple[str, ...] = ()
    contributors: tuple[str, ...] = ()


def read_credit(line: str) -> Credit | None:
    """Return what `line` credits, or None if it is anything but a line of credits."""
    if not 3 <= len(line) <= _LONGEST:
        return None
    line = line.strip("*_ —–-")
    if match := _CONTRIBUTED.fullmatch(line):
        return Credit(contributors=_split(match["names"] or match["english"]))
    if match := _BY.fullmatch(line):
        return Credit(_split(match["names"]), _agencies(line[match.end("names") :]))
    if match := _WITH_AGENCIES.fullmatch(line):
        return Credit(contributors=_agencies(match["agencies"]))
    return None


def _agencies(text: str) -> tuple[str, ...]:
    names = (match.group() for match in _NAMED_AGENCY.finditer(text))
    return tuple(re.sub(r"^(?:les |la |l’|l')", "", name) for name in names)


def _split(names: str) -> tuple[str, ...]:
    parts = (_OF_OUTLET.sub("", part.strip(" .")) for part in _NAME_SEPARATOR.split(names))
    return tuple(part[0].upper() + part[1:] for part in parts if part)
