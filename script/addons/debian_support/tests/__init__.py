from . import test_assets, test_command, test_failures, test_invoice, test_qr_bill, test_report
