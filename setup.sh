#!/bin/sh
# Installs what the course needs beside Swift: OpenBLAS, gnuplot, zlib, curl, the Fashion-MNIST images, and pandoc
# for the book. Run it as often as you like: it is silent when there is nothing to do.
#
# ./setup.sh --browser installs Chromium, too, in which the tests look at the pages of the book. Nothing else needs it.
set -eu

swift_needed=6.2

# What every build needs. gnuplot-iostream is a header; what includes it links the three Boost libraries.
# curl fetches the data sets that are not packaged.
required="libopenblas-dev libgnuplot-iostream-dev gnuplot-nox zlib1g-dev
  libboost-iostreams-dev libboost-system-dev libboost-filesystem-dev curl ca-certificates"
# What the chapters can do without.
optional="dataset-fashion-mnist pandoc"

# What is different without a package.
without() {
  case $1 in
    dataset-fashion-mnist) printf 'the chapters will use generated digits instead of photographs of clothes' ;;
    pandoc) printf '`swift run course book` will have nothing to weave with' ;;
    *) printf 'the tests will not look at the pages of the book' ;;
  esac
}

say() { printf 'setup.sh: %s\n' "$*"; }

stop() {
  say "$*" >&2
  exit 1
}

case ${1-} in
  "") ;;
  --browser) optional="$optional chromium-headless-shell" ;;
  *) stop "there is no option $1; there is --browser" ;;
esac

# gnuplot comes in flavors, and any of them draws; curl, pandoc and the browser may have come from elsewhere.
is_installed() {
  case $1 in
    gnuplot-nox) command -v gnuplot >/dev/null 2>&1 && return ;;
    curl | pandoc) command -v "$1" >/dev/null 2>&1 && return ;;
    chromium-headless-shell)
      for browser in chromium-headless-shell chromium chromium-browser google-chrome; do
        command -v "$browser" >/dev/null 2>&1 && return
      done
      ;;
  esac
  dpkg-query -W -f '${db:Status-Status}\n' "$1" 2>/dev/null | grep -qx installed
}

is_offered() { apt-cache show "$1" >/dev/null 2>&1; }

# Those of the named packages that are not installed yet, on one line.
missing() {
  names=
  for name in "$@"; do
    is_installed "$name" || names="$names${names:+ }$name"
  done
  printf '%s' "$names"
}

# Asks for no password where nobody could type one.
can_be_root() {
  [ "$(id -u)" -eq 0 ] && return
  command -v sudo >/dev/null 2>&1 || return 1
  sudo -n true 2>/dev/null || [ -t 0 ]
}

as_root() {
  if [ "$(id -u)" -eq 0 ]; then "$@"; else sudo "$@"; fi
}

update_package_list() {
  say "updating the list of packages"
  as_root apt-get update --quiet || say "could not update the list of packages; going on without"
}

install() {
  say "installing $*"
  as_root env DEBIAN_FRONTEND=noninteractive \
    apt-get install --yes --quiet --no-install-recommends "$@" </dev/null
}

# shellcheck disable=SC2086 # The lists are words to be split.
install_packages() {
  if ! command -v apt-get >/dev/null 2>&1 || ! command -v dpkg-query >/dev/null 2>&1; then
    stop "no apt-get here; install by this system's own means what Debian calls" $required "and, if there is one," $optional
  fi
  needed=$(missing $required)
  wanted=$(missing $optional)
  [ -n "$needed$wanted" ] || return 0

  if ! can_be_root; then
    [ -z "$needed" ] || stop "these packages are missing, and neither root nor sudo is at hand to install them: $needed"
    for name in $wanted; do
      say "$name is not installed, and neither root nor sudo is at hand: $(without "$name")"
    done
    return 0
  fi

  for name in $needed $wanted; do
    # A package that is only wanted is no reason to ask again for a list that is there.
    if ! is_offered "$name" && { [ -n "$needed" ] || ! ls /var/lib/apt/lists/*Packages* >/dev/null 2>&1; }; then
      update_package_list
      break
    fi
  done
  for name in $needed; do
    is_offered "$name" || stop "apt has no package $name; missing are: $needed"
  done
  [ -z "$needed" ] || install $needed || stop "apt-get could not install: $needed"
  for name in $wanted; do
    if ! is_offered "$name"; then
      say "apt has no package $name: $(without "$name")"
    elif ! install "$name"; then
      say "apt-get could not install $name: $(without "$name")"
    fi
  done
}

# Under sudo the path is root's; Swift may be on that of the user who called.
swift_version() {
  if command -v swift >/dev/null 2>&1; then
    swift --version 2>&1
  elif [ -n "${SUDO_USER:-}" ] && command -v runuser >/dev/null 2>&1; then
    runuser -l "$SUDO_USER" -c 'swift --version' 2>&1
  fi | sed -n 's/.*Swift version \([0-9][0-9.]*\).*/\1/p' | head -n 1
}

check_swift() {
  found=$(swift_version)
  if [ -n "$found" ]; then
    oldest=$(printf '%s\n%s\n' "$swift_needed" "$found" | sort -V | head -n 1)
    [ "$oldest" = "$swift_needed" ] && return
  fi
  stop "found ${found:+Swift }${found:-no Swift}, needed is Swift $swift_needed or newer: https://www.swift.org/install"
}

# Each part in a shell of its own, so that one run says all that is missing.
status=0
(install_packages) || status=1
(check_swift) || status=1
exit $status
