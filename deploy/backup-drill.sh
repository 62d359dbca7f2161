#!/usr/bin/env bash
# Proves that backups can be restored: makes a portal with real data, backs it up while a run is under way, destroys it, restores it
# elsewhere, and checks that everything is there and that the run goes on with its secret. Takes about two minutes and leaves nothing.
#
#   deploy/backup-drill.sh [PORT]     PORT and PORT+1 on 127.0.0.1 must be free (5480)
set -euo pipefail
. "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/common.sh"

port=${1:-5480}
secret=drill-secret-$(od -An -N8 -tx8 /dev/urandom | tr -d ' ')
unset ConnectionStrings__Portal
export ASPNETCORE_ENVIRONMENT=Development
work=$(mktemp -d /tmp/portal-drill-XXXXXXXX)
chmod 711 "$work"
portal=

main() {
  local before after run token backup_ms restore_ms went_on_ms
  install_missing postgres:postgresql git:git curl:curl node:nodejs
  use_web
  trap finish EXIT
  trap 'exit 130' INT TERM
  write_template

  say "A portal with data"
  start "$port" "$work/first"
  token=$(dotnet "$web" token ada --data "$work/first")
  create 0 done-1 >/dev/null
  create 0 done-2 >/dev/null
  until_all_completed
  run=$(create 20 under-way)
  until_waits "$run"
  before=$(counts "$work/first")

  say "Backup while a run is under way"
  measure backup_ms deploy/backup.sh "$work/first" "$work/backup/portal.tar"
  ! tar -xOf "$work/backup/portal.tar" database.dump | pg pg_restore -f - | grep -qF "$secret" || die "the dump reveals the secret"
  [[ -f $work/backup/portal.tar.keys ]] || die "the keys are missing"
  ! tar -xOf "$work/backup/portal.tar" files.tar | tar -t | grep -q keys/ || die "the keys lie beside the database"

  say "Destroying it"
  kill -KILL "$portal"
  wait "$portal" 2>/dev/null || true
  portal=
  dotnet "$web" database stop --data "$work/first"
  rm -rf "$work/first"

  say "Restoring it elsewhere"
  measure restore_ms deploy/restore.sh "$work/backup/portal.tar" "$work/second"
  after=$(counts "$work/second")
  [[ $before == "$after" ]] || die "the counts differ: before $before, after $after"
  for repository in "$work"/second/local/repositories/*/*.git; do
    git -c safe.directory='*' -C "$repository" fsck --full --no-dangling >/dev/null || die "$repository is damaged"
  done

  say "Starting it: the run goes on, and reads its secret"
  start $((port + 1)) "$work/second"
  measure went_on_ms until_completed "$run"
  api "runs/$run/events" | grep -q 'it is \*\*\*' || die "the run did not read its secret: $(api "runs/$run/events")"
  ! api "runs/$run/events" | grep -qF "$secret" || die "the secret is in the log"

  echo "backup drill: passed ($after; backup $backup_ms ms, restore $restore_ms ms, the run completed $went_on_ms ms after the start)"
}

say() { echo "== $*"; }

# measure VARIABLE COMMAND...: milliseconds.
measure() {
  local start
  start=$(date +%s%3N)
  "${@:2}"
  printf -v "$1" %s $(($(date +%s%3N) - start))
}

write_template() {
  mkdir -p "$work/templates/drill/skeleton" "$work/backup"
  echo '# ${{ values.name }}' >"$work/templates/drill/skeleton/README.md"
  cat >"$work/templates/drill/template.yaml" <<'YAML'
apiVersion: scaffolder.backstage.io/v1beta3
kind: Template
metadata: { name: drill, title: Drill }
spec:
  owner: group:default/platform
  type: service
  parameters:
    - title: It
      required: [name, seconds, password]
      properties:
        name: { title: Name, type: string }
        seconds: { title: Seconds, type: integer }
        password: { title: Password, type: string, ui:field: Secret }
  steps:
    - { id: fetch, name: Render, action: 'fetch:template', input: { url: ./skeleton, values: { name: '${{ parameters.name }}' } } }
    - { id: publish, name: Publish, action: 'repo:create', input: { name: '${{ parameters.name }}', owner: 'group:default/orders' } }
    - { id: wait, name: Wait, action: 'debug:wait', input: { seconds: '${{ parameters.seconds }}' } }
    - { id: say, name: Say, action: 'debug:log', input: { message: 'it is ${{ secrets.password }}' } }
YAML
}

# start PORT DATA
start() {
  address=http://127.0.0.1:$1
  Portal__Sample=true dotnet "$web" serve --port "$1" --data "$2" --Portal:Templates:Sources:0="$work/templates" >"$work/portal.log" 2>&1 &
  portal=$!
  eventually curl -fsS -o /dev/null "$address/health/ready"
}

api() { curl -fsS -H "Authorization: Bearer $token" "${@:2}" "$address/api/v1/$1"; }

# field NAME...: of the JSON on standard input.
field() { node -e 'let v = JSON.parse(require("fs").readFileSync(0)); for (const name of process.argv.slice(1)) v = v[name]; console.log(v)' "$@"; }

# create SECONDS NAME: prints the run's id.
create() {
  api runs --json "{\"template\":\"template:default/drill\",\"values\":{\"name\":\"$2\",\"seconds\":$1},\"secrets\":{\"password\":\"$secret\"}}" | field id
}

until_all_completed() { eventually eval '[[ $(api "runs?status=completed" | field total) == 2 ]]'; }

until_completed() { eventually eval "[[ \$(api runs/$1 | field run status) == completed ]]"; }

until_waits() { eventually eval "api runs/$1 | grep -q '\"stepId\":\"wait\",[^}]*\"status\":\"running\"'"; }

eventually() {
  local tries
  for ((tries = 0; tries < 900; tries++)); do
    ! "$@" >/dev/null 2>&1 || return 0
    [[ -z $portal ]] || kill -0 "$portal" 2>/dev/null || die "the portal ended: $(tail -n 3 "$work/portal.log")"
    sleep 0.2
  done
  die "in vain: $*"
}

counts() {
  (
    use_database "$1"
    for table in catalog_entities catalog_relations runs run_steps journal run_events audit_events access_tokens template_trees; do
      printf '%s %s, ' "$table" "$(pg psql -XAtc "select count(*) from $table")"
    done
    pg psql -XAtc "select 'sealed secrets ' || count(*) from runs where secrets is not null"
  )
}

finish() {
  trap '' INT TERM
  if [[ -n $portal ]]; then
    kill -TERM "$portal" 2>/dev/null || true
    wait "$portal" 2>/dev/null || true
  fi
  for data in "$work/first" "$work/second"; do
    [[ ! -d $data/postgres ]] || dotnet "$web" database stop --data "$data" || true
  done
  rm -rf "$work"
}

main
