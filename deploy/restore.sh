#!/usr/bin/env bash
# Makes a portal from a backup. The one that it was taken from must not run any more: both would carry on the same runs.
#
#   deploy/restore.sh FILE DATA
#
# DATA must not hold a portal yet. Keys come from FILE.keys where that is beside FILE. The database is a private one in DATA, or what
# ConnectionStrings__Portal names, which must be empty.
set -euo pipefail
. "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/common.sh"

[[ -n ${1:-} && -n ${2:-} ]] || die "use deploy/restore.sh FILE DATA"
file=$(from_caller "$1") data=$(from_caller "$2")
[[ -f $file ]] || die "there is no $file"
[[ ! -e $data/.portal && ! -e $data/postgres ]] || die "$data holds a portal already: give another folder, or remove that one with ./portal reset --data $data"
tar -tf "$file" manifest database.dump files.tar >/dev/null 2>&1 || die "$file is no backup of a portal, or not whole"
use_web
mkdir -p "$data"
chmod 711 "$data"

use_database "$data"
tables=$(pg psql -XAtc "select count(*) from pg_tables where schemaname in ('public', 'quartz')")
[[ $tables == 0 ]] || die "the database $PGDATABASE at $PGHOST:$PGPORT is not empty ($tables tables): make a new one"

tar -xOf "$file" files.tar | tar -C "$data" --numeric-owner -xpf -
if [[ -f $file.keys ]]; then
  tar -C "$data" --numeric-owner -xpf "$file.keys"
fi
# Whole or not at all.
tar -xOf "$file" database.dump | pg pg_restore --no-owner --no-privileges --exit-on-error --single-transaction --dbname="$PGDATABASE"
PGOPTIONS='-c client_min_messages=error' pg psql -Xqc 'analyze'
keys=$(pg psql -XAtc 'select count(*) from data_protection_keys')
if ((keys > 0)); then
  echo "Its keys are in the database: start it with the certificate that wraps them (Portal:Keys:Certificate)."
elif ! compgen -G "$data/keys/*.xml" >/dev/null; then
  warn "there is no $file.keys, and the database holds no keys: sign-ins and the secrets of open runs are lost"
fi
echo "Restored to $data. Start the portal with --data $data"
