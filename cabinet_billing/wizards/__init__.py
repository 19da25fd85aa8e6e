from . import account_payment_register
from . import cabinet_payment_register
from . import cabinet_payment_register_line
from . import cabinet_payment_cancel
