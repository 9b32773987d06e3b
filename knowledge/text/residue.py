"""Residue of scraping: lines of a page that are not the article.

Only whole lines are judged, and only when all of the line is a phrase of the furniture: a
sentence that merely contains «partager sur Facebook» or «publicité» is a sentence. Phrases are
compared folded (no case, no accents).
"""

from __future__ import annotations

import re

from knowledge.text.characters import fold

_LONGEST = 320  # characters; furniture is shorter, save for the notices below

_EXACT = frozenset(
    line.strip()
    for line in """
    laisser un commentaire | laissez un commentaire | laisser une reponse | ajouter un commentaire
    ecrire un commentaire | poster un commentaire | publier un commentaire | commenter
    commenter cet article | commentaires | aucun commentaire | pas de commentaire | reagir
    reagir a cet article | voir les commentaires | lire les commentaires | afficher les commentaires
    repondre | annuler la reponse | repondre annuler la reponse | reagissez | vos reactions
    les commentaires sont fermes | commentaires fermes | soyez le premier a commenter
    soyez le premier a reagir | votre adresse e-mail | enregistrer mon nom
    publicite | annonce | annonces | sponsorise | contenu sponsorise | contenu partenaire
    contenus sponsorises | la suite apres la publicite | la suite apres cette publicite
    passer la publicite | suite de l'article apres la publicite | pub | advertisement
    cet article est reserve aux abonnes | article reserve aux abonnes | reserve aux abonnes
    contenu reserve aux abonnes | reserve a nos abonnes | la suite est reservee aux abonnes
    article abonne | abonnes | s'abonner | je m'abonne | abonnez-vous | m'abonner | se connecter
    connexion | s'identifier | s'inscrire | je m'inscris | creer un compte | mon compte
    je me connecte | s'inscrire a la newsletter | newsletter | newsletters | nos newsletters
    copier le lien | copier l'url | lien copie | lien copie ! | copier le lien de l'article
    suivez-nous | nous suivre | suivre | suivez nous | retrouvez-nous | rejoignez-nous
    partager | partager l'article | partager cet article | partagez cet article | partagez
    partager cette page | partager via | partager sur | partages | partage | share | tweeter | tweet
    imprimer | imprimer l'article | envoyer par e-mail | envoyer par mail | envoyer a un ami
    enregistrer l'article | sauvegarder | ajouter aux favoris | ajouter a vos favoris
    ajouter a mes favoris | offrir l'article | offrir cet article | ecouter l'article
    ecouter cet article | signaler une erreur | signaler un contenu | une erreur ? signalez-la
    haut de page | retour en haut | retour en haut de page | retour a l'accueil | accueil
    retour | menu | rechercher | recherche | fermer | suivant | precedent | article suivant
    article precedent | page suivante | page precedente | voir plus | afficher plus | lire plus
    lire la suite | lire l'article | voir tous les articles | en savoir plus sur l'auteur
    a lire aussi | lire aussi | a lire egalement | lire egalement | voir aussi | a voir aussi
    a decouvrir | a decouvrir aussi | sur le meme sujet | dans la meme rubrique | sur le meme theme
    nos derniers articles | articles similaires | articles lies | articles recommandes
    articles associes | a ne pas manquer | les plus lus | les plus partages | les plus commentes
    recommande pour vous | recommandes pour vous | vous aimerez aussi | plus d'articles
    contenus similaires | les articles les plus lus | derniers articles | dernieres actualites
    tout accepter | tout refuser | accepter | refuser | continuer sans accepter | j'accepte
    accepter et fermer | accepter les cookies | refuser les cookies | personnaliser
    parametrer les cookies | gerer les cookies | gerer mes cookies | gestion des cookies
    gerer mes preferences | preferences cookies | politique de confidentialite
    politique de cookies | mentions legales | conditions generales | conditions d'utilisation
    plan du site | nous contacter | contactez-nous | qui sommes-nous | cgu | cgv | rgpd
    aller au contenu | aller au contenu principal | passer au contenu | skip to content
    tous droits reserves | all rights reserved | chargement | chargement en cours | loading
    """.replace("\n", "|").split("|")
    if line.strip()
)

