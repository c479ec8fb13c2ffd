#!/usr/bin/env bash
# Installs reconciler from this checkout into a virtual environment of this job, once: the next step of the job finds it.
# Nothing is kept beyond the job, and nothing here gets to see a secret.
set -euo pipefail

action="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
checkout="$(cd "$action/../../.." && pwd)"
venv="$RUNNER_TEMP/reconciler-installed"

fail() {
  echo '::endgroup::'
  echo "::error title=reconcile::$1"
  exit 1
}

newest_python() {
  local each
  for each in python3 python3.14 python3.13 python3.12 python3.11 python; do
    if "$each" -I -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
      command -v "$each"
      return
    fi
  done
  fail 'No Python 3.11 or newer is on the PATH of this runner. Install one, or put a step with actions/setup-python before this one.' >&2
}

if [ "$(cat "$venv/installed" 2>/dev/null)" != "$checkout" ]; then
  python="$(newest_python)"
  echo "::group::Install reconciler with $("$python" -I --version) into $venv"
  "$python" -I -m venv --clear "$venv" ||
    fail "Python cannot make a virtual environment. On Debian and Ubuntu the package python3-venv is missing."
  pip=("$venv/bin/python" -I -m pip --quiet --disable-pip-version-check --no-input)
  "${pip[@]}" install --no-compile --require-hashes --requirement "$action/requirements.txt" ||
    fail "The packages that reconciler needs could not be installed; the lines above say why."
  "${pip[@]}" install --no-deps --no-build-isolation "$checkout" ||
    fail "reconciler could not be installed from its own checkout; the lines above say why."
  # A folder with nothing else in it: what goes on the PATH must not hide the job's own python.
  mkdir "$venv/path"
  ln -s ../bin/reconciler "$venv/path/reconciler"
  echo "$checkout" >"$venv/installed"
  echo '::endgroup::'
fi

echo "$venv/path" >>"$GITHUB_PATH"
echo "python=$venv/bin/python" >>"$GITHUB_OUTPUT"
