#!/usr/bin/env python3
"""The table of `make bench`: medians of the result lines against the targets and the rivals.

usage: table.py RESULTS.jsonl FOLDER   (FOLDER has the generator's summaries)
Exits 1 when the engine's judgement disagrees with the generator's.
"""
import json
import os
import platform
import statistics
import sys
from collections import defaultdict

runs = defaultdict(list)
for line in open(sys.argv[1]):
    row = json.loads(line)
    runs[row["label"]].append(row)


def med(label, key):
    return statistics.median(r[key] for r in runs[label]) if label in runs else None


def rate(v):
    return "-" if v is None else "%.2f M/s" % (v / 1e6)


def seconds(v):
    return "-" if v is None else "%.2f s" % v


def octets(v):
    return "-" if v is None else "%.1f B" % v


def repeats(label):
    rows = runs.get(label, [])
    return str(max(r.get("runs", len(rows)) for r in rows)) if rows else "-"


def churn_rate():
    """The churn alone: the long file less the same file without churn."""
    if "churn" not in runs or "base" not in runs:
        return None
    cpu = med("churn", "cpu_s") - med("base", "cpu_s")
    return (med("churn", "messages") - med("base", "messages")) / cpu if cpu > 0 else None


def check_judgement(folder):
    """Marked routes against the generator's own count of invalid ones."""
    if "rules4" not in runs:
        return True
    views = [v for r in json.load(open(os.path.join(folder, "full4.json")))["routers"]
             for p in r["peers"] for v in p["views"]]
    want_routes = sum(v["ipv4"] + v["ipv6"] for v in views)
    got = runs["rules4"][0]
    if got["routes"] != want_routes or got["faults"] != 0:
        print("WRONG: %d routes where %d are expected, %d faults" % (got["routes"], want_routes, got["faults"]))
        return False
    invalid = sum(v.get("invalid_asn", 0) + v.get("invalid_length", 0) for v in views)
    if invalid and got["marked"] != invalid:
        print("WRONG: %d routes marked where %d are invalid" % (got["marked"], invalid))
        return False
    print("checked: %d routes, %s invalid ones, as the generator counted" % (want_routes, invalid or "no"))
    return True


def cpu_name():
    try:
        for line in open("/proc/cpuinfo"):
            if line.startswith("model name"):
                return line.split(":", 1)[1].strip()
    except OSError:
        pass
    return platform.machine()


