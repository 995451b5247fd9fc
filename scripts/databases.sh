# shellcheck shell=bash
# Databases for tests: copies of templates that are rebuilt only when the add-ons change. Sourced
# after lib.sh.

BASE_MODULES=account,l10n_cz
LANGUAGES=en_US,cs_CZ
TEMPLATES=$CACHE/templates
#: The add-on that follows docs/extending.md to the letter; no user gets it.
EXAMPLE=upominky_addon_example
KEEP_TEMPLATES=12
RUN_DBS=()

mkdir -p "$TEMPLATES"

drop_run_databases() {
  local db
  for db in ${RUN_DBS[@]+"${RUN_DBS[@]}"}; do
    drop_db "$db"
  done
}

list_dbs() { pg_value "SELECT datname FROM pg_database WHERE datname LIKE '$1'"; }

# All that ends up in the database; tests, pure code and pictures do not.
addons_key() {
  (
    cd "$REPO" || exit 1
    find "$@" -type f ! -path '*/tests/*' ! -path '*/core/*' ! -path '*/readme/*' ! -name '*.pyc' \
      ! -regex '.*/static/.*\.\(png\|jpe?g\|gif\|svg\|webp\|ico\)' -print0 | sort -z | xargs -0 sha256sum
  ) | short_hash
}

# Runs Odoo on database $1 to install modules $2; shows the end of the log if that fails.
install_modules() {
  local db=$1 modules=$2 log=$LOGS/$3.log started=$SECONDS
  shift 3
  if ! run_odoo -d "$db" -i "$modules" --stop-after-init --no-http --max-cron-threads=0 "$@" >"$log" 2>&1 ||
    grep -qE ' (CRITICAL|ERROR) '"$db"' ' "$log"; then
    tail -n 40 "$log" >&2
    drop_db "$db"
    die "Installing $modules failed. Whole log: $log"
  fi
  say "Template with $modules built in $((SECONDS - started)) s"
}

# Gives a finished database its name, the attachments first: a kill in between leaves nothing usable.
finish_template() {
  local made=$1 name=$2
  mkdir -p "$CACHE/data/filestore/$made"
  rm -rf "$CACHE/data/filestore/$name"
  mv "$CACHE/data/filestore/$made" "$CACHE/data/filestore/$name"
  pg_value "ALTER DATABASE \"$made\" RENAME TO \"$name\"" >/dev/null
}

ensure_base() {
  local new=upo_new_$$
  if ! db_exists "$BASE"; then
    say "Building the base database (a minute; log: $LOGS/base.log)"
    install_modules "$new" "$BASE_MODULES" base --load-language="$LANGUAGES" --without-demo=True
    finish_template "$new" "$BASE"
  fi
  touch_template "$BASE"
}

# $1: template's name, $2: modules.
ensure_template() {
  local name=$1 modules=$2 new=upo_new_$$
  if ! db_exists "$name"; then
    copy_db "$BASE" "$new"
    install_modules "$new" "$modules" "template-$name"
    finish_template "$new" "$name"
  fi
  touch_template "$name"
}

# Which templates were used last is told by the times of these files.
touch_template() { touch "$TEMPLATES/$1"; }

# Halves of killed builds (we hold the lock, so nobody builds now), copies of runs that are gone,
# and all but the templates used last. On a foreign server only what is ours beyond doubt.
drop_leftovers() {
  local db pid
  if pg_is_ours; then
    for db in $(list_dbs 'upo\_new\_%'); do drop_db "$db"; done
    for db in $(list_dbs 'upo\_run\_%'); do
      pid=$(cut -d_ -f3 <<<"$db")
      [ -d "/proc/$pid" ] || drop_db "$db"
    done
  fi
  drop_all_but_newest 'upo_tpl_*' "$KEEP_TEMPLATES"
  drop_all_but_newest 'upo_tplbase_*' 2
}

drop_all_but_newest() {
  local name
  find "$TEMPLATES" -name "$1" -printf '%T@ %f\n' | sort -rn | cut -d' ' -f2 |
    tail -n "+$(($2 + 1))" | while read -r name; do
      drop_db "$name"
      rm -f "$TEMPLATES/$name"
    done
}

# Sets PREPARED: template $1 with what scripts/testing/prepare.py gives a database of the tests.
ensure_prepared() {
  local template=$1 name new=upo_new_$$
  name=upo_tpl_$({ echo "$template" && cat "$REPO/scripts/testing/prepare.py"; } | short_hash)
  if ! db_exists "$name"; then
    copy_db "$template" "$new"
    if ! PYTHONPATH=$PYTHONPATH:$REPO/scripts/testing run_odoo shell -d "$new" --no-http \
      <<<'import prepare; prepare.prepare(env)' >"$LOGS/prepare.log" 2>&1; then
      drop_db "$new"
      die "Preparing the database of the tests failed. Whole log: $LOGS/prepare.log"
    fi
    finish_template "$new" "$name"
  fi
  touch_template "$name"
  PREPARED=$name
}

# Sets DB: a fresh copy of the template for the given modules, prepared for tests in transactions if $2.
make_database() {
  local modules=$1 prepared=${2:-} name
  local -a addons
  IFS=, read -r -a addons <<<"$modules"
  # Add-ons that only show how to add something lie in a folder of their own.
  addons=("${addons[@]/#$EXAMPLE/tests/$EXAMPLE}")
  name=upo_tpl_$({ odoo_key && addons_key "${addons[@]}"; } | short_hash)
  DB=upo_run_$$_${#RUN_DBS[@]}
  exec 8>"$CACHE/templates.lock"
  if ! flock -w 2 8; then
    say "Another run is preparing a database; waiting for it."
    flock 8
  fi
  BASE=upo_tplbase_$(odoo_key)
  drop_leftovers
  ensure_base
  ensure_template "$name" "$modules"
  RUN_DBS+=("$DB")
  PREPARED=$name
  [ -z "$prepared" ] || ensure_prepared "$name"
  copy_db "$PREPARED" "$DB"
  # Tests that need a database of their own, with and without the add-on, copy these.
  export UPOMINKY_TEMPLATE=$name UPOMINKY_BASE=$BASE
  exec 8>&-
}
