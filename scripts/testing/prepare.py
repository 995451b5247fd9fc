"""What a database of the tests has beside the add-ons; sent to `odoo shell` by databases.sh."""

#: As Odoo's class of accounting tests calls it; tests/common.py takes it over as its own.
COMPANY = "company_1_data"
#: Tests work in transactions that are never committed. To analyze their tables meanwhile finds
#: nothing in them; then the planner reads thousands of rows one by one, for minutes or hours.
NO_AUTOVACUUM = """
    DO $$
    DECLARE name regclass;
    BEGIN
        FOR name IN SELECT oid FROM pg_class
                     WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace
        LOOP
            EXECUTE format('ALTER TABLE %s SET (autovacuum_enabled = off)', name);
        END LOOP;
    END $$
"""


def prepare(env):
    """Make what tests would make anew each time: a company with its chart, bundles of assets."""
    czechia = env.ref("base.cz")
    values = {"name": COMPANY, "country_id": czechia.id, "currency_id": czechia.currency_id.id}
    company = env["res.company"].create(values)
    env["account.chart.template"].try_loading("cz", company=company, install_demo=False)
    company.currency_id = czechia.currency_id
    # Else each test in a browser would bundle them anew, for what it made is rolled back.
    env["ir.qweb"]._pregenerate_assets_bundles()
    env.flush_all()
    env.cr.execute(NO_AUTOVACUUM)
    env.cr.commit()
