#!/usr/bin/env bash
# Several replicas on this machine, as they would run on several: N portals behind nginx on one private PostgreSQL.
#
#   deploy/local-cluster.sh N PORT DATA [--Portal:Key=value ...]
#
# It prints the address when all are ready, starts a replica again that ends, and ends everything on Ctrl-C or SIGTERM.
# The replicas listen on PORT+1 to PORT+N. DATA/cluster holds their logs, their process ids (replica-1.pid …) and nginx's access.log,
# which names for each request the replica that answered. ASPNETCORE_ENVIRONMENT is Development unless set.
set -euo pipefail

. "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/common.sh"

usage="use deploy/local-cluster.sh N PORT DATA, such as deploy/local-cluster.sh 3 5090 .cluster"
[[ ${1:-} =~ ^[1-9][0-9]?$ && ${2:-} =~ ^[0-9]{4,5}$ && -n ${3:-} ]] || die "$usage"
count=$1 port=$2 data=$(from_caller "$3")
settings=("${@:4}")
cluster=$data/cluster
declare -A replica_of=()
nginx=
watcher=

main() {
  local i
  for ((i = 0; i <= count; i++)); do
    port_is_free $((port + i)) || die "port $((port + i)) on 127.0.0.1 is in use: choose another PORT"
  done
  PATH=$PATH:/usr/sbin
  install_missing postgres:postgresql nginx:nginx-light curl:curl git:git
  use_web
  mkdir -p "$cluster/nginx/temp"
  chmod 711 "$data" "$cluster" "$cluster/nginx"
  trap stop EXIT
  trap 'exit 130' INT
  trap 'exit 143' TERM

  ConnectionStrings__Portal=$(ConnectionStrings__Portal='' dotnet "$web" database start --data "$data")
  export ConnectionStrings__Portal
  for ((i = 1; i <= count; i++)); do start_replica "$i"; done
  start_nginx
  watch_database &
  watcher=$!
  for ((i = 1; i <= count; i++)); do until_ready "$i"; done
  curl -fsS -o /dev/null "http://127.0.0.1:$port/health/ready" || die "nginx does not answer: see $cluster/nginx/error.log"
  echo "Portal is ready at http://127.0.0.1:$port ($count replicas, logs in $cluster)"
  supervise
}

start_replica() {
  # In a session of its own: Ctrl-C is ours, and replicas are asked to stop in order.
  ASPNETCORE_ENVIRONMENT=${ASPNETCORE_ENVIRONMENT:-Development} \
    Portal__PublicUrl=http://127.0.0.1:$port \
    Portal__Replica__Name=replica-$1 \
    setsid dotnet "$web" serve --port $((port + $1)) --data "$data" "${settings[@]}" >>"$cluster/replica-$1.log" 2>&1 </dev/null &
  replica_of[$!]=$1
  echo $! >"$cluster/replica-$1.pid"
}

start_nginx() {
  local i
  cp deploy/nginx/nginx.conf "$cluster/nginx/nginx.conf"
  echo "listen 127.0.0.1:$port;" >"$cluster/nginx/listen.conf"
  for ((i = 1; i <= count; i++)); do
    echo "server 127.0.0.1:$((port + i)) max_fails=1 fail_timeout=2s;"
  done >"$cluster/nginx/upstream.conf"
  setsid nginx -p "$cluster/nginx" -c "$cluster/nginx/nginx.conf" -e stderr -g 'daemon off;' >>"$cluster/nginx/access.log" 2>>"$cluster/nginx/error.log" </dev/null &
  nginx=$!
}

until_ready() {
  local tries
  for ((tries = 0; tries < 600; tries++)); do
    [[ $(curl -s -o /dev/null -w '%{http_code}' "http://127.0.0.1:$((port + $1))/health/ready") != 200 ]] || return 0
    kill -0 "$(<"$cluster/replica-$1.pid")" 2>/dev/null || die "replica $1 ended: $(tail -n 1 "$cluster/replica-$1.log")"
    sleep 0.1
  done
  die "replica $1 is not ready after a minute: see $cluster/replica-$1.log"
}

# PostgreSQL too: the replicas take this one for somebody else's.
watch_database() {
  trap - EXIT INT TERM
  local pid
  while sleep 2; do
    pid=$(head -n 1 "$data/postgres/data/postmaster.pid" 2>/dev/null || true)
    [[ -z $pid || ! -d /proc/$pid ]] || continue
    warn "PostgreSQL ended and is started again"
    ConnectionStrings__Portal='' dotnet "$web" database start --data "$data" >/dev/null || true
  done
}

# As an orchestrator does: what ends is started again.
supervise() {
  local ended number
  while :; do
    ended=
    wait -n -p ended 2>/dev/null || true
    [[ $ended != "$nginx" ]] || die "nginx ended: see $cluster/nginx/error.log"
    number=${replica_of[${ended:-0}]:-}
    if [[ -n $number ]]; then
      unset "replica_of[$ended]"
      warn "replica $number ended and is started again"
      start_replica "$number"
    fi
  done
}

stop() {
  local pid tries
  trap '' INT TERM
  [[ -z $watcher ]] || kill -TERM "$watcher" 2>/dev/null || true
  for pid in "${!replica_of[@]}"; do kill -TERM "$pid" 2>/dev/null || true; done
  for ((tries = 0; tries < 600; tries++)); do
    any_alive || break
    sleep 0.1
  done
  for pid in "${!replica_of[@]}"; do kill -KILL "$pid" 2>/dev/null || true; done
  [[ -z $nginx ]] || kill -QUIT "$nginx" 2>/dev/null || true
  for pid in $(own_processes); do kill -TERM "$pid" 2>/dev/null || true; done
  wait 2>/dev/null || true
  rm -f "$cluster"/replica-*.pid
  ConnectionStrings__Portal='' dotnet "$web" database stop --data "$data" || warn "PostgreSQL in $data still runs"
}

# Environments of the Local provider outlive a portal; of this cluster nothing is to stay. The next start starts them again.
own_processes() {
  local folder
  for folder in /proc/[0-9]*; do
    if grep -qz '^PORTAL_RUN_ID=' "$folder/environ" 2>/dev/null && grep -qazF "$data/" "$folder/environ" 2>/dev/null; then
      basename "$folder"
    fi
  done
}

any_alive() {
  local pid
  for pid in "${!replica_of[@]}"; do
    ! kill -0 "$pid" 2>/dev/null || return 0
  done
  return 1
}

main
