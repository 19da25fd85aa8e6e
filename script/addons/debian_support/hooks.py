from odoo.addons.base.models import ir_actions_report

from . import engine


def post_load():
    """Let databases with this addon run Chromium where Odoo runs wkhtmltopdf.

    Odoo's report model prepares everything (paper, session cookie, temporary files) and
    then calls one function with a wkhtmltopdf command line. Only that function is wrapped:
    the tests of Odoo open the server to the printing program around it too, so that
    printing works in tests as it does in production.
    """
    wkhtmltopdf = ir_actions_report._run_wkhtmltopdf

    def run_pdf_program(args):
        job = engine.current_job.get()
        return engine.run(args, job) if job else wkhtmltopdf(args)

    ir_actions_report._run_wkhtmltopdf = run_pdf_program
