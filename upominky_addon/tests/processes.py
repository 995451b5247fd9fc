"""Databases of a test's own, worked on by real Odoo processes."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

from psycopg2 import sql

from odoo.sql_db import db_connect
from odoo.tools import config

STORY = Path(__file__).with_name("story.py")
ADDON = Path(__file__).parents[1]
MARK = "upominky story: "
#: Seconds after which a process hangs.
PATIENCE = 300


class Database:
    """A copy of a database that nobody is connected to, dropped in the end."""

    ADDONS = ADDON.parent
    number = 0

    def __init__(self, template, addons=None):
        Database.number += 1
        self.name = f"upo_run_{os.getpid()}_own{Database.number}"
        self.addons = addons or self.ADDONS
        self._administer("CREATE DATABASE {} TEMPLATE {}", self.name, template)
        source = self._filestore(template)
        if source.is_dir():  # attachments are never changed in place, so links are enough
            shutil.copytree(source, self._filestore(self.name), copy_function=os.link)

    def drop(self):
        """Drop the database with its attachments."""
        self._administer("DROP DATABASE IF EXISTS {} WITH (FORCE)", self.name)
        shutil.rmtree(self._filestore(self.name), ignore_errors=True)

    @staticmethod
    def _administer(statement, *names):
        connection = db_connect("postgres")
        with connection.cursor() as cr:
            cr._cnx.autocommit = True
            cr._obj.execute(sql.SQL(statement).format(*map(sql.Identifier, names)))

    @staticmethod
    def _filestore(name):
        # Not config.filestore: where tests have workers, it is the same folder for all databases.
        return Path(config["data_dir"], "filestore", name)

    # ------------------------------------------------------------------ processes

    def odoo(self, command, *arguments, text=None):
        """Run Odoo's command line on this database and return what it printed.

        :param str command: a subcommand, as “server”
        :raises AssertionError: if it fails, or logs an error
        """
        folders = [p for p in config["addons_path"] if Path(p).resolve() != ADDON.parent.resolve()]
        paths = ",".join([*folders, str(self.addons)])
        line = [sys.executable, "-m", "odoo", f"--addons-path={paths}", command, "-d", self.name]
        done = subprocess.run(
            [*line, *arguments],
            input=text,
            capture_output=True,
            text=True,
            timeout=PATIENCE,
            check=False,
        )
        errors = [row for row in done.stderr.splitlines() if " ERROR " in row or "CRITICAL" in row]
        if done.returncode or errors:
            raise AssertionError(f"odoo {command} {arguments}: {done.stderr[-6000:]}")
        return done.stdout

    def modules(self, option):
        """Install or upgrade the add-on, as ``-i`` and ``-u`` do."""
        self.odoo(
            "server",
            option,
            "upominky_addon",
            "--stop-after-init",
            "--no-http",
            "--max-cron-threads=0",
        )

    def tell(self, function):
        """Run a function of the story in a shell of Odoo and return its result."""
        call = f"\nprint({MARK!r} + json.dumps({function}(env), default=str))\nenv.cr.commit()\n"
        printed = self.odoo(
            "shell", "--no-http", "--log-level=error", text=STORY.read_text() + call
        )
        told = [line for line in printed.splitlines() if line.startswith(MARK)]
        assert len(told) == 1, printed[-2000:]
        return json.loads(told[0][len(MARK) :])
