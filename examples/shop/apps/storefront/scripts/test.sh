#!/bin/sh
# Tests what is built with the configuration that it is built with.
set -eu
cd "$(dirname "$0")/.."

virtualenv/bin/python3 -B -m unittest discover -v tests
