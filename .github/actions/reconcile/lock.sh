#!/usr/bin/env bash
# Writes requirements.txt anew from pyproject.toml: every package that the action installs, the tools that build the
# checkout among them, with its version and its hashes, for every platform. Needs uv. `lock.sh --upgrade` takes the newest.
set -euo pipefail
cd "$(dirname "$0")/../../.."

python3 -c 'import tomllib; print(*tomllib.load(open("pyproject.toml", "rb"))["build-system"]["requires"], sep="\n")' |
  uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-emit-find-links \
    --no-header --output-file .github/actions/reconcile/requirements.txt "$@" pyproject.toml - >/dev/null
