"""The words of firm fields: how they are shortened, which of them tell organizations apart, and which name nobody."""

import unicodedata
from functools import lru_cache


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


def _pairs(text: str) -> dict[str, str]:
    return {short: whole for line in text.split(";") for whole, *shorts in [line.split()] for short in shorts}


# The whole word first, then what people write for it. "St." may be a saint or a street: both read as one word.
SHORT = _pairs(
    "association assn assoc asso assocn asscn assc; service svc srvc serv svcs srvcs servs servcs svces svs;"
    "center ctr cntr centre ctrs cntrs ctre cen; st saint sts ste street sainte; ft fort; mt mount mtn;"
    "illinois il ill ills illinoisans; chicago chgo chi; community comm comty cmty commty commun cmmty comunity;"
    "department dept dpt; development dev devel dvlpmt devt developmental dvlp; health hlth hlthcare;"
    "behavioral behav behavioural bhv behavorial; university univ; national natl nat; international intl;"
    "organization org orgs organisation organizations orgn; foundation fdn found fndn fnd fdtn; institute inst;"
    "society soc; hospital hosp; medical med; management mgmt mgt; government govt gov; co county cnty company;"
    "regional reg regl region; metropolitan metro; family fam fams fmly; child chld children childrens chldrn;"
    "youth yth; education ed educ edu educational; coalition coal; rehab rehabilitation rehabilitative;"
    "independent ind indep; north n nrth; south so sth; east e; west w; northwest nw; southwest sw;"
    "northeast ne; southeast se; first 1st; second 2nd; third 3rd; fourth 4th; fifth 5th; one 1; two 2;"
    "three 3; four 4; five 5; six 6; seven 7; eight 8; nine 9; ten 10; assistance asst assist; program prog "
    "prgm pgm programme progs; provider prov prvdr prvdrs provs; support supp suppt; neighborhood nbhd nbrhd "
    "neigh neighbourhood; district dist; advocacy adv; coop cooperative; housing hsg hous;"
    "house hse; senior sr snr; resource res rsrc; council cncl; committee cmte; partnership prtnrshp;"
    "partner ptnr ptnrs; counseling couns counselling; treatment tx; residential resid; transportation transp;"
    "woman women womens; man men mens; veteran vet; disability disab; recovery recov; network ntwk netwk;"
    "alliance alli; federation fed; administration admin; employment empl; training trng; technology tech"
)
# Endings that change no meaning here: legal forms, and words between words. "501(c)(3)" falls apart into three.
LIGHT = _words(
    "the of for and a an in at to by with on from inc incorporated corp corporation llc nfp ltd lp llp plc pc npo"
    " nonprofit notforprofit 501c3 501 c3 501c el la de los las del y et des www http https com net"
)
# Words that many organizations of the field share: what kind of work or body it is, not which one.
GENERIC = _words(
    "association service center community department development health behavioral university national"
    " international organization foundation institute society hospital medical management government co regional"
    " metropolitan family child youth education coalition rehab independent assistance program provider support"
    " neighborhood district advocacy advocate coop housing house senior resource council committee partnership"
    " partner counseling treatment residential transportation woman man veteran disability recovery network"
    " alliance federation administration employment training technology agency group team project initiative"
    " action care home homes social human mental legal aid help welfare public mission ministry church school"
    " college academy clinic shelter living area aging elder adult baby infant early learning literacy preschool"
    " day respite hospice palliative crisis line hotline outreach referral reentry justice prevention wellness"
    " abuse violence sexual assault domestic victim survivor rape substance addiction drug alcohol hiv aids"
    " autism deaf blind hearing vision special need ability independence work worker workforce job labor"
    " economic opportunity food bank pantry meal nutrition kitchen immigrant refugee welcome citizen latino"
    " latina hispanic asian black african american polish chinese korean indian native arab jewish catholic"
    " lutheran christian methodist baptist presbyterian episcopal islamic muslim faith charity united way fund"
    " trust league club union chapter region branch office division policy research study law art art's music"
    " sport recreation park library museum therapy psychological psychiatric psychology adoption foster kinship"
    " parent mother father caregiver girl boy teen student childcare daycare direct person people all every"
    " greater central northern southern eastern western north south east west northwest southwest northeast"
    " southeast illinois state city town village township rural urban county local statewide system solution"
    " collaborative cooperation consortium exchange institute's settlement tenant homeless homelessness housing"
    " supportive transitional affordable emergency safe visiting nurse nursing dental mentoring mentor tutoring"
    " restorative peace rights right reform change impact innovation enterprise business chamber commerce primary"
    " developmental intervention maternal reproductive planning equity inclusion access healthcare facility campaign"
)
# Weak beside a rare word, yet they do tell names apart.
COMMON = _words(
    "new old great good first second third fourth one two three four five our open best better bright big little voice"
    " american hope life light friend heart hand bridge path step st mt ft lake river creek hill"
)
# Which body of a name it is says little about which organization: it is left out and added as people please.
LOOSE = _words("center service program association agency organization society network co project")
# Many bodies of their own share such a name and differ by place alone.
FEDERATED = _words(
    "league chapter club ymca ywca charity united way lutheran catholic jewish salvation goodwill habitat nami"
    " arc easterseal legion urban diocese parish council district county city office region school chamber"
)
PLACES = _words(
    "illinois chicago chicagoland cook dupage kane will lake mchenry kankakee kendall grundy lasalle dekalb boone"
    " winnebago ogle stephenson whiteside carroll peoria tazewell mclean champaign vermilion macon sangamon"
    " christian madison clair monroe randolph perry jackson williamson union saline franklin jefferson marion"
    " effingham coles edgar douglas piatt ford iroquois livingston woodford marshall stark knox warren henderson"
    " mercer henry bureau putnam rock adams pike brown schuyler mcdonough hancock fulton mason logan menard cass"
    " morgan scott greene jersey calhoun macoupin montgomery bond fayette clay jasper crawford lawrence wabash"
    " wayne hamilton white gallatin hardin pope johnson massac pulaski alexander washington clinton clark"
    " cumberland shelby moultrie richland edwards springfield rockford joliet aurora naperville elgin waukegan"
    " cicero evanston decatur bloomington normal urbana moline galesburg quincy alton belleville carbondale"
    " danville freeport ottawa streator pekin skokie schaumburg palatine arlington berwyn wheaton geneva batavia"
    " lombard hinsdale markham harvey lansing mattoon charleston jacksonville macomb kewanee sterling dixon"
    " rantoul edwardsville centralia vandalia salem olney harrisburg cairo metropolis lincoln pontiac morris"
    " plainfield bolingbrook wilmette glenview highland libertyville zion antioch woodstock sycamore princeton"
    " taylorville hillsboro carlinville collinsville granite downstate suburban suburbs metroeast southside"
    " northside westside southland englewood lawndale pilsen uptown austin bronzeville ravenswood"
)
# Words that stand for the witness alone, or for nothing at all.
SELF = _words(
    "self myself me i my own private citizen individual individually taxpayer voter constituent resident concerned"
    " personal personally personnel family families parent mother mom father dad homeowner homemaker retired"
    " retiree student teacher citizens public general community member unemployed employed human being person"
    " independent unaffiliated illinois illinoisan chicago child children people neighbor grandparent patient"
    " client consumer worker workers advocate advocates sole proprietor disabled veteran senior seniors as only"
    " kids son daughter husband wife"
)
# Of these, such as say that nobody else is spoken for; "families" or "seniors" are whom a partner may speak for.
ALONE = _words(
    "self myself me i my own private citizen individual individually taxpayer voter constituent concerned personal"
    " personally homeowner homemaker retired retiree unemployed unaffiliated sole proprietor only mom dad"
)
EMPTY = _words(
    "na n none no nobody noone not applicable same above as ditto null nil x xx xxx see firm company test tbd"
    " nothing unknown blank applies"
)
# Whose words these are: an officer speaks for the house, somebody who is helped there or works there may not.
TITLES = _words(
    "executive director ceo president cfo coo cpo vp vice chief officer manager coordinator supervisor attorney"
    " counsel lobbyist social lcsw lcpc lpc msw lsw phd md rn jd psyd ma mba dr mr ms mrs rev pastor chair"
    " chairperson chairman board staff analyst consultant specialist case therapist clinician clinical founder"
    " owner policy government affairs relations legislative administrator superintendent advocate advocacy"
    " deputy directors associate assistant senior program team worker interim lead external ed public head of"
)
# A title that no name is made of: with it stands an officer, not another organization.
OFFICERS = _words(
    "director ceo president cfo coo cpo vp vice officer manager coordinator supervisor attorney lobbyist worker"
    " specialist chair chairperson chairman founder owner staff therapist clinician analyst consultant lcsw lcpc"
    " lpc msw lsw phd md board dr mr ms mrs rev superintendent administrator team"
)
PERSONAL = _words(
    "employee employees volunteer volunteers client clients parent parents member members supporter supporters"
    " friend friends donor student students intern alumni alumna alumnus patient patients consumer consumers"
    " participant participants resident former formerly ex retired family families fan neighbor guardian tenant"
)
# What follows is another name, or the house that somebody speaks for.
LINKS = tuple(
    tuple(phrase.split())
    for phrase in """
    doing business as, formerly known as, previously known as, also known as, now known as, known as,
    a program of, a project of, a division of, a department of, a service of, a subsidiary of, an affiliate of,
    program of, project of, division of, department of, subsidiary of, affiliate of, part of, on behalf of,
    in behalf of, behalf of, representing, representative of, representative for, dba, fka, aka, nka, formerly,
    previously, c o, in partnership with, in collaboration with, in coalition with, as well as, along with, together with, speaking for, here for
    """.split(",")  # noqa: SIM905
)
_LETTERS = str.maketrans(
    {"ß": "ss", "ł": "l", "Ł": "l", "ø": "o", "Ø": "o", "æ": "ae", "Æ": "ae", "œ": "oe", "đ": "d"}
)


