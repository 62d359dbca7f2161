# Where the portal keeps its data.

# data_folder [GIVEN]
data_folder() {
  local given=${1:-${Portal__Data:-}}
  if [[ -n $given ]]; then
    from_caller "$given"
  elif ((EUID == 0)) && [[ ! -d .data/postgres ]] && ! open_to_others "$root"; then
    # Under root PostgreSQL runs as its own user, who must get there.
    echo "/var/lib/portal/$(basename "$root")-$(sha256sum <<<"$root" | cut -c1-8)"
  else
    echo "$root/.data"
  fi
}

# Whether every user can pass through a folder and all above it.
open_to_others() {
  local folder=$1
  while :; do
    [[ $(stat -c %A "$folder") == *[xt] ]] || return 1
    [[ $folder != / ]] || return 0
    folder=$(dirname "$folder")
  done
}
