"""Words of one family whose French stems differ: irregular verbs and their nouns.

Snowball cuts regular endings only; «construire», «construit» and «construction» keep three
stems, and a question with one of them would miss a sentence with another. Each line is one
family; its first word names it. Families hold forms of one meaning (né, naissance), never
synonyms (mort, disparition): those are a matter of search, not of spelling.
"""

from __future__ import annotations

# Words that Snowball or a family would confuse with others: pays and payer, vent and vente, père
# and périr. Each line shares a stem of its own, whatever its words look like.
APART: tuple[tuple[str, ...], ...] = tuple(
    tuple(line.split())
    for line in """
pays
département départements départemental départementale départementaux départementales
vent vents
vivre vit vivent vivait vivaient vécu vécue vivra vivront vécut vécurent vivant vivants
vite vitesse vitesses
verre verres
voirie
nuit nuits nocturne nocturnes
crue crues
bâtir bâti bâtie bâtis bâties bâtit bâtira bâtiment bâtiments bâtisseur bâtisseurs
fonds
fonder fonde fondent fonda fondé fondée fondés fondées fondateur fondatrice fondateurs fondation
fondre fond fondu fondue fonte fondent
loyer loyers
colonne colonnes
port ports portuaire portuaires
porte portes
père pères paternel paternelle
mère mères maternel maternelle
mer mers maritime maritimes
mars
maïs
mari maris
arme armes
armée armées
""".split("\n")
    if line.strip()
)

