from datetime import date
from pathlib import Path

from ..formats.setup_form.answers import Answers, Chosen, PayerAnswer, Terms

FORM = (Path(__file__).parent / "files" / "setup_form.md").read_text(encoding="utf-8")
VARIABLE = Terms("variable")
ENCODINGS = ("cp1252", "cp1254", "latin-1", "mac_roman")
ANSWERS = Answers(
    answered_by="Dre Anaïs Rochat",
    received=date(2026, 3, 12),
    method=Chosen({"software"}),
    frequency=Chosen({"monthly"}, "1x par mois"),
    payers={
        "private": PayerAnswer({"software", "paper"}, "Les deux", True, Terms("days", 28, 14)),
        "factor": PayerAnswer({"software"}, "CMD envoie par eux", False, VARIABLE),
        "supplementary": PayerAnswer({"paper"}, "", True, VARIABLE),
        "social": PayerAnswer({"paper"}, "", True, VARIABLE),
    },
    follow_up=Chosen({"module", "statement", "manual"}),
    unpaid=Chosen({"factor"}, "Ça dépend si la créance a été rachetée ou non"),
    comments="Le décompte de la Caisse arrive le 5 du mois.",
)


def damaged(text, *encodings):
    """Return ``text`` as it looks after its UTF-8 was read in each of these encodings in turn.

    Bytes that an encoding does not have become control characters, as browsers do it.
    """
    for encoding in encodings:
        text = "".join(_letter(byte, encoding) for byte in text.encode())
    return text


def _letter(byte, encoding):
    try:
        return bytes([byte]).decode(encoding)
    except UnicodeDecodeError:
        return chr(byte)
