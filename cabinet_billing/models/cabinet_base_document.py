from odoo import models


class CabinetBaseDocument(models.AbstractModel):
    """What documents with lines have in common: bordereaux, orders to a factor, statements."""

    _name = "cabinet.base.document"
    _description = "Document With Lines"
    _document_action = None  # external id of the action that lists the documents

    def _open(self):
        """Return the action that shows these documents: one as its page, several as a list."""
        action = self.env["ir.actions.act_window"]._for_xml_id(self._document_action)
        if len(self) == 1:
            action.update(views=[(False, "form")], res_id=self.id)
        else:
            action["domain"] = [("id", "in", self.ids)]
        action["context"] = {}
        return action

    def _open_related(self, action, domain, **context):
        """Return an action that shows what belongs to these documents.

        :param str action: external id of the action
        :param list domain: which records
        :param context: of the action
        """
        values = self.env["ir.actions.act_window"]._for_xml_id(action)
        return {**values, "domain": domain, "context": context}

    def _unlink_with_lines(self, lines):
        """Delete lines first: what they hold is then free for the next document.

        :param lines: of these documents, all still drafts
        """
        self.check_access("unlink")
        # sudo: lines are written by the documents' methods only; the documents may be deleted.
        lines.sudo().unlink()
