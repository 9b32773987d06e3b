"""Words that open a French sentence: the evidence used where punctuation alone is ambiguous.

After ``U.E.`` or at a line without a full stop, a capital proves nothing: it may begin a name.
A capitalised *function word* (Le, Il, Dans, Mais, L’…) hardly ever begins a name, so it decides.
"""

from __future__ import annotations

import re

_DETERMINERS = (
    "Le La Les Un Une Des Du De Ce Cet Cette Ces Son Sa Ses Leur Leurs Mon Ma Mes Notre Nos Votre "
    "Vos Aucun Aucune Chaque Plusieurs Certains Certaines Quelques Tous Toutes Tout Toute Deux "
    "Trois Quatre Cinq Six Sept Huit Neuf Dix Cent Mille Autre Autres"
)
_OTHERS = (
    "Il Elle Ils Elles On Nous Vous Je Tu Mais Et Or Car Donc Ni Si Dans En Pour Par Sur Sous Avec "
    "Sans Après Avant Depuis Selon Lors Lorsque Quand Alors Ainsi Aussi Cependant Toutefois "
    "Pourtant Enfin Ensuite Puis Comme Chez Entre Vers Dès Malgré Contre À A Au Aux Ici Là Hier "
    "Demain Cela Ça Ceci Qui Que Quel Quelle Quels Quelles Où Pourquoi Comment Parmi Face Outre "
    "Grâce Pendant Durant Toujours Jamais Rien Même Plus Moins Voici Voilà Quant Celui Celle Ceux "
    "Celles Y Ne Non Oui Interrogé Interrogée Contacté Contactée Publié Publiée Lire "
    "Chacun Chacune Certes Bien Afin Puisque Tandis Parfois Souvent Seul Seule Seuls Seules Tel "
    "Telle Tels Telles Celles-ci Ceux-ci Celui-ci Celle-ci Aussitôt Désormais Surtout"
)
_ELIDED = "L D C J N S M T Qu Lorsqu Puisqu Jusqu Quelqu Aujourd Presqu Entr".split()

_QUOTE = r"[«“\"‘]?\s?"
_ELISION = rf"(?:{'|'.join(_ELIDED)})['’]"
_WORDS = "|".join((_DETERMINERS + " " + _OTHERS).split())

FUNCTION_WORD = re.compile(rf"(?:(?:{_WORDS})(?![\w’'-])|{_ELISION}(?=\w))")
"""A capitalised function word: matches at its first letter. Le Havre and L’Oréal match too."""

CLAUSE = re.compile(
    rf"(?:(?:{'|'.join(_DETERMINERS.split())})\s+{_QUOTE}(?=[a-zß-ÿœ0-9])"
    rf"|(?:{'|'.join(_OTHERS.split())})(?=[\s,])"
    rf"|{_ELISION}(?=[a-zß-ÿœ]))"
)
"""Stronger: the determiner must be followed by a common noun. Le Havre and L’Oréal do not match."""
