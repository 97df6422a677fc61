/*
 * What is set aside, as lines of text for the time after a restart:
 *
 *   held SECONDS new|gone KIND ROUTES PREFIX MAX-LENGTH AS [PREFIX OF OURS]...
 *
 * SECONDS: since when, by the wall clock. A line that cannot be read is passed over.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "collector/rpki/vrp_aside.h"

enum { LINE_MAX_OCTETS = 128 + VRP_TRIAL_OURS_MAX * IP_PREFIX_TEXT_MAX };

static const char *const kinds[VRP_ASIDE_KINDS] = { "default", "mass", "disputed" };

void
vrp_aside_write(const struct vrp_aside *a, int64_t now_us, int64_t wall_us, struct sbuf *out)
{
	char prefix[IP_PREFIX_TEXT_MAX];

	for (size_t i = 0; i < a->n; i++) {
		const struct vrp_held *h = &a->v[i];

		if (h->over)
			continue;
		sbuf_printf(out, "held %lld %s %s %u %s %u %u",
		    (long long)((wall_us - (now_us - h->since_us)) / 1000000),
		    h->gone ? "gone" : "new", kinds[h->kind], h->routes,
		    ip_prefix_format(&h->vrp.prefix, prefix), h->vrp.max_len, h->vrp.asn);
		for (unsigned k = 0; k < a->ours_n; k++)
			if (vrp_cmp(&a->ours[k].vrp, &h->vrp) == 0)
				sbuf_printf(
				    out, " %s", ip_prefix_format(&a->ours[k].prefix, prefix));
		sbuf_putc(out, '\n');
	}
}

static void
read_ours(struct vrp_aside *a, const struct vrp *v, const char *text)
{
	char word[IP_PREFIX_TEXT_MAX];
	int used;

	while (a->ours_n < VRP_TRIAL_OURS_MAX && sscanf(text, " %49s%n", word, &used) == 1) {
		struct vrp_aside_ours *o = &a->ours[a->ours_n];

		if (!ip_prefix_parse(word, true, &o->prefix))
			return;
		o->vrp = *v;
		a->ours_n++;
		text += used;
	}
}

/* A line without its first word. */
static void
read_held(struct vrp_aside *a, const char *line, int64_t now_us, int64_t wall_us)
{
	struct vrp_held h = { .tried = true, .kind = VRP_ASIDE_KINDS };
	char which[8], kind[12], prefix[IP_PREFIX_TEXT_MAX];
	unsigned max_len, asn, routes;
	long long since;
	int used = 0;

	if (sscanf(line, "%lld %7s %11s %u %49s %u %u%n", &since, which, kind, &routes, prefix,
		&max_len, &asn, &used) != 7 ||
	    !ip_prefix_parse(prefix, true, &h.vrp.prefix) || max_len > 128 || since < 0 ||
	    since > wall_us / 1000000)
		return;
	for (uint8_t k = 0; k < VRP_ASIDE_KINDS; k++)
		if (strcmp(kind, kinds[k]) == 0)
			h.kind = k;
	h.gone = strcmp(which, "gone") == 0;
	h.vrp.max_len = (uint8_t)max_len;
	h.vrp.asn = asn;
	h.routes = routes;
	h.since_us = now_us - (wall_us - (int64_t)since * 1000000);
	if (h.kind != VRP_ASIDE_KINDS && (h.gone || strcmp(which, "new") == 0) && vrp_ok(&h.vrp) &&
	    vrp_aside_restore(a, &h))
		read_ours(a, &h.vrp, line + used);
}

void
vrp_aside_read(struct vrp_aside *a, const char *text, int64_t now_us, int64_t wall_us)
{
	static const char word[] = "held ";
	char line[LINE_MAX_OCTETS];

	while (*text != '\0') {
		const char *end = strchrnul(text, '\n');
		size_t n = (size_t)(end - text);

		if (n < sizeof(line) && strncmp(text, word, sizeof(word) - 1) == 0) {
			memcpy(line, text, n);
			line[n] = '\0';
			read_held(a, line + sizeof(word) - 1, now_us, wall_us);
		}
		text = *end != '\0' ? end + 1 : end;
	}
}
