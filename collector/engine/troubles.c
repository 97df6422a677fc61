/*
 * What is wrong with a feed, so that less can be concluded from it than one would think: looked for
 * every few seconds, and told when it begins, when it is otherwise, and when it is over.
 *
 * What begins is told as soon as it is seen, or where it is a silence once the session is older
 * than settle_s. That it is over is told only of a feed that is complete; a router that is away
 * says nothing of it.
 */
#include "collector/engine/engine_private.h"

#include <stdio.h>
#include <string.h>

#include "base/hash.h"
#include "base/pure/text.h"

/* A router's clock is right again when it has been so for a while. */
static const int64_t LOOK_US = 2000000, CLOCK_OVER_US = 60000000;

/* With these, what is read may be something else than what was sent. */
static const uint8_t doubts[] = { QUIRK_AS_AMBIGUOUS, QUIRK_ADDPATH_AMBIGUOUS, QUIRK_OPEN_EMPTY,
	QUIRK_WITHDRAWALS_ONLY, QUIRK_LABEL_STACK_UNEXPECTED, QUIRK_LABEL_BOTTOM_MISSING };

/* How many, and the first of them in words. */
struct found {
	unsigned n;
	const struct peer *first;
	char what[64];
};

static void
count(struct found *t, const struct peer *p, const char *what)
{
	if (t->n++ > 0)
		return;
	t->first = p;
	text_copy(t->what, sizeof(t->what), what);
}

static void
put_peer(struct txt *t, const struct peer *p)
{
	char address[IP_ADDR_TEXT_MAX];

	if (p->key.type == BMP_PEER_LOC_RIB)
		txt_puts(t, "the Loc-RIB");
	else
		txt_putf(t, "%s AS%u", ip_addr_format(&p->address, address), p->as);
}

/* --- roles (RFC 9234) */

static bool
roles_fit(const struct peer *p)
{
	enum relation by_roles = relation_from_roles(p->sent_role, p->received_role);

	if (p->live->role_conflict)
		return false;
	if (p->sent_role == BGP_ROLE_NONE && p->received_role == BGP_ROLE_NONE)
		return true;
	return by_roles != NEIGHBOR_UNKNOWN && (!p->relation_configured || by_roles == p->relation);
}

static void
put_roles(struct txt *t, const struct peer *p)
{
	enum relation by_roles = relation_from_roles(p->sent_role, p->received_role);

	if (p->live->role_conflict) {
		txt_puts(t, "one OPEN has several roles");
	} else if (by_roles != NEIGHBOR_UNKNOWN) {
		txt_putf(t, "it is a %s by the roles in the OPENs, and configured as %s",
		    relation_name((uint8_t)by_roles), relation_name(p->relation));
	} else {
		txt_putf(t, "we say that we are %s, it says %s", bgp_role_name(p->sent_role),
		    bgp_role_name(p->received_role));
		if (p->relation_configured)
			txt_putf(t, "; configured is %s", relation_name(p->relation));
	}
}

void
peer_roles_over(struct engine *e, struct peer *p)
{
	if (p->roles_told != 0)
		emit_peer(e, p, EVENT_ROLES_FIT, "", 0);
	p->roles_told = 0;
}

static void
look_at_roles(struct engine *e, struct peer *p)
{
	char text[ENGINE_TEXT_MAX];
	struct txt t = txt_of(text, sizeof(text));
	uint32_t hash;

	if (p->live == NULL || !p->up || p->key.type == BMP_PEER_LOC_RIB || roles_fit(p)) {
		peer_roles_over(e, p);
		return;
	}
	put_roles(&t, p);
	hash = (uint32_t)hash_bytes(0, text, strlen(text)) | 1;
	if (hash == p->roles_told)
		return;
	p->roles_told = hash;
	emit_peer(e, p, EVENT_ROLES_MISFIT, text, 0);
}

/* --- our own ASPA */

static bool
is_listed(const uint32_t *providers, size_t n, uint32_t asn)
{
	for (size_t i = 0; i < n; i++)
		if (providers[i] == asn)
			return true;
	return false;
}

/* Nothing where it fits, or where we have none. */
static void
put_aspa(struct txt *t, const struct engine *e, const struct peer *p)
{
	size_t n;
	const uint32_t *providers = aspa_providers(e->aspas, p->local_as, &n);
	bool listed = is_listed(providers, n, p->as);

	if (n == 0 || p->local_as == p->as)
		return;
	if (p->relation == NEIGHBOR_PROVIDER && !listed)
		txt_putf(t,
		    "it is a provider of ours, and the ASPA of AS%u does not list it: who verifies "
		    "paths may drop what we announce to it",
		    p->local_as);
	else if (listed && (relation_is_customer(p->relation) || p->relation == NEIGHBOR_PEER))
		txt_putf(t,
		    "it is a %s, and the ASPA of AS%u lists it as a provider: nobody can tell a "
		    "leak of ours to it",
		    relation_name(p->relation), p->local_as);
}

