/*
 * Why a rule is true of a route, in a sentence with the facts that made it so: for a person who
 * asks. Nothing is decided here.
 */
#include <inttypes.h>
#include <stdio.h>

#include "base/pure/text.h"
#include "collector/detect/bogons.h"
#include "collector/detect/delegated.h"
#include "collector/detect/detect_private.h"

struct asked {
	const struct detect *d;
	const struct route_facts *f;
	struct cursor path;
	uint32_t sender; /* whom we have it from, by the path; 0: not to be seen */
};

static const char *
who_is(uint8_t relation)
{
	return relation != NEIGHBOR_UNKNOWN ? relation_name(relation) : "neighbour";
}

/* What it is known as, else what it is like. */
static const char *
neighbor(const struct route_facts *f)
{
	return who_is(f->relation != NEIGHBOR_UNKNOWN ? f->relation : f->inferred);
}

/* --- by rule */

static void
say_leak(const struct asked *a, enum rule rule, struct txt *t)
{
	const struct route_facts *f = a->f;
	struct path_leak leak;

	switch (rule) {
	case RULE_LEAK_OTC:
		txt_putf(t,
		    "AS%" PRIu32 " marked it (OTC) to go to customers only, and it %s this %s",
		    f->otc, bmp_view_is_inbound(f->view) ? "comes from" : "goes to", neighbor(f));
		break;
	case RULE_LEAK_PEERLOCK:
	case RULE_LEAK_NO_TRANSIT:
		leak = detect_path_leak(a->d, a->path, rule);
		txt_putf(t, "AS%" PRIu32 ", who is in the path, ", leak.shown_by);
		txt_puts(t, rule == RULE_LEAK_PEERLOCK
				? "buys from nobody, or only from who is listed"
				: "gives transit to nobody, or buys it from large networks only");
		if (leak.leaker != 0)
			txt_putf(
			    t, ", and AS%" PRIu32 " has it of him and passed it on", leak.leaker);
		else
			txt_putf(t, ", and it comes from this %s", neighbor(f));
		break;
	case RULE_LEAK_UPSTREAM:
		txt_putf(t, "a %s of ours is behind this %s in the path", who_is(f->upstream),
		    neighbor(f));
		break;
	case RULE_LEAK_OWN:
		txt_putf(t, "we have it from AS%" PRIu32 " (%s), and it goes to this %s", a->sender,
		    who_is(f->sender_relation), neighbor(f));
		break;
	case RULE_LEAK_BURST:
		txt_puts(t, "it goes through somebody of whom other routes prove a leak, and began "
			    "at that time");
		break;
	default:
		txt_puts(t, f->comes_back
				? "it is ours, and comes back to us by strangers from who has a "
				  "session with us"
				: "it left a direct way for this one, through strangers");
	}
}

static void
say_origin(const struct asked *a, enum rule rule, struct txt *t)
{
	const struct route_facts *f = a->f;
	const struct detect_own *own = detect_own_of(a->d, f->prefix);
	char ours[IP_PREFIX_TEXT_MAX] = "?";

	if (own != NULL)
		ip_prefix_format(&own->prefix, ours);
	switch (rule) {
	case RULE_ROV_ASN:
		txt_puts(t, "VRPs cover the prefix, and none names ");
		break;
	case RULE_ROV_LENGTH:
		txt_putf(t, "no VRP allows a length of %u to ", f->prefix->len);
		break;
	case RULE_HIJACK_EXACT:
		txt_putf(t, "%s is ours, and may not be originated by ", ours);
		break;
	case RULE_HIJACK_SPECIFIC:
		txt_putf(t, "it is inside of our %s, and may not be originated by ", ours);
		break;
	case RULE_OWN_SPECIFIC:
		txt_putf(t, "it is inside of our %s and longer than we announce it, by ", ours);
		break;
	case RULE_COVERING:
		txt_puts(t, "it covers a prefix of ours that is nowhere any more, by ");
		break;
	default:
		txt_puts(
		    t, "other routes prove what its origin does, and it began at that time, by ");
	}
	if (f->has_origin)
		txt_putf(t, "AS%" PRIu32, f->origin);
	else
		txt_puts(t, "a path that ends with a set");
}

