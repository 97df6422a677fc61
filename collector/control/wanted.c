/* Which routes a walk over all of them wants, as a request says it. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/pure/text.h"
#include "collector/control/control_private.h"

static bool
read_peer(const char *word, struct engine_wanted *w)
{
	w->loc_rib = strcmp(word, "loc-rib") == 0;
	return w->loc_rib || ip_addr_parse(word, &w->peer);
}

/* By its name, with "adj-rib-" in front or without; "in" and "out" are both of theirs. */
static bool
read_view(const char *word, struct engine_wanted *w)
{
	for (uint8_t v = 0; v < VIEWS; v++) {
		const char *name = record_view_name(v);
		const char *brief = strncmp(name, "adj-rib-", 8) == 0 ? name + 8 : name;

		if (strcmp(word, name) == 0 || strcmp(word, brief) == 0 ||
		    (strncmp(brief, word, strlen(word)) == 0 && brief[strlen(word)] == '-'))
			w->views |= (uint8_t)(1U << v);
	}
	return w->views != 0;
}

static bool
read_rov(const char *word, struct engine_wanted *w)
{
	for (uint8_t s = ROV_NOT_FOUND; s <= ROV_INVALID; s++)
		if (strcmp(word, rov_state_name(s)) == 0) {
			w->has_rov = true;
			w->rov = s;
		}
	return w->has_rov;
}

/* A rule, or all whose names begin like this: "hijack". */
static bool
read_rule(const char *word, struct engine_wanted *w)
{
	size_t n = strlen(word);

	for (int i = 0; i < RULES; i++) {
		const char *name = rule_info[i].name;

		if (strcmp(word, "any") == 0 || strcmp(name, word) == 0 ||
		    (strncmp(name, word, n) == 0 && (name[n] == '.' || word[n - 1] == '.')))
			w->rules |= 1U << i;
	}
	return w->rules != 0;
}

static bool
read_origin(const char *word, struct engine_wanted *w)
{
	char *end;
	unsigned long asn;

	word += strncasecmp(word, "AS", 2) == 0 ? 2 : 0;
	asn = strtoul(word, &end, 10);
	w->has_origin = *word >= '0' && *word <= '9' && *end == '\0' && asn <= UINT32_MAX;
	w->origin = (uint32_t)asn;
	return w->has_origin;
}

static bool
read_within(const char *word, struct engine_wanted *w)
{
	return ip_prefix_parse(word, false, &w->within);
}

static const struct {
	const char *key;
	bool (*read)(const char *word, struct engine_wanted *);
	const char *right;
} words[] = {
	{ "within", read_within, "a prefix, as 203.0.113.0/24" },
	{ "peer", read_peer, "the address of a neighbour, or loc-rib" },
	{ "view", read_view,
	    "in-pre, in-post, loc-rib, out-pre or out-post, also with adj-rib- in front, or in, "
	    "out" },
	{ "rov", read_rov, "valid, invalid or not-found" },
	{ "rule", read_rule,
	    "the name of a rule (docs/RULES.md), as rov.invalid.asn, or its beginning, as hijack; "
	    "or any" },
	{ "origin", read_origin, "an AS number, as 64500 or AS64500" },
};

bool
wanted_read(const struct control_request *r, struct show_query *q, char *wrong, size_t size)
{
	q->walk = control_request_is(r, "walk", "1");
	q->count = control_request_is(r, "count", "1");
	memset(&q->wanted, 0, sizeof(q->wanted));
	text_copy(q->router, sizeof(q->router), control_request_value(r, "router", ""));
	for (size_t i = 0; q->walk && i < sizeof(words) / sizeof(words[0]); i++) {
		const char *word = control_request_value(r, words[i].key, "");

		if (*word == '\0' || words[i].read(word, &q->wanted))
			continue;
		snprintf(wrong, size, "\"%.40s\" is no %s; right would be %s", word, words[i].key,
		    words[i].right);
		return false;
	}
	return true;
}
