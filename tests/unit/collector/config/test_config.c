/* Configuration: what each option accepts and says. */
#include <unistd.h>

#include "tests/unit/support/config_text.h"

/* --- good */

#define LISTS_OF_NETWORKS                                                                          \
	"  provider_free: [174, 701, 702, 703, 1299, 2914, 3257, 3320, 3356, 3491, 4134, "         \
	"5511, 6453, 6461, 6762, 6830, 7018]\n  no_transit: [8075, 15169, 32934]\n  "              \
	"carriers: [1221, 1273, 2516, 3216, 4637, 4755, 4826, 5617, 6939, 7473, 9002, "            \
	"9498, 12956, 37100]\n  siblings: [[209, 3356, 3549, 3561], [701, 702, 703], "             \
	"[2914, 4713], [4134, 4809, 23764], [1026, 6432, 11344, 13949, 15169, 16550, "             \
	"16591, 19425, 19448, 19527, 22577, 22859, 26684, 26910, 32381, 33410, 33715, "            \
	"36039, 36040, 36190, 36383, 36384, 36385, 36411, 36492, 36520, 36561, 36987, "            \
	"40873, 41264, 43515, 45566, 54125, 55023, 139070, 139190, 151231, 209504, "               \
	"209519, 209539, 214609, 214611, 394089, 394507, 394639, 394725, 395973, 396178, "         \
	"396982], [3598, 5761, 6182, 6194, 6291, 6584, 8068, 8069, 8070, 8071, 8072, "             \
	"8073, 8074, 8075, 12076, 13399, 13443, 13811, 14413, 14588, 14719, 14783, "               \
	"17144, 17345, 18733, 20046, 20049, 20366, 22692, 23468, 24221, 25796, 26222, "            \
	"30135, 30427, 30520, 30575, 31792, 32163, 32476, 35106, 36006, 36459, 40066, "            \
	"40551, 40793, 45139, 46182, 53587, 54396, 54947, 55163, 55497, 57976, 58593, "            \
	"58862, 59067, 63245, 63314, 132348, 132466, 134235, 137709, 198072, 198097, "             \
	"200517, 202167, 202745, 395496, 395524, 395851, 396463, 397096, 397466, 397996, "         \
	"398575, 398656, 398657, 398658, 398659, 398660, 398661, 398961, 400572, 400573, "         \
	"400574, 400575, 400576, 400577, 400578, 400579, 400580, 400581, 400582, "                 \
	"400884], [11917, 32934, 34825, 54115, 63293, 149642]]\n"

/* In two, for the compiler promises to take no more than 4095 characters. */
static const char default_head[] = "collector: \"t\"\n"
				   "state_dir: \"/var/lib/bellman\"\n"
				   "control: \"/run/bellman/control.sock\"\n"
				   "listen:\n"
				   "  - {address: \"0.0.0.0\", port: 11019}\n"
				   "  - {address: \"::\", port: 11019}\n"
				   "workers: 0\n"
				   "http:\n"
				   "  listen: [{address: \"127.0.0.1\", port: 11020}]\n"
				   "  token: \"\"\n"
				   "  connections: 128\n"
				   "  per_address: 64\n"
				   "  streams: 64\n"
				   "  idle_s: 30\n"
				   "  peers: 1000\n"
				   "log: {level: info, format: text}\n"
				   "limits:\n"
				   "  routers: 2000\n"
				   "  per_address: 0\n"
				   "  peers_per_router: 10000\n"
				   "  message_bytes: 1048576\n"
				   "  routes: 100000000\n"
				   "  attributes_mb: 1024\n"
				   "  initiation_s: 60\n"
				   "  idle_s: 0\n"
				   "  keepalive_s: 60\n"
				   "  stale_s: 300\n"
				   "  forget_s: 604800\n"
				   "  behind_s: 60\n"
				   "neighbor_lists:\n  max_age_days: 14\n"
				   "own:\n"
				   "  asns: []\n"
				   "  confederation: []\n"
				   "  siblings: []\n"
				   "  upstreams: []\n"
				   "  blackhole_communities: []\n"
				   "  derive: on\n"
				   "rpki:\n"
				   "  settle_s: 0\n"
				   "  switch_s: 30\n"
				   "  max_age_s: 86400\n"
				   "  max_loss_percent: 10\n"
				   "  max_loss: 50\n"
				   "  max_invalid: 1000\n"
				   "  hold_s: 3600\n"
				   "relations:\n"
				   "  infer: on\n"
				   "  infer_after_s: 600\n"
				   "  infer_table: 50000\n"
				   "bogons:\n"
				   "  max_age_days: 7\n";
static const char default_rest[] =
    "rules:\n"
    "  off: []\n"
    "  dry_run: []\n"
    "  burst_at: 64\n"
    "  for: {rov.invalid.asn: all, rov.invalid.length: all, leak.otc: all, leak.peerlock: all, "
    "hijack.exact: all, hijack.more-specific: all, own.more-specific: all" FURTHER_RULES(
	": all") "}\n"
		 "  severity_max: {rov.invalid.asn: critical, rov.invalid.length: critical, "
		 "leak.otc: critical, "
		 "leak.peerlock: critical, hijack.exact: critical, hijack.more-specific: critical, "
		 "own.more-specific: critical" FURTHER_RULES(
		     ": critical") "}\n" LISTS_OF_NETWORKS "  bogons_allowed: []\n"
				   "  bogon_asns_allowed: []\n"
				   "  vrfs: []\n" WATCH_DEFAULT "incidents:\n"
				   "  hold_ms: 2000\n"
				   "  update_s: 300\n"
				   "  feed_grace_s: 30\n"
				   "  forget_s: 604800\n"
				   "  settle_s: 120\n"
				   "  group_at: 8\n"
				   "  large_at: 1000\n"
				   "  baseline: on\n"
				   "sav:\n"
				   "  watch: []\n"
				   "  method: bar\n"
				   "  every_s: 300\n"
				   "  shrink_percent: 5\n"
				   "  exclude_invalid: off\n"
				   "contacts:\n"
				   "  max_age_days: 730\n"
				   "journal:\n"
				   "  retain_days: 30\n"
				   "  max_mb: 1024\n";