_MONTH = (
    r"(?:janvier|fevrier|mars|avril|mai|juin|juillet|aout|septembre|octobre|novembre|decembre"
    r"|janv|fevr|avr|juil|sept|oct|nov|dec)\.?"
)
_DATE = (
    rf"(?:(?:lun|mar|mercre|jeu|vendre|same)di |dimanche )?"
    rf"(?:\d{{1,2}}(?:er)? {_MONTH}(?: \d{{4}})?|\d{{1,2}}[/.]\d{{1,2}}[/.]\d{{2,4}}"
    rf"|\d{{4}}-\d\d-\d\d|aujourd'hui|hier|il y a \d+ \w+)"
)
_HOUR = r"(?:,? ?(?:a |- )?\d{1,2} ?(?:h|:|heures?) ?(?:\d{2})?)"
_STAMP = rf"(?:le |ce )?{_DATE}{_HOUR}?"
_DATE_VERB = (
    r"(?:(?:article |dernier|derniere )?(?:publiee?|postee?|modifiee?|actualisee?|mise? a jour"
    r"|mise? en ligne|ecrit|cree)|derniere (?:mise a jour|modification)|publication|maj|mis a jour)"
)
_NETWORK = (
    r"facebook|twitter|x|whatsapp|linkedin|messenger|telegram|pinterest|reddit|bluesky|threads"
    r"|instagram|flipboard|tumblr|snapchat|tiktok|youtube|mastodon|viber|skype|pocket"
)
_SHARE_WORD = (
    rf"(?:{_NETWORK}|partager|partage|partagez|tweeter|tweet|imprimer|e-?mail|mail|courriel|sms|lien"
    r"|copier le lien|lien copie|envoyer|par|sur|via|commenter|enregistrer|google news|rss"
    r"|s'abonner|suivre|et|ou|l'article|cet article|nous|suivez-nous|suivez)"
)

