"""The company of the demo, before the add-on is there. Runs in `odoo shell`, see scripts/demo."""

EUR_RATE = 0.0405  # euros for a crown

COMPANY = {
    "name": "Doprava Vltava s.r.o.",
    "street": "Nábřežní 1284/12",
    "zip": "370 01",
    "city": "České Budějovice",
    "phone": "+420 380 555 010",
    "email": "fakturace@doprava-vltava.example",
    "website": "https://www.doprava-vltava.example",
    "company_registry": "81234562",
    "vat": "CZ81234562",
}
ACCOUNTS = {"CZK": "CZ5508000000001234567899", "EUR": "CZ9820100000002345678903"}


def set_up(env):
    """Make of the database's company one in České Budějovice that keeps Czech books."""
    company = env.company
    company.country_id = env.ref("base.cz")
    env["account.chart.template"].try_loading("cz", company, install_demo=False)
    company.write(COMPANY)
    company.partner_id.write({"tz": "Europe/Prague", "lang": "cs_CZ"})
    company.alias_domain_id = env["mail.alias.domain"].create({"name": "doprava-vltava.example"})
    assert company.currency_id.name == "CZK", company.currency_id.name
    _currencies(env)
    _banks(env, company)
    _journals(env, company)
    _stay_at_home(env)
    env.ref("base.user_admin").write({"lang": "en_US", "tz": "Europe/Prague"})
    env.cr.commit()


def _currencies(env):
    euro = env.ref("base.EUR")
    euro.active = True
    env["res.currency.rate"].create(
        {"currency_id": euro.id, "name": "2020-01-01", "rate": EUR_RATE}
    )


def _banks(env, company):
    """Give each currency an account and its journal."""
    first = env["account.journal"].search([("type", "=", "bank")], limit=1)
    for code, number in ACCOUNTS.items():
        currency = env.ref(f"base.{code}")
        account = env["res.partner.bank"].create(
            {
                "acc_number": number,
                "partner_id": company.partner_id.id,
                "currency_id": currency.id,
                "company_id": company.id,
            }
        )
        values = {"name": f"Banka {code}", "bank_account_id": account.id}
        if currency == company.currency_id:
            first.write(values)
        else:
            values |= {"type": "bank", "code": "BEUR", "currency_id": currency.id}
            env["account.journal"].create(values)


def _journals(env, company):
    """Invoices are numbered FA 2026/0114; the demo gives the first number of each year."""
    journal = env["account.journal"].search(
        [("type", "=", "sale"), ("company_id", "=", company.id)], limit=1
    )
    journal.write({"name": "Vydané faktury", "code": "FA"})


def _stay_at_home(env):
    """Stop Odoo's own jobs that would ask the internet or write to the demo's inbox."""
    for xmlid in (
        "mail.ir_cron_module_update_notification",
        "digest.ir_cron_digest_scheduler_action",
        "snailmail.snailmail_print",
        "iap_mail.ir_cron_iap_mail",
        "account_peppol.ir_cron_peppol_get_new_documents",
    ):
        cron = env.ref(xmlid, raise_if_not_found=False)
        if cron:
            cron.active = False