/* A token is nobody's business. */
START_TEST(token_is_masked)
{
	struct config *c = parse_good("collector: t\nhttp: {token: s3cret}\n");
	struct sbuf dump = dump_of(c);

	ck_assert_str_eq(c->coordinator.http.token, "s3cret");
	ck_assert_ptr_null(strstr(sbuf_text(&dump), "s3cret"));
	ck_assert_ptr_nonnull(strstr(sbuf_text(&dump), "  token: \"********\"\n"));
	sbuf_free(&dump);
	config_free(c);
}
END_TEST

START_TEST(default_dump)
{
	static const char *const nothing[] = { "collector: t\n", "collector: t\nlisten: []\n",
		"collector: t\naccess: {}\n", "collector: t\nrpki: {files: []}\n",
		"{collector: t, log: {}, limits: {}, own: {}, rules: {}}" };

	for (size_t i = 0; i < sizeof(nothing) / sizeof(nothing[0]); i++) {
		struct config *c = parse_good(nothing[i]);
		struct sbuf dump = dump_of(c);

		ck_assert_uint_gt(dump.len, sizeof(default_head));
		ck_assert_str_eq(sbuf_text(&dump) + sizeof(default_head) - 1, default_rest);
		ck_assert(memcmp(sbuf_text(&dump), default_head, sizeof(default_head) - 1) == 0);
		sbuf_free(&dump);
		config_free(c);
	}
}
END_TEST

START_TEST(default_name)
{
	struct config *c = parse_good("");
	char host[64] = "";

	ck_assert_int_eq(gethostname(host, sizeof(host) - 1), 0);
	ck_assert_str_eq(c->coordinator.records.collector, host);
	config_free(c);
}
END_TEST

