"""Renders templates with Jinja2: one request a line on stdin, one answer a line on stdout, both JSON."""
import json
import pathlib
import sys
import tempfile

import jinja2


def number(text):
    return float(text)


folders = {}


def folder_of(others):
    """A folder with these templates, made once."""
    key = json.dumps(others)
    if key not in folders:
        folders[key] = tempfile.TemporaryDirectory()
        for name, text in others.items():
            file = pathlib.Path(folders[key].name, name)
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(text.encode())
    return folders[key].name


def render(request):
    loader = jinja2.FileSystemLoader(folder_of(request.get("others", {})))
    environment = jinja2.Environment(undefined=jinja2.StrictUndefined, keep_trailing_newline=True, loader=loader)
    conf = json.loads(request["data"], parse_float=number)
    app = request.get("app", "shop")
    variables = {"conf": conf, "aconf": conf.get(app, {}), "cconf": conf.get("common", {})}
    try:
        return {"text": environment.from_string(request["template"]).render(**variables)}
    except RecursionError:
        return {"error": "RecursionError", "message": ""}
    except Exception as error:  # what a template can raise is open
        return {"error": type(error).__name__, "message": str(error)[:200]}


def main():
    print(json.dumps({"jinja2": jinja2.__version__, "python": sys.version.split()[0]}), flush=True)
    for line in sys.stdin:
        print(json.dumps(render(json.loads(line))), flush=True)


main()
