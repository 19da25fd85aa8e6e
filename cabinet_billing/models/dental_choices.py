"""Choices of Swiss invoices that several models offer; no model is defined here."""

HEALTH = "cabinet_billing.group_cabinet_base"
SWISS = ("CH", "LI")
LAWS = [
    ("ORG", "Code of obligations (private)"),
    ("KVG", "KVG/LAMal: health insurance"),
    ("VVG", "VVG/LCA: supplementary insurance"),
    ("UVG", "UVG/LAA: accident insurance"),
    ("IVG", "IVG/LAI: invalidity insurance"),
    ("MVG", "MVG/LAM: military insurance"),
]
REASONS = [
    ("disease", "Disease"),
    ("accident", "Accident"),
    ("maternity", "Maternity"),
    ("prevention", "Prevention"),
    ("birthdefect", "Birth defect"),
    ("unknown", "Unknown"),
]
# What the law says of the reason, for a start.
REASON_OF_LAW = {"UVG": "accident", "IVG": "birthdefect"}
# A price before the amount is rounded: points × point value is not cut to cents.
PRICE_DIGITS = 6
