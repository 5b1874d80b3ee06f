#!/bin/sh
# Finds what the project needs from the machine, before anything is installed.
#
#   tools/toolchain.sh python   prints the Python to make the virtual environment with
#   tools/toolchain.sh check    ends with one sentence where a tool is missing or too old
#
# $PYTHON names another Python. A name on the PATH may be a version manager's shim that fails when it is
# run, so each candidate is run, and has to be able to make a virtual environment.

works() {
  "$1" -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1
}

find_python() {
  if [ -n "${PYTHON:-}" ]; then
    works "$PYTHON" && echo "$PYTHON" && return
    stop "PYTHON names $PYTHON, which is not a Python 3.11 or newer with the modules venv and ensurepip."
  fi
  for python in python3.13 python3.12 python3.11 python3 python; do
    works "$python" && echo "$python" && return
  done
  stop "Python 3.11 or newer (with venv) is missing: get it from python.org or your system's packages, or name it with PYTHON=<path>."
}

# needs <name> <version it has> <major> <minor> <how to get it>
needs() {
  [ -n "$2" ] || stop "$1 is missing: version $3.$4 or newer is needed; $5."
  major=${2%%.*}
  rest=${2#*.}
  minor=${rest%%.*}
  case $major$minor in *[!0-9]*) stop "$1 does not tell its version ($2): version $3.$4 or newer is needed; $5." ;; esac
  [ "$major" -gt "$3" ] || { [ "$major" -eq "$3" ] && [ "$minor" -ge "$4" ]; } ||
    stop "$1 is $2, which is too old: version $3.$4 or newer is needed; $5."
}

stop() {
  echo "$1" >&2
  exit 1
}

case $1 in
  python)
    find_python
    ;;
  check)
    find_python >/dev/null || exit 1
    node=$(node --version 2>/dev/null)
    needs node "${node#v}" 20 0 "get it from nodejs.org or your system's packages"
    needs npm "$(npm --version 2>/dev/null)" 9 0 "it comes with Node"
    terraform=$(CHECKPOINT_DISABLE=1 terraform version 2>/dev/null | sed -n 's/^Terraform v//p')
    needs terraform "$terraform" 1 11 "get it from developer.hashicorp.com/terraform/install"
    ;;
  *)
    stop "Write tools/toolchain.sh python, or tools/toolchain.sh check."
    ;;
esac