static const struct {
	const char *text, *dump;
} good[] = {
	{ "collector: ams\nstate_dir: /tmp/x\ncontrol: /tmp/x/c.sock\n",
	    "collector: \"ams\"\nstate_dir: \"/tmp/x\"\ncontrol: \"/tmp/x/c.sock\"\nlisten:" },
	{ "state_dir: \"/a \\\"b\\\" \\\\c\\n\"\n", "\nstate_dir: \"/a \\\"b\\\" \\\\c\\x0a\"\n" },
	{ "workers: 7\n", "\nworkers: 7\n" },
	{ "limits: {idle_s: 5m}\n", "\n  idle_s: 300\n" },
	{ "limits: {stale_s: 1H, idle_s: 90s}\n", "\n  idle_s: 90\n" },
	{ "journal: {max_mb: 2GB, retain_days: 2w}\n", "  max_mb: 2048" },
	{ "own: {asns: 64500}\n", "\nown:\n  asns: [64500]\n" },
	{ "own: {asns: [64500], prefixes: [203.0.113.0/24]}\n", "prefix: \"203.0.113.0/24\"" },
	{ "log: {level: debug, format: json}\n", "\nlog: {level: debug, format: json}\nlimits:" },
	{ "listen:\n  - {address: 192.0.2.1}\n  - {address: \"2001:db8::1\", port: 5000}\n",
	    "\nlisten:\n  - {address: \"192.0.2.1\", port: 11019}\n"
	    "  - {address: \"2001:db8::1\", port: 5000}\nworkers:" },
	{ "access: {allow: [192.0.2.0/24, \"2001:db8::/32\", 198.51.100.7]}\n",
	    "\naccess:\n  allow:\n    - \"192.0.2.0/24\"\n    - \"2001:db8::/32\"\n"
	    "    - \"198.51.100.7/32\"\nlimits:" },
	{ "access: {allow: []}\n", "\naccess:\n  allow: []\nlimits:" },
	{ "limits: {routers: 1, per_address: 3, peers_per_router: 2, message_bytes: 65583, "
	  "routes: 1000000000, attributes_mb: 7, "
	  "initiation_s: 0, idle_s: 5, keepalive_s: 0, stale_s: 31536000, forget_s: 9, behind_s: "
	  "2}\n",
	    "\nlimits:\n  routers: 1\n  per_address: 3\n  peers_per_router: 2\n  message_bytes: "
	    "65583\n"
	    "  routes: 1000000000\n  attributes_mb: 7\n  initiation_s: 0\n  idle_s: 5\n  "
	    "keepalive_s: 0\n"
	    "  stale_s: 31536000\n  forget_s: 9\n  behind_s: 2\nneighbor_lists:" },
	{ "files: [{path: /tmp/a.gz, name: rrc00}, {path: b}]\n",
	    "\nfiles:\n  - {path: \"/tmp/a.gz\", name: \"rrc00\"}\n"
	    "  - {path: \"b\", name: \"\"}\nneighbor_lists:" },
	{ "routers: [{name: a, address: 192.0.2.1}, {address: \"2001:db8::9\", name: b}]\n",
	    "\nrouters:\n  - {name: \"a\", address: \"192.0.2.1\"}\n"
	    "  - {name: \"b\", address: \"2001:db8::9\"}\nneighbor_lists:" },
	{ "neighbors:\n - {asn: 64501, relation: customer}\n - {asn: AS64502, relation: peer}\n"
	  " - {address: 192.0.2.9, relation: provider}\n"
	  " - {address: \"2001:db8::9\", asn: 1, relation: rs}\n"
	  " - {relation: internal, asn: 1}\n - {relation: collector, asn: 2}\n"
	  " - {relation: rs-client, asn: as4294967295}\n - {asn: 0, relation: peer}\n",
	    "\nneighbors:\n  - {asn: 64501, relation: customer}\n"
	    "  - {asn: 64502, relation: peer}\n"
	    "  - {address: \"192.0.2.9\", relation: provider}\n"
	    "  - {address: \"2001:db8::9\", asn: 1, relation: rs}\n"
	    "  - {asn: 1, relation: internal}\n  - {asn: 2, relation: collector}\n"
	    "  - {asn: 4294967295, relation: rs-client}\n  - {asn: 0, relation: "
	    "peer}\nneighbor_lists:" },
	{ "neighbors:\n - {asn: 64501, name: Example, contact: \"noc@example.net\"}\n"
	  " - {address: 192.0.2.9, relation: peer, contact: x}\nneighbors_file: net.json\n",
	    "\nneighbors:\n  - {asn: 64501, name: \"Example\", contact: \"noc@example.net\"}\n"
	    "  - {address: \"192.0.2.9\", relation: peer, contact: \"x\"}\n"
	    "neighbors_file: \"net.json\"\nneighbor_lists:" },
	{ "contacts: {files: [net.json, ripe.db], max_age_days: 0, name: Our NOC, "
	  "email: noc@example.org, phone: \"+31 1\"}\n",
	    "\ncontacts:\n  files:\n    - \"net.json\"\n    - \"ripe.db\"\n  max_age_days: 0\n"
	    "  name: \"Our NOC\"\n  email: \"noc@example.org\"\n  phone: \"+31 1\"\njournal:" },
	{ "relations: {infer: suggest-only, infer_table: 1000, as_rel: a.txt.gz}\n",
	    "\nrelations:\n  infer: suggest-only\n  infer_after_s: 600\n  infer_table: 1000\n"
	    "  as_rel: \"a.txt.gz\"\nbogons:" },
	{ "bogons: {delegated: [a, b], max_age_days: 0}\n",
	    "\nbogons:\n  delegated:\n    - \"a\"\n    - \"b\"\n  max_age_days: 0\nrules:" },
	{ "own:\n  asns: [64500, AS64499]\n  confederation: [65001]\n  siblings: [64498]\n"
	  "  upstreams: [64511, AS64512]\n"
	  "  blackhole_communities: [\"64500:666\", 64500:1:666]\n"
	  "  prefixes:\n    - {prefix: 203.0.113.0/24, max_length: 26}\n"
	  "    - {prefix: \"2001:db8::/32\", origins: [64500, 64499], scrubbers: [64510]}\n",
	    "\nown:\n  asns: [64500, 64499]\n  confederation: [65001]\n  siblings: [64498]\n"
	    "  upstreams: [64511, 64512]\n"
	    "  blackhole_communities: [\"64500:666\", \"64500:1:666\"]\n  derive: on\n  prefixes:\n"
	    "    - {prefix: \"203.0.113.0/24\", max_length: 26, origins: [], scrubbers: []}\n"
	    "    - {prefix: \"2001:db8::/32\", origins: [64500, 64499], scrubbers: "
	    "[64510]}\nrpki:" },
	{ "own: {prefixes: [{prefix: 203.0.113.0/24, origins: [1]}]}\n",
	    "\nown:\n  asns: []\n  confederation: []\n  siblings: []\n  upstreams: []\n"
	    "  blackhole_communities: []\n  derive: on\n  prefixes:\n"
	    "    - {prefix: \"203.0.113.0/24\", origins: [1], scrubbers: []}\nrpki:" },
	{ "rules: {severity_max: {rov.invalid.asn: info, rov.invalid.length: notice, leak.otc: "
	  "warning, "
	  "leak.peerlock: major, hijack.exact: critical, hijack.more-specific: major, "
	  "own.more-specific: info}, provider_free: [1, 2, AS3], no_transit: [6], carriers: [], "
	  "peerlock: [{asn: 7, via: [AS8, 9]}, {asn: 10}], "
	  "siblings: [[1, 4], [AS2, 5]], "
	  "bogons_allowed: [10.64.0.0/10, \"fd00::/8\"], bogon_asns_allowed: [AS64999, 23456], "
	  "vrfs: [a, "
	  "\"1:2\"]}\n",
	    "\n  severity_max: {rov.invalid.asn: info, rov.invalid.length: "
	    "notice, leak.otc: warning, "
	    "leak.peerlock: major, hijack.exact: critical, hijack.more-specific: major, "
	    "own.more-specific: info" FURTHER_RULES(
		": critical") "}\n  provider_free: [1, 2, 3]\n  no_transit: [6]\n"
			      "  carriers: []\n  peerlock:\n    - {asn: 7, via: [8, 9]}\n    - "
			      "{asn: "
			      "10, via: []}\n  siblings: [[1, 4], [2, 5]]\n"
			      "  bogons_allowed: [\"10.64.0.0/10\", \"fd00::/8\"]\n"
			      "  bogon_asns_allowed: [64999, 23456]\n"
			      "  vrfs: [\"a\", \"1:2\"]\nwatch:" },
	{ "rules: {provider_free: [], no_transit: []}\n",
	    "\n  provider_free: []\n  no_transit: []\n  carriers: [1221" },
	{ "rules: {off: [rov.invalid.asn, rov.invalid.length, leak.otc, leak.peerlock, "
	  "hijack.exact, hijack.more-specific, own.more-specific]}\n",
	    "\nrules:\n  off: [rov.invalid.asn, rov.invalid.length, leak.otc, leak.peerlock, "
	    "hijack.exact, hijack.more-specific, own.more-specific]\n  dry_run: []\n  burst_at: "
	    "64\n  for:" },
	{ "rules:\n  exceptions:\n    - {rule: leak.otc, prefix: 192.0.2.0/24, origin: 1, "
	  "neighbor: "
	  "AS2, until: 2104-02-29, why: a test}\n    - {why: \"x\", origin: 0}\n",
	    "\nrules:\n  off: []\n  dry_run: []\n  burst_at: 64\n  exceptions:\n    - {rule: "
	    "leak.otc, prefix: "
	    "\"192.0.2.0/24\", "
	    "origin: 1, neighbor: 2, until: \"2104-02-29\", why: \"a test\"}\n"
	    "    - {origin: 0, why: \"x\"}\n  for:" },
	{ "incidents: {hold_ms: 0, update_s: 1, feed_grace_s: 0, forget_s: 60, settle_s: 1, "
	  "group_at: 2, "
	  "large_at: 50, baseline: off}\n"
	  "journal: {retain_days: 0, max_mb: 0}\n",
	    "\nincidents:\n  hold_ms: 0\n  update_s: 1\n  feed_grace_s: 0\n  forget_s: 60\n"
	    "  settle_s: 1\n  group_at: 2\n  large_at: 50\n  baseline: off\nsav:\n  watch: []\n  "
	    "method: bar\n  every_s: 300\n  "
	    "shrink_percent: 5\n  exclude_invalid: off\ncontacts:\n  max_age_days: 730\njournal:\n "
	    " "
	    "retain_days: 0\n  max_mb: "
	    "0\n" },
	{ "kafka: {}\n", "  max_mb: 1024\nkafka:\n  format: protobuf\n"
			 "  topics: {alerts: \"bmp.alerts.v1\", events: \"bmp.events.v1\"}\n" },
	{ "kafka:\n  format: json\n  topics: {alerts: a.b, events: \"\"}\n  properties:\n"
	  "    bootstrap.servers: \"b1:9092,b2:9092\"\n    security.protocol: ssl\n",
	    "  max_mb: 1024\nkafka:\n  format: json\n  topics: {alerts: \"a.b\", events: \"\"}\n"
	    "  properties:\n    bootstrap.servers: \"b1:9092,b2:9092\"\n"
	    "    security.protocol: \"ssl\"\n" },
};

