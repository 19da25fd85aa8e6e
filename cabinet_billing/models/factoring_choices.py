"""Words that the factor's files and their import profiles share."""

# The codes are those of ``formats.inbound.records.Event``.
EVENTS = [
    ("ACK", "Claim received"),
    ("REJ", "Claim refused"),
    ("SNT", "Sent to the patient"),
    ("DEC", "Decision to buy"),
    ("ADV", "Advance paid"),
    ("PAY", "Payment of the patient"),
    ("OUT", "Transfer to the practice"),
    ("FEE", "Fee"),
    ("INT", "Interest"),
    ("RSK", "Premium for the risk"),
    ("RMD", "Reminder"),
    ("INS", "Instalments"),
    ("ADR", "New address"),
    ("DIR", "Paid to the practice"),
    ("COL", "Debt collection"),
    ("WOF", "Loss"),
    ("RET", "Claim returned"),
    ("CRN", "Credit note"),
    ("DIS", "Dispute"),
    ("REF", "Refund to the patient"),
    ("BAL", "Balance"),
    ("TXT", "Message"),
]