void
peer_aspa_over(struct engine *e, struct peer *p)
{
	if (p->aspa_told > 1)
		emit_peer(e, p, EVENT_ASPA_FITS, "", 0);
	p->aspa_told = 1;
}

/* While the session is down, or ASPAs are not known or too old, nothing is said of it. */
static void
look_at_aspa(struct engine *e, struct peer *p)
{
	char text[ENGINE_TEXT_MAX] = "";
	struct txt t = txt_of(text, sizeof(text));
	uint32_t hash;

	if (e->aspas == NULL || e->rov_frozen || p->live == NULL || !p->up || !p->judged ||
	    p->key.type == BMP_PEER_LOC_RIB)
		return;
	put_aspa(&t, e, p);
	hash = text[0] == '\0' ? 1 : (uint32_t)hash_bytes(0, text, strlen(text)) | 2;
	if (hash == p->aspa_told)
		return;
	p->aspa_told = hash;
	emit_peer(e, p, hash == 1 ? EVENT_ASPA_FITS : EVENT_ASPA_MISFIT, text, 0);
}

/* --- what is missing */

static bool
is_overdue(const struct engine *e, int64_t since_us)
{
	return e->now_us - since_us > (int64_t)e->config.settle_s * 1000000;
}

/* Tables of the peer whose End-of-RIB should have come. */
static void
count_incomplete(const struct engine *e, const struct peer *p, struct found *out)
{
	static const char *const families[] = { "IPv4", "IPv6", "labelled IPv4", "labelled IPv6" };
	char what[64];

	if (p->live == NULL || !p->up || !is_overdue(e, p->up_us))
		return;
	for (unsigned f = 0; f < PEER_FAMILIES; f++)
		for (unsigned view = 0; view < VIEWS; view++) {
			if (!((p->monitored[f] & ~p->complete[f]) >> view & 1))
				continue;
			snprintf(what, sizeof(what), "%s of %s", families[f],
			    record_view_name((uint8_t)view));
			count(out, p, what);
		}
}

static void
put_incomplete(struct txt *t, struct router *r)
{
	const struct engine *e = r->session->engine;
	struct found missing = { .n = 0 };

	if (!r->any_end_of_rib || !is_overdue(e, r->since_us))
		return;
	for (const struct peer *p = r->peers; p != NULL; p = p->next)
		count_incomplete(e, p, &missing);
	if (missing.n == 0)
		return;
	txt_putf(t, "no End-of-RIB within %u s of %u table%s, first ", e->config.settle_s,
	    missing.n, missing.n == 1 ? "" : "s");
	put_peer(t, missing.first);
	txt_putf(t, ", %s: what is not there may be missing only from the feed", missing.what);
}

static void
put_no_end(struct txt *t, struct router *r)
{
	const struct engine *e = r->session->engine;

	if (r->any_end_of_rib || r->views_monitored == 0 || !is_overdue(e, r->since_us))
		return;
	txt_putf(t,
	    "it sends no End-of-RIB at all: its table is taken to be complete after a while of "
	    "silence, or after %u s",
	    e->config.settle_s);
}

static void
put_no_peers(struct txt *t, struct router *r)
{
	if (r->session == NULL || bmp_stream_peers(r->session->stream) > 0 ||
	    !is_overdue(r->session->engine, r->since_us))
		return;
	txt_puts(t, "it is connected and tells of no peer: nothing of it is monitored; is BMP "
		    "monitoring configured for its neighbours?");
}

/* --- what is doubtful */

static const char *
first_doubt(const struct peer *p)
{
	if (p->live == NULL)
		return NULL;
	for (size_t k = 0; k < sizeof(doubts); k++)
		if ((p->live->quirks & ~p->doubts_over) >> doubts[k] & 1)
			return bmp_quirk_text((enum bmp_quirk)doubts[k]);
	return p->implicit && p->up && p->key.type != BMP_PEER_LOC_RIB
		   ? bmp_quirk_text(QUIRK_PEER_IMPLICIT)
		   : NULL;
}

static void
put_doubts(struct txt *t, struct router *r)
{
	struct found doubtful = { .n = 0 };
	const char *what;

	for (const struct peer *p = r->peers; p != NULL; p = p->next)
		if ((what = first_doubt(p)) != NULL)
			count(&doubtful, p, what);
	if (doubtful.n == 0)
		return;
	txt_putf(t, "what %u peer%s sends is read with doubt, first ", doubtful.n,
	    doubtful.n == 1 ? "" : "s");
	put_peer(t, doubtful.first);
	txt_putf(t, ": %s", doubtful.what);
}