/* Dumped as expected, and the dump is the same configuration. */
START_TEST(good_is_dumped)
{
	require_dumped(good[_i].text, good[_i].dump);
}
END_TEST

START_TEST(secrets_are_masked)
{
	static const char *const secret[] = { "ssl.key.password", "sasl.oauthbearer.client.secret",
		"ssl.key.pem", "sasl.oauthbearer.config" };

	for (size_t i = 0; i < sizeof(secret) / sizeof(secret[0]); i++) {
		char text[256];
		struct config *c;
		struct sbuf dump;

		snprintf(text, sizeof(text), "kafka: {properties: {%s: hunter2}}\n", secret[i]);
		c = parse_good(text);
		ck_assert_str_eq(c->coordinator.records.kafka.properties[0].value, "hunter2");
		dump = dump_of(c);
		snprintf(text, sizeof(text), "    %s: \"********\"\n", secret[i]);
		ck_assert_ptr_nonnull(strstr(sbuf_text(&dump), text));
		ck_assert_ptr_null(strstr(sbuf_text(&dump), "hunter2"));
		sbuf_free(&dump);
		config_free(c);
	}
}
END_TEST

/* What follows from the options reaches those who take it. */
START_TEST(wired)
{
	struct config *c = parse_good("collector: t\nstate_dir: /s\nworkers: 3\n"
				      "limits: {routes: 5000, stale_s: 7}\n"
				      "incidents: {settle_s: 9}\njournal: {max_mb: 2}\n"
				      "kafka: {properties:\n  {a: b,\n  c: d}}\n"
				      "neighbors: [{asn: 0, relation: rs}]\n");
	const struct coordinator_config *d = &c->coordinator;

	ck_assert_str_eq(c->path, "f");
	ck_assert_str_eq(d->records.journal_path, "/s/journal.sqlite");
	ck_assert_str_eq(d->records.kafka.journal_path, "/s/journal.sqlite");
	ck_assert_str_eq(d->records.kafka.reader, "kafka");
	ck_assert_str_eq(d->rpki.memory_path, "/s/rpki-sources");
	ck_assert(d->records.kafka_enabled);
	ck_assert_uint_eq(d->records.kafka.properties[1].line, 9);
	ck_assert_uint_eq(d->records.kafka.properties[1].column, 3);
	ck_assert_uint_eq(d->records.kafka.line, 7); /* of the properties */
	ck_assert_uint_eq(d->records.kafka.column, 9);
	ck_assert_uint_eq(d->workers, 3);
	ck_assert_uint_eq(d->worker.engine.rib.routes, 5000);
	ck_assert_uint_eq(d->worker.engine.rib.blocks, rib_limits_default(5000).blocks);
	ck_assert_uint_eq(d->worker.engine.stale_s, 7);
	ck_assert_uint_eq(d->worker.engine.rib.account_octets, 1024ULL * 1024 * 1024);
	ck_assert_uint_eq(d->worker.engine.settle_s, 9);
	ck_assert_uint_eq(d->worker.engine.lost_max, 2000);
	ck_assert_uint_eq(d->router_forget_s, 604800 + 30 + 9 + 7);
	ck_assert_uint_eq(d->worker.initiation_s, 60);
	ck_assert_uint_eq(d->sessions.message_max, 1048576);
	ck_assert(!d->access.allow_given);
	ck_assert_uint_eq(d->incident.settle_s, 9);
	ck_assert_uint_eq(d->rpki.limits.settle_s, 9);
	ck_assert_str_eq(d->incident.collector, "t");
	ck_assert_uint_eq(d->records.retain_octets, 2 * 1024 * 1024);
	ck_assert(d->detect.neighbors[0].has_asn && !d->detect.neighbors[0].has_address);
	ck_assert_uint_eq(d->detect.neighbors[0].relation, NEIGHBOR_RS);
	config_free(c);
	c = parse_good("{rpki: {settle_s: 5}, incidents: {settle_s: 9}}");
	ck_assert_uint_eq(c->coordinator.rpki.limits.settle_s, 5);
	config_free(c);
	c = parse_good("");
	ck_assert_uint_ge(c->coordinator.workers, 1);
	ck_assert(!c->coordinator.records.kafka_enabled);
	config_free(c);
}
END_TEST

