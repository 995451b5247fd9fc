"""SPEC rules 29, 36 and 40: the kept letter and the file for a lawyer, fetched as browsers do."""

import base64

from odoo.tests import HttpCase, tagged

from ..rights import ROLES, RightsCommon

#: Who names a token that is none gets nothing, whoever he is.
WRONG = "?access_token=guessed"


@tagged("post_install", "-at_install", "upominky_addon")
class TestFilesHttp(RightsCommon, HttpCase):
    def login(self, role):
        name = None if role == "public" else f"role_{role}"
        self.authenticate(name, name)

    def check_fetched(self, record, file):
        """Check who can fetch a file: whoever may read its record, and nobody else.

        :return: roles that can
        """
        self.env.flush_all()
        data, able = file.sudo().raw, set()
        for role in ROLES:
            self.login(role)
            user = self.users[role]
            mine = record.with_user(user).with_context(allowed_company_ids=user.company_ids.ids)
            for query in ("", "?download=true", WRONG):
                with self.subTest(role=role, query=query):
                    response = self.url_open(f"/web/content/{file.id}{query}")
                    got = response.status_code == 200 and response.content == data
                    may = query != WRONG and mine.has_access("read")
                    self.assertEqual(got, may, response.status_code)
                    if got:
                        able.add(role)
                    else:
                        self.assertNotIn(data, response.content)
        return able

    def test_rule_36_whoever_reads_a_reminder_fetches_its_letter_and_nobody_else(self):
        reminder = self.world["ours"]["upominky.reminder"].sudo()
        reminder._keep_letter("<p>A letter</p>")
        able = self.check_fetched(reminder, reminder.letter_id)
        self.assertTrue({"user", "manager"} <= able)
        self.assertFalse({"public", "portal", "employee", "other_user", "other_manager"} & able)

    def test_rule_40_whoever_reads_a_case_fetches_its_file_and_nobody_else(self):
        case = self.world["ours"]["upominky.case"].sudo()
        case._make_waiting(lambda: False)  # the job made the PDF of its invoice, and it
        self.assertEqual(case.state, "done", case.error)
        able = self.check_fetched(case, case.attachment_id)
        self.assertTrue({"user", "manager"} <= able)
        self.assertFalse({"public", "portal", "employee", "other_user", "other_manager"} & able)

    def test_rule_01_who_asks_what_is_overdue_fetches_it_and_nobody_else(self):
        company, manager = self.companies["ours"], self.users["manager"]
        dialogs = self.env["upominky.past.import"].with_user(manager)
        dialogs = dialogs.with_context(allowed_company_ids=company.ids)
        dialog = dialogs.browse(dialogs._open(company)["res_id"])
        url = dialog.action_list_open()["url"]
        data = base64.b64decode(dialog.open_file)
        self.env.flush_all()
        for role in ROLES:
            self.login(role)
            response = self.url_open(url)
            with self.subTest(role=role):
                got = response.status_code == 200 and response.content == data
                self.assertEqual(got, role == "manager", response.status_code)
