#!/bin/sh
# Builds the site into build/: style.css and shop.js get names that tell their content, so that they can be cached for ever.
set -eu
cd "$(dirname "$0")/.."

rm -rf build
mkdir -p build/assets
page=$(cat src/index.html)
for name in style.css shop.js; do
  hash=$(sha256sum "src/$name" | cut -c 1-12)
  hashed="assets/${name%.*}.$hash.${name##*.}"
  cp "src/$name" "build/$hashed"
  page=$(printf '%s\n' "$page" | sed "s|/$name|/$hashed|")
done
printf '%s\n' "$page" >build/index.html
cp src/config.js build/
