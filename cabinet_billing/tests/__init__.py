from . import test_care_billing
from . import test_engine
from . import test_identifiers
from . import test_parties
from . import test_payment_cancel
from . import test_payments
from . import test_shares_ledger