FAMILIES: tuple[tuple[str, ...], ...] = tuple(
    tuple(line.split())
    for line in """
naître naît né née nés nées naissance naissances naquit naquirent natif native natale natal
mourir mort morte morts mortes meurt meurent mourut mourra mortel mortelle mourut mourait
décès décéder décédé décède décédée
construire construit construite construction construira construisent construisit constructeur
reconstruire reconstruit reconstruite reconstruction reconstruira
détruire détruit détruite destruction détruira détruisent détruisit détruits détruites
produire produit produite production produisent produira produisit producteur productrice
réduire réduit réduite réduction réduira réduisent réduisit
conduire conduit conduite conduisent conduira conduisit conducteur conductrice
introduire introduit introduite introduction introduisent introduira introduisit
traduire traduit traduite traduction traduira traducteur
séduire séduit séduite séduction
instruire instruit instruite instruction
cuire cuit cuite cuisson
élire élit élu élue élus élues élection élections élisent électoral électorale électeur électeurs
lire lu lue lit lisent lecture lecteur lecteurs lira
écrire écrit écrite écrits écrivent écrivit écriture écrira écrivain
inscrire inscrit inscrite inscrits inscrivent inscription inscriptions inscrira
décrire décrit décrite décrivent description décrira
prescrire prescrit prescription prescrire
vendre vendu vendue vendus vend vendent vente ventes vendra vendit vendeur
perdre perdu perdue perd perdent perte pertes perdra perdit
rendre rendu rendue rend rendent rendra rendit
répondre répondu répond répondent réponse réponses répondra répondit
attendre attendu attend attendent attente attendra
entendre entendu entend entendent entendra audition
étendre étendu étendue étend étendent étendra extension
défendre défendu défend défendent défense défendra défenseur défenseurs
descendre descendu descend descendent descente descendra
prétendre prétend prétendent prétendu
suspendre suspendu suspend suspendent suspension
dépendre dépend dépendent dépendant dépendance dépendait
répandre répandu répand
tendre tendu tend tendent
mordre mordu mord
rompre rompu rompt rupture
battre bat battent battu battue battus battra
combattre combat combattent combattu combats combattant combattants
abattre abat abattent abattu abattue abattage
débattre débat débattent débattu débats
ouvrir ouvre ouvrent ouvert ouverte ouverture ouvrira ouvertures ouverts ouvertes ouvrit
rouvrir rouvre rouvert rouverte réouverture rouvrira rouvriront
couvrir couvre couvrent couvert couverte couverture
découvrir découvre découvrent découvert découverte découvertes découverts découvrit
offrir offre offrent offert offerte offrit
souffrir souffre souffrent souffert souffrance
fermer ferme ferment fermé fermée fermeture fermetures fermera
recevoir reçoit reçoivent reçu reçue reçus reçues reçut réception recevra
percevoir perçoit perçoivent perçu perçue perception
concevoir conçoit conçoivent conçu conçue conçut conception concepteur
apercevoir aperçoit aperçu aperçue
décevoir déçu déçue déception
devoir dette
savoir sait savent su saura sachant
vouloir veut veulent voulu voudrait volonté voudra veulent
pouvoir
voir voit voient vu vue verra
prévoir prévoit prévoient prévu prévue prévus prévues prévision prévisions prévoyait
obtenir obtient obtiennent obtenu obtenue obtint obtention obtiendra
tenir tient tiennent tenu tenue tint tiendra
maintenir maintient maintenu maintenue maintien maintiendra maintiennent
contenir contient contiennent contenu contenue
soutenir soutient soutiennent soutenu soutien soutenue soutiens
retenir retient retenu retenue retenus retiennent
détenir détient détiennent détenu détenue détention détenus
appartenir appartient appartiennent appartenu appartenance
entretenir entretient entretenu entretien
venir vient viennent venu venue vint viendra venus
devenir devient deviennent devenu devenue devint deviendra
revenir revient reviennent revenu revint reviendra
intervenir intervient interviennent intervenu intervention interventions
provenir provient proviennent provenance
parvenir parvient parviennent parvenu parvint
convenir convient convenu
prévenir prévient prévenu prévention
survenir survient survenu survenue
prendre prend prennent pris prise prit prendra prises
comprendre comprend comprennent compris comprise comprit compréhension
apprendre apprend apprennent appris apprise apprit apprentissage
entreprendre entreprend entrepris entreprise
reprendre reprend reprennent repris reprise reprit reprendra repreneur
surprendre surprend surpris surprise
mettre met mettent mis mise mit mettra mises
permettre permet permettent permis permise permit permettra permission
promettre promet promettent promis promise promit promesse promesses
soumettre soumet soumis soumise soumission
remettre remet remettent remis remise remettra
admettre admet admettent admis admise admission
commettre commet commis commise commettent
transmettre transmet transmis transmise transmission transmettent
émettre émet émettent émis émise émission émissions
démettre démis
démission démissionner démissionné démissionne
suivre suit suivent suivi suivie suivit suivra
poursuivre poursuit poursuivent poursuivi poursuite poursuivra poursuites
survivre survit survécu survivant survivants survie
croître croît croissance crû
accroître accroît accru accrue accroissement
connaître connaît connaissent connu connue connut connaissance connus
reconnaître reconnaît reconnu reconnue reconnaissance reconnaissent
paraître paraît paraissent paru parution parut
apparaître apparaît apparaissent apparu apparition apparue apparut
disparaître disparaît disparaissent disparu disparue disparition disparut
dire dit dite disent dira
interdire interdit interdite interdisent interdiction interdits interdites
prédire prédit prédiction
contredire contredit contradiction
maudire maudit
faire
satisfaire satisfait satisfaite satisfaction
acquérir acquiert acquis acquise acquisition acquéreur acquit
conquérir conquiert conquis conquise conquête conquit conquérant
courir court courent couru courra
parcourir parcourt parcouru parcours
recourir recourt recouru recours
secourir secouru secours
partir part partent parti partie départ départs partit partis
sortir sort sortent sorti sortie sorties sortit
servir sert servent servi servie service
dormir dort dorment dormi
mentir ment mensonge
sentir sent sentent senti
choisir choisit choisi choisie choisissent choix choisis
finir finit fini finie fin
élargir élargi élargissement
agir agit agissent action
réagir réagit réagi réaction réactions
bâtir bâti bâtie bâtiment bâtiments
craindre craint craignent crainte craintes
atteindre atteint atteignent atteinte atteignit
éteindre éteint éteinte extinction
peindre peint peinte peinture peintre peignit
joindre joint jointe jonction
rejoindre rejoint rejoignent rejointe
plaindre plaint plainte plaintes
contraindre contraint contrainte contraintes
convaincre convaincu convainc
vaincre vaincu vainqueur vainqueurs vainc victoire
résoudre résolu résoudra résolution
dissoudre dissout dissoute dissolution
absoudre absous
conclure conclu conclut conclusion
exclure exclu exclut exclusion exclue
inclure inclus inclut inclusion
asseoir assis siège siéger siègent
boire boit boivent bu boisson
croire croit croient cru croyance
nuire nuisent nuisible nuisance nuisances
plaire plaît plu
distraire distrait
extraire extrait extraction
soustraire soustrait
haïr haine
fuir fuit fui fuite
bouillir bout
cueillir cueille cueillette
accueillir accueille accueilli accueil accueillera accueillent
envoyer envoie envoient envoyé envoi enverra
employer emploie emploient employé emploi employés employeur
payer paie paye payé paiement paient
essayer essaie essayé essai
nettoyer nettoie nettoyé nettoyage
appeler appelle appellent appelé appel
rappeler rappelle rappelé rappel
jeter jette jeté jet
acheter achète achètent acheté achat achats acheteur
lever lève lèvent levé levée
mener mène mènent mené
geler gèle gelé gel
peser pèse pesé poids
gérer gère gèrent géré gestion gestionnaire
diriger dirige dirigé direction directeur directrice dirigeant dirigeants
décider décide décidé décision décisions décident
succéder succède succédé succession successeur
céder cède cédé cession
accéder accède accès accédé
procéder procède procédé
posséder possède possédé possession
signer signe signé signature
nommer nomme nommé nomination nommée
créer crée créé création créateur créée
inventer invente inventé invention inventeur
augmenter augmente augmenté augmentation
diminuer diminue diminué diminution
évacuer évacue évacué évacuation évacuées
condamner condamne condamné condamnation
inaugurer inaugure inauguré inauguration
""".strip().splitlines()
)
