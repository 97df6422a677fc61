/* What an incident is called whose route is wrong by what it says itself. */
#include <stdio.h>
#include <string.h>

#include "collector/detect/bogons.h"
#include "collector/incident/incident_private.h"
#include "parsers/bgp/update.h"

/* The AS number of the path that is worst to see there: reserved ones before private ones, and
 * those before the ones of documentation. 0: none but who sends it. */
static uint32_t
bogus_as(const struct seen *s)
{
	static const uint8_t rank[] = { [BOGON_NONE] = 0,
		[BOGON_EXAMPLE] = 1,
		[BOGON_PRIVATE] = 2,
		[BOGON_UNUSED] = 2,
		[BOGON_RESERVED] = 3 };
	struct cursor path = cur_of(s->path, s->path_len);
	struct as_segment seg;
	uint32_t worst = 0;

	while (as_path_next(&path, 4, &seg))
		for (unsigned i = 0; i < seg.count; i++) {
			uint32_t asn = as_segment_at(&seg, 4, i);

			if (asn != s->via_as && rank[bogon_as(asn)] > rank[bogon_as(worst)])
				worst = asn;
			else if (asn != s->via_as && worst == 0 && bogon_as(asn) != BOGON_NONE)
				worst = asn;
		}
	return worst;
}

static unsigned
hops_of(const struct seen *s)
{
	struct cursor path = cur_of(s->path, s->path_len);
	struct as_segment seg;
	unsigned n = 0;

	while (as_path_next(&path, 4, &seg))
		n += seg.type == AS_SEQUENCE ? seg.count : seg.type == AS_SET ? 1 : 0;
	return n;
}

/* " to AS64501 (provider)" where it is on its way out. */
static void
to_whom(const struct record_incident *r, char *out, size_t size)
{
	if (r->facts.first_view == VIEW_OUT_POST)
		snprintf(out, size, " to AS%u (%s)", r->peer_as, relation_name(r->facts.relation));
	else
		out[0] = '\0';
}

static void
bogon_asn_words(const struct seen *s, const char *who, const char *what, const char *have,
    char *out, size_t size)
{
	uint32_t asn = s != NULL ? bogus_as(s) : 0;
	char date[RECORD_DATE_MAX];

	if (asn == 0 && s != NULL && s->left_as != 0)
		snprintf(out, size,
		    "%s by %s %s AS%u in the path, which %s has not handed out (file of %s)", what,
		    who, have, s->left_as, s->registry, record_date(s->registry_day, date));
	else if (asn != 0)
		snprintf(out, size, "%s by %s %s AS%u in the path: %s", what, who, have, asn,
		    bogon_as_name(asn));
	else
		snprintf(out, size, "%s by %s %s an AS number in the path that is nobody's", what,
		    who, have);
}

static void
bogon_prefix_words(const struct seen *s, const struct record_incident *r, const char *who,
    const char *what, char *out, size_t size)
{
	const struct bogon *block = r->examples_n > 0 ? bogon_of(&r->examples[0]) : NULL;
	char date[RECORD_DATE_MAX];

	if (block == NULL && s != NULL && s->registry[0] != '\0')
		snprintf(out, size, "%s originates %s, which %s has not handed out (file of %s)",
		    who, what, s->registry, record_date(s->registry_day, date));
	else
		snprintf(out, size, "%s originates %s %s: %s", who,
		    r->prefixes_n == 1 ? "the bogon" : "bogons,", what,
		    block != NULL ? block->name : "special-purpose");
}

const char *
syntax_routes(uint8_t rule)
{
	switch (rule) {
	case RULE_BLACKHOLE:
		return "black holes asked for by";
	case RULE_BOGON_PREFIX:
		return "bogons of";
	case RULE_BOGON_ASN:
		return "routes with bogon AS numbers of";
	case RULE_TOO_SPECIFIC:
		return "prefixes longer than /24 (IPv6: /48) of";
	case RULE_LONG_PATH:
		return "long paths to";
	case RULE_UNLISTED:
		return "routes that are not in the list of";
	default:
		return "routes of";
	}
}

bool
syntax_words(const struct incident *i, const struct record_incident *r, const char *who,
    const char *what, char *out, size_t size)
{
	const struct seen *s = i->members != NULL ? i->members->seen : NULL;
	bool many = (r->prefixes_n > 0 ? r->prefixes_n : r->prefixes_peak) > 1;
	char to[48];

	to_whom(r, to, sizeof(to));
	switch (i->rule) {
	case RULE_BLACKHOLE:
		snprintf(out, size,
		    "%s asks for a blackhole for %s, to which nothing entitles it%s%s", who, what,
		    to[0] != '\0' ? "; we send it on" : "", to);
		return true;
	case RULE_BOGON_PREFIX:
		bogon_prefix_words(s, r, who, what, out, size);
		return true;
	case RULE_NO_EXPORT:
		snprintf(out, size,
		    "%s %s out%s, and %s not to leave our AS (NO_EXPORT or the like, RFC 1997)",
		    what, many ? "go" : "goes", to, many ? "were" : "was");
		return true;
	case RULE_FIRST_AS:
		snprintf(out, size, "AS%u (%s) sends %s with AS%u first in the path", r->peer_as,
		    relation_name(r->facts.relation), what, s != NULL ? s->via_as : 0);
		return true;
	case RULE_UNLISTED:
		snprintf(out, size,
		    "%s sends %s, which its list (neighbors.lists) does not have%s%s", who, what,
		    to[0] != '\0' ? "; we send it on" : "", to);
		return true;
	case RULE_TOO_SPECIFIC:
		snprintf(out, size, "%s originates %s, longer than /24 (IPv6: /48)%s%s", who, what,
		    to[0] != '\0' ? "; we send it" : "", to);
		return true;
	case RULE_BOGON_ASN:
		bogon_asn_words(s, who, what, many ? "have" : "has", out, size);
		return true;
	case RULE_AS_SET:
		snprintf(out, size, "%s by %s %s an AS_SET in the path (RFC 9774)", what, who,
		    many ? "have" : "has");
		return true;
	case RULE_LONG_PATH:
		snprintf(out, size, "%s by %s %s a path of %u AS numbers", what, who,
		    many ? "have" : "has", s != NULL ? hops_of(s) : 0);
		return true;
	default:
		return false;
	}
}
