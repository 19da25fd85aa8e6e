"""The words of form F: its questions, answers, payers, columns, delays and dates.

French first, English where a form has been translated. Case, accents and punctuation do not count.
"""

import re
import unicodedata
from datetime import date

from .answers import Terms

MONTHS = {
    name: number
    for number, names in enumerate(
        "janvier january|fevrier february|mars march|avril april|mai may|juin june|juillet july|"
        "aout august|septembre september|octobre october|novembre november|"
        "decembre december".split("|"),
        1,
    )
    for name in names.split()
}
QUESTIONS = (
    ("method", r"(?:methode|mode|moyen|facon|maniere)\w* d(?:e l)? envoi|sending method"),
    ("frequency", r"frequence|periodicite|rythme|combien de fois|frequency"),
    ("payers", r"workflow|types? de (?:payeur|patient|debiteur|tiers|client)|payer types?"),
    ("follow_up", r"suivi(?! des impaye)|follow ?up|controle des paiements|payment follow"),
    ("unpaid", r"impaye\w*|rappels?|relances?|recouvrement|non paiement|unpaid|reminders?"),
    ("terms", r"delais?|echeances?|conditions de paiement|(?:payment )?terms"),
    ("comments", r"commentaires?|remarques?|observations?|autres informations|comments?|remarks?"),
    ("answered_by", r"(?:rempli\w*|repondu\w*|complete\w*|answered|filled in) (?:par|by)"),
    ("answered_by", r"repondant\w*|personne (?:qui|ayant) \w+|qui a repondu|who answered"),
    ("received", r"date(?: de| of)? (?:reception|receipt|reponse)|recu\w* le|received(?: on)?"),
    ("received", r"^date$"),
)
BY_NUMBER = {
    "2": "method",
    "3": "frequency",
    "4": "payers",
    "5": "follow_up",
    "6": "unpaid",
    "7": "terms",
}
OTHER = ("other", r"^(?:other|autres?)\b")
# In each question an answer takes its words away before the next one looks for its own.
ANSWERS = {
    "method": (
        ("software", r"envoi direct|logiciel\w*|xml|export\w*|electroni\w*|software"),
        ("post", r"imprim\w*|impression\w*|post(?:e|er|al|ale)?\b|papier|courrier|print\w*"),
        OTHER,
    ),
    "frequency": (
        (
            "biweekly",
            r"(?:tou(?:te)?s les |chaque )?(?:2|deux|15|quinze) (?:semaines?|jours?|weeks?|weekly)"
            r"|bi ?(?:mensu|hebdo|week)\w*|quinzaine|fortnight\w*"
            r"|(?:2 ?x|2 fois|deux fois|twice) (?:par mois|a month)",
        ),
        ("daily", r"quotidien\w*|journali\w*|(?:chaque|tous les|par|every) jours?|every day|daily"),
        (
            "weekly",
            r"hebdo\w*|(?:1 ?x |1 fois |une fois )?(?:par|chaque|toutes les) semaines?"
            r"|(?:once a |every )week|weekly",
        ),
        (
            "monthly",
            r"mensuel\w*|(?:1 ?x |1 fois |une fois )?(?:par|chaque|tous les) mois"
            r"|(?:once a |every )month|monthly",
        ),
        OTHER,
    ),
    "follow_up": (
        ("manual", r"(?:controle|verification|suivi)?s? ?manuel\w*|manual\w*"),
        ("module", r"(?:module|logiciel) ?integre\w*|modules?\b|integrated"),
        ("statement", r"releves?|decomptes?|extraits?|statements?"),
        OTHER,
    ),
    "unpaid": (
        ("automatic", r"(?:rappels? |relances? )?automati\w*"),
        ("manual", r"(?:rappels? |relances? )?manuel\w*|manual\w*"),
        ("factor", r"caisse\w*|cmd\b|factor\b"),
        OTHER,
    ),
    "channels": (
        ("software", r"logiciel\w*|software|xml|electroni\w*"),
        ("paper", r"papier|paper|post(?:e|er|al|ale)?\b|courrier|imprim\w*"),
        ("both", r"les deux|both"),
        OTHER,
    ),
    "yes_no": (("yes", r"^(?:oui|yes|o|y)\b"), ("no", r"^(?:non|no|n)\b")),
}
PAYERS = (
    ("retirement", r"caisses? de (?:retraite|pension)s?|retraites?"),
    ("cpam", r"cpam|caisse primaire(?: d assurance maladie)?"),
    ("", r"caisses? maladie|assurances? (?:maladie|accident|invalidite|militaire)"),
    ("factor", r"caisses? (?:des|pour) medecins(?: dentistes)?|cmd|^caisse$|factor\w*"),
    (
        "supplementary",
        r"(?:assurances? )?complementaires?(?: sante)?|supplementary insurances?|^assurances?$",
    ),
    ("mutuelle", r"mutuelles?"),
    ("social", r"aides? sociales?|services? soci(?:al|aux)\w*|social (?:aid|services?)|ccas"),
    ("department", r"conseils? departementa\w+|departements?"),
    ("private", r"patient\w*(?: prive\w*)?|prives?|particuliers?|private"),
)
COLUMNS = (
    ("sender", r"par (?:toi|vous|nous)|qui envoie|envoye\w* par|envoi fait|sent by"),
    ("terms", r"delai|echeance|terms?\b"),
    ("note", r"remarque|commentaire|observation|precision|detail|^autres?\b|^other"),
    ("software", r"logiciel|software|xml|electroni"),
    ("paper", r"papier|paper|post(?:e|al)|courrier|imprim"),
    ("channels", r"canal|canaux|channel|moyen|mode|comment"),
    ("payer", r"payeur|debiteur|patient|tiers|payer|^type"),
)
# Heads of columns that say nothing of what is below them.
HEADS = frozenset("question questions reponse reponses choix option options answer answers".split())
PAIR = re.compile(r"\s*(?::|→|⇒|=>|=)\s*|\s+[-–—]\s+")
VARIABLE = re.compile(r"^(?:delai |delais |terms )?variables?\b|^ca depend")
AT_ONCE = re.compile(r"^(?:au )?comptant$|^immediat\w*$|^tout de suite$|^at once$")
DELAY = re.compile(
    r"(?:(?:a|de|entre|sous|dans|apres|within|max|maximum) )*(\d{1,3})"
    r"(?: (?:a|et|ou|to|or))? ?(\d{1,3})? ?(jour|day|j\b|semaine|sem\b|week|mois|month)s?"
    r"(?: net)?"
)
DAYS = {"j": 1, "d": 1, "s": 7, "w": 7, "m": 30}


