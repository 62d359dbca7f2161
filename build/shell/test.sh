# Builds once, runs the test projects one after the other, and sums up.

run_tests() {
  local suite=${1:-all} projects=() filter=() limit=2400 project name
  runner=() results_of=
  (($# == 0)) || shift
  case $suite in
    all)
      mapfile -t projects < <(ls -d tests/*.Tests)
      # A sample of the crash tests is among the others; all of them take far longer.
      filter=(--filter-not-trait Category=Crash --filter-not-trait Category=Attack)
      ;;
    attacks)
      mapfile -t projects < <(attacked_projects)
      ;;
    quick)
      projects=(tests/Portal.Templating.Tests tests/Portal.Core.Tests tests/Portal.Web.Tests)
      mapfile -t filter < <(classes_without_a_database "${projects[@]}")
      filter+=(--filter-not-trait Category=Crash --filter-not-trait Category=Attack)
      ;;
    unit)
      mapfile -t projects < <(ls -d tests/*.Tests | grep -v E2E)
      filter=(--filter-not-trait Category=Crash --filter-not-trait Category=Attack)
      ;;
    crash)
      projects=(tests/Portal.E2E.Tests)
      filter=(--filter-trait Category=Crash)
      # All effects at all boundaries, with each set of providers.
      limit=7200
      ;;
    *)
      mapfile -t projects < <(ls -d tests/*.Tests | grep -iE "/(Portal\.)?$suite(\.Tests)?$")
      ((${#projects[@]} == 1)) || die "there is no test project '$suite': give quick, unit, attacks, crash, e2e, or one of $(ls -d tests/*.Tests | sed 's|tests/Portal\.||; s|\.Tests||' | paste -sd' ')"
      filter=(--filter-not-trait Category=Crash)
      ;;
  esac

  # Where Debian has nginx.
  PATH=$PATH:/usr/sbin
  install_missing postgres:postgresql git:git node:nodejs npm:npm chromium:chromium nginx:nginx-light socat:socat bwrap:bubblewrap \
    slirp4netns:slirp4netns ip:iproute2
  results=$(mktemp -d)
  export PORTAL_CRASH_SUMMARY=$results/crash-summary
  start_test_postgres
  trap end_tests EXIT
  trap 'exit 130' INT TERM

  echo "Building"
  if ((${#projects[@]} == 1)) || [[ $suite == quick ]]; then
    for project in "${projects[@]}"; do
      dotnet build "$project" -v quiet -tl:off "-clp:NoSummary;ErrorsOnly" || die "the build failed: its errors are above"
    done
  else
    dotnet build Portal.sln -v quiet -tl:off "-clp:NoSummary;ErrorsOnly" || die "the build failed: its errors are above"
  fi

  for project in "${projects[@]}"; do
    [[ $suite != attacks ]] || break
    name=$(basename "$project")
    echo
    echo "== $name"
    run_project "$project/bin/Debug/net10.0/$name.dll" "$name" "${filter[@]}" "$@"
  done
  [[ $suite != all && $suite != attacks ]] || run_attacks "$@"
  echo
  local outcome=0
  summary || outcome=1
  [[ $suite != all && $suite != attacks ]] || attacks_summary
  [[ ! -f $PORTAL_CRASH_SUMMARY ]] || cat "$PORTAL_CRASH_SUMMARY"
  return $outcome
}

# Test classes that ask for no fixture: neither PostgreSQL nor a portal.
classes_without_a_database() {
  local file
  while read -r file; do
    echo --filter-class
    echo "$(sed -n 's/^namespace \(.*\);.*/\1/p' "$file").$(basename "$file" .cs)"
  done < <(find "$@" -name '*Tests.cs' -not -path '*/bin/*' -not -path '*/obj/*' -exec grep -LE 'Fixture|LivePortal|TestServer' {} +)
}

attacked_projects() { grep -rlE --include=*.cs 'Trait\("Category", "Attack"\)' tests/*.Tests | cut -d/ -f1,2 | sort -u; }

# Each attack is tried twice where we are root: on a portal of root, and on one of a user who is nobody else's.
run_attacks() {
  local project name copy
  for project in $(attacked_projects); do
    name=$(basename "$project")
    echo
    echo "== attacks: $name"
    run_project "$project/bin/Debug/net10.0/$name.dll" "attacks.$name" --filter-trait Category=Attack "$@"
    ((EUID == 0)) || continue
    echo
    echo "== attacks as a plain user: $name"
    become_plain_user
    # Others may not be able to enter the checkout.
    copy=$plain_home/$name
    cp -r "$project/bin/Debug/net10.0" "$copy"
    as_plain_user run_project "$copy/$name.dll" "attacks.plain.$name" --filter-trait Category=Attack --filter-not-trait User=Any "$@"
    rm -rf "$copy"
  done
}

plain_user=portal-tester

become_plain_user() {
  [[ -z ${plain_home:-} ]] || return 0
  id "$plain_user" >/dev/null 2>&1 || useradd --system --user-group --no-create-home --home-dir /nonexistent --shell /usr/sbin/nologin "$plain_user"
  plain_home=$(mktemp -d /tmp/portal-plain-XXXXXXXX)
  mkdir "$plain_home/results"
  chown -R "$plain_user:" "$plain_home"
  chmod 755 "$plain_home"
}

# as_plain_user run_project …: with nothing of our environment.
as_plain_user() {
  # Where /dev/net/tun is root's alone, this user gets one that is not, and nobody else does.
  runner=(unshare --mount -- sh -c 'mkdir -p /dev/net; mount -t tmpfs -o mode=755 tmpfs /dev/net && mknod -m 666 /dev/net/tun c 10 200; exec "$@"' sh
    setpriv --reuid="$plain_user" --regid="$plain_user" --clear-groups env -i HOME="$plain_home" PATH="$PATH" LANG=C.UTF-8
    DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 PORTAL_TEST_POSTGRES="$plain_home/postgres") results_of=$plain_home/results
  "$@"
  runner=() results_of=
  cp "$plain_home"/results/*.trx "$results/" 2>/dev/null || true
}

attacks_summary() {
  local tried succeeded
  tried=$(results_pattern='attacks.*.trx' count total) succeeded=$(($(results_pattern='attacks.*.trx' count failed) + $(results_pattern='attacks.*.trx' count error)))
  echo "attacks: $tried tried, $succeeded succeeded"
}

# run_project DLL NAME ARGUMENTS: within the limit of the suite, in seconds. A project that ends without a report counts as one failure.
run_project() {
  local code=0
  timeout -k 10 "$limit" "${runner[@]}" dotnet "$1" --progress off --results-directory "${results_of:-$results}" --report-xunit-trx --report-xunit-trx-filename "$2.trx" "${@:3}" || code=$?
  # 8 is "no test ran", which a filter may mean; the sum decides.
  ((code == 0 || code == 2 || code == 8)) || echo "$2 ended with exit code $code"
  [[ -f ${results_of:-$results}/$2.trx ]] || ((code == 8)) || echo '<Counters passed="0" failed="1" notExecuted="0" />' >"${results_of:-$results}/$2.trx"
}

summary() {
  local passed failed skipped
  passed=$(count passed) failed=$(($(count failed) + $(count error))) skipped=$(count notExecuted)
  ((passed + failed + skipped > 0)) || echo "No test ran."
  echo "$passed passed, $failed failed, $skipped skipped"
  ((failed == 0 && passed > 0))
}

# The sum of one counter over all reports.
count() {
  { grep -hoE '<Counters [^>]*' "$results"/${results_pattern:-*.trx} 2>/dev/null || true; } |
    { grep -oE "\b$1=\"[0-9]+\"" || true; } | tr -dc '0-9\n' | paste -sd+ | sed 's/^$/0/' | bc_sum
}

bc_sum() { local sum; read -r sum || sum=0; echo $((sum)); }

# One server for all test projects of this run; the first test that needs it starts it.
start_test_postgres() {
  local folder
  folder=$(mktemp -d /tmp/portal-test-XXXXXXXX)
  chmod 711 "$folder"
  export PORTAL_TEST_POSTGRES=$folder/postgres
}

end_tests() {
  local pid server
  for server in "$PORTAL_TEST_POSTGRES" ${plain_home:+"$plain_home/postgres"}; do
    pid=$(head -n 1 "$server/data/postmaster.pid" 2>/dev/null) || continue
    # The immediate stop: nothing in it is kept.
    kill -QUIT "$pid" 2>/dev/null || true
    for _ in {1..100}; do kill -0 "$pid" 2>/dev/null || break; sleep 0.05; done
  done
  rm -rf "$(dirname "$PORTAL_TEST_POSTGRES")" "$results" ${plain_home:+"$plain_home"}
}
