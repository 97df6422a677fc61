# What is no recording, holds nothing, or is cut: words on stderr, what can be read on stdout, and an exit code.
. tests/it/lib/it.sh
export PYTHONPATH=tests/it/lib PYTHONDONTWRITEBYTECODE=1
python3 - "$work" <<'P'
import bz2, gzip, lzma, struct, sys
from bmp import *
def put(name, data):
    open(sys.argv[1] + "/" + name, "wb").write(data)
stream = initiation() + peer_up() + b"".join(monitoring(update(base() + NEXT_HOP, prefix(i))) for i in range(2000))
put("good", stream)
put("empty", b"")
put("empty.gz", gzip.compress(b""))
put("text", b"hello world\n" * 10)
put("short", b"hi\n")
put("zip", b"PK\3\4" + b"\0" * 50)
put("xz", lzma.compress(stream))
put("twice", gzip.compress(gzip.compress(stream)))
put("begun", stream[:3])
put("torn", stream[:-700] + b"\xee" * 700)
put("cut", stream[:-10])
put("cut.gz", gzip.compress(stream)[:-300])
put("cut.bz2", bz2.compress(stream[:-10])[:-4])
put("noise", pcap([segment(9, 10, 33333, 80, 1 + i, b"x") for i in range(30)]))
put("none.pcap", pcap([]))
put("tiny.pcap", pcap([])[:10])
put("ospf", struct.pack(">IHHI", T, 11, 0, 40) + b"\0" * 40)
P
code() { # code WANT WORDS COMMAND...
	want=$1 words=$2
	shift 2
	timeout 20 "$@" >"$work/out" 2>"$work/err" && got=0 || got=$?
	[ "$got" = "$want" ] || fail "$*: exit $got, not $want: $(cat "$work/err")"
	[ -n "$words" ] || { [ ! -s "$work/err" ] || fail "$*: $(cat "$work/err")"; return 0; }
	grep -qF -- "$words" "$work/err" || fail "$*: no word of \"$words\": $(cat "$work/err")"
}
# NAME, exit code, words
while read -r name want words; do
	for how in "" --summary "-o json"; do
		code "$want" "$words" "$bellman" decode $how "$work/$name"
	done
	[ "$want" != 0 ] || continue
	[ ! -s "$work/out" ] || fail "$name: something was shown"
	for to in bmp openbmp mrt mrt-updates; do
		code "$want" "$words" "$bellman" convert --to $to "$work/$name" "$work/o"
		[ ! -e "$work/o" ] || fail "convert --to $to $name leaves a file"
	done
done <<E
good 0
text 2 neither BMP, pcap, MRT nor OpenBMP (begins 68 65 6c 6c: text)
short 2 neither BMP, pcap, MRT nor OpenBMP (begins 68 69 0a: text)
zip 2 (begins 50 4b 03 04: zip, which is not unpacked here)
xz 2 (begins fd 37 7a 58: xz
twice 2 (begins 1f 8b 08 00: gzip, packed twice)
none 2 No such file
tiny.pcap 2 truncated
empty 1 empty: empty
empty.gz 1 empty.gz: empty
noise 1 no BMP or BGP in 30 packets
none.pcap 1 no BMP or BGP in 0 packets
torn 0 framing lost after
cut 0 ends inside a message
cut.gz 0 the file is cut short
cut.bz2 0 the file is cut short
E
code 1 "no BGP in 1 MRT record" "$bellman" decode --summary "$work/ospf"
code 1 "ends inside a message, 3 octets left" "$bellman" decode "$work/begun"
code 2 "standard input: neither BMP" "$bellman" decode - <"$work/text"

# a cut file gives what is there, however it is packed: to the eye, to be counted, to be converted
n=$("$bellman" decode --summary "$work/cut.gz" 2>/dev/null | json 'v[0]["announced"]["1/1"]')
[ "$n" -gt 100 ] || fail "cut.gz: $n routes are counted"
"$bellman" convert --to mrt "$work/cut.gz" "$work/mrt" 2>"$work/err" || fail "convert cut.gz"
grep -q "$n routes of 1 peer," "$work/err" || fail "convert cut.gz: $(cat "$work/err")"

# nothing that was asked for is found
code 1 "none of 2002 messages is what was asked for" "$bellman" decode --type termination "$work/good"
code 1 "none of 2002 messages has a fault or a quirk" "$bellman" decode --problems "$work/good"
code 0 "" "$bellman" decode --type peer_up "$work/good"
# of several files one has it: found; one cannot be read: said
code 0 "empty: empty" "$bellman" decode --summary "$work/empty" "$work/good"
code 2 "neither" "$bellman" decode --summary "$work/good" "$work/text"
[ "$(wc -l <"$work/out")" = 2 ] || fail "a summary for each: $(cat "$work/out")"
code 0 "" "$bellman" decode -n 2 -o json "$work/good" "$work/good"
[ "$(wc -l <"$work/out")" = 2 ] || fail "-n counts over all files"

# nothing of it goes out to a router's port
port=$(free_port)
python3 -c "
import socket, sys
s = socket.create_server(('127.0.0.1', $port))
while True:
    c = s.accept()[0]
    while c.recv(65536): pass
" &
sink=$!
trap 'status=$?; kill $sink; rm -rf "$work"; exit $status' EXIT
listens() { "$bellman" replay "$work/good" --to "127.0.0.1:$port" >/dev/null 2>&1; }
until_true 10 listens || fail "replay"
code 2 "neither BMP" "$bellman" replay "$work/text" --to "127.0.0.1:$port"
code 1 "no BMP or BGP in 30 packets" "$bellman" replay "$work/noise" --to "127.0.0.1:$port"
code 0 "the file is cut short" "$bellman" replay "$work/cut.gz" --to "127.0.0.1:$port"

# who pipes a live stream into it sees each message when it comes
python3 - "$bellman" "$work/good" <<'P' || fail "what comes live waits"
import os, select, subprocess, sys
data = open(sys.argv[2], "rb").read(300)
for args in (["-o", "json"], []):
    p = subprocess.Popen([sys.argv[1], "decode", *args, "-"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    p.stdin.write(data)
    p.stdin.flush()
    if not select.select([p.stdout], [], [], 20)[0] or b"peer_up" not in os.read(p.stdout.fileno(), 65536):
        sys.exit("nothing came")
    p.stdin.close()
    p.wait()
P