@lru_cache(maxsize=50_000)
def fold_word(word: str) -> str:
    """One word without accents, case, dots and apostrophes: "Álamos" → "alamos", "I.A.R.F." → "iarf"."""
    plain = unicodedata.normalize("NFKD", word.translate(_LETTERS)).encode("ascii", "ignore").decode().lower()
    return "".join(letter for letter in plain if letter.isalnum())


@lru_cache(maxsize=50_000)
def reading(folded: str) -> str:
    """The word that is meant: "svcs" → "service", "childrens" → "child", "families" → "family"."""
    whole = SHORT.get(folded, folded)
    if whole == folded and len(folded) > 3:
        if folded.endswith("ies") and len(folded) > 4:
            whole = folded[:-3] + "y"
        elif folded.endswith("s") and not folded.endswith(("ss", "us", "is")):
            whole = folded[:-1]
        whole = SHORT.get(whole, whole)
    return whole


@lru_cache(maxsize=50_000)
def weight(word: str) -> float:
    """How much a word (as `reading` gives it) tells: 0 for "of" and "Inc.", 1 for "Center", 4 for "Calloway"."""
    if word in LIGHT or (word.isdigit() and len(word) > 2):
        return 0.0
    if word in GENERIC:
        return 1.0
    if word in PLACES:
        return 1.5
    return 2.0 if word in COMMON or len(word) < 3 else 4.0
