from . import (
    account_invoice_report,
    cabinet_ageing,
    cabinet_cash_book,
    cabinet_credit,
    cabinet_receipt,
    cabinet_share_analysis,
    cabinet_silent_claim,
)