static void
put_clock(struct txt *t, struct router *r)
{
	const uint64_t *quirks = bmp_stream_counters(r->session->stream)->quirks;
	uint64_t n = quirks[QUIRK_TIMESTAMP_OFF] + quirks[QUIRK_TIMESTAMP_ANCIENT];

	if (n == 0 || (n == r->clock_seen && r->clock_us == 0))
		return;
	txt_puts(t, quirks[QUIRK_TIMESTAMP_OFF] > 0
			? "times in its messages are a day or more from ours and are not used"
			: "times in its messages count from its start and are not used");
}

/* When did its clock last show to be wrong? */
static void
note_clock(struct router *r)
{
	const struct engine *e = r->session->engine;
	const uint64_t *quirks = bmp_stream_counters(r->session->stream)->quirks;
	uint64_t n = quirks[QUIRK_TIMESTAMP_OFF] + quirks[QUIRK_TIMESTAMP_ANCIENT];

	if (n != r->clock_seen) {
		r->clock_seen = n;
		r->clock_us = e->now_us;
	} else if (r->clock_us != 0 && r->last_update_us > r->clock_us &&
		   e->now_us - r->clock_us > CLOCK_OVER_US) {
		r->clock_us = 0;
	}
}

/* --- what is said twice, and differs */

/* Is there one that cannot be compared any longer? */
static bool
has_past_difference(const struct router *r)
{
	const struct engine *e = r->session->engine;
	struct count_difference d;

	for (const struct peer *p = r->peers; p != NULL; p = p->next)
		for (unsigned at = 0; count_next(e, p, &at, &d);)
			if (d.is_past)
				return true;
	return false;
}

/* Where nothing is told, is that evidence that it is over? */
static bool
knows_counts(const struct router *r)
{
	const struct engine *e = r->session->engine;
	struct count_difference d;

	for (const struct peer *p = r->peers; p != NULL; p = p->next)
		for (unsigned at = 0; count_next(e, p, &at, &d);)
			if (!d.is_told && !d.is_past)
				return false;
	return r->counts_compared || has_past_difference(r);
}

/* How many are told, and the first of them; one in which something is missing here goes before. */
static unsigned
sum_up_differences(const struct router *r, struct count_difference *first, const struct peer **of)
{
	const struct engine *e = r->session->engine;
	struct count_difference d;
	unsigned n = 0;

	for (const struct peer *p = r->peers; p != NULL; p = p->next)
		for (unsigned at = 0; count_next(e, p, &at, &d);) {
			if (!d.is_told || d.is_past)
				continue;
			if (n++ > 0 && (d.router < d.ours || first->router > first->ours))
				continue;
			*first = d;
			*of = p;
		}
	return n;
}

/* What is more here than the router counts is probably counted otherwise. */
static bool
is_mild(const struct router *r, enum engine_trouble k)
{
	struct count_difference first;
	const struct peer *of;

	return k == TROUBLE_DIFFERS && sum_up_differences(r, &first, &of) > 0 &&
	       first.router < first.ours;
}

static void
put_differences(struct txt *t, struct router *r)
{
	struct count_difference first;
	const struct peer *of;
	char family[32];
	unsigned n = sum_up_differences(r, &first, &of);

	if (n == 0)
		return;
	txt_putf(
	    t, "it counts otherwise than it has told in %u case%s, first ", n, n == 1 ? "" : "s");
	put_peer(t, of);
	txt_putf(t, ", %s%s%s: it says %llu routes, we hold %llu", record_view_name(first.view),
	    first.per_family ? " " : "",
	    first.per_family ? bgp_family_name(first.family, family, sizeof(family)) : "",
	    (unsigned long long)first.router, (unsigned long long)first.ours);
}

/* --- what it makes of origins */

static bool
knows_rov(const struct router *r)
{
	return rov_is_known(r->session->engine, r, ROV_TAKES);
}

static bool
knows_rov_stricter(const struct router *r)
{
	return rov_is_known(r->session->engine, r, ROV_STRICTER);
}

static bool
knows_sends_invalid(const struct router *r)
{
	return rov_is_known(r->session->engine, r, ROV_SENDS);
}

static bool
knows_rov_state(const struct router *r)
{
	return rov_is_known(r->session->engine, r, ROV_SHOWS);
}

static void
put_rov(struct txt *t, struct router *r)
{
	const struct engine *e = r->session->engine;

	if (rov_is_told(r, ROV_TAKES))
		txt_putf(t,
		    "it does not take for invalid %u routes that are so by our VRPs, such as %s: "
		    "is what it validates by stale?",
		    r->rov[ROV_TAKES].n, rov_example(e, r, ROV_TAKES));
}

