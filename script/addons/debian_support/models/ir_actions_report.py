import re

from odoo import api, models
from odoo.exceptions import UserError
from odoo.http import root
from odoo.tools import config

from odoo.addons.base.models.ir_actions_report import _wkhtml

from .. import engine

BUNDLE_PATH = re.compile(r"/web/assets/[^\"'?<>\s]+")
ANY_ADDRESS = (None, "", "0.0.0.0", "::")


class IrActionsReport(models.Model):
    _inherit = "ir.actions.report"

    @api.model
    def get_wkhtmltopdf_state(self):
        """Tell the web client that reports can be printed.

        Without Chromium too: the error of the print itself says what to install, while the
        client's own message speaks of wkhtmltopdf only.
        """
        if _wkhtml().is_patched_qt:
            return super().get_wkhtmltopdf_state()
        return "workers" if config["workers"] == 1 else "ok"

    @api.model
    def _run_wkhtmltopdf(
        self,
        bodies,
        report_ref=False,
        header=None,
        footer=None,
        landscape=False,
        specific_paperformat_args=None,
        set_viewport_size=False,
    ):
        """Print with Chromium where there is no wkhtmltopdf that prints headers."""

        def print_report():
            return super(IrActionsReport, self)._run_wkhtmltopdf(
                bodies,
                report_ref=report_ref,
                header=header,
                footer=footer,
                landscape=landscape,
                specific_paperformat_args=specific_paperformat_args,
                set_viewport_size=set_viewport_size,
            )

        if _wkhtml().is_patched_qt:
            return print_report()
        token = engine.current_job.set(self._prepare_print_job([*bodies, header, footer]))
        try:
            return print_report()
        except engine.PrintError as error:
            raise UserError(self._get_print_error_message(error)) from error
        finally:
            engine.current_job.reset(token)

    def _get_report_url(self, layout=None):
        """Return the address at which this very process serves web pages.

        The public address may be out of reach from here (a container, a proxy) or out of
        date (a copied database). The parameter `report.url` has the last word, as always.
        """
        parameter = self.env["ir.config_parameter"].sudo().get_param("report.url")
        if parameter or _wkhtml().is_patched_qt or not config["http_enable"]:
            return super()._get_report_url(layout=layout)
        interface = config["http_interface"]
        host = "127.0.0.1" if interface in ANY_ADDRESS else interface
        host = f"[{host}]" if ":" in host else host
        return f"http://{host}:{config['http_port']}"

    # ------------------------------------------------------------------
    # Tools
    # ------------------------------------------------------------------

    def _prepare_print_job(self, documents):
        """Return what the printing engine must know, for some HTML documents."""
        return engine.PrintJob(
            base_url=self._get_report_url(),
            database=self.env.cr.dbname,
            resources=self._get_bundles(documents),
            static_file=root.get_static_file,
        )

    def _get_bundles(self, documents):
        """Return the style sheets that the documents use, when they were made before.

        Chromium need not ask the server for these then, which may have no free worker.

        :return: path -> (mimetype, content)
        :rtype: dict
        """
        paths = {path for html in documents if html for path in BUNDLE_PATH.findall(html)}
        domain = [("url", "in", list(paths)), ("public", "=", True)]
        attachments = self.env["ir.attachment"].sudo().search(domain)
        return {bundle.url: (bundle.mimetype, bundle.raw) for bundle in attachments}

    def _get_print_error_message(self, error):
        """Return what the user should know and do about an error of the engine."""
        if isinstance(error, engine.BrowserMissing):
            return self.env._(
                "The PDF cannot be made: no printing program was found on the server. Install "
                "Chromium (package “chromium” on Debian) or wkhtmltopdf with patched Qt."
            )
        if isinstance(error, engine.BrowserTimeout):
            return self.env._(
                "The PDF cannot be made: Chromium did not answer in time and was stopped. "
                "Try again, or print fewer documents at once."
            )
        if isinstance(error, engine.StylesMissing):
            return self.env._(
                "The PDF cannot be made: Chromium could not load %(url)s. Set the system "
                "parameter “report.url” to an address at which the server reaches itself.",
                url=error,
            )
        return self.env._("The PDF cannot be made: Chromium failed. %(details)s", details=error)
