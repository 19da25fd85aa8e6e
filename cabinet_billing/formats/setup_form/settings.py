"""What the answers of form F make of the categories of payers and of the factor's contract.

The readings of F in the requirements: text beside “Autre” wins only where no box is ticked, else
it is a comment; an order a month is a reminder, nothing is sent by itself; a claim that was
purchased is never reminded by the practice, the others as the contract says.
"""

import re
from typing import NamedTuple

from .answers import Answers, PayerAnswer
from .words import answers_in, fold

FACTOR = "factor"
# Kinds of payers of the form that the practice may remind itself.
REMINDED = ("private", "supplementary", "social")
PURCHASE = re.compile(r"\b(?:rachet|achet|cede|cession|purchas|bought)")
CHANNEL_OF_METHOD = {"software": "software", "post": "paper", "other": "other"}
CONTRACT_FREQUENCIES = ("daily", "weekly", "biweekly", "monthly")


class Settings(NamedTuple):
    """What is to be set, and what of the answers is kept only.

    :param dict categories: values by code of the category; ``channels`` is a sorted list of codes
    :param dict contract: values of the contract; ``files``: whether the factor gets XML files
    :param tuple kept: ``follow_up``, ``unpaid_how``, ``unpaid_text``, ``frequency_text``,
        ``method_differs``
    """

    categories: dict[str, dict]
    contract: dict
    kept: tuple[str, ...]


def settings_of(answers: Answers) -> Settings:
    """Return what the answers ask for; a question without answer changes nothing."""
    categories = {code: _payer_values(payer) for code, payer in answers.payers.items()}
    factor = categories.setdefault(FACTOR, {})
    methods = methods_of(answers)
    if methods and "channels" not in factor:
        factor["channels"] = sorted(CHANNEL_OF_METHOD[method] for method in methods)
    frequency = frequency_of(answers)
    if frequency:
        factor |= {"frequency": frequency, "frequency_note": answers.frequency.note}
    for code, who in reminders_of(answers).items():
        categories.setdefault(code, {})["reminded_by"] = who
    contract = {"files": "software" in methods} if methods else {}
    if frequency in CONTRACT_FREQUENCIES:
        contract["frequency"] = frequency
    kept = tuple(_kept(answers, methods, frequency))
    return Settings({code: values for code, values in categories.items() if values}, contract, kept)


def _payer_values(payer: PayerAnswer):
    values = {}
    if channels := channels_of(payer):
        values["channels"] = sorted(channels)
    if payer.sent_by_us is not None:
        values["sender"] = "practice" if payer.sent_by_us else "payer"
    if payer.terms:
        values["terms"] = payer.terms.kind
        if payer.terms.kind == "days":
            values |= {"due_days": payer.terms.due, "watch_days": payer.terms.watch or 0}
    return values


def channels_of(payer: PayerAnswer) -> set[str]:
    """Return by which channels a payer's invoices go; “Les deux” counts where no box is ticked."""
    if payer.channels or not payer.note:
        return payer.channels
    named, _rest = answers_in("channels", payer.note)
    if "both" in named:
        return {"software", "paper"}
    return set(named) & {"software", "paper"} or {"other"}


def methods_of(answers: Answers) -> set[str]:
    """Return how invoices go to the factor (F2)."""
    chosen = answers.method
    if chosen.codes - {"other"} or not chosen.note:
        return chosen.codes
    return set(answers_in("method", chosen.note)[0]) or {"other"}


def frequency_of(answers: Answers) -> str:
    """Return how often an order goes to the factor (F3), or an empty text."""
    chosen = answers.frequency
    if boxes := chosen.codes - {"other"}:
        return min(boxes)
    if not chosen.note:
        return "other" if chosen.codes else ""
    named = [code for code in answers_in("frequency", chosen.note)[0] if code != "other"]
    return named[0] if len(named) == 1 else "other"


def reminders_of(answers: Answers) -> dict[str, str]:
    """Return who reminds of unpaid invoices (F6), by code of the category."""
    chosen = answers.unpaid
    depends = bool(PURCHASE.search(fold(chosen.note)))
    ours = bool(chosen.codes & {"automatic", "manual"})
    who = dict.fromkeys(REMINDED, "practice") if ours else {}
    if FACTOR in chosen.codes:
        who[FACTOR] = "claim" if depends else "factor"
    elif ours:
        who[FACTOR] = "practice"
    elif depends:
        who[FACTOR] = "claim"
    return who


def _kept(answers, methods, frequency):
    """Yield what of the answers the addon has no setting for."""
    if answers.follow_up.codes or answers.follow_up.note:
        yield "follow_up"
    if "automatic" in answers.unpaid.codes:
        yield "unpaid_how"
    if answers.unpaid.note and not PURCHASE.search(fold(answers.unpaid.note)):
        yield "unpaid_text"
    if frequency == "other":
        yield "frequency_text"
    channels = channels_of(answers.payers.get(FACTOR, PayerAnswer()))
    if methods and channels and {CHANNEL_OF_METHOD[method] for method in methods} != channels:
        yield "method_differs"
