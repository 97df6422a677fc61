#!/bin/sh
# Includes point only down (docs/ARCHITECTURE.md, "Floors"), and a foreign library has one home.
# Reads every #include line of the tree; prints each breach and exits 1 if there is one.
set -eu
git ls-files '*.c' '*.h' | grep -v '^tests/' | xargs awk '
function floor(p) {
	if (p ~ /^base\//) return 0
	if (p ~ /^parsers\//) return 0
	if (p ~ /^proto\//) return 1
	if (p ~ /^collector\/(rib|rpki|bmp_stream)\//) return 2
	if (p ~ /^collector\/(engine|detect|incident)\//) return 3
	if (p ~ /^(collector\/(net|files)|sinks|cli)\//) return 4
	if (p ~ /^collector\/(config[a-z_]*|main)\./) return 5
	return -1
}
function room(p,   q) { q = p; sub(/\/[^\/]*$/, "", q); return q }
function bad(why) { printf "%s:%d: %s: %s\n", FILENAME, FNR, why, inc; n++ }
/^[ \t]*#[ \t]*include[ \t]*"/ {
	inc = $0; sub(/^[^"]*"/, "", inc); sub(/".*$/, "", inc)
	if (inc ~ /\.pb-c\.h$/) { if (FILENAME != "proto/record_pb.c") bad("generated protobuf has one home"); next }
	f = floor(FILENAME); t = floor(inc); a = room(FILENAME); b = room(inc)
	if (f < 0 || t < 0) { bad("path is on no floor"); next }
	if (t > f) bad("points up")
	if (a == "parsers" && b != "parsers") bad("parsers know libc only")
	if (a == "base" && b != "base") bad("base knows nobody")
	if (f == 2 && t == 2 && a != b) bad("rib, rpki and bmp_stream are strangers")
	if (a == "collector/detect" && b ~ /^collector\/(engine|incident)$/) bad("detectors know neither engine nor incidents")
	if (a == "collector/files" && b ~ /^(collector\/net|sinks|cli)$/) bad("files know parsers and base only")
	if (a == "sinks" && b == "collector/net") bad("sinks know nothing of the net")
	if (b == "collector/net" && a != "collector/net" && FILENAME != "collector/main.c") bad("only main wires the net")
}
/^[ \t]*#[ \t]*include[ \t]*</ {
	inc = $0; sub(/^[^<]*</, "", inc); sub(/>.*$/, "", inc)
	home["uv.h"] = "^(collector/net/|cli/)"
	home["librdkafka/rdkafka.h"] = "^(sinks/kafka\\.c|cli/)$"
	home["sqlite3.h"] = "^sinks/journal\\.c$"
	home["yaml.h"] = "^collector/config.*\\.[ch]$"
	home["jansson.h"] = "^(collector/rpki/vrp_json\\.c|cli/.*)$"
	home["zlib.h"] = "^collector/files/gzip\\.c$"
	home["bzlib.h"] = "^collector/files/bzip2\\.c$"
	home["zstd.h"] = "^collector/files/zstd\\.c$"
	home["pcap/pcap.h"] = "^collector/files/pcap\\.c$"
	home["pcap.h"] = "^collector/files/pcap\\.c$"
	home["xxhash.h"] = "^base/hash\\.h$"
	if (inc in home && FILENAME !~ home[inc]) bad("one foreign library, one home")
	if (FILENAME ~ /^(collector\/(engine|detect|incident|rib|rpki|bmp_stream)|parsers)\// &&
	    inc ~ /^(time|sys\/time|sys\/socket|pthread|unistd|fcntl|stdio_ext)\.h$/) bad("no I/O, clock or thread on this floor")
}
END { if (n) exit 1; print "lint: includes point down" }' /dev/null
