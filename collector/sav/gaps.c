/* What may be missing in a list, in words. */
#include <stdarg.h>
#include <stdio.h>

#include "collector/sav/sav_private.h"

void
sav_gap(struct sav_gaps *g, const char *fmt, ...)
{
	char text[SAV_GAP_TEXT];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	for (unsigned i = 0; i < g->n; i++)
		if (strcmp(g->text[i], text) == 0)
			return;
	if (g->n < SAV_GAPS_MAX)
		memcpy(g->text[g->n++], text, sizeof(text));
	else
		g->more++;
}

static void
gap_of_session(const struct sav_session *x, struct sav_gaps *g)
{
	char addr[IP_ADDR_TEXT_MAX];

	ip_addr_format(&x->neighbor, addr);
	if (!x->router_up) {
		sav_gap(g, "router %s is away: its routes are those of before and may have changed",
		    x->router);
		return;
	}
	if (!x->synced)
		sav_gap(g, "router %s has not told all that it has yet", x->router);
	if (!x->up)
		sav_gap(g, "the session with %s AS%u at %s is down: what comes in by it is missing",
		    addr, x->asn, x->router);
	else if (!x->heard && (x->customer || x->target))
		sav_gap(g, "Adj-RIB-In of %s%s AS%u at %s is not monitored",
		    x->customer ? "the customer " : "", addr, x->asn, x->router);
	else if (x->stale > 0 && x->synced)
		sav_gap(g, "%u routes of %s AS%u at %s are of a session before", x->stale, addr,
		    x->asn, x->router);
}

static void
gaps_of_target(const struct sav *s, struct sav_gaps *g)
{
	bool known = false, customer = false, lateral = false;

	for (size_t i = 0; i < s->targets_n; i++) {
		known |= s->sessions[i].relation_known;
		customer |= s->sessions[i].customer;
		lateral |= s->sessions[i].lateral;
	}
	if (s->targets_n == 0)
		sav_gap(g, "no router has a session with it");
	else if (!customer && lateral && s->method != SAV_EFP_A)
		sav_gap(g,
		    "AS%u is a lateral peer: what it may be behind is not to be told from paths; "
		    "efp-a makes lists of peers",
		    s->asn);
	else if (!customer && !lateral)
		sav_gap(g,
		    known ? "AS%u is no customer of ours: permit lists are for customers"
			  : "nobody knows what AS%u is to us, it is taken for a customer: set its "
			    "relation in neighbors",
		    s->asn);
}

void
sav_gaps(const struct sav *s, enum rpki_state state, struct sav_gaps *g)
{
	if (s->failed)
		sav_gap(g, "out of memory");
	gaps_of_target(s, g);
	if (s->walk == SAV_WALK_NONE && s->prefixes_n == 0)
		sav_gap(g, "nothing is known of it: the list is empty");
	for (size_t i = 0; i < s->sessions_n; i++)
		gap_of_session(&s->sessions[i], g);
	if (s->method != SAV_BAR)
		return;
	if (state == RPKI_NONE)
		sav_gap(g, "no VRPs are in force: what customers may originate by ROAs is missing");
	else if (state == RPKI_PARTIAL)
		sav_gap(g, "a source of RPKI data never answered");
	else if (state == RPKI_STALE)
		sav_gap(g, "RPKI data is too old to judge by");
}
