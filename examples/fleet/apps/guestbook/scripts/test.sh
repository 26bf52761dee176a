#!/bin/sh
# Tests with a database in memory.
set -eu
cd "$(dirname "$0")/.."

virtualenv/bin/python3 -B manage.py test
