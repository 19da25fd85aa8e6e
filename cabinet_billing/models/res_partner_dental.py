from odoo import api, fields, models
from odoo.tools import street_split

from ..engine.person_names import split_name
from ..formats import dental_parties as who
from ..formats.plain_text import clean, two_lines
from .dental_choices import HEALTH, LAWS

LINE = 35
PHONE = 25


class ResPartner(models.Model):
    """What Swiss electronic invoices say of a person or a company."""

    _inherit = "res.partner"

    cabinet_given_name = fields.Char(
        string="First name",
        compute="_compute_cabinet_names",
        store=True,
        readonly=False,
        copy=False,
        groups=HEALTH,
        help="As electronic invoices write it, apart from the family name.",
    )
    cabinet_family_name = fields.Char(
        string="Family name",
        compute="_compute_cabinet_names",
        store=True,
        readonly=False,
        copy=False,
        groups=HEALTH,
    )
    cabinet_sex = fields.Selection(
        [("female", "Female"), ("male", "Male")],
        string="Sex",
        copy=False,
        groups=HEALTH,
        help="As in the civil register; electronic invoices ask for it.",
    )
    cabinet_law = fields.Selection(
        LAWS,
        string="Usual law",
        copy=False,
        groups=HEALTH,
        help="The law that the care of this patient, or what this payer pays, falls under. "
        "Empty: a private invoice.",
    )
    cabinet_card_number = fields.Char(
        string="Insurance card number",
        copy=False,
        groups=HEALTH,
        help="20 digits, on the insured person's card.",
    )

    # ---------------------------------------------------------------------------------------------
    # Compute
    # ---------------------------------------------------------------------------------------------

    @api.depends("name", "is_patient", "is_practitioner", "is_company")
    def _compute_cabinet_names(self):
        """Propose the parts of a person's name; parts that were corrected stay."""
        for partner in self:
            parts = (partner.cabinet_given_name, partner.cabinet_family_name)
            whole = sorted(" ".join(filter(None, parts)).split())
            if whole == sorted((partner.name or "").split()) and whole:
                continue
            is_person = (partner.is_patient or partner.is_practitioner) and not partner.is_company
            given, family = split_name(partner.name) if is_person else ("", "")
            partner.cabinet_given_name = given
            partner.cabinet_family_name = family

    # ---------------------------------------------------------------------------------------------
    # Neutral structure of electronic invoices
    # ---------------------------------------------------------------------------------------------

    def _to_dental_contact(self):
        """Return this party as electronic invoices name it.

        Phone and e-mail are a help, not needed: they are left out where they have no right form.

        :rtype: dental_parties.Person | dental_parties.Company
        """
        self.ensure_one()
        phone = clean(self.phone)
        common = {
            "address": self._to_dental_address(),
            "extra": clean(self.street2),
            "phones": (phone,) if 0 < len(phone) <= PHONE else (),
            "emails": (self.email_normalized,) if self.email_normalized else (),
        }
        if self.is_company:
            name, department = two_lines(self.name, LINE)
            return who.Company(name=name, department=department, **common)
        given, family = self.cabinet_given_name, self.cabinet_family_name
        if not given and not family:
            given, family = split_name(self.name)
        return who.Person(family_name=family or "", given_name=given or "", **common)

    def _to_dental_address(self):
        parts = street_split(clean(self.street))
        number = f"{parts['street_number']} {parts['street_number2']}".strip()
        street = parts["street_name"] if number else clean(self.street)
        country = self.country_id
        return who.Address(
            street=street,
            house_no=number,
            zip=clean(self.zip),
            city=clean(self.city),
            state=(self.state_id.code or "") if country.code == "CH" else "",
            country=country.code or "",
            country_name=country.name or "",
        )

    def _to_dental_payer(self, default_gln=""):
        """Return this party as one that owes an invoice, or whose insurance it concerns.

        :param str default_gln: where the party has no GLN
        :rtype: dental_parties.Payer
        """
        return who.Payer(contact=self._to_dental_contact(), gln=self.cabinet_gln or default_gln)