static void
say_bogon(const struct asked *a, struct txt *t)
{
	const struct bogon *block = bogon_of(a->f->prefix);

	if (block != NULL)
		txt_putf(t, "it is in address space that is %s", block->name);
	else
		txt_puts(t, "it is in address space that no registry has handed out");
}

static void
say_bogus_as(const struct asked *a, struct txt *t)
{
	uint32_t asn = syntax_bogus_as(a->d, a->f);

	if (asn == 0 && detect_as_not_handed_out(a->d, a->path, &asn) != NULL)
		txt_putf(t, "no registry has handed out AS%" PRIu32, asn);
	else
		txt_putf(t, "AS%" PRIu32 " in the path is %s", asn, bogon_as_name(asn));
}

static void
say_syntax(const struct asked *a, enum rule rule, struct txt *t)
{
	const struct route_facts *f = a->f;

	switch (rule) {
	case RULE_BLACKHOLE:
		txt_putf(t,
		    "it asks to be dropped (RFC 7999), and who sends it%s is not shown to "
		    "be who may ask for that",
		    f->of_no_customer ? ", no customer of ours," : "");
		break;
	case RULE_BOGON_PREFIX:
		say_bogon(a, t);
		break;
	case RULE_NO_EXPORT:
		txt_puts(t, "its communities say that it is not to leave the AS, and it goes to "
			    "another one");
		break;
	case RULE_FIRST_AS:
		txt_putf(
		    t, "the path does not begin with AS%" PRIu32 ", who sends it", f->remote_as);
		break;
	case RULE_TOO_SPECIFIC:
		txt_putf(t, "a length of %u is not routed between networks", f->prefix->len);
		break;
	case RULE_BOGON_ASN:
		say_bogus_as(a, t);
		break;
	case RULE_AS_SET:
		txt_puts(t, "the path has an AS_SET (RFC 9774)");
		break;
	case RULE_LONG_PATH:
		txt_puts(t, "the path has more than 50 AS numbers, or 100 with prepends");
		break;
	default:
		txt_putf(t, "the list of the neighbour (AS%" PRIu32 ") does not have it",
		    bmp_view_is_inbound(f->view) ? f->remote_as : a->sender);
	}
}

static void
say(const struct asked *a, enum rule rule, struct txt *t)
{
	struct first_hop hop;

	if (a->f->inherited >> rule & 1)
		txt_puts(t, "it is so of the same route where it came in");
	else if (1U << rule & RULES_LEAK && rule != RULE_ASPA)
		say_leak(a, rule, t);
	else if (1U << rule & (RULES_ROV | RULES_HIJACK) || rule == RULE_OWN_SPECIFIC ||
		 rule == RULE_COVERING || rule == RULE_ORIGIN_BURST) {
		if (rule != RULE_FIRST_HOP) {
			say_origin(a, rule, t);
			return;
		}
		hop = detect_first_hop(a->d, a->path);
		txt_putf(
		    t, "AS%" PRIu32 ", next to us in the path, is no neighbour of ours", hop.asn);
	} else if (rule == RULE_ASPA) {
		txt_puts(t, "ASPAs contradict the path (aspa)");
	} else {
		say_syntax(a, rule, t);
	}
}

unsigned
detect_why_true(const struct detect *d, const struct route_facts *f, struct cursor as_path,
    uint32_t rules_true, struct detect_why out[DETECT_WHY_MAX])
{
	const struct asked a = { .d = d,
		.f = f,
		.path = as_path,
		.sender = detect_path_sender(d, as_path, f->local_as) };
	unsigned n = 0;

	for (int i = 0; i < RULES && n < DETECT_WHY_MAX; i++) {
		struct txt t = txt_of(out[n].text, sizeof(out[n].text));

		if (!(rules_true >> i & 1))
			continue;
		out[n].text[0] = '\0';
		out[n].rule = (uint8_t)i;
		say(&a, (enum rule)i, &t);
		n++;
	}
	return n;
}
