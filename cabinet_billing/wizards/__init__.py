from . import (
    account_payment_register,
    cabinet_aid_plan_version,
    cabinet_holiday_generate,
    cabinet_payment_cancel,
    cabinet_payment_register,
    cabinet_payment_register_card,
    cabinet_payment_register_line,
    cabinet_payment_register_party,
    cabinet_refund_register,
    cabinet_settings,
)
