# share/prometheus and share/grafana: each metric that they name is one of docs/METRICS.md, with labels that it has; the
# rules are what they say (promtool, where it is installed).
. tests/it/lib/it.sh
python3 - <<'P' || fail "monitoring"
import glob, json, re
known = {}
for line in open("docs/METRICS.md"):
    m = re.match(r"\| `(\w+)` \| \w+ \| \w* \| (.*?) \| ", line)
    if m:
        known[m[1]] = set(re.findall(r"`(\w+)`", m[2]))
    if m and "| histogram |" in line:
        known.update({m[1] + "_bucket": {"le"}, m[1] + "_sum": set(), m[1] + "_count": set()})
assert len(known) > 80, len(known)
ANY = {"instance", "job", "alertname"}

def check(where, expr):
    names = re.findall(r"\b((?:bellman|process)_\w+)\b(?:\{([^}]*)\})?", expr)
    assert names or "up{" in expr, (where, expr)
    for name, labels in names:
        assert name in known, "%s: there is no metric %s" % (where, name)
        for label in re.findall(r"(\w+)\s*(?:=~|!~|!=|=)", labels or ""):
            assert label in known[name] | ANY, "%s: %s has no label %s" % (where, name, label)
    return {label for name, _ in names for label in known[name]} | ANY

def legend(where, text, labels):
    for label in re.findall(r"\{\{\s*(?:\$labels\.)?(\w+)\s*\}\}", text):
        assert label in labels, "%s: no label %s" % (where, label)

boards = sorted(glob.glob("share/grafana/*.json"))
assert len(boards) == 3, boards
uids = set()
for path in boards:
    board = json.load(open(path))
    uids.add(board["uid"])
    ids = [p["id"] for p in board["panels"]]
    assert len(ids) == len(set(ids)) and board["title"] and len(ids) > 10, path
    cells = set()
    for p in board["panels"]:
        g = p["gridPos"]
        mine = {(x, y) for x in range(g["x"], g["x"] + g["w"]) for y in range(g["y"], g["y"] + g["h"])}
        assert not mine & cells and g["x"] + g["w"] <= 24, "%s: %s lies on another panel" % (path, p["title"])
        cells |= mine
        for t in p.get("targets", []):
            legend("%s: %s" % (path, p["title"]), t["legendFormat"], check("%s: %s" % (path, p["title"]), t["expr"]))
    for v in board["templating"]["list"]:
        if v["type"] == "query":
            check(path, v["definition"])
assert len(uids) == 3
rules = open("share/prometheus/bellman.rules.yml").read()
alerts = re.findall(r"- alert: (\w+)\n(.*?)(?=\n      - alert|\Z)", rules, re.S)
assert len(alerts) >= 15
tested = open("share/prometheus/bellman.rules.test.yml").read()
for name, body in alerts:
    labels = check(name, re.search(r"expr: (.*)", body)[1])
    legend(name, body.replace("{{ $value }}", ""), labels)
    assert re.search(r"severity: (critical|warning|info)\}", body), name
    assert name in tested, "%s: no test" % name
P
command -v promtool >/dev/null || { echo "promtool is not here"; exit 77; }
cd share/prometheus
promtool check rules bellman.rules.yml || fail "rules"
promtool test rules bellman.rules.test.yml || fail "tests of rules"
