from lxml import etree

from odoo import SUPERUSER_ID, api
from odoo.tools import file_open


def migrate(cr, version):
    """Give the clinics there are their sequence of bordereaux, the categories their notes."""
    if not version:
        return
    env = api.Environment(cr, SUPERUSER_ID, {})
    for company in env["res.company"].search([("chart_template", "!=", False)]):
        company._get_bordereau_sequence()
    with file_open("cabinet_billing/data/cabinet_payer_category_data.xml", "rb") as data:
        records = etree.parse(data).iterfind(".//record[@model='cabinet.payer.category']")
        for record in records:
            _fill_category(env, record)


def _fill_category(env, record):
    """Fill in what the category did not have before; what a clinic wrote stays."""
    category = env.ref(f"cabinet_billing.{record.get('id')}", raise_if_not_found=False)
    if not category or category.deposit_note:
        return
    note = record.findtext("field[@name='deposit_note']")
    if note:
        public = record.find("field[@name='is_public']") is not None
        category.write({"deposit_note": note, "is_public": public})
