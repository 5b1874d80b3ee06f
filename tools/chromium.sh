#!/bin/sh
# Finds Chromium and its driver, which `make browser-test` drives the emulator's page with.
#
#   tools/chromium.sh check     ends with one sentence where one of them is missing
#   tools/chromium.sh install   installs Debian's packages, where that is possible without asking anybody

have() {
  command -v "${CHROMIUM:-chromium}" >/dev/null || return 1
  command -v "${CHROMEDRIVER:-chromedriver}" >/dev/null || return 1
}

debian() {
  DEBIAN_FRONTEND=noninteractive timeout 600 apt-get -qq "$@" >/dev/null 2>&1
}

case $1 in
  check)
    have && exit
    echo "Chromium or its driver is missing: install Debian's packages chromium and chromium-driver," \
      "or name the two programs with CHROMIUM=<path> and CHROMEDRIVER=<path>." >&2
    exit 1
    ;;
  install)
    have && exit
    if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
      debian install --yes --no-install-recommends chromium chromium-driver ||
        { debian update && debian install --yes --no-install-recommends chromium chromium-driver; }
    fi
    have
    ;;
  *)
    echo "Write tools/chromium.sh check, or tools/chromium.sh install." >&2
    exit 1
    ;;
esac
