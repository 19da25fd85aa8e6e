from . import (
    account_payment_register,
    cabinet_payment_cancel,
    cabinet_payment_register,
    cabinet_payment_register_line,
    cabinet_payment_register_party,
    cabinet_settings,
    cabinet_statement,
    cabinet_statement_ledger,
)
