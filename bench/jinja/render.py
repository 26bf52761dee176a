"""Renders all templates of a folder with Jinja2; tells how long that took and how long processors worked on it, in milliseconds, and a digest of what came of it."""
import hashlib
import json
import pathlib
import sys
import time

import jinja2

folder = pathlib.Path(sys.argv[1])
names = sorted(file.name for file in (folder / "templates").iterdir())
started = time.perf_counter()
before = time.process_time()
conf = json.loads((folder / "configuration.json").read_text())
variables = {"conf": conf, "aconf": conf["shop"], "cconf": conf["common"]}
loader = jinja2.FileSystemLoader(folder / "templates")
environment = jinja2.Environment(undefined=jinja2.StrictUndefined, keep_trailing_newline=True, loader=loader)
digest = hashlib.sha256()
for name in names:
    if not name.startswith("_"):
        digest.update(environment.get_template(name).render(**variables).encode())
milliseconds = (time.perf_counter() - started) * 1000
cpu = (time.process_time() - before) * 1000
print(json.dumps({"milliseconds": milliseconds, "cpu": cpu, "digest": digest.hexdigest()}))
