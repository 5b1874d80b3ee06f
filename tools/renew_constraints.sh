#!/bin/sh
# Writes constraints.txt: what `pip install .[dev,browser]` chooses today in a clean virtual environment.
set -eu
cd "$(dirname "$0")/.."
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"$(tools/toolchain.sh python)" -m venv "$folder/venv"
"$folder/venv/bin/python" -m pip install --quiet --editable '.[dev,browser]'
{
  sed '/^[^#]/,$d' constraints.txt
  "$folder/venv/bin/python" -m pip freeze --exclude-editable
} >"$folder/constraints.txt"
cp "$folder/constraints.txt" constraints.txt
