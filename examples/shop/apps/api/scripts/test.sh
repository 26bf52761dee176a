#!/bin/sh
# The tests, with a report that `strata build` sums up.
set -eu
cd "$(dirname "$0")/.."

mkdir -p reports
node --test \
  --test-reporter=spec --test-reporter-destination=stdout \
  --test-reporter=junit --test-reporter-destination=reports/api.xml
