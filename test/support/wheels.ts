import { execFileSync, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll } from 'vitest';

/** Whether this machine's Python can make virtualenvs; Debian has that in python3-venv. */
export const hasPython: boolean =
  spawnSync('python3', ['-c', 'import venv, ensurepip, zipfile']).status === 0;

/** Makes wheels with a module each, and a command of the same name, that prints where its Python lies. */
const maker = `
import sys, zipfile
out = sys.argv[1]
for name, version in (one.split("==") for one in sys.argv[2:]):
    module, info = name.lower(), f"{name}-{version}.dist-info"
    files = {
        f"{module}/__init__.py": f"import sys\\ndef main():\\n    print('{module}', sys.prefix)\\n",
        f"{info}/METADATA": f"Metadata-Version: 2.1\\nName: {name}\\nVersion: {version}\\nProvides-Extra: binary\\n",
        f"{info}/WHEEL": "Wheel-Version: 1.0\\nGenerator: test\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n",
        f"{info}/entry_points.txt": f"[console_scripts]\\n{module} = {module}:main\\n",
    }
    files[f"{info}/RECORD"] = "".join(f"{file},,\\n" for file in [*files, f"{info}/RECORD"])
    with zipfile.ZipFile(f"{out}/{name}-{version}-py3-none-any.whl", "w") as wheel:
        for file, text in files.items():
            wheel.writestr(file, text)
`;

/** Makes packages with nothing in them, and says what lets pip find these and no others. */
export function localWheels(...packages: string[]): Record<string, string> {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'strata-wheels-'));
  afterAll(() => fs.rmSync(folder, { recursive: true }));
  execFileSync('python3', ['-c', maker, folder, ...packages]);
  return { PIP_NO_INDEX: '1', PIP_FIND_LINKS: folder };
}