/* --- bad */

#define X64 "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"

#define NEEDS_WHY                                                                                  \
	"\"why\" and one of \"prefix\", \"origin\", \"neighbor\" are needed; right would be "      \
	"{rule: "                                                                                  \
	"rov.invalid.length, prefix: 203.0.113.0/24, until: 2036-12-31, why: \"ROA is being "      \
	"changed\"}\n"

static const struct {
	const char *text, *messages;
} bad[] = {
	{ "listen: [{address: 300.1.1.1}]\n",
	    "f:1:20: listen.address: \"300.1.1.1\" is no IP address; right would be 192.0.2.1 or "
	    "\"2001:db8::1\"\n" },
	{ "own: {asns: [x, 4294967296, AS]}\n",
	    "f:1:14: own.asns: \"x\" is no AS number; right would be 64500 or AS64500\n"
	    "f:1:17: own.asns: \"4294967296\" is no AS number; right would be 64500 or AS64500\n"
	    "f:1:29: own.asns: \"AS\" is no AS number; right would be 64500 or AS64500\n" },
	{ "files: [{path: \"\"}]\n", "f:1:9: files: \"path\" is missing; right would be {path: "
				     "updates.mrt.gz, name: rrc00}\n" },
	{ "files: [{name: x}]\n", "f:1:9: files: \"path\" is missing; right would be {path: "
				  "updates.mrt.gz, name: rrc00}\n" },
	{ "kafka: {format: xml}\n", "f:1:17: kafka.format: \"xml\" is none of protobuf, json\n" },
	{ "kafka: {topics: {alerts: \"bmp alerts\"}}\n",
	    "f:1:8: kafka.topics: \"bmp alerts\" is no name of a topic; right would be letters, "
	    "digits, \".\", \"_\" and \"-\"\n" },
	{ "kafka: {topics: {events: ..}}\n",
	    "f:1:8: kafka.topics: \"..\" is no name of a topic; right would be letters, "
	    "digits, \".\", \"_\" and \"-\"\n" },
	{ "kafka: {properties: [a]}\n",
	    "f:1:21: kafka.properties should be a map (librdkafka's property: value)\n" },
	{ "kafka: {properties: {a: [1]}}\n", "f:1:25: a should be a single value, not a list\n" },
	{ "[a, b]: 1\n", "f:1:1: a key should be a single value, not a list\n" },
	{ "log: {level: loud, format: xml}\n",
	    "f:1:14: log.level: \"loud\" is none of error, warning, notice, info, debug\n"
	    "f:1:28: log.format: \"xml\" is none of text, json\n" },
	{ "listen: [{port: 5}]\n", "f:1:10: listen: \"address\" is missing; right would be "
				   "{address: 0.0.0.0, port: 11019}\n" },
	{ "listen: [{address: x}]\nworkers: y\nlog: {level: z}\nrouters: [{}]\nown: {prefixes: "
	  "[{}]}\n",
	    "f:1:20: listen.address: \"x\" is no IP address; right would be 192.0.2.1 or "
	    "\"2001:db8::1\"\n"
	    "f:2:10: workers: \"y\" is not a whole number from 0 to 64\n"
	    "f:3:14: log.level: \"z\" is none of error, warning, notice, info, debug\n"
	    "f:1:1: own.prefixes: neither \"origins\" nor own.asns says who may originate them\n" },
	{ "neighbors: [{relation: peer}]\n",
	    "f:1:13: neighbors: \"relation\" (or \"name\", "
	    "\"contact\", \"max_prefix\", \"lists\") and one of \"asn\", "
	    "\"address\" are needed; right "
	    "would be {asn: 64501, relation: customer}\n" },
	{ "neighbors: [{address: 192.0.2.1, lists: [x]}]\n",
	    "f:1:13: neighbors: \"lists\" are of an AS; right would be {asn: 64501, lists: "
	    "[as64501.json]}\n" },
	{ "neighbors: [{asn: 5}]\n",
	    "f:1:13: neighbors: \"relation\" (or \"name\", \"contact\", \"max_prefix\", \"lists\") "
	    "and one of \"asn\", \"address\" are needed; right "
	    "would be {asn: 64501, relation: customer}\n" },
	{ "collector: \"\"\n", "f:1:1: collector: the name is empty\n" },
	{ "listen: 5\n", "f:1:9: listen should be a list\n" },
	{ "workers: 1\n---\nworkers: 2\n",
	    "f:2:1: a second YAML document begins here; right would be one\n" },
	{ "limits: {idle_s: 5x}\n",
	    "f:1:18: limits.idle_s: \"5x\" is not a whole number from 0 to 31536000\n" },
	{ "limits: {idle_s: 600w}\n",
	    "f:1:18: limits.idle_s: \"600w\" is not a whole number from 0 to 31536000\n" },
	{ "limits: {routers: 5m}\n",
	    "f:1:19: limits.routers: \"5m\" is not a whole number from 1 to 100000\n" },
	{ "own: {asns: [64500], prefixes: [foo]}\n",
	    "f:1:33: own.prefixes.prefix: \"foo\" is no prefix; right would be 203.0.113.0/24 or "
	    "\"2001:db8::/32\"\n" },
	{ "limits: 5\n", "f:1:9: limits should be a map (key: value)\n" },
	{ "routers: [x]\n", "f:1:11: routers should be a map (key: value)\n" },
	{ "workers: [1]\ncollector: {a: b}\n",
	    "f:1:10: workers should be a single value, not a list\n"
	    "f:2:12: collector should be a single value, not a map\n" },
	{ "log: {level: [1]}\n", "f:1:14: log.level should be a single value, not a list\n" },
	{ "limits: {routers: -1}\n",
	    "f:1:19: limits.routers: \"-1\" is not a whole number from 1 to 100000\n" },
	{ "limits: {routers: many}\n",
	    "f:1:19: limits.routers: \"many\" is not a whole number from 1 to 100000\n" },
	{ "rules: {clique: [1], clique: [2]}\n",
	    "f:1:9: note: \"clique\" in rules is an old name that will go; write provider_free "
	    "instead\n"
	    "f:1:22: key \"clique\" is there twice in rules\n" },
	{ "own: {asns: [1], prefixes: [{max_length: 8, prefix: 192.0.2.0/24},\n"
	  "{prefix: 198.51.100.0/24, max_length: 33},{prefix: \"2001:db8::/32\", max_length: "
	  "128}]}\n",
	    "f:1:42: own.prefixes.max_length: 8 is no length inside 192.0.2.0/24; right would be "
	    "24 to 32\n" },
	{ "own: {asns: [1], prefixes: [{prefix: 198.51.100.0/24, max_length: 33}]}\n",
	    "f:1:67: own.prefixes.max_length: 33 is no length inside 198.51.100.0/24; right would "
	    "be 24 to 32\n" },
	{ "own: {confederation: [65001]}\n",
	    "f:1:6: own.confederation: own.asns is missing; right would be the AS of the "
	    "confederation as others see it, asns: [64500]\n" },
	{ "own: {blackhole_communities: [666, \"1:2:3:4\", \"1:65536\", \"a:1\"]}\n",
	    "f:1:31: own.blackhole_communities: \"666\" is no community; right would be "
	    "\"64500:666\", or a large one, \"64500:0:666\"\n"
	    "f:1:36: own.blackhole_communities: \"1:2:3:4\" is no community; right would be "
	    "\"64500:666\", or a large one, \"64500:0:666\"\n"
	    "f:1:47: own.blackhole_communities: \"1:65536\" is no community; right would be "
	    "\"64500:666\", or a large one, \"64500:0:666\"\n"
	    "f:1:58: own.blackhole_communities: \"a:1\" is no community; right would be "
	    "\"64500:666\", or a large one, \"64500:0:666\"\n" },
	{ "rules: {off: [leak.otc, hijack]}\n",
	    "f:1:25: rules.off: \"hijack\" is none of rov.invalid.asn, rov.invalid.length, "
	    "leak.otc, "
	    "leak.peerlock, hijack.exact, hijack.more-specific, own.more-specific" FURTHER_RULES("")
		FURTHER_KINDS "\n" },
	{ "rules: {exceptions: [{rule: rov, origin: 1, why: x}]}\n",
	    "f:1:29: rules.exceptions.rule: \"rov\" is none of rov.invalid.asn, "
	    "rov.invalid.length, "
	    "leak.otc, leak.peerlock, hijack.exact, hijack.more-specific, "
	    "own.more-specific" FURTHER_RULES("") "\n" },
	{ "rules: {exceptions: [{origin: 1, why: x, until: 2103-02-29}, {origin: 1, why: x, until: "
	  "soon}, {origin: 1, why: x, until: 2103-2-1}, {origin: 1, why: x, until: 2103-01-01 "
	  "12:00}]}\n",
	    "f:1:49: rules.exceptions.until: \"2103-02-29\" is no date; right would be 2036-12-31\n"
	    "f:1:89: rules.exceptions.until: \"soon\" is no date; right would be 2036-12-31\n"
	    "f:1:123: rules.exceptions.until: \"2103-2-1\" is no date; right would be 2036-12-31\n"
	    "f:1:161: rules.exceptions.until: \"2103-01-01 12:00\" is no date; right would be "
	    "2036-12-31\n" },
	{ "rules: {exceptions: [{rule: leak.otc, why: x}]}\n",
	    "f:1:22: rules.exceptions: " NEEDS_WHY },
	{ "rules: {exceptions: [{prefix: 192.0.2.0/24}]}\n",
	    "f:1:22: rules.exceptions: " NEEDS_WHY },
	{ "rules: {exceptions: [{origin: 1, why: \"\"}]}\n",
	    "f:1:22: rules.exceptions: " NEEDS_WHY },
	{ "rules: {severity_max: {leak.otc: none, leak.oct: major}}\n",
	    "f:1:34: rules.severity_max.leak.otc: \"none\" is none of info, notice, warning, "
	    "major, "
	    "critical\nf:1:40: unknown key \"leak.oct\" in rules.severity_max; did you mean "
	    "\"leak.otc\"?\n" },
	{ "rules: {peerlock: [{via: [1]}, {asn: 2, through: [3]}]}\n",
	    "f:1:20: rules.peerlock: \"asn\" is needed; right would be {asn: 15169, via: [64510]}\n"
	    "f:1:41: unknown key \"through\" in rules.peerlock; known are: asn, via\n" },
	{ "rules: {siblings: [1, 2]}\n",
	    "f:1:20: rules.siblings should be a list\nf:1:23: rules.siblings should be a list\n" },
	{ "neighbors:\n - {asn: 1, relation: peer}\n - {asn: 2, relation: peer}\n"
	  " - {asn: AS1, relation: customer}\n",
	    "f:4:4: neighbors: AS1 is there already, in line 2\n" },
	{ "neighbors:\n - {address: 192.0.2.1, relation: peer}\n"
	  " - {address: 192.0.2.1, asn: 1, relation: peer}\n",
	    "f:3:4: neighbors: 192.0.2.1 is there already, in line 2\n" },
	{ "own: {asns: [1], prefixes: [{prefix: 203.0.113.0/24, max_length: 129}]}\n",
	    "f:1:66: own.prefixes.max_length: \"129\" is not a whole number from 0 to 128\n" },
	{ "own: {asns: [1], prefixes: [{origins: [1]}]}\n",
	    "f:1:29: own.prefixes: \"prefix\" is missing; right would be {prefix: "
	    "203.0.113.0/24}\n" },
	{ "own: {prefixes: [{prefix: 203.0.113.0/24}, {prefix: 198.51.100.0/24}]}\n",
	    "f:1:1: own.prefixes: neither \"origins\" nor own.asns says who may originate them\n"
	    "f:1:1: own.prefixes: neither \"origins\" nor own.asns says who may originate them\n" },
	{ "listen: [{address: 192.0.2.1, port: 0}]\n",
	    "f:1:37: listen.port: \"0\" is not a whole number from 1 to 65535\n" },
	{ "access: {allow: [x, 192.0.2.1/24, 10.0.0.0/33]}\n",
	    "f:1:18: access.allow: \"x\" is no prefix; right would be 203.0.113.0/24 or "
	    "\"2001:db8::/32\"\n"
	    "f:1:21: access.allow: \"192.0.2.1/24\" has host bits set; right would be "
	    "192.0.2.0/24\n"
	    "f:1:35: access.allow: \"10.0.0.0/33\" is no prefix; right would be 203.0.113.0/24 or "
	    "\"2001:db8::/32\"\n" },
	{ "workers: 65\n", "f:1:10: workers: \"65\" is not a whole number from 0 to 64\n" },
	{ "limits: {message_bytes: 1}\n",
	    "f:1:25: limits.message_bytes: \"1\" is not a whole number from 65583 to 16777216\n" },
	{ "neighbors: [{asn: 1, relation: friend}]\n",
	    "f:1:32: neighbors.relation: \"friend\" is none of customer, peer, provider, rs, "
	    "rs-client, internal, collector (what the neighbour is to us)\n" },
	{ "neighbors: [{asn: 1, relation: none}]\n",
	    "f:1:32: neighbors.relation: \"none\" is none of customer, peer, provider, rs, "
	    "rs-client, internal, collector (what the neighbour is to us)\n" },
	{ "- a\n", "f:1:1: the configuration should be a map (key: value)\n" },
	{ "routers: [{name: \"\", address: 192.0.2.1}]\n",
	    "f:1:11: routers: both \"name\" and \"address\" are needed; right would be {name: "
	    "ams1, address: 192.0.2.1}\n" },
	{ "routers: [{name: a}]\n", "f:1:11: routers: both \"name\" and \"address\" are needed; "
				    "right would be {name: ams1, address: 192.0.2.1}\n" },
	{ "listen: [\n", "f:2:1: while parsing a flow node, did not find expected node content\n" },
	{ "log:\n\tlevel: info\n", "f:2:1: while scanning for the next token, found character that "
				   "cannot start any token\n" },
	{ "collector: " X64 "\ncontrol: /" X64
	  "yyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyy\nstate_dir: /" X64 X64 X64 X64 "\n",
	    "f:1:12: collector is longer than 63 characters\n"
	    "f:2:10: control is longer than 107 characters\n"
	    "f:3:12: state_dir is longer than 255 characters\n" },
	{ "workers: 1\nworkers: 2\n",
	    "f:2:1: key \"workers\" is there twice in the configuration\n" },
	{ "listen: [{port: 1, port: 2}]\n", "f:1:20: key \"port\" is there twice in listen\n" },
	{ "http: {listen: [{port: 80}]}\n",
	    "f:1:17: http.listen: \"address\" is missing; right would be {address: 127.0.0.1, "
	    "port: 11020}\n" },
	{ "http: {connections: 0, streams: 129}\n",
	    "f:1:21: http.connections: \"0\" is not a whole number from 1 to 1000\n"
	    "f:1:33: http.streams: \"129\" is not a whole number from 0 to 128\n" },
	{ "relations: {infer: yes}\n",
	    "f:1:20: relations.infer: \"yes\" is none of off, suggest-only, on\n" },
	{ "zzzzzzzzz: 1\n",
	    "f:1:1: unknown key \"zzzzzzzzz\" in the configuration; known are: collector, "
	    "state_dir, control, listen, workers, http, log, access, limits, files, routers, "
	    "neighbors, "
	    "neighbors_file, neighbor_lists, own, rpki, relations, bogons, rules, watch, "
	    "incidents, sav, contacts, journal, "
	    "kafka\n" },
	{ "contacts: {email: \"noc at example.net\"}\n",
	    "f:1:19: contacts.email: \"noc at example.net\" is no address; right would be "
	    "noc@example.net\n" },
	{ "listen: [{addres: 1}]\n",
	    "f:1:11: unknown key \"addres\" in listen; did you mean \"address\"?\n" },
	{ "limits: {xxxxxxxx: 1}\n",
	    "f:1:10: unknown key \"xxxxxxxx\" in limits; known are: routers, per_address, "
	    "peers_per_router, "
	    "message_bytes, routes, attributes_mb, initiation_s, idle_s, keepalive_s, stale_s, "
	    "forget_s, behind_s\n" },
	{ "listn: 5\n",
	    "f:1:1: unknown key \"listn\" in the configuration; did you mean \"listen\"?\n" },
	{ "neighbors: [{zzzzzzzzz: 1}]\n", "f:1:14: unknown key \"zzzzzzzzz\" in neighbors; known "
					   "are: address, asn, relation, name, "
					   "contact, max_prefix, max_prefix_ipv6, lists\n" },
	{ "own: {prefixes: [{zzzzzzzzz: 1}]}\n",
	    "f:1:19: unknown key \"zzzzzzzzz\" in own.prefixes; known are: prefix, max_length, "
	    "origins, scrubbers\n"
	    "f:1:1: own.prefixes: neither \"origins\" nor own.asns says who may originate them\n" },
	{ "rules: {zzzzzzzzz: 1}\n",
	    "f:1:9: unknown key \"zzzzzzzzz\" in rules; known are: off, dry_run, burst_at, "
	    "exceptions, for, "
	    "severity_max, severity_by_view, provider_free, no_transit, carriers, peerlock, "
	    "siblings, bogons_allowed, bogon_asns_allowed, vrfs\n" },
	{ "kafka: {topics: {zzzzzzzzz: 1}}\n",
	    "f:1:18: unknown key \"zzzzzzzzz\" in kafka.topics; known are: alerts, events\n" },
	{ "rules: {clique: [1], provider_free: [2]}\n",
	    "f:1:9: note: \"clique\" in rules is an old name that will go; write provider_free "
	    "instead\n"
	    "f:1:22: \"clique\" and \"provider_free\" in rules are one option; write provider_free "
	    "only\n" },
	{ "rules: {provider_free: [1], clique: [2]}\n",
	    "f:1:29: \"provider_free\" and \"clique\" in rules are one option; write provider_free "
	    "only\n" },
};

