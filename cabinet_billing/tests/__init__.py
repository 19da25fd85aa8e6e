from . import test_care_billing
