#!/bin/sh
# Builds the site into build/: index.html with each @setting@ replaced by its value from configuration_public.json.
set -eu
cd "$(dirname "$0")/.."

if [ ! -f configuration_public.json ]; then
  echo "no configuration_public.json: run 'strata render landing ENV --write' first" >&2
  exit 1
fi

mkdir -p build
node -e '
  const { readFileSync, writeFileSync } = require("node:fs");
  const conf = JSON.parse(readFileSync("configuration_public.json", "utf8"));
  const escapes = { "&": "&amp;", "<": "&lt;", ">": "&gt;", "\"": "&quot;" };
  const page = readFileSync("index.html", "utf8").replace(/@([a-z_]+(?:\.[a-z_]+)+)@/g, (_, setting) => {
    const value = setting.split(".").reduce((node, key) => node?.[key], conf);
    if (value === undefined) throw new Error(`index.html: ${setting} is not in public-data.yaml`);
    return String(value).replace(/[&<>"]/g, (character) => escapes[character]);
  });
  writeFileSync("build/index.html", page);
'
cp style.css build/
echo "built $(pwd)/build"
