/* What the configuration says without refusing anything: notes, other names of keys, and what a
 * reload cannot change. */
#include "tests/unit/support/config_text.h"

/* --- notes: accepted, and something is said */

static const struct {
	const char *text, *messages;
} noted[] = {
	{ "http: {listen: [{address: \"::1\"}, {address: 127.1.2.3}, {address: 0.0.0.0}]}\n",
	    "f:1:57: note: http.listen: whoever reaches this address can read everything; right "
	    "would be http.token, or 127.0.0.1 behind a proxy\n" },
	{ "http: {token: x, listen: [{address: 0.0.0.0}]}\n", "" },
	{ "neighbors:\n - {asn: 64501, relation: peer}\n - {asn: 3356, relation: customer}\n",
	    "f:3:4: note: neighbors: AS3356 is a customer, but rules.provider_free says that it "
	    "buys from nobody; the rules take it for one that buys\n" },
	{ "neighbors: [{asn: 15169, relation: provider}, {asn: 3356, relation: provider}]\n",
	    "f:1:13: note: neighbors: AS15169 is a provider, but rules.no_transit says that it "
	    "gives transit to nobody; the rules take it for one that gives\n" },
	{ "own: {asns: [64500, 1299]}\n",
	    "f:1:6: note: own.asns: AS1299 is in rules.provider_free, too; no path is judged by "
	    "what is ours\n" },
	{ "rules: {no_transit: [2914]}\n",
	    "f:1:8: note: rules.no_transit: AS2914 is in rules.provider_free, too, whose members "
	    "sell transit; right would be one of them\n" },
	{ "rules: {clique: [1, 2]}\n",
	    "f:1:9: note: \"clique\" in rules is an old name that will go; write provider_free "
	    "instead\n" },
	{ "own: {asns: [1], prefixes: [{prefix: 192.0.2.0/24},\n"
	  "{prefix: 192.0.2.0/25}, {prefix: 192.0.2.0/24, origins: [2]}]}\n",
	    "f:2:25: note: own.prefixes: 192.0.2.0/24 is there already, in line 1; what either "
	    "allows is allowed\n" },
	{ "rules:\n exceptions:\n - {origin: 1, until: 2024-02-29, why: ROA is late}\n"
	  " - {origin: 1, until: 2104-02-29, why: ROA is later}\n",
	    "f:3:4: note: rules.exceptions: this one ended with 2024-02-29, and is ignored (ROA is "
	    "late)\n" },
};

START_TEST(noted_is_accepted)
{
	struct sbuf messages;
	struct config *c = parse(noted[_i].text, &messages);

	ck_assert_ptr_nonnull(c);
	ck_assert_str_eq(sbuf_text(&messages), noted[_i].messages);
	sbuf_free(&messages);
	config_free(c);
}
END_TEST

/* An option under its old name does what it does under the new one. */
START_TEST(alias)
{
	struct sbuf messages;
	struct config *c = parse("rules: {clique: [5, 6]}", &messages);

	ck_assert_ptr_nonnull(c);
	ck_assert_uint_eq(c->coordinator.detect.provider_free_n, 2);
	ck_assert_uint_eq(c->coordinator.detect.provider_free[1], 6);
	config_free(c);
	sbuf_free(&messages);
}
END_TEST

/* --- what a reload cannot change */

static const struct {
	const char *running, *wanted, *names;
} reloads[] = {
	{ "", "", "" },
	{ "", "listen: [{address: 0.0.0.0}, {address: \"::\"}]", "" },
	{ "", "listen: [{address: 0.0.0.0}]", "listen\n" },
	{ "listen: [{address: 0.0.0.0}]", "listen: [{address: 0.0.0.0, port: 1}]", "listen\n" },
	{ "", "workers: 1", "workers\n" },
	{ "", "state_dir: /x", "state_dir\n" },
	{ "", "control: /x", "control\n" },
	{ "collector: a", "collector: b", "collector\n" },
	{ "files: [{path: a}]", "files: [{path: b}]", "files\n" },
	{ "files: [{path: a}]", "files: [{path: a, name: n}]", "files\n" },
	{ "files: [{path: a}]", "", "files\n" },
	{ "", "limits: {routers: 1, per_address: 1}", "" },
	{ "",
	    "limits: {peers_per_router: 1, message_bytes: 65583, routes: 1000, "
	    "attributes_mb: 1, initiation_s: 1, "
	    "idle_s: 1, keepalive_s: 1, stale_s: 1, forget_s: 1}",
	    "limits.peers_per_router\nlimits.message_bytes\nlimits.routes\nlimits.attributes_"
	    "mb\nlimits.initiation_s\n"
	    "limits.idle_s\nlimits.keepalive_s\nlimits.stale_s\nlimits.forget_s\n" },
	{ "", "journal: {retain_days: 1, max_mb: 1}", "journal.retain_days\njournal.max_mb\n" },
	{ "",
	    "{log: {level: debug, format: json}, access: {allow: [192.0.2.0/24]},\n"
	    "routers: [{name: a, address: 192.0.2.1}], neighbors: [{asn: 1, relation: peer}],\n"
	    "own: {asns: [1], prefixes: [{prefix: 192.0.2.0/24}]}, rules: {provider_free: []},\n"
	    "rpki: {files: [a], caches: [{host: a}], slurm: [b], settle_s: 1, hold_s: 0},\n"
	    "kafka: {},\n"
	    "incidents: {hold_ms: 1, update_s: 1, feed_grace_s: 1, forget_s: 60, settle_s: 1}}",
	    "" },
};

START_TEST(needs_restart)
{
	struct config *running = parse_good(reloads[_i].running),
		      *wanted = parse_good(reloads[_i].wanted);
	struct sbuf names = sbuf_of(4096);

	config_needs_restart(running, wanted, &names);
	ck_assert_str_eq(sbuf_text(&names), reloads[_i].names);
	sbuf_free(&names);
	config_free(running);
	config_free(wanted);
}
END_TEST

HARNESS_MAIN("notes of the configuration")
{
	ROWS(noted_is_accepted, noted);
	TEST(alias);
	ROWS(needs_restart, reloads);
}
