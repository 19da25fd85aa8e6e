"""Who may log in to the demo practices. ``LOGINS.md`` is the same list for people to read."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Login:
    """A demo user; the password is the login."""

    login: str
    name: str
    role: str
    clinics: tuple
    practitioner: bool = False


ALL = ("tilleuls", "domicile", "leman", "lausanne")
BOTH = ("leman", "lausanne")

LOGINS = (
    Login("sagefemme", "Solène Kerambrun", "manager", ("tilleuls",), practitioner=True),
    Login("sagefemme2", "Maëlle Tessandier", "biller", ("tilleuls",), practitioner=True),
    Login("secretaire1", "Béatrice Lormeau", "biller", ("tilleuls",)),
    Login("comptable1", "Étienne Vaugrenard", "reader", ("tilleuls",)),
    Login("domicile-responsable", "Hélène Charpentreau", "manager", ("domicile",)),
    Login("domicile-secretaire", "Cédric Montjoie", "biller", ("domicile",)),
    Login("domicile-comptable", "Gaëlle Rivaudon", "reader", ("domicile",)),
    Login("leman-dentiste", "Frédéric Courvallon", "manager", BOTH, practitioner=True),
    Login("leman-secretaire", "Zoé Bertholdin", "biller", BOTH),
    Login("leman-comptable", "Loïc Marchandier", "reader", BOTH),
    Login("lausanne-dentiste", "Inès Chavornay", "manager", ("lausanne",), practitioner=True),
    Login("lausanne-secretaire", "Noémie Praplan", "biller", ("lausanne",)),
    Login("multi", "Aurélien Démonstration", "manager", ALL),
)
