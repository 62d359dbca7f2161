# Builds the portal when its sources have changed.

web=src/Portal.Web/bin/Release/net10.0/Portal.Web.dll

build_web() {
  local stamp=src/Portal.Web/bin/Release/.built state
  state=$(source_state)
  if [[ -f $web && -f $stamp && $(<"$stamp") == "$state" ]]; then
    command -v dotnet >/dev/null || need_dotnet
    return
  fi
  need_dotnet
  has_tool npm || install_missing node:nodejs npm:npm
  mkdir -p src/Portal.Web/bin/Release
  # Two commands at once build once.
  exec 9>src/Portal.Web/bin/Release/.lock
  flock 9
  if [[ ! -f $web || ! -f $stamp || $(<"$stamp") != "$state" ]]; then
    echo "Building the portal (the first time takes a minute)" >&2
    rm -f "$stamp"
    dotnet build src/Portal.Web -c Release -v quiet -tl:off "-clp:NoSummary;ErrorsOnly" >&2 || die "the build failed: its errors are above"
    echo "$state" >"$stamp"
  fi
  exec 9>&-
}

# Names, sizes and times of all that a build reads.
source_state() {
  find src migrations build Directory.*.props global.json \( -name bin -o -name obj -o -name node_modules \) -prune -o -type f -printf '%p %s %T@\n' |
    sort | sha256sum
}
