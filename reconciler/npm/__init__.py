"""EDGE: npm, which ships with reconciler: resolves what actions depend on, installs it once for all, and asks what is
known against it. What it says on failure is told in one sentence without addresses."""

from reconciler.npm.shipped import node_executable as node_executable
from reconciler.npm.shipped import npm_script as npm_script
from reconciler.npm.store import Npm as Npm
