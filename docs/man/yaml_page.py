#!/usr/bin/env python3
"""bellman.yaml(5), as mdoc(7): what `bellmand --options` says of each option.

usage: yaml_page.py OPTIONS > bellman.yaml.5
OPTIONS: what `bellmand --options` printed.
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


def text(s):
    s = s.replace("\\", "\\e").replace("-", "\\-").replace("`", "\\(oq")
    s = re.sub(r"([;:.]) +(?=[A-Z])", "\\1\n", s)
    return "\n".join("\\&" + l if l[:1] in ".'" else l for l in s.split("\n"))


def main():
    out = [HEAD.rstrip("\n")]
    for line in open(sys.argv[1], encoding="utf-8"):
        path, kind, allowed, default, restart, need, said = line.rstrip("\n").split("\t")
        out.append(".It Ic " + path)
        facts = kind + (", " + allowed if allowed else "") + ("; default: " + default if default else "")
        facts += ("; " + need if need else "") + ("; a change needs a restart" if restart else "")
        out.append(text(facts[0].upper() + facts[1:] + "."))
        out.append(".br\n" + text(said))
    print("\n".join(out) + "\n" + TAIL.rstrip("\n"))


if __name__ == "__main__":
    main()
