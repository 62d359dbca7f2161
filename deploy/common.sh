# What the scripts of this folder share. They run from a checkout, or with PORTAL_WEB=/app/Portal.Web.dll from an image.

caller=$PWD
root=$(dirname "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")")
cd "$root"
. build/shell/common.sh
. build/shell/tools.sh
. build/shell/build.sh

# Sets $web, and builds it where it is not given.
use_web() {
  if [[ -n ${PORTAL_WEB:-} ]]; then web=$(from_caller "$PORTAL_WEB"); else build_web; fi
}

# use_database DATA: pg_dump and the like reach the portal's database from here on.
use_database() {
  local variables
  variables=$(dotnet "$web" database env --data "$1") || exit 1
  eval "$variables"
}

# pg PROGRAM ARGUMENTS: of the newest installed version, which reads every older server.
pg() {
  local folder
  folder=$(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -V | tail -n 1)
  "${folder:+$folder/}$1" "${@:2}"
}
