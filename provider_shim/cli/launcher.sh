#!/bin/sh
# Starts the Terraform provider of aep-flowbridge in the Python that `flowbridge install` noted down.
#
# Terraform hashes this file into .terraform.lock.hcl. It therefore has the same bytes on every machine
# and knows no path: whatever differs between machines is looked up below, outside the hashed folder.
# What goes wrong is said on stdout, the one stream that Terraform shows before a provider has started.

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

# -E: PYTHONPATH and PYTHONHOME are meant for another program. Deleting the first entry of sys.path keeps
# the working folder from shadowing a module. Packages of the user and editable ones are found.
run() {
  exec "$1" -E -c "$start"
}

if [ -n "${FLOWBRIDGE_PYTHON:-}" ]; then
  command -v "$FLOWBRIDGE_PYTHON" >/dev/null 2>&1 && run "$FLOWBRIDGE_PYTHON"
  echo "FLOWBRIDGE_PYTHON names $FLOWBRIDGE_PYTHON, which is not a program that can be run: name a Python with aep-flowbridge in it."
  exit 1
fi

# Terraform links the folder of this file into .terraform/providers, so its real place is asked for.
folder=$(CDPATH='' cd -P "${0%/*}" && pwd -P)
platform=${folder##*/}
versions=${folder%/*}
pointer="${versions%/*}/flowbridge_${versions##*/}_$platform.python"
python=
[ -r "$pointer" ] && IFS= read -r python <"$pointer"
[ -n "$python" ] && [ -x "$python" ] && run "$python"

command -v flowbridge >/dev/null 2>&1 && exec flowbridge provider

if [ -n "$python" ]; then
  echo "The Python that $pointer names, $python, does not exist any more: run \`flowbridge install\` again, or set FLOWBRIDGE_PYTHON to a Python with aep-flowbridge in it."
else
  echo "No Python for aep-flowbridge was found: FLOWBRIDGE_PYTHON is not set, $pointer does not exist, and \`flowbridge\` is not on the PATH; run \`flowbridge install\` on this machine."
fi
exit 1
