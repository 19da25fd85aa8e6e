"""Form F written as Markdown: empty to be filled in, or with answers, as its reader reads it."""

from collections.abc import Mapping

from .answers import FREQUENCIES, METHODS, SOURCES, UNPAID, Answers, PayerAnswer, Terms
from .lines import escaped

LABELS = {
    "method": {
        "software": "Envoi direct depuis le logiciel (export XML)",
        "post": "Impression et envoi par la poste",
        "other": "Autre",
    },
    "frequency": {
        "daily": "Quotidienne",
        "weekly": "Hebdomadaire",
        "biweekly": "Toutes les 2 semaines",
        "monthly": "Mensuelle",
        "other": "Autre",
    },
    "follow_up": {
        "module": "Module intégré du logiciel",
        "statement": "Relevé de la Caisse",
        "manual": "Contrôle manuel",
        "other": "Autre",
    },
    "unpaid": {
        "automatic": "Rappel automatique",
        "manual": "Rappel manuel",
        "factor": "La Caisse s’en charge",
        "other": "Autre",
    },
}
PAYERS = {
    "private": "Patients privés",
    "factor": "Caisse des Médecins",
    "supplementary": "Assurances complémentaires",
    "social": "Aide sociale / Service social",
    "cpam": "CPAM",
    "mutuelle": "Mutuelle",
    "department": "Département",
    "retirement": "Caisse de retraite",
}
ASKED = ("private", "factor", "supplementary", "social")


def write(answers: Answers) -> str:
    """Return the form with these answers, in French, as Markdown."""
    shown = [*ASKED, *(code for code in answers.payers if code not in ASKED)]
    payers = {code: answers.payers.get(code, PayerAnswer()) for code in shown}
    received = f"{answers.received:%d.%m.%Y}" if answers.received else ""
    return "\n".join(
        [
            "# Formulaire de facturation",
            "",
            f"**Rempli par :** {_quoted(answers.answered_by)}",
            f"**Date de réception :** {received}",
            "",
            *_question("Méthode d’envoi à la Caisse", "method", METHODS, answers.method),
            *_question("Fréquence d’envoi", "frequency", FREQUENCIES, answers.frequency, "🔘", "○"),
            *_workflow(payers),
            *_question("Suivi des paiements", "follow_up", SOURCES, answers.follow_up),
            *_question("Impayés", "unpaid", UNPAID, answers.unpaid),
            *_terms(payers),
            "## Commentaires",
            "",
            *(f"> {escaped(line)}" for line in answers.comments.split("\n") if line),
            "",
        ]
    )


def _question(title, question, codes, chosen, yes="☑", no="☐"):
    rows = [
        f"| {_label(question, code, chosen)} | {yes if code in chosen.codes else no} |"
        for code in codes
    ]
    return [f"## {title}", "", "| Réponse | Choix |", "|---|:-:|", *rows, ""]


def _label(question, code, chosen):
    label = LABELS[question][code]
    if code != "other":
        return label
    return f"{label} : {_quoted(chosen.note)}".strip()


def _workflow(payers: Mapping[str, PayerAnswer]):
    rows = [
        f"| {PAYERS[code]} | {_box('software', payer)} | {_box('paper', payer)} "
        f"| {_box('other', payer)} {_quoted(payer.note)} | {_yes_no(payer.sent_by_us)} |"
        for code, payer in payers.items()
    ]
    return [
        "## Workflow par type de payeur",
        "",
        "| Type de payeur | Logiciel | Papier | Autre | Envoi fait par toi ? |",
        "|---|:-:|:-:|---|---|",
        *rows,
        "",
    ]


def _box(channel, payer):
    return "☑" if channel in payer.channels else "☐"


def _yes_no(value):
    return "" if value is None else "Oui" if value else "Non"


def _terms(payers):
    rows = [f"| {PAYERS[code]} | {_delay(payer.terms)} |" for code, payer in payers.items()]
    return ["## Délais de paiement", "", "| Type de payeur | Délai |", "|---|---|", *rows, ""]


def _delay(terms: Terms | None):
    """Return a delay in weeks where it is whole weeks: 14 to 28 days are “2–4 semaines”."""
    if not terms:
        return ""
    if terms.kind == "variable":
        return "Variable"
    days = [terms.due] if terms.watch is None else [terms.watch, terms.due]
    unit, size = ("jours", 1) if any(day % 7 for day in days) else ("semaines", 7)
    return "–".join(str(day // size) for day in days) + f" {unit}"


def _quoted(text):
    return f'"{escaped(text)}"' if text else ""
