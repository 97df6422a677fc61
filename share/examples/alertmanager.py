#!/usr/bin/env python3
"""Open incidents of Bellman as alerts of Prometheus' Alertmanager.

usage: alertmanager.py http://127.0.0.1:9093 [FILTER]     as a service, as a member of the group bellman

It asks the daemon what is open, and says so to Alertmanager, which keeps an alert that is repeated and ends one that is
not: nothing is kept here, and neither a restart nor a record that was missed leaves an alert behind.
"""
import datetime
import json
import subprocess
import sys
import time
import urllib.request

EVERY_S, KEPT_S = 15, 90
FILTER = "severity >= warning and not muted"


def is_open(filter_text):
    ask = subprocess.run(["bellman", "show", "incidents", "-o", "json", filter_text], capture_output=True, text=True, timeout=60)
    if ask.returncode not in (0, 1):  # 1: there is none
        raise RuntimeError(ask.stderr.strip())
    return {r["id"]: r for r in map(json.loads, ask.stdout.splitlines())}


def alert(record, ends):
    return {"labels": {"alertname": record["kind"], "severity": record["severity"], "incident": record["id"],
                       "collector": record["collector"], "router": record["router"], "test": str(record["test"]).lower()},
            "annotations": {"summary": record["summary"], "doc": record["doc"], "neighbor": record["neighbor_name"],
                            "prefixes": " ".join(record["prefixes"]["examples"]), "action": record["manrs_action"]},
            "startsAt": record["first_seen"], "endsAt": ends.isoformat()}


def main():
    url, filter_text = sys.argv[1].rstrip("/") + "/api/v2/alerts", " ".join(sys.argv[2:]) or FILTER
    before = {}
    while True:
        try:
            now, opened = datetime.datetime.now(datetime.timezone.utc), is_open(filter_text)
            alerts = [alert(r, now + datetime.timedelta(seconds=KEPT_S)) for r in opened.values()]
            alerts += [alert(r, now) for i, r in before.items() if i not in opened or r["severity"] != opened[i]["severity"]]
            body = json.dumps(alerts).encode()
            urllib.request.urlopen(urllib.request.Request(url, body, {"Content-Type": "application/json"}), timeout=30).close()
            before = opened
        except (OSError, RuntimeError, subprocess.TimeoutExpired) as e:
            print("bellman to Alertmanager:", e, file=sys.stderr, flush=True)
        time.sleep(EVERY_S)


if __name__ == "__main__":
    main()
