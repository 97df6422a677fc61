#!/usr/bin/env python3
"""bellman.yaml(5), as mdoc(7): what `bellmand --options` says of each option, and the words that etc/bellman.yaml has for it.

usage: yaml_page.py OPTIONS bellman.yaml > bellman.yaml.5
OPTIONS: what `bellmand --options` printed. An option without words in the YAML is in the page all the same, with its facts.
"""
import re
import sys

HEAD = r""".Dd November 28, 2026
.Dt BELLMAN.YAML 5
.Os Bellman
.Sh NAME
.Nm bellman.yaml
.Nd configuration of the BMP collector
.Sh DESCRIPTION
The configuration of
.Xr bellmand 8
is one YAML document: a map of the options below.
A dot stands for a map inside of a map,
.Ql []
for an element of a list.
An option that is not written has its default.
A key that is none, a value out of range, and a key written twice are errors, told with file, line and column.
.Pp
A reload
.Pq Dv SIGHUP
applies a configuration whole or not at all; options marked so need a restart.
.Bl -tag -width Ds
"""
TAIL = r""".El
.Sh FILES
.Bl -tag -width Ds
.It Pa /etc/bellman/bellman.yaml
.It Pa /usr/share/doc/bellman/examples/bellman.yaml
Every option, with its default.
.El
.Sh SEE ALSO
.Xr bellman 1 ,
.Xr bellman-events 7 ,
.Xr bellmand 8
"""


def words_of(path):
    """{option: comment}, by the indentation of the lines, those that are commented out too"""
    words, above, last = {}, [], None
    for line in open(path, encoding="utf-8"):
        line = line.rstrip("\n")
        if line.startswith("# ") and not line.startswith("# Bellman"):
            line = line[2:]
        elif line.startswith("#"):
            line = " " + line[1:]
        more = re.match(r"^\s*#\s*(.*)$", line)
        if more:
            if last:
                words[last] = (words.get(last, "") + " " + more[1]).strip()
            continue
        found = re.match(r"^(\s*)(- )?([A-Za-z0-9_]+):(\s+(?!#)[^#]*?(\"[^\"]*\")?[^#]*?)?(\s+#\s*(.*))?$", line)
        if not found:
            beside = re.match(r"^.*\s#\s+(.*)$", line)
            if beside and last:
                words[last] = (words.get(last, "") + " " + beside[1]).strip()
            continue
        depth = len(found[1]) + len(found[2] or "")
        above = [(d, name) for d, name in above if d < depth - (2 if found[2] else 0) or (found[2] and d < len(found[1]))]
        name = ".".join([n for _, n in above] + [found[3]])
        above.append((depth, found[3]))
        last = name
        if found[7]:
            words[name] = (words.get(name, "") + " " + found[7]).strip()
    return words


def text(s):
    s = s.replace("\\", "\\e").replace("-", "\\-").replace("`", "\\(oq")
    s = re.sub(r"([;:.]) +(?=[A-Z])", "\\1\n", s)
    return "\n".join("\\&" + l if l[:1] in ".'" else l for l in s.split("\n"))


def main():
    words = words_of(sys.argv[2])
    out = [HEAD.rstrip("\n")]
    for line in open(sys.argv[1], encoding="utf-8"):
        path, kind, allowed, default, restart, need = line.rstrip("\n").split("\t")
        said = words.get(path.replace("[]", ""))
        out.append(".It Ic " + path)
        facts = kind + (", " + allowed if allowed else "") + ("; default: " + default if default else "")
        facts += ("; " + need if need else "") + ("; a change needs a restart" if restart else "")
        out.append(text(facts[0].upper() + facts[1:] + "."))
        if said:
            out.append(".br\n" + text(said[0].upper() + said[1:] + ("" if said[-1] in ".!?" else ".")))
    print("\n".join(out) + "\n" + TAIL.rstrip("\n"))


if __name__ == "__main__":
    main()
