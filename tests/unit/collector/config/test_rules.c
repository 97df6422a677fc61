/* What the configuration says of the rules: for whom, and how grave by view. */
#include "tests/unit/support/config_text.h"

static const struct {
	const char *text, *dump;
} good[] = {
	{ "rules: {off: [leak.otc], dry_run: [leak.peerlock, hijack.exact]}\n",
	    "\n  off: [leak.otc]\n  dry_run: [leak.peerlock, hijack.exact]\n  burst_at: 64\n  "
	    "for:" },
	{ "watch: {warm_up_s: 1, within_s: 2, surge_at: 3, surge_percent: 4, loss_at: 5, "
	  "loss_percent: 6, loss_hold_s: 7, max_prefix_percent: 8, flaps: 9, flaps_within_s: 10, "
	  "flaps_quiet_s: 11, down_s: 12, visibility_hold_s: 18, differ_at: 13, differ_percent: "
	  "14, differ_s: 15, "
	  "rov_mismatch_at: 16, rov_mismatch_s: 17}\n",
	    "\nwatch:\n  warm_up_s: 1\n  within_s: 2\n  surge_at: 3\n  surge_percent: 4\n"
	    "  loss_at: 5\n  loss_percent: 6\n  loss_hold_s: 7\n  max_prefix_percent: 8\n"
	    "  flaps: 9\n  flaps_within_s: 10\n  flaps_quiet_s: 11\n  down_s: 12\n"
	    "  visibility_hold_s: 18\n"
	    "  differ_at: 13\n  differ_percent: 14\n  differ_s: 15\n  rov_mismatch_at: 16\n"
	    "  rov_mismatch_s: 17\nincidents:" },
	{ "sav: {watch: [64501, 64502], method: efp-a, every_s: 60, shrink_percent: 0, "
	  "exclude_invalid: on}\n",
	    "\nsav:\n  watch: [64501, 64502]\n  method: efp-a\n  every_s: 60\n"
	    "  shrink_percent: 0\n  exclude_invalid: on\n" },
	{ "neighbors: [{asn: 1, max_prefix: 5}, {asn: 2, max_prefix: 7, max_prefix_ipv6: 0}]\n",
	    "\n  - {asn: 1, max_prefix: 5}\n  - {asn: 2, max_prefix: 7, max_prefix_ipv6: 0}\n" },
	{ "neighbors: [{asn: 1, lists: [a.json, b]}]\nneighbor_lists: {max_age_days: 3}\n",
	    "\n  - {asn: 1, lists: [\"a.json\", \"b\"]}\nneighbor_lists:\n  max_age_days: 3\n" },
	{ "rules: {off: [peer.surge, feed.differs, visibility.loc-rib], dry_run: [peer.down]}\n",
	    "\n  off: [peer.surge, feed.differs, visibility.loc-rib]\n  dry_run: [peer.down]\n" },
	{ "rules: {for: {rov.invalid.asn: own, leak.peerlock: customers}}\n",
	    "\n  for: {rov.invalid.asn: own, rov.invalid.length: all, leak.otc: all, "
	    "leak.peerlock: customers, hijack.exact: all, hijack.more-specific: all, "
	    "own.more-specific: all" FURTHER_RULES(": all") "}\n  severity_max:" },
	{ "rules: {severity_by_view: [{view: filtered, severity: info}, {severity: critical, "
	  "rule: rov.invalid.asn, view: in-use}]}\n",
	    "critical}\n  severity_by_view:\n    - {view: filtered, severity: info}\n"
	    "    - {view: in-use, rule: rov.invalid.asn, severity: critical}\n  provider_free:" },
	{ "rules: {severity_by_view: []}\n", "critical}\n  provider_free:" },
};

START_TEST(good_is_dumped)
{
	require_dumped(good[_i].text, good[_i].dump);
}
END_TEST

