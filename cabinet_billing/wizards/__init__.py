from . import (
    account_payment_register,
    cabinet_payment_cancel,
    cabinet_payment_register,
    cabinet_payment_register_card,
    cabinet_payment_register_line,
    cabinet_payment_register_party,
    cabinet_payment_register_tolerance,
    cabinet_refund_register,
    cabinet_settings,
    cabinet_statement,
    cabinet_statement_ledger,
)
