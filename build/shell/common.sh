# Small things that every command uses.

export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1
# No build leaves a process behind: one that waits for the next build keeps what it inherited, locks and terminals included.
export MSBUILDDISABLENODEREUSE=1 DOTNET_CLI_USE_MSBUILD_SERVER=0 UseSharedCompilation=false
export NPM_CONFIG_UPDATE_NOTIFIER=false NPM_CONFIG_FUND=false NPM_CONFIG_AUDIT=false

# The one line: what is wrong, and how to mend it.
die() {
  echo "portal: $*" >&2
  exit 1
}

warn() { echo "portal: $*" >&2; }

# A path that the caller gave, seen from where the caller stands.
from_caller() { (cd "$caller" && realpath -m -- "$1"); }

# options "--port --data" ARGUMENTS: sets option_port and option_data.
options() {
  local allowed=" $1 " name value
  shift
  while (($#)); do
    name=${1%%=*}
    [[ $allowed == *" $name "* ]] || die "there is no option '$1' here; there is:$allowed"
    if [[ $1 == *=* ]]; then
      value=${1#*=}
    else
      (($# > 1)) || die "$name needs a value"
      value=$2
      shift
    fi
    [[ -n $value ]] || die "$name needs a value"
    printf -v "option_${name#--}" %s "$value"
    shift
  done
}

port_is_free() { ! (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; }
