"""A claim keeps its wording only if its cited sentences bear it out."""

from __future__ import annotations

import pytest

from knowledge.search.support import is_supported

GROUND = [
    "Le maire de Valmorin, Jean Dupont, a annoncé le 12 mars un budget de 1,5 million d’euros.",
    "La SNCL n’a pas commenté.",
]


@pytest.mark.parametrize(
    ("claim", "supported"),
    [
        ("Jean Dupont annonce un budget de 1 500 000 euros.", True),
        ("Cependant, le budget est annoncé.", True),
        ("Selon Jean Dupont, la SNCL n’a pas commenté.", True),
        ("L’annonce date du 12 mars.", True),
        ("Le budget est de 1,6 million d’euros.", False),
        ("Le maire a annoncé le 12 avril un budget.", False),
        ("Paul Dupont annonce un budget.", False),
        ("Le budget a été annoncé mardi.", False),
        ("The mayor of Valmorin said the budget is known.", False),
        ("…", False),
        ("", False),
    ],
)
def test_figures_dates_names_and_language_decide(claim: str, supported: bool) -> None:
    assert is_supported(claim, GROUND) is supported


def test_a_denial_needs_a_denial_in_the_ground() -> None:
    assert not is_supported("Le maire n’a annoncé aucun budget.", GROUND[:1])


def test_a_name_that_opens_a_sentence_is_still_a_name() -> None:
    assert not is_supported("Valmont annonce un budget.", GROUND)
    assert not is_supported("L’Allemagne annonce un budget.", GROUND)


