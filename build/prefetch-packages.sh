#!/usr/bin/env bash
# Fills DATA_DIR/packages with every NuGet and npm package that the shipped templates lock, so that pipeline jobs on this machine
# restore without network. Quick when everything is there already; adds, never removes, so repositories made earlier keep restoring.
#
#   build/prefetch-packages.sh DATA_DIR
#
# What it leaves, P being DATA_DIR/packages:
#   P/job.env       NAME=VALUE lines (no quoting, no expansion): the environment that a runner gives every local job. Nothing else is needed,
#                   but a HOME of the job's own that it can write to. All of P is readable by every user and never written by a job.
#   P/nuget/        a NuGet package folder; RestoreFallbackFolders makes restores use its packages in place (MSBuild reads properties
#                   from the environment). What is not in it comes from the usual sources, where there is network.
#   P/npm/          an npm cache, P/npmrc the settings to use it: offline, and the registry whose answers it holds
#   P/job-setup.sh  npm writes to its cache even when offline, so a job has a copy of it. BASH_ENV makes the first bash step of a job that
#                   has a package-lock.json make the copy (40 MB, some tenths of a second).
# NuGetAudit=false: the list of known vulnerabilities needs network; the release pipeline scans.
set -euo pipefail

if [[ $# -ne 1 ]]; then
  echo "usage: build/prefetch-packages.sh DATA_DIR" >&2
  exit 2
fi

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
mkdir -p "$1/packages"
packages=$(cd "$1/packages" && pwd)

mapfile -d '' nuget_locks < <(find "$root/templates" -name packages.lock.json -not -path '*/node_modules/*' -print0 | sort -z)
mapfile -d '' npm_locks < <(find "$root/templates" -name package-lock.json -not -path '*/node_modules/*' -print0 | sort -z)
stamp=$(cat "${BASH_SOURCE[0]}" "${nuget_locks[@]}" "${npm_locks[@]}" <(echo "$packages") | sha256sum | cut -d ' ' -f 1)

exec 9> "$packages/.lock"
flock 9
if [[ -f $packages/.stamp && $(< "$packages/.stamp") == "$stamp" ]]; then
  exit 0
fi
echo "Fetching the packages of the shipped templates into $packages"

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

# NuGet: one project that downloads exactly what the lock files resolved; their names of projects and targets do not matter.
if [[ ${#nuget_locks[@]} -gt 0 ]]; then
  mkdir "$scratch/nuget"
  {
    echo '<Project Sdk="Microsoft.NET.Sdk"><PropertyGroup><TargetFramework>net10.0</TargetFramework></PropertyGroup><ItemGroup>'
    node -e '
      const versions = new Map();
      for (const file of process.argv.slice(1)) {
        for (const target of Object.values(JSON.parse(require("fs").readFileSync(file, "utf8")).dependencies)) {
          for (const [id, { resolved }] of Object.entries(target)) {
            if (resolved) versions.set(id, (versions.get(id) ?? new Set()).add(`[${resolved}]`));
          }
        }
      }
      for (const [id, all] of versions) console.log(`<PackageDownload Include="${id}" Version="${[...all].join(";")}" />`);
    ' "${nuget_locks[@]}"
    echo '</ItemGroup></Project>'
  } > "$scratch/nuget/prefetch.csproj"
  NUGET_PACKAGES=$packages/nuget MSBUILDDISABLENODEREUSE=1 DOTNET_CLI_USE_MSBUILD_SERVER=0 dotnet restore "$scratch/nuget/prefetch.csproj" --nologo --verbosity quiet -p:NuGetAudit=false 9>&-
fi

# npm: install each lock file once; the cache then answers for it. The name of a project in a lock file may be an expression, its packages may not.
if [[ ${#npm_locks[@]} -gt 0 ]]; then
  for lock in "${npm_locks[@]}"; do
    folder=$(mktemp -d "$scratch/npm.XXXX")
    node -e '
      const fs = require("fs");
      const [from, to] = process.argv.slice(1);
      const lock = JSON.parse(fs.readFileSync(from, "utf8"));
      const { version, dependencies, devDependencies, optionalDependencies } = lock.packages[""];
      lock.name = lock.packages[""].name = "prefetch";
      fs.writeFileSync(`${to}/package-lock.json`, JSON.stringify(lock));
      fs.writeFileSync(`${to}/package.json`, JSON.stringify({ name: "prefetch", version, dependencies, devDependencies, optionalDependencies }));
    ' "$lock" "$folder"
    (cd "$folder" && npm ci --cache "$packages/npm" --ignore-scripts --no-audit --no-fund --update-notifier=false --loglevel error > /dev/null) 9>&-
    rm -rf "$folder"
  done
  rm -rf "$packages/npm/_logs"
fi

registry=$(cd "$scratch" && npm config get registry 2> /dev/null)
cat > "$packages/npmrc" << END
cache=\${HOME}/.npm
logs-max=0
offline=true
registry=$registry
update-notifier=false
END
cat > "$packages/job-setup.sh" << END
# Sourced by bash through BASH_ENV. Must never fail a step, and cost nothing where there is nothing to do.
if [ -n "\${HOME:-}" ] && [ ! -e "\$HOME/.npm/_cacache" ] && [ -w "\$HOME" ] && {
  compgen -G "\${GITHUB_WORKSPACE:-.}/package-lock.json" > /dev/null || compgen -G "\${GITHUB_WORKSPACE:-.}/*/package-lock.json" > /dev/null ||
  compgen -G "\${GITHUB_WORKSPACE:-.}/*/*/package-lock.json" > /dev/null; }; then
  { mkdir -p "\$HOME/.npm" && cp -r --reflink=auto '$packages/npm/_cacache' "\$HOME/.npm/"; } 2> /dev/null || true
fi
END
cat > "$packages/job.env" << END
RestoreFallbackFolders=$packages/nuget
NuGetAudit=false
NPM_CONFIG_USERCONFIG=$packages/npmrc
BASH_ENV=$packages/job-setup.sh
DOTNET_CLI_TELEMETRY_OPTOUT=true
DOTNET_NOLOGO=true
DOTNET_GENERATE_ASPNET_CERTIFICATE=false
DOTNET_ADD_GLOBAL_TOOLS_TO_PATH=false
MSBUILDDISABLENODEREUSE=1
END
chmod -R a+rX "$packages"
echo "$stamp" > "$packages/.stamp"
