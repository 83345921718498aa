# Shared by the scripts beside it; sourced, not run.
set -euo pipefail
top=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)

say() { printf '\033[1m==>\033[0m %s\n' "$*" >&2; }
die() { printf 'error: %s\n' "$*" >&2; exit 1; }

libraries="libcurl4-openssl-dev libarchive-dev libsqlite3-dev libssl-dev libyaml-dev"
tools="openssl curl ca-certificates zstd xz-utils gzip tar binutils python3 procps util-linux"

# Installs the Debian packages that are missing, when this user may; otherwise prints the one command that does.
setup_packages() {
  local missing=()
  for package in $libraries $tools; do
    dpkg-query -W -f='${Status}' "$package" 2>/dev/null | grep -q '^install ok installed' || missing+=("$package")
  done
  if [ ${#missing[@]} -gt 0 ]; then
    [ "$(id -u)" = 0 ] || die "packages are missing; run: sudo apt-get install -y ${missing[*]}"
    say "installing ${missing[*]}"
    apt-get update -qq
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
  fi
}

# The same, and a toolchain that starts.
setup() {
  setup_packages
  command -v swift >/dev/null || die "no swift on the PATH: install a Swift 6.3 toolchain (https://swift.org/install)"
  swift --version >/dev/null 2>&1 || die "swift does not start; install what the toolchain needs: apt-get install -y binutils gcc libc6-dev libstdc++-12-dev libcurl4 libxml2 libncurses6 libz3-dev tzdata git"
}

# The release's programs: static Swift runtime, without the trait Failpoints, and without the names of all functions: nobody links to them.
release_flags=(-c release --static-swift-stdlib -Xlinker --no-export-dynamic)
release_bin="$top/.build/release"

# True when every release program is newer than every source.
release_is_current() {
  local program
  for program in upliftd uplift uplift-exchange uplift-bench; do
    [ -x "$release_bin/$program" ] || return 1
    [ -z "$(find "$top/Sources" "$top/Package.swift" -newer "$release_bin/$program" -type f ! -name '*.md' -print -quit)" ] || return 1
  done
}

build_release() {
  release_is_current && return 0
  say "building the release (the first time takes some minutes)"
  (cd "$top" && swift build "${release_flags[@]}" >&2)
  # Programs that did not change keep their time; they are current all the same.
  touch -c "$release_bin/upliftd" "$release_bin/uplift" "$release_bin/uplift-exchange" "$release_bin/uplift-bench"
}

# amd64, arm64, armhf: as the Open Horizon packages are named.
package_architecture() { dpkg --print-architecture; }

# Waits until a command succeeds: wait_for SECONDS WHAT COMMAND…
wait_for() {
  local deadline=$((SECONDS + $1)) what=$2
  shift 2
  until "$@" >/dev/null 2>&1; do
    [ $SECONDS -lt $deadline ] || die "$what did not happen in time"
    sleep 0.1
  done
}