x1, x2 = med("m64x1", "wall_s"), med("m64x2", "wall_s")
down = max(filter(None, (med("rules4", "down_ms"), med("rules4", "slice_ms"))), default=None)
start = med("full1", "rss_start")
pm_full = med("pm300", "messages_per_s")
table = [
    # work, ours, must, aim, rival, repeats
    ("parse, all checks, from memory", rate(med("parse", "messages_per_s")), "13 M/s", "18 M/s", "8.4 M/s libparsebgp *", repeats("parse")),
    ("+ intern + RIB, 1 table", rate(med("rib1", "messages_per_s")), "1.5 M/s", "2.1 M/s",
     rate(pm_full) + " pmbmpd" if pm_full else "0.105 M/s pmbmpd *", repeats("rib1")),
    ("+ intern + RIB, 4 tables", rate(med("rib4", "messages_per_s")), "1.8 M/s", "2.4 M/s",
     rate(med("pm4", "messages_per_s")) + " pmbmpd" if "pm4" in runs else "0.029 M/s pmbmpd *", repeats("rib4")),
    ("+ all rules, 4 tables", rate(med("rules4", "messages_per_s")), "1.2 M/s", "1.5 M/s", "nobody", repeats("rules4")),
    ("+ all rules, 1 table", rate(med("rules1", "messages_per_s")), "0.9 M/s", "1.2 M/s", "nobody", repeats("rules1")),
    ("VRP delta over 4 tables: 1 / 1,000 / 200,000", " / ".join(
        "-" if med("rules4", k) is None else "%.1f" % med("rules4", k) for k in ("one_ms", "thousand_ms", "many_ms")) + " ms",
     "2 / 20 / 400 ms", "0.2 / 5 / 200 ms", "-", repeats("rules4")),
    ("an open incident", octets(med("incidents", "octets_each")), "400 B", "200 B", "-", repeats("incidents")),
    ("100,000 incidents shown", "-" if "incidents" not in runs else "%.0f ms" % med("incidents", "show_ms"),
     "500 ms", "-", "-", repeats("incidents")),
    ("decode --brief of a table", seconds(med("brief", "cpu_s")), "1.2 s", "0.8 s",
     seconds(med("bgpdump", "cpu_s")) + " bgpdump", repeats("brief")),
    ("convert --to mrt of a table", seconds(med("convert", "cpu_s")), "0.4 s", "-", "-", repeats("convert")),
    ("check rov, 1 M lines", seconds(med("check", "cpu_s")), "0.8 s", "-", "-", repeats("check")),
    ("churn, everything on", rate(churn_rate()), "1.6 M/s", "2 M/s", "0.1 M/s pmbmpd, RIB only *", repeats("churn")),
    ("daemon, 4 tables over TCP", rate(med("full4", "messages_per_s")), "1.0 M/s", "1.3 M/s",
     rate(med("pm4", "messages_per_s")) + " pmbmpd" if "pm4" in runs else "0.029 M/s pmbmpd *", repeats("full4")),
    ("1 table, first octet to quiet", seconds(med("full1", "wall_s")), "0.45 s", "0.25 s", "3.3 s pmbmpd *", repeats("full1")),
    ("4 tables, first octet to quiet", seconds(med("full4", "wall_s")), "1.3 s", "0.8 s",
     seconds(med("pm4", "wall_s")) + " pmbmpd" if "pm4" in runs else "45.6 s pmbmpd *", repeats("full4")),
    ("octets per route, no rules, 1 table", octets(med("rib1", "rss_per_route")), "42 B", "36 B", "-", repeats("rib1")),
    ("octets per route, no rules, 4 tables", octets(med("rib4", "rss_per_route")), "26 B", "23 B", "-", repeats("rib4")),
    ("octets per route, no rules, 16 of 300,000", octets(med("rib16", "rss_per_route")), "22 B", "18 B", "-", repeats("rib16")),
    ("RSS per route, 1 table", octets(med("full1", "rss_per_route")), "48 B", "36 B",
     octets(med("pm300", "rss_per_route")) + " pmbmpd" if "pm300" in runs else "571 B pmbmpd *", repeats("full1")),
    ("RSS per route, 4 tables", octets(med("full4", "rss_per_route")), "32 B", "22 B",
     octets(med("pm4", "rss_per_route")) + " pmbmpd" if "pm4" in runs else "262 B pmbmpd *", repeats("full4")),
    ("RSS at start, with the VRPs", "-" if start is None else "%.1f MB" % (start / 1e6), "-", "-",
     "%.0f MB pmbmpd, none" % (med("pm300", "rss_start") / 1e6) if "pm300" in runs else "135 MB pmbmpd *", repeats("full1")),
    ("peer down: longest stall", "-" if down is None else "%.2f ms" % down, "50 ms", "1 ms", "18 s pmbmpd *", repeats("rules4")),
    ("64 routers: 2 workers against 1", "-" if not (x1 and x2) else "%.2f x" % (x1 / x2), "1.7 x", "1.95 x", "1 x pmbmpd", repeats("m64x2")),
    ("2,000 routers at once, RSS each", "-" if "many" not in runs else "%.1f kB" % (med("many", "rss_per_route") / 1e3), "-", "-", "-", repeats("many")),
]
head = ("work", "ours", "must", "aim", "rival", "runs")
widths = [max(len(str(r[i])) for r in table + [head]) for i in range(len(head))]
print("%s, %d CPUs, Linux %s, commit %s, load %.1f" %
      (cpu_name(), os.cpu_count(), platform.release(), os.environ.get("COMMIT", "unknown"), os.getloadavg()[0]))
print("rates are messages per CPU second of the receiver; medians; * measured earlier, not in this run")
if pm_full:
    print("must and aim were set where pmbmpd took a table of 300,000 at 0.105 M/s; here it takes it at %.3f M/s"
          % (pm_full / 1e6))
for r in [head] + table:
    print("  ".join(str(c).ljust(w) for c, w in zip(r, widths)).rstrip())
sys.exit(0 if check_judgement(sys.argv[2]) else 1)
