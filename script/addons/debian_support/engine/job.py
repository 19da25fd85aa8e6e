from contextvars import ContextVar
from dataclasses import dataclass, field


@dataclass(frozen=True)
class PrintJob:
    """What the printing program must know of the server, beyond its command line.

    :param str base_url: address of the Odoo server, the only one Chromium may talk to
    :param str database: name of the database the report comes from
    :param dict resources: path -> (mimetype, content) of what is at hand already and need
        not be asked from the server, which may have no free worker to answer
    :param static_file: function that gives the file of a path, or None
    """

    base_url: str
    database: str
    resources: dict = field(default_factory=dict)
    static_file: object = staticmethod(lambda path: None)


# Set while a database with this addon prints. Databases without it, in the same process,
# keep on using wkhtmltopdf.
current_job = ContextVar("debian_support_print_job", default=None)
