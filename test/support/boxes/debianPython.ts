import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { newFolder } from '../repository.ts';

/** Makes wheels of packages that are installed. Half of Django are texts in other languages, and much of the rest the example does not use. */
const packer = `
import os, re, sys, zipfile
leftOut = re.compile("__pycache__|/locale/(?!en/)[^/]+/|django/contrib/(gis|admin|admindocs|postgres)/")
out, installed = sys.argv[1:]
needs = {"django": ["asgiref", "sqlparse", "pytz"], "gunicorn": [], "asgiref": [], "sqlparse": [], "pytz": []}
commands = {"gunicorn": "[console_scripts]\\ngunicorn = gunicorn.app.wsgiapp:run\\n"}
def files_of(module):
    for folder, _, names in os.walk(os.path.join(installed, module)):
        for name in names:
            at = os.path.relpath(os.path.join(folder, name), installed)
            # Some are links to what other packages have elsewhere.
            if os.path.exists(os.path.join(folder, name)) and not leftOut.search(at):
                yield at
for info in os.listdir(installed):
    name, _, version = info.removesuffix(".egg-info").partition("-")
    module, dist = name.lower(), f"{name}-{version}.dist-info"
    if module not in needs or version == "":
        continue
    files = list(files_of(module))
    required = "".join(f"Requires-Dist: {one}\\n" for one in needs[module])
    texts = {
        f"{dist}/METADATA": f"Metadata-Version: 2.1\\nName: {name}\\nVersion: {version}\\n{required}",
        f"{dist}/WHEEL": "Wheel-Version: 1.0\\nGenerator: test\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n",
        f"{dist}/entry_points.txt": commands.get(module, ""),
    }
    texts[f"{dist}/RECORD"] = "".join(f"{one},,\\n" for one in [*files, *texts, f"{dist}/RECORD"])
    with zipfile.ZipFile(f"{out}/{name}-{version}-py3-none-any.whl", "w") as wheel:
        for one in files:
            wheel.write(os.path.join(installed, one), one)
        for one, text in texts.items():
            wheel.writestr(one, text)
`;

/**
 * Lets builds make virtualenvs for boxes: with Debian's own Python, whatever stands first on the machine's PATH, and of Django and gunicorn as the
 * boxes have them. pip finds no others, and asks no network.
 */
export function debianPython(): Record<string, string> {
  const [bin, wheels] = [newFolder(), newFolder()];
  fs.writeFileSync(path.join(bin, 'python3'), '#!/bin/sh\nexec /usr/bin/python3 "$@"\n', { mode: 0o755 });
  const installed = path.join(process.env.STRATA_BOX_SERVERS_ROOT ?? '', 'usr/lib/python3/dist-packages');
  execFileSync('/usr/bin/python3', ['-c', packer, wheels, installed]);
  return { PATH: `${bin}:${process.env.PATH}`, PIP_NO_INDEX: '1', PIP_FIND_LINKS: wheels };
}