static void
put_rov_stricter(struct txt *t, struct router *r)
{
	const struct engine *e = r->session->engine;

	if (rov_is_told(r, ROV_STRICTER))
		txt_putf(t,
		    "it takes for invalid %u routes that are not so by our VRPs, such as %s: is "
		    "our RPKI data stale, or its?",
		    r->rov[ROV_STRICTER].n, rov_example(e, r, ROV_STRICTER));
}

static void
put_sends_invalid(struct txt *t, struct router *r)
{
	const struct engine *e = r->session->engine;

	if (rov_is_told(r, ROV_SENDS))
		txt_putf(t,
		    "by its own count it sends %u routes that it takes for invalid to other "
		    "networks, such as to %s",
		    r->rov[ROV_SENDS].n, rov_example(e, r, ROV_SENDS));
}

static void
put_rov_state(struct txt *t, struct router *r)
{
	const struct engine *e = r->session->engine;

	if (rov_is_told(r, ROV_SHOWS))
		txt_putf(t,
		    "it tells other networks what it makes of origins (RFC 8097), in %u routes, "
		    "such as %s",
		    r->rov[ROV_SHOWS].n, rov_example(e, r, ROV_SHOWS));
}

/* --- all of them */

/* Where nothing is found, that says something only when this says so. */
static bool (*const knows[ENGINE_TROUBLES])(const struct router *) = {
	[TROUBLE_DIFFERS] = knows_counts,
	[TROUBLE_ROV] = knows_rov,
	[TROUBLE_ROV_STRICTER] = knows_rov_stricter,
	[TROUBLE_SENDS_INVALID] = knows_sends_invalid,
	[TROUBLE_ROV_STATE] = knows_rov_state,
};

static void (*const put[ENGINE_TROUBLES])(struct txt *, struct router *) = {
	[TROUBLE_NO_PEERS] = put_no_peers,
	[TROUBLE_INCOMPLETE] = put_incomplete,
	[TROUBLE_NO_END_OF_RIB] = put_no_end,
	[TROUBLE_DOUBTFUL] = put_doubts,
	[TROUBLE_CLOCK] = put_clock,
	[TROUBLE_DIFFERS] = put_differences,
	[TROUBLE_ROV] = put_rov,
	[TROUBLE_ROV_STRICTER] = put_rov_stricter,
	[TROUBLE_SENDS_INVALID] = put_sends_invalid,
	[TROUBLE_ROV_STATE] = put_rov_state,
};

static void
look_at_trouble(struct engine *e, struct router *r, enum engine_trouble k)
{
	/* what was so before the session says nothing of it until it is complete */
	bool settled = r->synced && is_overdue(e, r->since_us);
	char text[ENGINE_TEXT_MAX] = "";
	struct txt t = txt_of(text, sizeof(text));
	uint32_t hash;

	put[k](&t, r);
	hash = text[0] == '\0' ? 0 : (uint32_t)hash_bytes(0, text, strlen(text)) | 1;
	if (hash == 0 && (!settled || (knows[k] != NULL && !knows[k](r))))
		return;
	if (hash == r->troubles_told[k] && (hash != 0 || r->troubles_known >> k & 1))
		return;
	if (hash == 0 && k == TROUBLE_DIFFERS && has_past_difference(r))
		txt_puts(&t, "what it counted otherwise can no longer be compared");
	r->troubles_told[k] = hash;
	r->troubles_known |= (uint16_t)(1U << k);
	emit_trouble(e, r, hash != 0 ? EVENT_TROUBLE : EVENT_TROUBLE_OVER, k, is_mild(r, k), text);
}

void
router_look(struct engine *e, struct router *r)
{
	if (r->session == NULL)
		return;
	r->looked_us = e->now_us;
	note_clock(r);
	rov_states_look(e, r);
	for (struct peer *p = r->peers; p != NULL; p = p->next) {
		look_at_roles(e, p);
		look_at_aspa(e, p);
	}
	for (enum engine_trouble k = 0; k < ENGINE_TROUBLES; k++)
		look_at_trouble(e, r, k);
	volumes_look(e, r);
}

void
router_look_now_and_then(struct engine *e, struct router *r)
{
	if (e->now_us - r->looked_us >= LOOK_US || e->now_us < r->looked_us)
		router_look(e, r);
}

void
router_begin_look(struct router *r)
{
	r->troubles_known = 0;
	r->counts_compared = r->rov_looked = false;
	r->rov_at = 0;
	r->rov_walks = r->session->engine->survey.walks;
	r->clock_seen = 0;
	r->clock_us = 0;
	r->looked_us = r->since_us;
}

void
router_tell_feed_again(struct router *r)
{
	r->troubles_known = 0;
	memset(r->troubles_told, 0, sizeof(r->troubles_told));
}

void
router_tell_troubles_again(struct router *r)
{
	router_tell_feed_again(r);
	for (struct peer *p = r->peers; p != NULL; p = p->next)
		p->roles_told = p->aspa_told = 0;
}