START_TEST(bad_is_refused)
{
	require_refused(bad[_i].text, bad[_i].messages);
}
END_TEST

START_TEST(no_file)
{
	struct sbuf messages = sbuf_of(4096);

	ck_assert_ptr_null(config_load("tests/none.yaml", &messages));
	ck_assert_str_eq(sbuf_text(&messages), "tests/none.yaml: No such file or directory\n");
	sbuf_free(&messages);
}
END_TEST

/* A text of so many pieces, each with its number where it has a %u. */
static struct sbuf
many(const char *head, const char *piece, unsigned n, const char *tail)
{
	struct sbuf text = sbuf_of(64 * 1024 * 1024);
	const char *number = strstr(piece, "#");

	sbuf_puts(&text, head);
	for (unsigned i = 0; i < n; i++) {
		if (number == NULL)
			sbuf_puts(&text, piece);
		else
			sbuf_printf(&text, "%.*s%u%s", (int)(number - piece), piece, i, number + 1);
	}
	sbuf_puts(&text, tail);
	return text;
}

/* Whatever it is, it is read in a moment, and what is said about it can be read, too. */
static const struct {
	const char *head, *piece, *tail, *message;
	unsigned n;
} excesses[] = {
	{ "", "[", "", "f:1:33: nested deeper than 32\n", 1000000 },
	{ "own: ", "{a: ", "", "f:1:130: nested deeper than 32\n", 1000000 },
	{ "", "- ", "x\n", "f:1:65: nested deeper than 32\n", 100000 },
	{ "", "#: 1\n", "", "f:100:1: too much is wrong; no more is told\n", 60000 },
	{ "own: {prefixes: [", "1,", "]}\n", "f:1:216: too much is wrong; no more is told\n",
	    100000 },
	{ "own: {asns: [", "1,", "]}\n", "f:1:2000004: more than 1000000 values\n", 1000100 },
	{ "", "log: {level: info}\n", "", "f:101:1: too much is wrong; no more is told\n", 30000 },
};

