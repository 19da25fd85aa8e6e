"""The steps of a factoring order (REQUIREMENTS D, reading b), and what its lines read."""

# Step -> the steps that may follow. Sent and not arrived: the same number is sent again.
TRANSITIONS = {
    "draft": {"prepared"},
    "prepared": {"draft", "sent", "withdrawn"},
    "sent": {"arrived", "not_arrived"},
    "not_arrived": {"sent", "withdrawn"},
    "arrived": {"acquitted", "not_arrived"},
    "acquitted": {"arrived"},
    "withdrawn": set(),
}
# Steps at which the factor has, or may have, the order.
OUT = ("sent", "arrived", "not_arrived", "acquitted")
# What ends a claim: nothing more is expected of the factor.
FINAL = ("paid", "settled", "returned", "refused", "written_off")
# What makes an invoice free for another order.
FREED = ("returned", "refused")


def may_follow(stage, following):
    """Return whether an order may go from one step to another."""
    return following in TRANSITIONS[stage]


def line_state(stage, outcome, acquitted, still_open, is_zero):
    """Return what became of one invoice of an order.

    :param str stage: of the order
    :param outcome: what was decided for this invoice (``settled``, ``returned``, ``refused``,
        ``written_off``), or False
    :param float acquitted: what was moved to the claims account; 0: not acquitted
    :param float still_open: what the factor has not settled of it
    :param is_zero: how the currency tells that an amount is nothing
    """
    if outcome:
        return outcome
    if is_zero(acquitted):
        return "sent" if stage in OUT else "waiting"
    if is_zero(still_open):
        return "paid"
    return "acquitted" if is_zero(acquitted - still_open) else "partial"


def slices(items, size):
    """Cut a sequence in pieces of at most ``size``."""
    return [items[start : start + size] for start in range(0, len(items), size)]
