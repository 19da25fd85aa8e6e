"""Reading XML that others made: no DTD, no entities, no network, bounded in size and depth."""

from xml.parsers import expat

from lxml import etree

MAX_SIZE = 20_000_000  # bytes
MAX_DEPTH = 60
MAX_ELEMENTS = 500_000


class XmlRefused(ValueError):
    """The document is not XML or not safe.

    :ivar bool unsafe: it asks for what is never allowed (a DTD, an entity, too much)
    :ivar int line: where, ``None`` if that is not known
    """

    def __init__(self, reason, *, unsafe=False, line=None):
        super().__init__(reason)
        self.unsafe = unsafe
        self.line = line


def parse(content: bytes, *, internal_dtd: bool = False, max_size: int = MAX_SIZE):
    """Return the root of ``content`` (an lxml element).

    :param bytes content: the file
    :param bool internal_dtd: a DOCTYPE is let through, for the W3C's own schemas; entities of files
        and addresses are refused all the same and nothing is loaded
    :param int max_size: in bytes
    :raise XmlRefused: the document is not XML or not safe
    """
    if len(content) > max_size:
        raise XmlRefused(f"larger than {max_size} bytes", unsafe=True)
    _Scan(internal_dtd).run(content)
    parser = etree.XMLParser(
        resolve_entities="internal" if internal_dtd else False,
        no_network=True,
        load_dtd=False,
        dtd_validation=False,
        attribute_defaults=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        root = etree.fromstring(content, parser)
    except etree.XMLSyntaxError as error:
        raise XmlRefused(error.msg, line=error.lineno) from error
    return root


class _Scan:
    """A first pass by expat, which stops at the first thing that is not allowed."""

    def __init__(self, internal_dtd):
        self.depth = 0
        self.elements = 0
        self.parser = expat.ParserCreate()
        if not internal_dtd:
            self.parser.StartDoctypeDeclHandler = self._refuse_doctype
        self.parser.EntityDeclHandler = self._check_entity
        self.parser.StartElementHandler = self._enter
        self.parser.EndElementHandler = self._leave

    def run(self, content):
        """Read ``content`` to its end, or to what is refused."""
        try:
            self.parser.Parse(content, True)
        except expat.ExpatError as error:
            raise XmlRefused(expat.ErrorString(error.code), line=error.lineno) from error
        except (LookupError, ValueError) as error:  # an encoding that Python does not know
            if isinstance(error, XmlRefused):
                raise
            raise XmlRefused("unknown encoding") from error

    def _refuse(self, reason):
        raise XmlRefused(reason, unsafe=True, line=self.parser.CurrentLineNumber)

    def _refuse_doctype(self, *_args):
        self._refuse("a document type (DTD) is not allowed")

    def _check_entity(self, _name, _parameter, value, _base, system_id, public_id, _notation):
        outside = system_id is not None or public_id is not None
        if outside or any(character in value for character in "&%"):
            self._refuse("this entity is not allowed")

    def _enter(self, _name, _attributes):
        self.depth += 1
        self.elements += 1
        if self.depth > MAX_DEPTH:
            self._refuse(f"elements more than {MAX_DEPTH} deep")
        if self.elements > MAX_ELEMENTS:
            self._refuse(f"more than {MAX_ELEMENTS} elements")

    def _leave(self, _name):
        self.depth -= 1