_PATTERNS = (
    # Sharing bars and calls to follow: nothing but names of networks and verbs of sharing.
    rf"(?=.*\b(?:{_NETWORK})\b){_SHARE_WORD}(?>(?:[ ,|/·•:-]+{_SHARE_WORD})*)",
    r"(?:suivez|retrouvez|rejoignez)[- ]nous (?:aussi )?(?:sur|dans|via) .{1,80}",
    (
        r"(?:suivez|retrouvez) (?:toute )?l'(?:actualite|info) .{0,80}"
        rf"\b(?:{_NETWORK}|google news)\b"
    ),
    r"\d+ (?:partages?|commentaires?|reactions?|vues|likes?|j'aime)",
    r"(?:commentaires?|reactions?|partages?) ?\(?\d+\)?",
    r"(?:voir|lire|afficher) (?:les|tous les) (?:\d+ )?(?:commentaires?|reactions?)(?: \(\d+\))?",
    r"votre adresse (?:e-mail|de messagerie|mail) ne sera pas publiee\b.{0,120}",
    r"les champs obligatoires sont indiques.{0,40}",
    # Pointers to other articles: the phrase, a colon, the other article's title.
    (
        r"(?:a )?(?:lire|voir|ecouter|decouvrir|relire|revoir)(?: ou relire)?"
        r"(?: (?:aussi|egalement))?(?: sur .{1,30}?)? ?:.{0,250}"
    ),
    (
        r"(?:lire aussi|a lire aussi|a lire egalement|lire egalement|voir aussi|a voir aussi)"
        r" ?[-–—>»|].{0,250}"
    ),
    (
        r"(?:sur le meme (?:sujet|theme)|pour aller plus loin|dans la meme rubrique"
        r"|a (?:lire|voir) (?:aussi|egalement) sur .{1,30}?) ?:.{0,250}"
    ),
    r"lire (?:aussi )?(?:notre|nos|l'|le|la|les) [^.]{1,60} :.{0,200}",
    # Subscription and newsletters.
    (
        r"(?:abonnez|inscrivez)[- ]vous (?:gratuitement |vite |des maintenant )?"
        r"(?:a|pour|des|en) .{1,160}"
    ),
    r"(?:recevez|retrouvez) .{0,100}(?:newsletter|boite mail|par e-?mail|par mail)\b.{0,60}",
    r"il vous reste \d+([.,]\d+)? ?% de cet article a (?:lire|decouvrir).{0,100}",
    (
        r"(?:cet|cette|ce) (?:article|contenu|offre|texte|enquete|interview) est reservee? "
        r"(?:aux|a nos) abonnes?\b.{0,80}"
    ),
    r"(?:vous etes )?(?:deja )?(?:abonnee?|inscrite?)s? ?\?.{0,60}",
    (
        r"pour (?:lire la suite|continuer (?:a lire|la lecture)).{0,20}"
        r"(?:abonne|connect|inscri).{0,80}"
    ),
    r"(?:lisez|lire) (?:la suite )?(?:de )?cet article (?:en vous abonnant|pour \d).{0,60}",
    # Cookie notices.
    (
        r"(?:nous utilisons|ce site utilise|notre site utilise|ce site web utilise"
        r"|nous et nos (?:\d+ )?partenaires) .{0,60}(?:cookies|traceurs)\b.{0,300}"
    ),
    (
        r"en (?:poursuivant|continuant) (?:votre|la|a|sur) .{0,80}"
        r"(?:cookies|traceurs|acceptez)\b.{0,250}"
    ),
    (
        r"(?:accepter|refuser|parametrer|gerer|personnaliser) (?:(?:tous )?les|mes|vos) "
        r"(?:cookies|traceurs|choix|preferences)(?: .{0,40})?"
    ),
    # Dates of the page, reading time.
    (
        rf"{_DATE_VERB} ?:? ?{_STAMP}"
        rf"(?>(?:(?: ?[,|/·•(-]+ ?| )(?:{_DATE_VERB} ?:? ?)?{_STAMP}\)?)*)(?: par .{{1,60}})?"
    ),
    (
        r"(?:temps|duree) de lecture ?:?.{0,30}|lecture ?:? ?\d+ ?min.{0,12}"
        r"|\d+ ?min(?:utes?|\.)? de lecture"
    ),
    # Credits of pictures.
    r"(?:\(?(?:©|\(c\)|copyright) ?).{1,100}",
    (
        r"\(?(?:credits?(?: (?:photos?|images?|video))?|photos?|illustration|image|dessin"
        r"|infographie)"
        r" ?(?::|©).{1,80}(?<![.!?])"
    ),
    (
        r"\(?(?:photo|image)s? (?:d'(?:illustration|archives?)|afp|reuters|ap|dr)"
        r"(?:[ /|,:©-]+[^.!?]{0,60})?\)?"
    ),
    # Bars of tags.
    (
        r"(?:tags?|mots?[- ]cles?|etiquettes?|thematiques?|themes?|categories?|rubriques?"
        r"|sujets? associes?|classe (?:dans|sous)|filed under) ?:.{1,250}"
    ),
    r"#\w[\w-]*(?>(?:[ ,|/]+#\w[\w-]*)*)",
)
_RESIDUE = re.compile("|".join(f"(?:{pattern})" for pattern in _PATTERNS))
# A long line is furniture only if it begins so: looked at first, since most lines are prose.
_LONG = 80
_LONG_OPENING = re.compile(
    r"(?:a )?(?:re)?(?:lire|voir|ecouter|decouvrir)\b|#|©|\(|tags?\b|mots?\b|etiquett|themati"
    r"|themes?\b|categor|rubriq|sujets? assoc|classe |filed |abonnez|inscriv|recevez|retrouvez"
    r"|suivez|rejoignez|il vous reste|ce(?:t|tte)? (?:article|contenu|offre|texte|enquete)"
    r"|ce(?:tte)? (?:interview|site)|vous etes|deja|pour |lisez|nous |notre |en (?:pour|cont)"
    r"|accepter|refuser|parametrer|gerer|personnaliser|votre adresse|les champs|sur le meme"
    r"|dans la meme|credit|photo|image|illustr|dessin|infograph|copyright|partage"
    rf"|{_DATE_VERB}|(?:{_NETWORK})\b"
)
_DECORATION = " \u00a0\u202f\t▶►▸»›>→⇒➜➤✉☰✕×|*_-–—•·🔒📸📷📧🔗🔴⤴↩"
_TRAILING = " \u00a0\u202f.:!…→›>»*|_"
_LEADING_BULLET = ("- ", "– ", "— ", "• ", "* ")


def is_residue(line: str) -> bool:
    """Tell whether the whole of `line` is furniture of a page.

    An item of a list («- Facebook») is content: its marker says that somebody wrote a list.
    """
    if not line or len(line) > _LONGEST or line.startswith(_LEADING_BULLET):
        return False
    line = line.strip(_DECORATION)
    if len(line) > _LONG and not _LONG_OPENING.match(fold(line[:32])):
        return False
    folded = fold(line)
    if not folded:
        return False
    return folded.strip(_TRAILING) in _EXACT or _RESIDUE.fullmatch(folded) is not None
