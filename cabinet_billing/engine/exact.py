"""Odoo's floats as the decimal numbers that users see."""

from decimal import Decimal


def exact(value):
    """Return an Odoo float as the decimal number that the user sees."""
    return Decimal(str(round(value, 6)))


def cents(value):
    """Return an amount of Odoo as an exact number of cents."""
    return round(exact(value), 2)
