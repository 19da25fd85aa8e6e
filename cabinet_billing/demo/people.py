"""Fictional people, addresses and numbers with valid check digits, for the demo practices.

Plain Python: everything is drawn from one ``random.Random``, so that each load gives the same.
Numbers stay out of the ranges that are given to real people and firms wherever there is such a
range: telephone numbers kept for fiction, a commune that does not exist in the NIR.
"""

import unicodedata
from datetime import date

from stdnum import ean, luhn
from stdnum.fr import nir
from stdnum.iso7064 import mod_97_10

WOMEN = (
    "Anaïs Béatrice Camille Céline Clémence Élodie Éléonore Émilie Estelle Gaëlle Hélène Inès "
    "Joséphine Justine Laëtitia Léa Léonie Maëlle Manon Margaux Mélanie Noémie Océane Pénélope "
    "Raphaëlle Sabrina Séverine Solène Valérie Zoé"
).split()
MEN = (
    "Adrien Aurélien Benoît Cédric Clément Damien Étienne Fabrice Frédéric Gaël Grégoire Jérémie "
    "Jérôme Joël Loïc Mathéo Maël Nathanaël Noël Raphaël Rémi Sébastien Stéphane Théo Timothée "
    "Tristan Valentin Yoann"
).split()
ELDERLY_WOMEN = (
    "Andrée Bernadette Colette Denise Édith Eugénie Geneviève Germaine Ginette Henriette Huguette "
    "Jacqueline Léontine Lucette Madeleine Marguerite Marthe Odette Paulette Renée Simone Suzanne "
    "Thérèse Yvette Yvonne"
).split()
ELDERLY_MEN = (
    "Armand Edmond Émile Étienne Félix Fernand Gaston Georges Gérard Gustave Hubert Léon Lucien "
    "Marcel Maurice Raymond René Robert Roger"
).split()
SURNAMES = (
    "Amblard Aubertin Baudry Béranger Bessière Bonnefoy Boulanger Castagné Chénier Clavel Corbière "
    "Delaunay Desprès Dufresne Éperon Fabrègue Faucheux Fougère Gaillardin Géraud Gouzien Guérin "
    "Hébrard Héricourt Jacquemin Jézéquel Kervella Labrosse Lacépède Lagrange Lavallée Lecouvreur "
    "Lemaître Lépine Malbosc Maréchal Mercœur Montagné Nédélec Noguès Pélissier Peyrac Prévost "
    "Quémener Rambaud Réaumur Rivoire Rousselot Saint-Aubin Sérurier Tessèdre Thévenet Trémeau "
    "Valadier Vézinet Villedieu"
).split()
SWISS_SURNAMES = (
    "Aebischer Baechler Berthoud Blanchoud Bolomey Chappuis Chevrolaz Cornaz Cuénoud Décosterd "
    "Delacrétaz Fornerod Gaudard Golay-Meylan Grandjean Jaccottet Jeanrichard Magnenat Mermoud "
    "Monnerat Pahud Perrochon Pittet Quartenoud Rapin Rochat-Bujard Savioz Tschudin Vuagniaux "
    "Zbinden"
).split()
STREETS = (
    "rue des Acacias|rue du Vieux Puits|allée des Églantiers|avenue de la Gare|chemin du Lavoir|"
    "rue de l’Écluse|impasse des Mésanges|place du Marché|rue de la Forêt|quai des Tanneurs|"
    "rue des Cèdres|boulevard de la Liberté|chemin des Prés|rue du Château|rue Saint-Rémy"
).split("|")
SWISS_STREETS = (
    "Rue de la Fontaine|Chemin des Vignes|Avenue du Léman|Rue du Grand-Pré|Chemin de la Prairie|"
    "Avenue des Tilleuls|Rue des Terreaux|Place de l’Orangerie|Chemin du Crêt|Rue du Simplon"
).split("|")

# An INSEE commune number that no commune of this department bears.
UNKNOWN_COMMUNE = "44990"


def slug(name):
    """Return ``name`` in small letters without accents, for an e-mail address."""
    plain = unicodedata.normalize("NFKD", name.replace("œ", "oe")).encode("ascii", "ignore")
    return plain.decode().lower().replace(" ", ".")


class People:
    """Draws people who do not exist, never twice the same."""

    def __init__(self, rng, country, cities):
        """
        :param random.Random rng: where everything is drawn from
        :param str country: FR or CH
        :param list cities: pairs of postal code and city
        """
        self.rng = rng
        self.country = country
        self.cities = cities
        self.surnames = list(SURNAMES if country == "FR" else SWISS_SURNAMES)
        rng.shuffle(self.surnames)
        self.rank = 0

    def name(self, sex, elderly=False):
        """Return first name and surname; each surname is used once before any comes again."""
        first_names = (
            (ELDERLY_WOMEN if sex == "F" else ELDERLY_MEN)
            if elderly
            else (WOMEN if sex == "F" else MEN)
        )
        surname = self.surnames[self.rank % len(self.surnames)]
        self.rank += 1
        return f"{self.rng.choice(first_names)} {surname}"

    def address(self):
        """Return the values of a complete address, but the country."""
        code, city = self.rng.choice(self.cities)
        number = self.rng.randint(1, 98)
        if self.country == "CH":
            street = f"{self.rng.choice(SWISS_STREETS)} {number}"
        else:
            street = f"{number} {self.rng.choice(STREETS)}"
        return {"street": street, "zip": code, "city": city}

    def phone(self):
        """Return a mobile number; the French ones are those kept for fiction."""
        if self.country == "CH":
            return f"+41 79 555 {self.rng.randint(10, 99)} {self.rng.randint(10, 99)}"
        return f"+33 6 39 98 {self.rng.randint(10, 99)} {self.rng.randint(10, 99)}"

    def birth_date(self, youngest, oldest, today):
        """Return a birth date between two ages."""
        return date(
            today.year - self.rng.randint(youngest, oldest),
            self.rng.randint(1, 12),
            self.rng.randint(1, 28),
        )

    def nir(self, sex, born):
        """Return a French social security number with its key, of a commune that is not."""
        number = f"{'2' if sex == 'F' else '1'}{born:%y%m}{UNKNOWN_COMMUNE}"
        number += f"{self.rng.randint(1, 999):03}"
        return number + nir.calc_check_digits(number)

    def ahv(self):
        """Return a Swiss AHV/AVS number."""
        number = f"75699{self.rng.randint(0, 9999999):07}"
        return number + ean.calc_check_digit(number)

    def siret(self):
        """Return a SIRET: both its SIREN and the whole have their check digit."""
        siren = f"99{self.rng.randint(0, 999999):06}"
        siren += luhn.calc_check_digit(siren)
        number = f"{siren}0001"
        return number + luhn.calc_check_digit(number)

    def gln(self):
        """Return a Swiss Global Location Number."""
        number = f"7601009{self.rng.randint(0, 99999):05}"
        return number + ean.calc_check_digit(number)

    def iban(self):
        """Return an IBAN of the country, of a bank number that no bank bears."""
        if self.country == "CH":
            body = f"09999{self.rng.randint(0, 10**12 - 1):012}"
        else:
            bank, branch, account = 99999, 1, self.rng.randint(0, 10**11 - 1)
            key = 97 - (89 * bank + 15 * branch + 3 * account) % 97
            body = f"{bank:05}{branch:05}{account:011}{key:02}"
        return self.country + mod_97_10.calc_check_digits(body + self.country) + body