@pytest.mark.parametrize(
    ("claim", "ground", "supported"),
    [
        ("Le maire a démissionné.", "Le maire n’a pas démissionné.", False),
        (
            "Le pont est ouvert à la circulation.",
            "Le pont n’est plus ouvert à la circulation.",
            False,
        ),
        (
            "Le chantier coûtera plus de 3 millions d’euros.",
            "Le chantier coûtera moins de 3 millions d’euros.",
            False,
        ),
        ("Le chômage a augmenté de 5 %.", "Le chômage a baissé de 5 %.", False),
        ("Le chômage a baissé de 3 %.", "Le chômage a baissé de 3 points.", False),
        ("Le chômage a baissé de 3 points.", "Le chômage a baissé de 3 %.", False),
        ("La température a été de 5 degrés.", "La température a été de -5 degrés.", False),
        ("Le résultat est de -5 %.", "Le résultat est de 5 %.", False),
        ("Le match a lieu le 12 avril.", "Le match du 12 mars est reporté au 3 avril.", False),
        ("Il a 12 enfants.", "Il est né le 12 mars.", False),
        (
            "La réunion a lieu le 12/03/2026.",
            "La réunion a lieu le 3 décembre 2026, avec 12 élus.",
            False,
        ),
        ("La réunion a lieu le 12/03/2026.", "La réunion a lieu le 12 mars 2026.", True),
        ("La réunion a lieu le 12 mars 2026.", "La réunion a lieu le 12/03/2026.", True),
        ("Le parc mesure 15 hectares.", "Le parc mesure 15 kilomètres.", False),
        ("Le train part à 8 h 30.", "Le train part à 30 minutes, 8 voies.", False),
        ("Le train part à 8h30.", "Le train part à 8 h 30.", True),
        ("Le train part à 8 heures 30.", "Le train part à 8h30.", True),
        ("Le train part à 8 heures.", "Le train part à 8h.", True),
        ("L’Ukraine a signé.", "L’accord a été signé par l’Ukraine.", True),
        ("Les États-Unis ont signé.", "L’accord a été signé par les Etats-Unis.", True),
        ("Les Ukrainiens ont signé.", "Un Ukrainien a signé l'accord.", True),
        ("Deux personnes sont mortes.", "L’accident a fait 2 morts.", True),
        ("Vingt-cinq personnes sont mortes.", "L’accident a fait 25 morts.", True),
        ("Une personne est morte.", "L’accident a fait deux morts.", False),
        ("Un mort est à déplorer.", "L’accident a fait 12 morts.", False),
        ("Le 1er mars, le pont ouvre.", "Le pont ouvre le 1er mars.", True),
        ("Le premier mars, le pont ouvre.", "Le pont ouvre le 1er mars.", True),
        ("Le deuxième pont ouvre.", "Le pont ouvre.", False),
        ("Le troisième tour a lieu.", "Le second tour a lieu.", False),
        ("La moitié des habitants sont partis.", "Un quart des habitants sont partis.", False),
        ("Deux tiers des élus ont voté pour.", "Deux élus ont voté pour, un tiers contre.", False),
        ("Le budget double.", "Le budget baisse.", False),
        ("Paris a gagné.", "Le club a gagné.", False),
        ("Macron a gagné.", "Le club a gagné.", False),
        ("D’Artagnan a gagné.", "Le club a gagné.", False),
        ("L’Ukraine a gagné.", "Le club a gagné.", False),
        ("Clément a gagné.", "Le club a gagné.", False),
        ("Clermont a gagné.", "Le club de Rouen a gagné.", False),
        ("Le document l’affirme : Parlement fermé.", "Le club a gagné.", False),
        ("Il a gagné : Laurent a perdu.", "Le club a gagné.", False),
        ("Piscine ouverte en mars.", "La piscine est ouverte en mars.", True),
        (
            "Environ 200 000 habitants sont concernés.",
            "Quelque 200.000 habitants sont concernés.",
            True,
        ),
        ("Plus de 200 000 habitants.", "Plus de 200 000 habitants.", True),
        ("Le coût est de 1,5 million d’euros.", "Le coût est de 1 500 000 euros.", True),
        ("Le coût est de 1,5 million d’euros.", "Le coût est de 1,5 M€.", True),
        ("Le coût est de 1,5 milliard d’euros.", "Le coût est de 1,5 Md€.", True),
        ("Le coût est de 3 millions d’euros.", "Le coût est de trois millions d'euros.", True),
        (
            "Le coût est de 3 millions d’euros.",
            "Le coût est compris entre 2 et 3 millions d'euros.",
            True,
        ),
        (
            "Le coût est compris entre 2 et 3 millions d'euros.",
            "Le coût est compris entre deux et trois millions d'euros.",
            True,
        ),
        ("Le taux est de 3 à 5 %.", "Le taux est de 3 % à 5 %.", True),
        ("Le taux est de 12,5 pour cent.", "Le taux est de 12,5 %.", True),
        ("Le coût est de 3 dollars.", "Le coût est de 3 livres.", False),
        ("Le coût est de 3 livres.", "Le coût est de 3 dollars.", False),
        ("Le coût est de 3 francs suisses.", "Le coût est de 3 euros.", False),
        ("The mayor said no.", "Le maire a dit non.", False),
        ("El alcalde dijo que no.", "Le maire a dit non.", False),
        ("Der Bürgermeister sagte nein.", "Le maire a dit non.", False),
        ("Mayor resigned yesterday.", "Le maire a démissionné hier.", False),
        ("Alcalde dimite ayer.", "Le maire a démissionné hier.", False),
        ("Bridge closed.", "Le pont est fermé.", False),
        ("Le maire said no to the bridge.", "Le maire a dit non.", False),
        ("Jean-Pierre Dupont est élu.", "Jean‑Pierre Dupont est élu.", True),
        ("Anne-Marie est élue.", "Anne Marie est élue.", True),
        ("LE MAIRE A DÉMISSIONNÉ.", "Le maire a démissionné.", True),
        (
            "Selon la préfecture, le pont est fermé.",
            "Le pont est fermé, selon la Préfecture.",
            True,
        ),
        (
            "Sylvie Renard ne démissionnera qu’en mars.",
            "Sylvie Renard démissionnera seulement en mars.",
            True,
        ),
        ("Le pont rouvrira demain.", "Le pont rouvrira mardi.", False),
        ("Le pont rouvrira cet été.", "Le pont rouvrira cet hiver.", False),
        ("Elle refuse de signer.", "Elle accepte de signer.", False),
        ("Personne ne viendra.", "Tout le monde ne viendra pas.", False),
        ("Le maire nie avoir signé.", "Le maire dit avoir signé.", False),
        ("Le maire n'a guère signé.", "Le maire a signé.", False),
        ("Le maire a peut-être signé.", "Le maire a signé.", False),
        ("XIXe siècle : le pont est bâti.", "Le pont date du 19e siècle.", True),
        ("Le Louvre rouvre.", "Le musée du Louvre rouvre.", True),
        ("L'ONU condamne.", "L’Onu a condamné.", True),
        ("Mme Renard a voté.", "Madame Renard a voté.", True),
        ("Le 12 mars 2026, Valmorin.", "Le 12 mars, Valmorin. En 2026.", False),
        ("Trente mille visiteurs sont venus.", "30 000 visiteurs sont venus.", True),
        ("Quatre-vingt-dix-neuf visiteurs sont venus.", "99 visiteurs sont venus.", True),
        ("Une centaine de visiteurs sont venus.", "100 visiteurs sont venus.", True),
        ("Une dizaine de visiteurs sont venus.", "200 visiteurs sont venus.", False),
        ("Des milliers de visiteurs sont venus.", "200 visiteurs sont venus.", False),
        ("Le numéro 06 12 34 56 78.", "Le numéro 06 12 34 56 79.", False),
        ("Score : 3-2.", "Score : 2-3.", False),
        ("Il a 1.5 an.", "Il a 15 ans.", False),
        ("Le prix est de 1.500 euros.", "Le prix est de 1,5 euro.", False),
        ("Vingt-cinq personnes sont mortes.", "25 personnes sont mortes.", True),
        ("Cent habitants sont partis.", "100 habitants sont partis.", True),
        ("Pourtant, le pont est fermé.", "Le pont est fermé.", True),
        ("Pendant deux jours, le pont est fermé.", "Le pont est fermé 2 jours.", True),
        ("Interrogé lundi, le maire a refusé.", "Le maire a refusé lundi.", True),
        ("Situé à Rouen, le pont est fermé.", "Le pont de Rouen est fermé.", True),
        ("Seuls les élus votent.", "Les élus seuls votent.", True),
        ("Fin mars, le pont ferme.", "Le pont ferme en mars.", True),
        (
            "Alors que la pluie tombait, le pont a fermé.",
            "La pluie tombait, le pont a fermé.",
            True,
        ),
        ("Quinze jours plus tard, il ferme.", "Il ferme 15 jours plus tard.", True),
        ("Oui, le pont est fermé.", "Le pont est fermé.", True),
        ("Le pont est ouvert.", "Le pont n’est pas ouvert.", False),
        ("La grève continue.", "Sans accord, la grève ne continue pas.", False),
        ("Il y a 2 blessés.", "Il n’y a pas 2 blessés.", False),
        ("L’entreprise supprime 200 postes.", "L’entreprise supprime 200 000 postes.", False),
        ("Coût : 14,6 millions d’euros.", "Coût : 14,6 M€.", True),
        ("14 points.", "14 %.", False),
        ("La baisse est de 5 %.", "La hausse est de 5 %.", False),
        ("Le Havre a gagné.", "Le club a gagné.", False),
        ("De Gaulle a gagné.", "Le club a gagné.", False),
        ("Jean Dupont a démissionné.", "Le maire, Jean Dupont, n’a pas démissionné.", False),
        ("Le maire a démissionné.", "Le maire n’a pas, malgré la crise, démissionné.", False),
        (
            "Le maire n’a pas démissionné.",
            "Le maire a démissionné, mais il n’a pas commenté.",
            False,
        ),
        ("Le maire a démissionné.", "Le maire a démissionné, mais il n’a pas commenté.", True),
        ("Le pont ferme.", "Le pont pourrait fermer.", False),
        ("Le pont ferme en mars.", "Le pont fermerait en mars.", False),
        ("Le pont pourrait fermer.", "Le pont pourrait fermer en mars.", True),
        ("Le maire a signé.", "Le maire nie avoir signé.", False),
        ("Le chômage baisse.", "L’inflation baisse, le chômage augmente.", False),
        ("Le chômage augmente.", "L’inflation baisse, le chômage augmente.", True),
        ("Le pont ne compte que 12 places.", "Le pont compte 12 places.", True),
        ("M. Renard a voté.", "Mme Renard a voté.", False),
        ("La dette s’élève à 3 k€.", "La dette s’élève à 3 000 euros.", True),
        (
            "Le maire a annoncé 12 embauches.",
            "Le maire a annoncé, mardi 12 mars, 12 embauches pour la ville.",
            True,
        ),
        (
            "La piscine rouvrira en septembre 2026.",
            "La piscine rouvrira ses portes le 1er septembre 2026, après dix-huit mois de travaux.",
            True,
        ),
        (
            "Les travaux ont duré dix-huit mois.",
            "La piscine rouvrira ses portes le 1er septembre 2026, après dix-huit mois de travaux.",
            True,
        ),
        (
            "Le chantier a coûté 14,6 millions d’euros.",
            "Le chantier, qui n’était pas prévu, a coûté 14,6 millions d’euros.",
            True,
        ),
        (
            "Trois personnes ont été blessées, dont une grièvement.",
            "L’accident a fait trois blessés, dont un grièvement.",
            True,
        ),
        (
            "Un homme de 45 ans a été arrêté.",
            "Un homme de 45 ans a été interpellé et arrêté lundi.",
            True,
        ),
        ("Le taux est passé de 5 % à 7 %.", "Le taux est passé de 5 à 7 %.", True),
        ("Le budget augmente de 3 %.", "Le budget est en hausse de 3 %.", True),
        ("Environ 200 personnes ont manifesté.", "Quelque 200 personnes ont manifesté.", True),
        ("Le parc s’étend sur 15 hectares.", "Le parc s’étend sur quinze hectares.", True),
        ("Le vote a eu lieu à 18 heures.", "Le vote a eu lieu à 18 h.", True),
        (
            "La loi a été adoptée par 312 voix contre 200.",
            "Les députés ont adopté la loi par 312 voix contre 200.",
            True,
        ),
        (
            "C’est Hélène Carvenec qui dirige la mairie.",
            "La mairie est dirigée par Hélène Carvenec.",
            True,
        ),
        (
            "Elle n’a pas souhaité répondre.",
            "La maire n’a pas souhaité répondre à nos questions.",
            True,
        ),
        ("La maire a refusé de répondre.", "La maire a refusé de répondre à nos questions.", True),
        (
            "Le club de Valmorin a perdu 3-2.",
            "Valmorin s’est incliné, le club a perdu 3-2 contre Courvigny.",
            True,
        ),
        (
            "Le vice-président du conseil régional, Marc Morel, l’a confirmé.",
            "Marc Morel, vice-président du conseil régional, l’a confirmé.",
            True,
        ),
        (
            "Les deux premiers jours seront gratuits.",
            "Les deux premiers jours seront gratuits.",
            True,
        ),
        ("La vitesse est limitée à 80 km/h.", "La vitesse est limitée à 80 km/h.", True),
        (
            "La vitesse est limitée à 80 kilomètres par heure.",
            "La vitesse est limitée à 80 km/h.",
            True,
        ),
        ("Le tarif est de 3,50 euros.", "Le tarif est de 3,50 €.", True),
        ("Le tarif est de 3 euros 50.", "Le tarif est de 3 euros 50.", True),
        ("La hausse est de 3 ans.", "La hausse est de 3 mois.", False),
        ("Le préfet n’a pas autorisé la marche.", "Le préfet a autorisé la marche.", False),
        ("Le préfet a autorisé la marche.", "Le préfet n’a jamais autorisé la marche.", False),
        ("Le préfet a autorisé la marche.", "Aucun préfet n’a autorisé la marche.", False),
        ("Le préfet autorise la marche.", "Le préfet refuse d’autoriser la marche.", False),
        ("Le préfet autorise la marche.", "Le préfet a interdit la marche.", False),
        ("La marche est interdite.", "La marche est autorisée.", False),
        ("Le suspect a tué sa femme.", "Le suspect est accusé d’avoir tué sa femme.", False),
        ("Le suspect a tué sa femme.", "Le suspect aurait tué sa femme.", False),
        ("Le maire a démissionné.", "Il est faux que le maire a démissionné.", False),
        ("Le maire a démissionné.", "Si le maire démissionne, un vote aura lieu.", False),
        ("La fusion est abandonnée.", "La fusion n’est plus abandonnée.", False),
        ("L’usine emploie 200 salariés.", "L’usine emploie moins de 200 salariés.", False),
        ("Au moins 200 salariés partent.", "Au plus 200 salariés partent.", False),
        ("3 habitants ont voté.", "3 % des habitants ont voté.", False),
        ("Le 5 mai, 3 000 arbres.", "Le 3 mai, 5 000 arbres.", False),
        ("Le 5 mai, il pleut.", "Jeudi 5 mai 2026, il pleut.", True),
        ("En 2026, il pleut.", "Le 05/05/2026, il pleut.", True),
        ("Au XXe siècle, il pleut.", "Au 20e siècle, il pleut.", True),
    ],
)
def test_a_claim_says_no_more_and_nothing_else_than_its_sentence(
    claim: str, ground: str, supported: bool
) -> None:
    assert is_supported(claim, [ground]) is supported


def test_polarity_is_compared_with_the_cited_sentence_that_speaks_of_the_same_thing() -> None:
    cited = ["Le maire a démissionné.", "Le préfet n’a pas démissionné."]
    assert is_supported("Le maire a démissionné.", cited)
    assert not is_supported("Le préfet n’a pas commenté.", cited[:1])
