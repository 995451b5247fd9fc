import io
from contextlib import contextmanager
from hashlib import file_digest
from mmap import ACCESS_READ, mmap
from tempfile import TemporaryFile

from odoo import models

from ...core import file_names
from ...core.case_file import joined

KIND = "application/zip"
#: What the parts of a file are called that is not there yet.
PART = "part.zip"


class UpominkyCase(models.Model):
    """The zip: parts while it is being made, then one file. None of it lies whole in memory."""

    _inherit = "upominky.case"

    def _parts(self):
        """Return the parts that are there so far, in order."""
        mine = [("res_model", "=", self._name), ("res_id", "in", self.ids), ("name", "=", PART)]
        return self.env["ir.attachment"].search(mine, order="id")

    def _keep_part(self, file):
        self._kept(PART, file)

    def _finished(self):
        """Make the file of its parts, which go.

        :return: values that tell so
        """
        parts = self._parts()
        with TemporaryFile() as whole:
            joined((_opened(part) for part in parts), whole)
            whole.seek(0)
            digest = file_digest(whole, "sha256").hexdigest()
            attachment = self._kept(file_names.in_zip(self.name, ".zip"), whole)
        parts.unlink()
        return {"state": "done", "attachment_id": attachment.id, "digest": digest}

    def _kept(self, name, file, kind=KIND):
        """Keep a file with it.

        :param file: open to be read, not empty
        :param str kind: its MIME type
        """
        with _as_bytes(file, self.env["ir.attachment"]._storage()) as raw:
            return self.env["ir.attachment"].create(
                {
                    "name": name,
                    "raw": raw,
                    "mimetype": kind,
                    "res_model": self._name,
                    "res_id": self.id,
                    "company_id": self.company_id.id,
                }
            )


def _opened(part):
    """Return a part, open to be read; Odoo reads none of the others with it, and lets go of it."""
    part = part.with_prefetch()
    data = part.raw
    part.invalidate_recordset(["raw", "db_datas"])
    return io.BytesIO(data)


@contextmanager
def _as_bytes(file, storage):
    """Give what Odoo stores of a file: a view of the disk, where that is what it writes to.

    :param str storage: where Odoo keeps its files
    """
    file.flush()
    if storage != "file":
        file.seek(0)
        yield file.read()
        return
    with mmap(file.fileno(), 0, access=ACCESS_READ) as view:
        yield view
