#!/usr/bin/env python3
"""docs/CONFIGURATION.md: a row for each option, of what `bellmand --options` says of it.

usage: configuration_page.py OPTIONS > CONFIGURATION.md
"""
import sys

HEAD = """# Configuration

One YAML file, `/etc/bellman/bellman.yaml`: a map of the options below. A dot is a map inside of a map, `[]` an element
of a list. `etc/bellman.yaml` shows all of them in their places, with examples; `man bellman.yaml` says the same as this
page, which is made of the table of options by `make docs/CONFIGURATION.md`. An option that is not written has its
default.

A key that is none, a value out of range and a key written twice are errors, told with file, line and column, and with
what would be right. `bellmand -c FILE --check-config` tells them, `--dump-config` prints what is in force, secrets
masked. `systemctl reload bellmand` (SIGHUP) applies a configuration whole or not at all. *restart*: a reload cannot
change it.

A secret (`http.token`, a property of Kafka) may be in a file of its own: `"${file:NAME}"`, see `docs/SECURITY.md`.
"""


def cell(text):
    return text.replace("|", "\\|").replace("<", "&lt;")


def main():
    out, section = [HEAD.rstrip("\n")], None
    for line in open(sys.argv[1], encoding="utf-8"):
        path, kind, allowed, default, restart, need, said = line.rstrip("\n").split("\t")
        top = path.split(".")[0].split("[")[0]
        if section is None or top != section and (kind == "map" or kind.startswith("list of map")):
            out += ["", "## " + (top if section is not None or kind == "map" else "General"), "",
                    "| option | what it may be | default | what it does |", "| --- | --- | --- | --- |"]
            section = top
        may = kind + (": " + allowed if allowed else "")
        if len(may) > 300:
            may = may[:may.rindex(" ", 0, 280)] + " ..."
        out.append("| `%s` | %s%s%s | %s | %s |" % (path, cell(may), "; " + need if need else "", "; *restart*" if restart else "",
                                                   "`%s`" % default if default else "", cell(said)))
    print("\n".join(out))


if __name__ == "__main__":
    main()
