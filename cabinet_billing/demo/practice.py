"""What the three demo practices have in common: company, users, parties, services, sessions."""

from abc import ABC, abstractmethod
from datetime import timedelta
from random import Random

from passlib.hash import pbkdf2_sha512

from odoo import Command, fields

from .agenda import Agenda, working_days
from .billing import Billing
from .logins import LOGINS
from .logo import make_logo
from .people import People, slug

MODULE = "cabinet_billing"
ROLES = {role: f"{MODULE}.group_cabinet_{role}" for role in ("reader", "biller", "manager")}


class Practice(ABC):
    """Makes one practice with all its records; see the subclasses for what it is.

    ``root`` is the superuser's environment, for what an administrator sets up. What the staff
    does every day is done as the user ``actor``, with the rights of that role.
    """

    code = actor = zone = country = chart = ""
    values = {}
    cities = ()
    color = "#3b6b8f"

    def __init__(self, root):
        self.root = root(context={**root.context, "tz": self.zone})
        self.rng = Random(self.code)
        self.people = People(self.rng, self.country, self.cities)
        self.agenda = Agenda(self.zone)
        self.today = fields.Date.context_today(self.root["res.company"])
        self.company = self.env = self.billing = None

    def set_up(self):
        """Make the company, its accounting and its users."""
        self.company = self.create_company(self.code, self.values)
        self.load_chart()
        self.add_bank_account(self.company)
        own = [login for login in LOGINS if set(login.clinics) <= set(self.branches())]
        create_users(self.root, own)

    def work(self):
        """Make the parties, the services, the history and what is planned.

        Apart from ``set_up``, so that all companies come first: each one empties Odoo's caches.
        """
        self.open_as_actor()
        self.make_parties()
        self.make_services()
        self.make_history()
        self.env.flush_all()

    # ---------------------------------------------------------------------------------------------
    # Company
    # ---------------------------------------------------------------------------------------------

    def keep(self, record, name):
        """Give ``record`` an external id, by which a second load knows that it exists."""
        self.root["ir.model.data"]._update_xmlids(
            [{"xml_id": f"{MODULE}.demo_{name}", "record": record, "noupdate": True}]
        )
        return record

    def ref(self, name):
        """Return the demo record that was kept under this name."""
        return self.root.ref(f"{MODULE}.demo_{name}")

    def create_company(self, code, values, parent=None):
        """Create the company of a practice or branch.

        Its chart is loaded later and by us; with ``install_mode`` the creation does not install
        more modules on the spot, which commits and reloads the registry.
        """
        currency = (
            self.root["res.currency"]
            .with_context(active_test=False)
            .search([("name", "=", {"FR": "EUR", "CH": "CHF"}[self.country])])
        )
        companies = self.root["res.company"].with_context(install_mode=True)
        # Odoo would ask a server on the Internet about each new company.
        known = {"iap_enrich_auto_done": True} if "iap_enrich_auto_done" in companies else {}
        company = companies.create(
            {
                "country_id": self.root.ref(f"base.{self.country.lower()}").id,
                "currency_id": currency.id,
                "parent_id": parent.id if parent else False,
                "logo": make_logo(values["name"], self.color),
                "primary_color": self.color,
                "paperformat_id": self.root.ref("base.paperformat_euro").id,
                **known,
                **values,
            }
        )
        company.partner_id.lang = self.root.lang
        return self.keep(company, f"company_{code}")

    def load_chart(self):
        """Load the country's chart where its module is there, else Odoo's generic one.

        ``try_loading`` would warn while modules are being loaded, which is when demo data comes.
        Branches that exist get the chart along with their parent.
        """
        charts = self.root["account.chart.template"]
        module = charts._get_chart_template_mapping().get(self.chart, {}).get("module")
        known = module in self.root.registry._init_modules
        currency = self.company.currency_id
        charts._load(self.chart if known else "generic_coa", self.company, install_demo=False)
        if self.company.currency_id != currency:
            self.company.currency_id = currency
        # Charts may choose another layout, as the Swiss one does.
        layout = self.root.ref("web.external_layout_standard")
        companies = self.company | self.company.child_ids
        companies.external_report_layout_id = layout

    def add_bank_account(self, company, **values):
        """Give the company an account to be paid on, and put it on the bank journal."""
        account = self.root["res.partner.bank"].create(
            {
                "acc_number": self.people.iban(),
                "partner_id": company.partner_id.id,
                "company_id": company.id,
                "allow_out_payment": True,
                **values,
            }
        )
        journal = self.root["account.journal"].search(
            [("company_id", "=", company.id), ("type", "=", "bank")], limit=1
        )
        journal.bank_account_id = account
        return account

    # ---------------------------------------------------------------------------------------------
    # Users
    # ---------------------------------------------------------------------------------------------

    def open_as_actor(self):
        """Go on as one of the staff."""
        user = self.root["res.users"].search([("login", "=", self.actor)])
        companies = [self.ref(f"company_{code}").id for code in self.branches()]
        context = {**self.root.context, "allowed_company_ids": companies}
        self.env = self.root(user=user.id, su=False, context=context)
        self.company = self.env["res.company"].browse(self.company.id)
        self.billing = Billing(self.env, self.root, self.rng, self.today)

    def branches(self):
        """Return the codes of the company and its branches."""
        return (self.code,)

    def staff(self):
        """Return the practitioners who are users of this practice."""
        logins = [
            login.login
            for login in LOGINS
            if login.practitioner and login.clinics[0] in self.branches()
        ]
        users = self.env["res.users"].search([("login", "in", logins)], order="id")
        return users.partner_id

    # ---------------------------------------------------------------------------------------------
    # Parties
    # ---------------------------------------------------------------------------------------------

    @abstractmethod
    def make_parties(self):
        """Create the payers, the practitioners and the patients."""

    def create_partners(self, vals_list, company=None):
        """Create parties of the practice, with what all of them have."""
        company = company or self.company
        return (
            self.env["res.partner"]
            .with_company(company)
            .create(
                [
                    {
                        "company_id": company.id,
                        "country_id": company.country_id.id,
                        "lang": self.env.lang,
                        "tz": self.zone,
                        **values,
                    }
                    for values in vals_list
                ]
            )
        )

    def person(self, sex, elderly=False, **values):
        """Return the values of somebody with a name, an address and a telephone."""
        name = self.people.name(sex, elderly)
        return {
            "name": name,
            "email": f"{slug(name)}@example.org",
            "phone": self.people.phone(),
            **self.people.address(),
            **values,
        }

    def create_practitioners(self, number, sexes="F"):
        """Create practitioners or carers who do not log in."""
        return self.create_partners(
            [self.person(self.rng.choice(sexes), is_practitioner=True) for _rank in range(number)]
        )

    def create_payers(self, *payers):
        """Create payers.

        :param payers: tuples of name, category's code and other values
        :return: dict of the payers by category's code
        """
        partners = self.create_partners(
            [
                {
                    "name": name,
                    "is_company": True,
                    "is_payer": True,
                    "payer_category_id": self.env.ref(f"{MODULE}.payer_category_{category}").id,
                    "email": f"{slug(category)}.{rank}@example.org",
                    "payer_our_number": f"{self.rng.randint(10**8, 10**9 - 1)}",
                    "payer_alias_ids": [Command.create({"name": name.upper()[:27]})],
                    **({"cabinet_siret": self.people.siret()} if self.country == "FR" else {}),
                    **self.people.address(),
                    **values,
                }
                for rank, (name, category, values) in enumerate(payers)
            ]
        )
        self.root["res.partner.bank"].create(
            [{"acc_number": self.people.iban(), "partner_id": partner.id} for partner in partners]
        )
        return partners.grouped(lambda partner: partner.payer_category_id.code)

    # ---------------------------------------------------------------------------------------------
    # Services, payment types
    # ---------------------------------------------------------------------------------------------

    @abstractmethod
    def make_services(self):
        """Create what the practice sells."""

    def _get_service_account(self):
        """Return the account of services sold; by itself Odoo takes the one of goods."""
        accounts = self.root["account.account"].with_company(self.company)
        prefix = {"FR": "706", "CH": "3400"}[self.country]
        return accounts.search(
            [*accounts._check_company_domain(self.company), ("code", "=like", f"{prefix}%")],
            limit=1,
        )

    def create_service(self, name, price, regulated=0.0, rate=100.0, uom="unit"):
        """Create a service; care is exempt from VAT."""
        return (
            self.root["product.product"]
            .with_company(self.company)
            .create(
                {
                    "name": name,
                    "type": "service",
                    "is_care_service": True,
                    "company_id": self.company.id,
                    "list_price": price,
                    "cabinet_regulated_price": regulated,
                    "cabinet_coverage_rate": rate,
                    "uom_id": self.root.ref(f"uom.product_uom_{uom}").id,
                    "taxes_id": [Command.clear()],
                    "supplier_taxes_id": [Command.clear()],
                    "property_account_income_id": self._get_service_account().id,
                    "purchase_ok": False,
                }
            )
        )

    # ---------------------------------------------------------------------------------------------
    # Care
    # ---------------------------------------------------------------------------------------------

    @abstractmethod
    def make_history(self):
        """Create the care of the past months, its invoices and payments, and planned care."""

    def session_values(self, patient, who, day, service, minutes, **values):
        """Return the values of care in the practitioner's next free slot of the day."""
        start, end = self.agenda.take(who, day, minutes)
        return {
            "company_id": patient.company_id.id,
            "patient_id": patient.id,
            "practitioner_id": who.id,
            "product_id": service.id,
            "start": start,
            "end": end,
            **values,
        }

    def past_days(self, number):
        """Return a day of the last three months for each of ``number`` appointments.

        There are some six on each day with any: a payment type and day is one call to Odoo.
        """
        days = working_days(self.today - timedelta(days=91), self.today - timedelta(days=1))
        open_days = self.rng.sample(days, number // 6)
        return sorted(self.rng.choices(open_days, k=number))

    def create_sessions(self, vals_list):
        """Create planned care, as the member of staff."""
        return self.env["cabinet.care.session"].create(vals_list)


def create_users(root, logins):
    """Create the demo users that do not exist yet; the password is the login."""
    users = root["res.users"].with_context(no_reset_password=True)
    have = users.with_context(active_test=False).search(
        [("login", "in", [login.login for login in logins])]
    )
    new = [login for login in logins if login.login not in have.mapped("login")]
    created = users.create([_user_values(root, login) for login in new])
    # Few rounds: the safe number takes half a second a user, for a password that is no secret.
    # Odoo hashes it anew at the first login.
    context = pbkdf2_sha512.using(rounds=1000)
    for user, login in zip(created, new, strict=True):
        user._set_encrypted_password(user.id, context.hash(login.login))
        if login.practitioner:
            user.partner_id.write({"is_practitioner": True, "company_id": user.company_id.id})


def _user_values(root, login):
    companies = [root.ref(f"{MODULE}.demo_company_{code}").id for code in login.clinics]
    return {
        "login": login.login,
        "name": login.name,
        "email": f"{login.login}@example.org",
        "lang": root.lang,
        "tz": "Europe/Zurich" if "leman" in login.clinics else "Europe/Paris",
        "company_id": companies[0],
        "company_ids": [Command.set(companies)],
        "group_ids": [Command.set([root.ref(ROLES[login.role]).id])],
        "notification_type": "inbox",
    }
