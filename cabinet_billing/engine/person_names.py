"""Given name and family name out of a whole name, for files that want them apart."""


def split_name(name):
    """Return (given name, family name) of a person's whole name, as well as can be told.

    Words in capitals are the family name wherever they stand (MARTIN Camille); else the first
    word is the given name, and what follows the family name. A single word is the family name.
    """
    words = (name or "").split()
    if len(words) < 2:
        return "", " ".join(words)
    capitals = [word for word in words if len(word) > 1 and word.isupper()]
    if capitals and len(capitals) < len(words):
        return " ".join(word for word in words if word not in capitals), " ".join(capitals)
    return words[0], " ".join(words[1:])
