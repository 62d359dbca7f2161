# Builds once, runs the test projects one after the other, and sums up.

run_tests() {
  local suite=${1:-all} projects=() filter=() limit=1200 project name
  (($# == 0)) || shift
  case $suite in
    all)
      mapfile -t projects < <(ls -d tests/*.Tests)
      # A sample of the crash tests is among the others; all of them take far longer.
      filter=(--filter-not-trait Category=Crash)
      ;;
    unit)
      mapfile -t projects < <(ls -d tests/*.Tests | grep -v E2E)
      filter=(--filter-not-trait Category=Crash)
      ;;
    crash)
      projects=(tests/Portal.E2E.Tests)
      filter=(--filter-trait Category=Crash)
      limit=3600
      ;;
    *)
      mapfile -t projects < <(ls -d tests/*.Tests | grep -iE "/(Portal\.)?$suite(\.Tests)?$")
      ((${#projects[@]} == 1)) || die "there is no test project '$suite': give unit, crash, e2e, or one of $(ls -d tests/*.Tests | sed 's|tests/Portal\.||; s|\.Tests||' | paste -sd' ')"
      filter=(--filter-not-trait Category=Crash)
      ;;
  esac

  # Where Debian has nginx.
  PATH=$PATH:/usr/sbin
  install_missing postgres:postgresql git:git node:nodejs npm:npm chromium:chromium nginx:nginx-light
  results=$(mktemp -d)
  export PORTAL_CRASH_SUMMARY=$results/crash-summary
  start_test_postgres
  trap end_tests EXIT
  trap 'exit 130' INT TERM

  echo "Building"
  if ((${#projects[@]} == 1)); then
    dotnet build "${projects[0]}" -v quiet -tl:off "-clp:NoSummary;ErrorsOnly" || die "the build failed: its errors are above"
  else
    dotnet build Portal.sln -v quiet -tl:off "-clp:NoSummary;ErrorsOnly" || die "the build failed: its errors are above"
  fi

  for project in "${projects[@]}"; do
    name=$(basename "$project")
    echo
    echo "== $name"
    run_project "$project/bin/Debug/net10.0/$name.dll" "$name" "${filter[@]}" "$@"
  done
  echo
  local outcome=0
  summary || outcome=1
  [[ ! -f $PORTAL_CRASH_SUMMARY ]] || cat "$PORTAL_CRASH_SUMMARY"
  return $outcome
}

# run_project DLL NAME ARGUMENTS: within the limit of the suite, in seconds. A project that ends without a report counts as one failure.
run_project() {
  local code=0
  timeout -k 10 "$limit" dotnet "$1" --no-progress --results-directory "$results" --report-xunit-trx --report-xunit-trx-filename "$2.trx" "${@:3}" || code=$?
  # 8 is "no test ran", which a filter may mean; the sum decides.
  ((code == 0 || code == 2 || code == 8)) || echo "$2 ended with exit code $code"
  [[ -f $results/$2.trx ]] || ((code == 8)) || echo '<Counters passed="0" failed="1" notExecuted="0" />' >"$results/$2.trx"
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
  { grep -hoE '<Counters [^>]*' "$results"/*.trx 2>/dev/null || true; } |
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
  local pid
  if pid=$(head -n 1 "$PORTAL_TEST_POSTGRES/data/postmaster.pid" 2>/dev/null); then
    # The immediate stop: nothing in it is kept.
    kill -QUIT "$pid" 2>/dev/null || true
    for _ in {1..100}; do kill -0 "$pid" 2>/dev/null || break; sleep 0.05; done
  fi
  rm -rf "$(dirname "$PORTAL_TEST_POSTGRES")" "$results"
}
