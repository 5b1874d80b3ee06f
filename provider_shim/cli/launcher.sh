#!/bin/sh
# Starts the Terraform provider of aep-flowbridge with the Python that `flowbridge install` recorded.
#
# Terraform records a hash of this file in .terraform.lock.hcl, so it is the same on all machines and contains
# no paths: what differs between machines is read from files outside the hashed folder. Errors are printed on
# stdout, because Terraform shows no other stream before a provider has started.

start='
import sys
del sys.path[0]
def stop(sentence):
    print(sentence % sys.executable)
    sys.exit(1)
if sys.version_info < (3, 11):
    stop("%s is older than Python 3.11: name another one in FLOWBRIDGE_PYTHON.")
try:
    from provider_shim.main import main
except ModuleNotFoundError as missing:
    stop("%%s lacks the module %s: install aep-flowbridge for it and run flowbridge install." % missing.name)
sys.exit(main())
'

# -E ignores PYTHONPATH and PYTHONHOME, which are meant for other programs. The first entry of sys.path is
# deleted so that the working folder shadows no module. User and editable installs are found.
run() {
  exec "$1" -E -c "$start"
}

if [ -n "${FLOWBRIDGE_PYTHON:-}" ]; then
  command -v "$FLOWBRIDGE_PYTHON" >/dev/null 2>&1 && run "$FLOWBRIDGE_PYTHON"
  echo "FLOWBRIDGE_PYTHON names $FLOWBRIDGE_PYTHON, which is not an executable program: name a Python with aep-flowbridge installed."
  exit 1
fi

# Terraform links the folder of this file into .terraform/providers, so the link is resolved.
folder=$(CDPATH='' cd -P "${0%/*}" && pwd -P)
platform=${folder##*/}
versions=${folder%/*}
pointer="${versions%/*}/flowbridge_${versions##*/}_$platform.python"
python=
if [ -r "$pointer" ]; then
  # A relative path would mean a program in the folder of the configuration, which another person may have
  # written.
  python=$(cat "$pointer")
  case $python in
  *[[:cntrl:]]*) absolute=no ;;
  /*) absolute=yes ;;
  *) absolute=no ;;
  esac
  if [ "$absolute" = no ]; then
    echo "$pointer must contain only the absolute path of a Python. Run \`flowbridge install\` again."
    exit 1
  fi
  [ -f "$python" ] && [ -x "$python" ] && run "$python"
fi

command -v flowbridge >/dev/null 2>&1 && exec flowbridge provider

if [ -n "$python" ]; then
  echo "The Python in $pointer, $python, does not exist any more: run \`flowbridge install\` again, or set FLOWBRIDGE_PYTHON to a Python with aep-flowbridge installed."
else
  echo "No Python for aep-flowbridge was found: FLOWBRIDGE_PYTHON is not set, $pointer does not exist, and \`flowbridge\` is not on the PATH; run \`flowbridge install\` on this machine."
fi
exit 1
