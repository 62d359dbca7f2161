#!/usr/bin/env bash
# A backup of a portal, taken while it runs.
#
#   deploy/backup.sh DATA FILE
#
# FILE (a tar) holds the database and the Local provider's files; FILE.keys the data protection keys of the data folder, where they
# are files. Keep the two apart: together they reveal the secrets of open runs. Where a certificate wraps the keys they are in the database:
# keep a copy of the certificate instead.
#
# The database is the private one of DATA, or what ConnectionStrings__Portal names. It is dumped first, as of one instant; files follow. So
# files may be newer than the database, never older: what a run has made is then found again when it goes on.
set -euo pipefail
. "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/common.sh"

[[ -n ${1:-} && -n ${2:-} ]] || die "use deploy/backup.sh DATA FILE"
data=$(from_caller "$1") file=$(from_caller "$2")
[[ -f $data/.portal ]] || die "$data is not the data folder of a portal"
mkdir -p "$(dirname "$file")"
umask 077
use_web
use_database "$data"

work=$(mktemp -d "$file.XXXXXX")
trap 'rm -rf "$work"' EXIT

pg pg_dump --format=custom --compress=6 --file="$work/database.dump"
printf 'time=%s\nversion=1\n' "$(date -u +%FT%TZ)" >"$work/manifest"

files=(.portal)
if [[ -d $data/local ]]; then
  # Refs before objects: a push in between leaves objects that nothing names, and never a name without its object.
  (cd "$data" && find local -path local/pipelines/work -prune -o -path '*.git/objects' -prune -o \( -type f -o -type l -o -type d -empty \) -print0 &&
    find local -path '*.git/objects/*' -type f ! -name 'tmp_*' -print0) >"$work/list"
else
  : >"$work/list"
fi
# 1 says that a file changed while it was read, which a log does.
tar -C "$data" --numeric-owner --warning=no-file-changed --warning=no-file-removed --ignore-failed-read --no-recursion --null -cf "$work/files.tar" "${files[@]}" -T "$work/list" || (($? == 1))
tar -C "$work" -cf "$work/whole" manifest database.dump files.tar
sync "$work/whole"
if compgen -G "$data/keys/*.xml" >/dev/null; then
  tar -C "$data" --numeric-owner -cf "$work/keys" keys
  mv "$work/keys" "$file.keys"
fi
mv "$work/whole" "$file"
(umask 022 && echo "$(date -u +%FT%TZ) $file" >"$data/last-backup")
echo "$file: $(du -h "$file" | cut -f1)$([[ ! -f $file.keys ]] || echo "; keep $file.keys apart from it")"
