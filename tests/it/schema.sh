# share/schema/record.schema.json against what is written: all records of the demo, and one in which every field says
# something. No member is written that it does not have, none is in it that nobody writes.
. tests/it/lib/it.sh
python3 -c 'import jsonschema; jsonschema.Draft202012Validator' 2>/dev/null || { echo "no python3-jsonschema here"; exit 77; }
TMPDIR=$work "$bellman" demo --fast --stay --color never >"$work/out" &
demo=$!
stays() { grep -q '^Ctrl-C here' "$work/out"; }
until_true 60 stays || fail "the demo does not stay: $(cat "$work/out")"
sock=$(sed -n 's/.*export BELLMAN_SOCKET=//p' "$work/out")
"$bellman" test-alert -s "$sock" --for 1s >/dev/null || fail "test-alert"
"$bellman" tail -s "$sock" --since 1h -o json >"$work/records"
"$bellman" show incidents -s "$sock" -o json >>"$work/records"
kill "$demo"
wait "$demo" || fail "demo: exit $?"
"$BUILD/tests/tools/record_sample" >"$work/sample"
python3 - "$work/records" "$work/sample" <<'P' || fail "schema"
import copy, json, sys
import jsonschema
schema = json.load(open("share/schema/record.schema.json"))
jsonschema.Draft202012Validator.check_schema(schema)


def strict(node):
    """as it is published new members may come; here none may that is not written about"""
    if isinstance(node, dict):
        if "properties" in node:
            node["additionalProperties"] = False
        for below in node.values():
            strict(below)
    elif isinstance(node, list):
        for below in node:
            strict(below)


held = copy.deepcopy(schema)
strict(held)
validator = jsonschema.Draft202012Validator(held)
records = [json.loads(line) for path in sys.argv[1:] for line in open(path)]
assert sum("id" in r for r in records) > 8 and sum("event" in r for r in records) > 4, len(records)
for r in records:
    for e in validator.iter_errors(r):
        raise SystemExit("%s: %s\n%s" % (e.json_path, e.message, json.dumps(r)))
# it does refuse
for change in ({"severity": "grave"}, {"more": 1}, {"id": "short"}, {"at": "yesterday"}, {"views": ["adj-rib"]}, {"prefixes": {}}):
    assert list(validator.iter_errors(dict(next(r for r in records if "id" in r), **change))), change
    plain = jsonschema.Draft202012Validator(schema)
    assert bool(list(plain.iter_errors(dict(next(r for r in records if "id" in r), **change)))) == ("more" not in change)


def members(node, at, out):
    """every path of a member that the schema has"""
    node = schema["$defs"][node["$ref"].split("/")[-1]] if "$ref" in node else node
    for key, below in node.get("properties", {}).items():
        out.add(at + "." + key)
        members(below, at + "." + key, out)
    if "items" in node:
        members(node["items"], at, out)
    return out


def seen(value, at, out):
    if isinstance(value, dict):
        for key, below in value.items():
            out.add(at + "." + key)
            seen(below, at + "." + key, out)
    elif isinstance(value, list):
        for below in value:
            seen(below, at, out)
    return out


# what docs/JSON.md shows
shown = [json.loads(b.split("```")[0]) for b in open("docs/JSON.md").read().split("```json\n")[1:]]
assert len(shown) >= 4 and any(r.get("test") for r in shown) and any("event" in r for r in shown)
for r in shown:
    for e in validator.iter_errors(r):
        raise SystemExit("docs/JSON.md: %s: %s" % (e.json_path, e.message))
# the samples that are shipped: a record of each kind
samples = [json.loads(line) for line in open("share/schema/samples.jsonl")]
names = [r.get("kind") or r["event"] for r in samples]
assert names == sorted(set(names)) and len(names) > 80, len(names)
for r in samples:
    for e in validator.iter_errors(r):
        raise SystemExit("share/schema/samples.jsonl: %s: %s" % (e.json_path, e.message))
for name, which in (("incident", "id"), ("event", "event")):
    written = set().union(*(seen(r, "", set()) for r in records if which in r))
    unseen = members(schema["$defs"][name], "", set()) - written - {".written"}
    assert not unseen, "nobody writes %s of an %s" % (sorted(unseen), name)
P