START_TEST(excess_is_refused)
{
	struct sbuf text =
	    many(excesses[_i].head, excesses[_i].piece, excesses[_i].n, excesses[_i].tail);
	struct sbuf messages = sbuf_of(1 << 20);
	size_t n = strlen(excesses[_i].message);

	ck_assert_ptr_null(config_parse("f", text.data, text.len, &messages));
	ck_assert_msg(messages.len >= n && messages.len < 100000 &&
			  strcmp(messages.data + messages.len - n, excesses[_i].message) == 0,
	    "%s", messages.len >= n ? messages.data + messages.len - n : "nothing");
	sbuf_free(&text);
	sbuf_free(&messages);
}
END_TEST

/* What is long and right is read in a moment, too; what is twice is told, but not for ever. */
START_TEST(long_is_read)
{
	enum { N = 150000 };
	struct sbuf text = sbuf_of(64 * 1024 * 1024), messages = sbuf_of(1 << 20);
	struct config *c;

	sbuf_puts(&text, "own:\n  asns: [1]\n  prefixes:\n");
	for (unsigned i = 0; i < N; i++)
		sbuf_printf(&text, "  - {prefix: 10.%u.%u.0/24}\n", i >> 8 & 255, i & 255);
	c = config_parse("f", text.data, text.len, &messages);
	ck_assert_msg(c != NULL, "%s", sbuf_text(&messages));
	ck_assert_uint_eq(c->coordinator.detect.own_n, N);
	ck_assert_ptr_nonnull(strstr(sbuf_text(&messages),
	    "note: own.prefixes: 10.0.0.0/24 is there already, in line 4; what either"));
	ck_assert_uint_lt(messages.len, 100000);
	config_free(c);
	sbuf_free(&text);
	sbuf_free(&messages);
}
END_TEST

/* Nobody waits for what a pipe will say. */
START_TEST(no_regular_file)
{
	char dir[] = "/tmp/bellman-config-XXXXXX", path[64], want[160];
	struct sbuf messages = sbuf_of(4096);

	ck_assert_ptr_nonnull(mkdtemp(dir));
	snprintf(path, sizeof(path), "%s/fifo", dir);
	ck_assert_int_eq(mkfifo(path, 0600), 0);
	ck_assert_ptr_null(config_load(path, &messages));
	ck_assert_ptr_null(config_load(dir, &messages));
	snprintf(want, sizeof(want), "%s: is no regular file\n%s: is no regular file\n", path, dir);
	ck_assert_str_eq(sbuf_text(&messages), want);
	unlink(path);
	rmdir(dir);
	sbuf_free(&messages);
}
END_TEST

HARNESS_MAIN("config")
{
	TIMEOUT(120);
	TEST(token_is_masked);
	TEST(default_dump);
	TEST(default_name);
	ROWS(good_is_dumped, good);
	TEST(secrets_are_masked);
	TEST(wired);
	ROWS(bad_is_refused, bad);
	ROWS(excess_is_refused, excesses);
	TEST(long_is_read);
	TEST(no_file);
	TEST(no_regular_file);
}
