#!/bin/sh
# Which room may include which (docs/ARCHITECTURE.md, "Rooms and floors"), and where each foreign library lives.
# Reads every #include line outside of tests/; prints each breach and exits 1 if there is one.
# usage: lint_includes.sh ROOM... (all rooms, from the ground up: the Makefile's order, which the linker proves)
set -eu

# room: the rooms it may know beside itself
map='
base/pure:
base:                   base/pure
parsers:                base/pure
proto:                  base/pure base
collector/rib:          base/pure base parsers
collector/rpki:         base/pure base parsers
collector/sav:          base/pure base collector/rpki
collector/bmp_stream:   base/pure base parsers
collector/detect:       base/pure base parsers proto collector/rpki
collector/norms:        base/pure base parsers proto collector/rpki collector/detect
collector/incident:     base/pure base parsers proto collector/rpki collector/detect
collector/engine:       base/pure base parsers proto collector/rib collector/rpki collector/sav collector/bmp_stream collector/detect
collector/recordings:   base/pure base parsers
sinks:                  base/pure base proto
collector/show:         base/pure base parsers proto collector/rpki collector/sav collector/bmp_stream collector/engine
collector/control:      base/pure base proto sinks collector/rpki collector/sav collector/norms collector/incident collector/engine collector/show
collector/http:         base/pure base proto
collector/daemon:       base/pure base parsers proto sinks collector/rpki collector/sav collector/bmp_stream collector/detect collector/norms collector/incident collector/engine collector/recordings collector/show collector/control collector/http
collector/config:       base/pure base proto sinks collector/http collector/daemon
collector/main.c:       base/pure base collector/config collector/daemon
cli:                    base/pure base parsers proto collector/rpki collector/bmp_stream collector/recordings
'

git ls-files '*.c' '*.h' | grep -v '^tests/' | xargs awk -v map="$map" -v order="$*" '
BEGIN {
	lines = split(map, line, "\n")
	for (i = 1; i <= lines; i++) {
		rooms = split(line[i], word, " ")
		from = word[1]
		sub(/:$/, "", from)
		if (from != "")
			known[from] = 1
		for (j = 2; j <= rooms; j++)
			may[from, word[j]] = 1
	}
	rooms = split(order, word, " ")
	for (i = 1; i <= rooms; i++)
		if (!(word[i] in known)) {
			printf "lint: room %s has no row in the map of lint_includes.sh\n", word[i]
			n++
		}
	home["uv.h"] = "^(collector/(daemon|control)/|cli/)"
	home["librdkafka/rdkafka.h"] = "^sinks/kafka"
	home["sqlite3.h"] = "^sinks/journal(_private\\.h|_[a-z]+\\.c|\\.c)$"
	home["yaml.h"] = "^collector/config/"
	home["jansson.h"] = "^(collector/rpki/(vrp_json|slurm)\\.c|collector/daemon/(contacts\\.c|customer_file\\.c|json_walk\\.[ch])|collector/http/.*|cli/.*)$"
	home["microhttpd.h"] = "^collector/http/"
	home["zlib.h"] = "^collector/recordings/unpack/gzip\\.c$"
	home["bzlib.h"] = "^collector/recordings/unpack/bzip2\\.c$"
	home["zstd.h"] = "^collector/recordings/unpack/zstd\\.c$"
	home["pcap/pcap.h"] = "^collector/recordings/packets/pcap\\.c$"
	home["pcap.h"] = home["pcap/pcap.h"]
	home["curses.h"] = "^cli/top\\.c$"
	home["libsmartcols/libsmartcols.h"] = "^cli/show/table\\.c$"
	home["xxhash.h"] = "^base/hash\\.h$"
	tls = "^collector/daemon/tls\\.c$"
	pure = "^(base/pure|parsers|collector/(engine|detect|norms|incident|rib|rpki|bmp_stream|show))/"
}
function room_of(path) {
	while (!(path in known)) {
		if (path !~ /\//)
			return ""
		sub(/\/[^\/]*$/, "", path)
	}
	return path
}
function breach(why) { printf "%s:%d: %s: %s\n", FILENAME, FNR, why, included; n++ }
/^[ \t]*#[ \t]*include[ \t]*"/ {
	included = $0
	sub(/^[^"]*"/, "", included)
	sub(/".*$/, "", included)
	if (included ~ /\.pb-c\.h$/) {
		if (FILENAME != "proto/record_pb.c")
			breach("generated protobuf has one home")
		next
	}
	from = room_of(FILENAME)
	to = room_of(included)
	if (from == "" || to == "")
		breach("path is in no room")
	else if (from != to && !((from, to) in may))
		breach(from " may not know " to)
	if (included ~ /_private\.h$/ && from != to)
		breach("private to its room")
}
/^[ \t]*#[ \t]*include[ \t]*</ {
	included = $0
	sub(/^[^<]*</, "", included)
	sub(/>.*$/, "", included)
	if (included in home && FILENAME !~ home[included] || included ~ /^openssl\// && FILENAME !~ tls)
		breach("one foreign library, one home")
	if (FILENAME ~ pure && included ~ /^(time|sys\/time|sys\/socket|pthread|unistd|fcntl|stdio_ext)\.h$/)
		breach("no I/O, clock or thread on this floor")
}
END { if (n) exit 1; print "lint: every room knows only what it may" }' /dev/null