def fold(text: str) -> str:
    """Return ``text`` in small letters without accents, punctuation and double blanks."""
    text = unicodedata.normalize("NFKD", text.lower().replace("œ", "oe"))
    text = "".join(letter for letter in text if not unicodedata.combining(letter))
    return " ".join(re.findall(r"[^\W_]+", text))


def question_of(text: str) -> str:
    """Return what a heading asks for, or an empty text; the words that come first count."""
    folded = re.sub(r"^(?:question )?\d{1,2} ", "", fold(text))
    if number := re.match(r"f([2-7])\b", folded):
        return BY_NUMBER[number[1]]
    found = [
        (match.start(), place, question)
        for place, (question, pattern) in enumerate(QUESTIONS)
        if (match := re.search(rf"\b(?:{pattern})", folded))
    ]
    return min(found)[2] if found else ""


def answers_in(question: str, text: str) -> tuple[list[str], str]:
    """Return the answers that ``text`` names, and its words that say none of them, folded."""
    rest, found = fold(text), []
    for code, pattern in ANSWERS[question]:
        prefix = "" if pattern.startswith("^") else r"\b"
        if re.search(f"{prefix}(?:{pattern})", rest):
            found.append(code)
            rest = re.sub(f"{prefix}(?:{pattern})", " ", rest)
    # "3x par mois" names no frequency of the list.
    if question == "frequency" and re.search(r"\d|\b(?:trois|quatre)\b", rest):
        found = [code for code in found if code == "other"]
    return found, " ".join(rest.split())


def payers_in(text: str) -> list[str]:
    """Return the kinds of payers that ``text`` names; empty if it names one that is not known."""
    return payers_and_rest(text)[0]


def payers_and_rest(text: str) -> tuple[list[str], str]:
    """Return the kinds of payers that ``text`` names, and its other words, folded."""
    found, others = [], []
    for part in re.split(r"[,;/]| et | & ", text):
        rest = fold(part)
        for code, pattern in PAYERS:
            prefix = "" if pattern.startswith("^") else r"\b"
            if re.search(f"{prefix}(?:{pattern})", rest):
                found.append(code)
                rest = re.sub(f"{prefix}(?:{pattern})", " ", rest)
        others += rest.split()
    return [] if "" in found else list(dict.fromkeys(found)), " ".join(others)


def pair(text: str) -> tuple[str, str]:
    """Return what stands before and after the first colon, arrow or dash of ``text``."""
    found = PAIR.search(text)
    return (text[: found.start()], text[found.end() :]) if found else (text, "")


def column_of(text: str) -> str:
    """Return what a column of the table of payers holds, or an empty text."""
    folded = fold(text)
    return next((role for role, pattern in COLUMNS if re.search(pattern, folded)), "")


def terms_in(text: str) -> Terms | None:
    """Return the delay that ``text`` gives: “2–4 semaines” is 28 days, watched from day 14 (F7)."""
    folded = fold(text)
    if VARIABLE.match(folded):
        return Terms("variable")
    if AT_ONCE.match(folded):
        return Terms("days", 0, 0)
    found = DELAY.fullmatch(folded)
    if not found:
        return None
    unit = DAYS[found[3][0]]
    numbers = sorted(int(number) * unit for number in found.group(1, 2) if number)
    return Terms("days", numbers[-1], numbers[0] if len(numbers) == 2 else None)


def date_in(text: str) -> date | None:
    """Return the day in ``text``: 12.03.2026, 12/03/26, 2026-03-12, 12 mars 2026."""
    for pattern in (
        r"(?P<y>\d{4})-(?P<m>\d{1,2})-(?P<d>\d{1,2})",
        r"(?P<d>\d{1,2})[./-](?P<m>\d{1,2})[./-](?P<y>\d{4}|\d{2})",
        r"(?P<d>\d{1,2})(?:er)? (?P<m>[a-z]+) (?P<y>\d{4})",
    ):
        source = fold(text) if "[a-z]" in pattern else text
        if found := re.search(rf"(?<!\d){pattern}(?!\d)", source):
            return _day(found["y"], found["m"], found["d"])
    return None


def _day(year, month, day):
    year = int(year) + (2000 if len(year) == 2 else 0)
    month = int(month) if month.isdigit() else MONTHS.get(month, 0)
    try:
        return date(year, month, int(day))
    except ValueError:
        return None


def text_of_other(label: str) -> str:
    """Return what stands after “Autre :” or between the brackets of “Autre (…)”."""
    text = re.sub(r"^\W*(?:other|autres?)\b[\s:()\-–—]*", "", label, flags=re.IGNORECASE)
    text = re.sub(r"^(?:à préciser|précisez|préciser|to be specified)[\s:()]*", "", text)
    return text[:-1].strip() if text.endswith(")") and "(" not in text else text.strip()
