"""Words that ask and words that answer: near-synonyms of everyday French news. Pure data.

A question says «coût», the sentence «budget» or «euros»; a match through this table counts for
less than the same stem. One line is one group; a word may be in several.
"""

from __future__ import annotations

from functools import lru_cache

from knowledge.text.french import stem

_GROUPS = """
coût coûter prix montant budget facture somme euros dépense estimé chiffré
financer financement subvention budget payer verser apporter
prix tarif coûter payer vendre euros billet
salaire rémunération gagner payer
début commencer démarrer lancer débuter ouvrir
fin finir terminer achever cesser prendre
durée durer pendant ans mois jours
date prévu jour
mairie municipal ville commune
maire élu élue édile
enfant élève écolier jeune mineur
écolier élève scolaire école enfant
école collège lycée établissement scolaire
enseignant professeur instituteur maître
mourir décès décéder tuer mort victime disparition
blessé blesser victime
tuer assassiner meurtre assassinat abattre
victime mort blessé
naître né originaire natif
épouser mariage marier époux épouse femme mari
habiter vivre résider demeurer loger
habitant population peuplé riverain résident
riverain voisin habitant
inventer créer concevoir fonder inventeur créateur
créer fonder naître instituer établir
construire bâtir ériger édifier chantier travaux
démolir détruire raser abattre
chantier travaux construire
rénover restaurer réhabiliter travaux
restaurer restauration rénover
agrandir extension élargir
usine fabrique entreprise atelier site
entreprise société groupe firme compagnie
patron dirigeant directeur gérant
diriger tête directeur président chef responsable
chef responsable diriger directeur
responsable diriger chef charge
employé salarié travailleur personnel
emploi poste embauche recruter
embaucher recruter recrutement poste
licencier licenciement supprimer suppression
supprimer suppression disparaître
annuler annulation reporter supprimer
grève débrayage mouvement arrêt
manifester manifestant manifestation défiler cortège rassemblement
manifestant personne participant
accord convention traité signer
vote voter voix adopter scrutin
adopter voter approuver
refuser rejeter opposer repousser
opposer opposant contre hostile
réclamer demander exiger revendiquer
demander réclamer solliciter
accuser reprocher dénoncer poursuivre
condamner peine prison amende
peine prison condamner
juger tribunal procès jugement
procès tribunal audience juger
voler vol dérober
arrêter interpeller arrestation garde
police policier gendarme gendarmerie enquêteur
incendie feu brûler flamme sinistre
pompier secours sapeur
inondation crue inonder eau
crue inondation débordement
évacuer quitter reloger
polluer pollution contaminer
médecin docteur praticien soignant
hôpital clinique centre établissement
malade patient
maladie épidémie infection virus
gagner remporter vaincre battre victoire
victoire gagner remporter succès titre
remporter gagner obtenir
perdre défaite battre
match rencontre partie finale
entraîneur coach
score résultat marquer
spectateur public visiteur
festival édition concert
visiter visiteur visite
film long-métrage réalisateur
livre ouvrage roman
écrire auteur rédiger publier
auteur écrire écrivain
peindre peintre tableau toile
train ligne ferroviaire gare
car bus autocar
route voie rue
avion vol appareil
voiture véhicule automobile
bateau navire
argent euros fonds
hausse augmenter progression augmentation croître
baisse diminuer recul réduction chute
grand principal important
nommer désigner élire
succéder remplacer successeur
remplacer succéder remplaçant
quitter partir départ
partir quitter départ
arriver venir arrivée
appeler nommer surnommer baptiser nom
nom appeler nommer baptiser
surnom surnommer
signifier désigner vouloir
situer trouver implanter localiser
trouver situer découvrir
pays nation état
guerre conflit bataille combat
armée troupe soldat militaire
attaquer attaque assaut
capitale ville
superficie hectares kilomètres carrés étendre
hauteur mètres haut culminer
longueur mètres kilomètres long
profondeur mètres profond
distance kilomètres mètres
vitesse rapide
température degrés
poids peser tonnes kilogrammes
âge ans âgé
pourcentage taux part proportion cent
nombre compter total
but objectif viser
raison cause motif
cause provoquer origine raison
conséquence entraîner effet résultat
métier profession travailler
étudier étude diplôme université
religion culte croyance
langue parler
utiliser servir employer usage
composer comprendre compter constituer
contenir comprendre renfermer
permettre pouvoir
interdire interdiction défendre
dire déclarer affirmer annoncer
annoncer déclarer dire révéler
penser estimer juger croire
proposer projet prévoir
prévoir devoir annoncer
ouvrir ouverture inaugurer
fermer fermeture
déménager transférer installer
vendre céder acheter
acheter acquérir
fabriquer produire production
produire fabriquer récolte
récolte récolter moisson tonnes
agriculteur paysan exploitant éleveur
bénévole association membre
association membre bénévole
panne coupure interruption
piratage cyberattaque pirate
"""


@lru_cache(maxsize=1)
def synonym_stems() -> dict[str, frozenset[str]]:
    """Return each head word's stem → the stems that may answer for it (itself left out)."""
    table: dict[str, set[str]] = {}
    for line in _GROUPS.strip().splitlines():
        stems = [stem(word) for word in line.split()]
        for one in stems[:1]:
            table.setdefault(one, set()).update(stems)
    return {one: frozenset(others - {one}) for one, others in table.items()}
