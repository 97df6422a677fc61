#!/usr/bin/env python3
"""Who calls whom, from the symbols of the objects: which files call each other in a circle, and which room calls up.

usage: lint_circles.py BUILD ROOM... (rooms from the ground up, as in the Makefile)
A room may call itself and the rooms before it. Within a room, files that call each other are one machine in several
files: that is for state machines only, and those are listed here with their reason."""
import collections
import os
import subprocess
import sys

ALLOWED = {  # files of a room that may call each other, and why
}


def objects(build, room, rooms):
    inner = [r for r in rooms if r != room and r.startswith(room + "/")]
    for folder, _, names in sorted(os.walk(os.path.join(build, room))):
        rel = os.path.relpath(folder, build)
        if any(rel == r or rel.startswith(r + "/") for r in inner):
            continue
        for name in sorted(names):
            source = os.path.join(rel, name[:-2] + ".c")
            if name.endswith(".o") and name != "main.o" and os.path.exists(source):
                yield os.path.join(folder, name), source


def main():
    build, rooms = sys.argv[1], sys.argv[2:]
    room_of, path_of = {}, {}
    for room in rooms:
        for path, source in objects(build, room, rooms):
            room_of[source], path_of[source] = room, path
    defined, wanted = {}, collections.defaultdict(set)
    for source, path in path_of.items():
        for line in subprocess.run(["nm", path], text=True, capture_output=True, check=True).stdout.splitlines():
            kind, symbol = line.split()[-2:]
            if kind == "U":
                wanted[source].add(symbol)
            elif kind in "TDBRC":
                defined[symbol] = source
    calls = {s: {defined[w] for w in wanted[s] if w in defined and defined[w] != s} for s in path_of}

    bad = 0
    floor = {room: n for n, room in enumerate(rooms)}
    for source in calls:
        for target in sorted(calls[source]):
            if floor[room_of[target]] > floor[room_of[source]]:
                print(f"{source}: calls up into {target}")
                bad += 1

    for ring in rings(calls):
        if frozenset(ring) not in {frozenset(a) for a in ALLOWED}:
            print("in a circle:", " ".join(sorted(ring)))
            bad += 1
    for ring in ALLOWED:
        if any(f not in path_of for f in ring):
            print("no longer there, though allowed:", " ".join(f for f in ring if f not in path_of))
            bad += 1
    if not bad:
        print(f"lint: {len(path_of)} files call down only, {len(ALLOWED)} circles allowed")
    return 1 if bad else 0


def rings(calls):
    """Strongly connected components of more than one file (Tarjan)."""
    index, low, stack, on, out = {}, {}, [], set(), []

    def visit(v):
        index[v] = low[v] = len(index)
        stack.append(v)
        on.add(v)
        for w in sorted(calls[v]):
            if w not in index:
                visit(w)
                low[v] = min(low[v], low[w])
            elif w in on:
                low[v] = min(low[v], index[w])
        if low[v] == index[v]:
            ring = []
            while not ring or ring[-1] != v:
                ring.append(stack.pop())
                on.discard(ring[-1])
            if len(ring) > 1:
                out.append(ring)

    for v in sorted(calls):
        if v not in index:
            visit(v)
    return out


sys.exit(main())
