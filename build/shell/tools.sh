# What must be on the machine.

need_dotnet() {
  command -v dotnet >/dev/null || die "the .NET SDK is missing: install version 10 (https://dot.net/download)"
  dotnet --version >/dev/null 2>&1 || die "the .NET 10 SDK is missing (there is another version): install it (https://dot.net/download)"
}

# install_missing COMMAND:PACKAGE...: installs with apt what is not there.
install_missing() {
  local pair missing=()
  for pair; do
    has_tool "${pair%%:*}" || missing+=("${pair#*:}")
  done
  ((${#missing[@]} == 0)) || install_packages "${missing[@]}"
}

has_tool() {
  # The server is not on the path: every version has a folder of its own.
  if [[ $1 == postgres ]]; then
    compgen -G '/usr/lib/postgresql/*/bin/postgres' >/dev/null
  else
    command -v "$1" >/dev/null
  fi
}

# Whether Portal:Providers:local:Network is on, as far as a shell can tell.
jobs_have_network() {
  env | grep -qix 'portal__providers__local__network=true' || grep -qsiE '"Network"[[:space:]]*:[[:space:]]*true' appsettings*.json
}

install_packages() {
  local by_hand="missing: $*; run 'apt-get install $*' as root" as_root=() log
  command -v apt-get >/dev/null || die "missing: $*; install them with this system's package manager"
  if ((EUID != 0)); then
    command -v sudo >/dev/null || die "$by_hand"
    as_root=(sudo)
    # Where nobody can type a password sudo must not wait for one.
    [[ -t 0 ]] || as_root=(sudo -n)
  fi
  echo "Installing $*" >&2
  log=$(mktemp)
  if ! { "${as_root[@]}" apt-get update -qq &&
    "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@"; } >"$log" 2>&1; then
    die "$by_hand (apt-get failed: $(tail -n 1 "$log"))"
  fi
  rm -f "$log"
}
