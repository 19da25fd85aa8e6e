"""What the columns of a payment advice mean, by the headings that payers usually write."""

import re
import unicodedata
from collections.abc import Sequence
from enum import Enum
from itertools import islice

from .read_table import Line

LOOKED_AT = 30


class Role(str, Enum):
    """What a column of an advice holds."""

    INVOICE = "invoice"
    BORDEREAU = "bordereau"
    BENEFICIARY = "beneficiary"
    NUMBER = "number"
    """The aid plan's, or the beneficiary's at the payer."""
    AMOUNT = "amount"
    STATE = "state"
    REASON = "reason"
    DATE = "date"


REFERENCES = (Role.INVOICE, Role.BORDEREAU, Role.NUMBER, Role.BENEFICIARY)
# A name or a reason may stand in two columns (name and first name, code and words).
JOINED = (Role.BENEFICIARY, Role.REASON)

# Words that say no more than that a number or a date follows.
FILLERS = frozenset(
    "N NO NR NUM NUMERO NUMBER NUMMER DE DU DES D LA LE LES L THE OF DER DIE DAS".split()
)
COUNTERS = frozenset("N NO NR NUM NUMERO NUMBER NUMMER MATRICULE ID CODE".split())
# Headings without fillers, in capitals, without accents; the likeliest first.
HEADINGS = {
    Role.INVOICE: (
        "FACTURE|REF FACTURE|REFERENCE FACTURE|VOTRE FACTURE|FACTURE PRESTATAIRE|INVOICE|"
        "INVOICE REFERENCE|RECHNUNG|RECHNUNGSNUMMER|RECHNUNGSNR|BELEGNUMMER|BELEG|PIECE|"
        "REFERENCE PIECE|VOTRE REFERENCE|REFERENCE|REF|REFERENZ"
    ),
    Role.BORDEREAU: (
        "BORDEREAU|REF BORDEREAU|REFERENCE BORDEREAU|LOT|BATCH|SAMMELRECHNUNG|LISTE|STATEMENT"
    ),
    Role.NUMBER: (
        "DOSSIER|REF DOSSIER|REFERENCE DOSSIER|PLAN|PLAN AIDE|PLAN D AIDE|MATRICULE|FILE|CASE|"
        "DOSSIERNUMMER|FALL|FALLNUMMER|VERSICHERTENNUMMER|VERSICHERTEN"
    ),
    Role.BENEFICIARY: (
        "BENEFICIAIRE|NOM BENEFICIAIRE|NOM PRENOM|NOM ET PRENOM|NOM|PRENOM|PRENOM BENEFICIAIRE|"
        "PATIENT|PATIENTE|NOM PATIENT|ASSURE|NOM ASSURE|ASSURE E|USAGER|CLIENT|ADHERENT|"
        "BENEFICIARY|NAME|FIRST NAME|LAST NAME|PATIENT NAME|BEGUNSTIGTER|BEGUNSTIGTE|"
        "VERSICHERTER|VERSICHERTE|LEISTUNGSEMPFANGER|VORNAME"
    ),
    Role.AMOUNT: (
        "MONTANT PAYE|MONTANT REGLE|MONTANT VERSE|MONTANT REMBOURSE|MONTANT MANDATE|"
        "MONTANT ACCORDE|PAYE|REGLE|VERSE|AMOUNT PAID|PAID AMOUNT|PAID|BEZAHLTER BETRAG|"
        "BEZAHLT|ZAHLBETRAG|VERGUTUNG|MONTANT|MONTANT EUR|MONTANT CHF|MONTANT TTC|AMOUNT|BETRAG"
    ),
    Role.STATE: "ETAT|STATUT|SITUATION|DECISION|STATE|STATUS|ZUSTAND|ENTSCHEID",
    Role.REASON: (
        "MOTIF|MOTIF REJET|MOTIF REFUS|CODE REJET|LIBELLE REJET|CODE MOTIF|LIBELLE MOTIF|RAISON|"
        "REASON|REJECTION REASON|GRUND|ABLEHNUNGSGRUND|OBSERVATION|OBSERVATIONS|COMMENTAIRE|"
        "COMMENT|BEMERKUNG"
    ),
    Role.DATE: (
        "DATE PAIEMENT|DATE REGLEMENT|DATE VIREMENT|DATE VERSEMENT|PAYMENT DATE|DATE|"
        "ZAHLUNGSDATUM|DATUM"
    ),
}
KNOWN = {
    heading: (role, rank)
    for role, headings in HEADINGS.items()
    for rank, heading in enumerate(headings.split("|"))
}


def fold(text: str) -> str:
    """Return ``text`` in capitals without accents, punctuation and double blanks."""
    text = unicodedata.normalize("NFKD", re.sub("[º°ª]", " ", text))
    text = "".join(letter for letter in text if not unicodedata.combining(letter)).upper()
    return " ".join(re.findall(r"[^\W_]+", text))


def role_of(heading: str) -> tuple[Role, int] | None:
    """Return what a heading means and how unlikely that is (0: for sure), or ``None``."""
    words = fold(heading).split()
    core = " ".join(word for word in words if word not in FILLERS)
    known = KNOWN.get(core) or KNOWN.get(" ".join(words))
    if known and known[0] is Role.BENEFICIARY and COUNTERS & set(words):
        return Role.NUMBER, len(KNOWN)
    return known


def propose(headings: Sequence[str]) -> list[Role | None]:
    """Return what each column probably is: one column for each role, the likeliest."""
    found = [role_of(heading) for heading in headings]
    best = {}
    for place, known in enumerate(found):
        if known:
            role, rank = known
            best[role] = min(best.get(role, (rank, place)), (rank, place))
    roles = []
    for place, known in enumerate(found):
        role = known[0] if known else None
        roles.append(role if role in JOINED or (known and best[role][1] == place) else None)
    return roles


def find_header(lines: Sequence[Line]) -> int:
    """Return the number of the line with the columns' names, or 0 if none looks like it."""
    best, number = 1, 0
    for line in islice(lines, LOOKED_AT):
        if all(isinstance(cell, str) for cell in line.cells):
            score = len({role for role in propose(line.cells) if role})
            if score > best:
                best, number = score, line.number
    return number