static const struct {
	const char *text, *messages;
} bad[] = {
	{ "rules: {dry_run: [leak]}\n",
	    "f:1:19: rules.dry_run: \"leak\" is none of rov.invalid.asn, rov.invalid.length, "
	    "leak.otc, leak.peerlock, hijack.exact, hijack.more-specific, "
	    "own.more-specific" FURTHER_RULES("") FURTHER_KINDS "\n" },
	{ "rules: {off: [leak.otc, hijack.exact],\n dry_run: [rov.invalid.asn, hijack.exact]}\n",
	    "f:2:29: rules.dry_run: hijack.exact is in rules.off, too; right would be one of "
	    "them\n" },
	{ "rules: {for: {rov.invalid.asn: ours}}\n",
	    "f:1:32: rules.for.rov.invalid.asn: \"ours\" is none of all, customers, own\n" },
	{ "rules: {for: {rov.invalid.as: own}}\n",
	    "f:1:15: unknown key \"rov.invalid.as\" in rules.for; did you mean "
	    "\"rov.invalid.asn\"?\n" },
	{ "rules: {severity_by_view: [{view: loc-rib, severity: info}]}\n",
	    "f:1:35: rules.severity_by_view.view: \"loc-rib\" is none of filtered, received, "
	    "accepted, in-use, passed-on\n" },
	{ "rules: {severity_by_view: [{view: in-use}]}\n",
	    "f:1:28: rules.severity_by_view: both \"view\" and \"severity\" are needed; right "
	    "would be {view: filtered, severity: info, rule: hijack.exact}\n" },
	{ "rules:\n severity_by_view:\n - {view: in-use, severity: info}\n"
	  " - {view: in-use, severity: info, rule: leak.otc}\n"
	  " - {view: in-use, severity: major}\n",
	    "f:5:4: rules.severity_by_view: in-use of every rule is there already, in line 3\n" },
	{ "rules:\n severity_by_view:\n - {view: in-use, severity: info, rule: leak.otc}\n"
	  " - {view: in-use, severity: info, rule: leak.peerlock}\n"
	  " - {view: in-use, severity: major, rule: leak.otc}\n",
	    "f:5:4: rules.severity_by_view: in-use of leak.otc is there already, in line 3\n" },
};

START_TEST(bad_is_refused)
{
	require_refused(bad[_i].text, bad[_i].messages);
}
END_TEST

/* Every rule can be limited, and be as grave as the operator wants. */
START_TEST(every_rule)
{
	for (unsigned r = 0; r < RULES; r++) {
		char text[256];
		struct config *c;

		snprintf(text, sizeof(text),
		    "rules: {for: {%s: own}, severity_max: {%s: info}, dry_run: [%s]}\n",
		    rule_info[r].name, rule_info[r].name, rule_info[r].name);
		c = parse_good(text);
		ck_assert_uint_eq(c->coordinator.detect.dry_run[0], r);
		ck_assert_uint_eq(c->coordinator.incident.dry_run, 1U << r);
		for (unsigned k = 0; k < RULES; k++) {
			ck_assert_uint_eq(
			    c->coordinator.detect.whose[k], k == r ? WHOSE_OWN : WHOSE_ALL);
			ck_assert_uint_eq(c->coordinator.incident.severity_max[k],
			    k == r ? SEVERITY_INFO : SEVERITY_CRITICAL);
		}
		config_free(c);
	}
}
END_TEST

/* What is said of one rule goes before what is said of every rule, in whatever order. */
START_TEST(severity_by_view_is_wired)
{
	struct config *c = parse_good(
	    "rules: {severity_by_view: [\n"
	    " {view: filtered, severity: major, rule: hijack.exact},\n"
	    " {view: filtered, severity: info}, {view: passed-on, severity: notice},\n"
	    " {view: passed-on, severity: warning, rule: leak.otc}]}\n");
	const struct incident_config *i = &c->coordinator.incident;

	ck_assert_uint_eq(
	    i->severity_by_view[RULE_HIJACK_EXACT][FURTHEST_FILTERED], SEVERITY_MAJOR);
	ck_assert_uint_eq(i->severity_by_view[RULE_ROV_ASN][FURTHEST_FILTERED], SEVERITY_INFO);
	ck_assert_uint_eq(i->severity_by_view[RULE_LEAK_OTC][FURTHEST_FILTERED], SEVERITY_INFO);
	ck_assert_uint_eq(i->severity_by_view[RULE_LEAK_OTC][FURTHEST_PASSED_ON], SEVERITY_WARNING);
	ck_assert_uint_eq(
	    i->severity_by_view[RULE_OWN_SPECIFIC][FURTHEST_PASSED_ON], SEVERITY_NOTICE);
	ck_assert_uint_eq(i->severity_by_view[RULE_OWN_SPECIFIC][FURTHEST_IN_USE], 0);
	config_free(c);
}
END_TEST

HARNESS_MAIN("rules of the configuration")
{
	TIMEOUT(30);
	ROWS(good_is_dumped, good);
	ROWS(bad_is_refused, bad);
	TEST(every_rule);
	TEST(severity_by_view_is_wired);
}
