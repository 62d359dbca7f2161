# Builds the portal when its sources have changed.

web=src/Portal.Web/bin/Release/net10.0/Portal.Web.dll

build_web() {
  local stamp=src/Portal.Web/bin/Release/.built state
  state=$(source_state)
  if is_built; then
    command -v dotnet >/dev/null || need_dotnet
    return
  fi
  need_dotnet
  has_tool npm || install_missing node:nodejs npm:npm
  mkdir -p src/Portal.Web/bin/Release
  # Two commands at once build once.
  exec 9>src/Portal.Web/bin/Release/.lock
  flock 9
  if ! is_built; then
    echo "Building the portal (the first time takes a minute)" >&2
    rm -f "$stamp"
    # The lock is this shell's alone: what a build starts must not hold it.
    dotnet build src/Portal.Web -c Release -v quiet -tl:off "-clp:NoSummary;ErrorsOnly" >&2 9>&- || die "the build failed: its errors are above"
    compile_ahead 9>&- || warn "the portal was not compiled ahead of time: it starts a little slower"
    echo "$state $(output_state)" >"$stamp"
  fi
  exec 9>&-
}

# Whether what lies there was made of these sources, and by us: another build takes the machine code away.
is_built() {
  [[ -f $web && -f $stamp && $(<"$stamp") == "$state $(output_state)" ]]
}

output_state() {
  find "$(dirname "$web")" -maxdepth 1 -name '*.dll' -printf '%f %s %T@\n' | sort | sha256sum
}

# Machine code beside the assemblies: the portal starts a quarter sooner. Where the compiler's package is missing, it does without.
compile_ahead() {
  local architecture folder=src/Portal.Web/obj/ahead
  case $(uname -m) in
    x86_64) architecture=x64 ;;
    aarch64) architecture=arm64 ;;
    *) return 0 ;;
  esac
  rm -rf "$folder"
  # NU1505: the framework's own packages are known twice, to the build and to this.
  dotnet publish src/Portal.Web -c Release -r "linux-$architecture" --self-contained false -p:PublishReadyToRun=true -p:NoWarn=NU1505 \
    -o "$folder" -v quiet -tl:off "-clp:NoSummary;ErrorsOnly" >/dev/null 2>&1 || return 1
  cp -f "$folder"/*.dll "$(dirname "$web")/"
  rm -rf "$folder"
}

# Names, sizes and times of all that a build reads, and of nothing that it writes.
source_state() {
  find src migrations build Directory.*.props global.json \( -name bin -o -name obj -o -name node_modules -o -path '*/wwwroot/lib' \) -prune -o -type f -printf '%p %s %T@\n' |
    sort | sha256sum
}
