#include "cli/decode/summary.h"

#include <stdio.h>

#include "base/jw.h"
#include "parsers/bgp/nlri/nlri.h"

/* --- counting */

struct walk {
	struct bmp_stream *stream;
	struct bmp_peer *peer;
	const struct bmp_update *u;
	enum decode_count count;
};

static uint64_t
count_plain(const struct bmp_update *u, struct cursor field, uint16_t afi, bool path_ids)
{
	struct bgp_prefix n;
	uint64_t count = 0;

	while (bgp_prefix_next(&field, afi, path_ids, u->bgp->start, &n, u->faults))
		count++;
	return count;
}

static void
walk(const struct walk *w, struct cursor field, struct bgp_family family, struct bgp_nlri_how how)
{
	const struct bmp_update *u = w->u;
	bool is_plain = bgp_family_is_plain(family);
	uint64_t n = is_plain ? count_plain(u, field, family.afi, how.path_ids)
			      : bgp_nlri_count(field, family, how, u->bgp->start, u->faults);

	if (w->count == DECODE_COUNT_ALL || (w->count == DECODE_COUNT_PLAIN && is_plain))
		bmp_stream_count(
		    w->stream, w->peer, family, how.withdraw ? 0 : n, how.withdraw ? n : 0);
}

void
decode_count_update(
    struct bmp_stream *s, struct bmp_peer *p, struct bmp_update *u, enum decode_count count)
{
	static const struct bgp_family v4 = { AFI_IPV4, SAFI_UNICAST };
	const struct walk w = { s, p, u, count };
	const struct bgp_update *b = u->bgp;

	if (u->is_end_of_rib) {
		if (count == DECODE_COUNT_ALL)
			bmp_stream_count_end_of_rib(s, u->end_of_rib);
		return;
	}
	if (cur_left(&b->withdrawn) > 0)
		walk(&w, b->withdrawn, v4, (struct bgp_nlri_how){ u->addpath_classic, true, 0 });
	if (b->unreach.present)
		walk(&w, b->unreach.nlri, b->unreach.family,
		    (struct bgp_nlri_how){ u->addpath_unreach, true, 0 });
	if (b->reach.present)
		walk(&w, b->reach.nlri, b->reach.family,
		    (struct bgp_nlri_how){ u->addpath_reach, false, u->labels_reach });
	if (cur_left(&b->nlri) > 0)
		walk(&w, b->nlri, v4, (struct bgp_nlri_how){ u->addpath_classic, false, 0 });
}

/* --- the object */

static void
put_families(struct jw *j, const char *key, const struct bmp_counters *c, int which)
{
	char name[24];

	jw_object(j, key);
	for (unsigned i = 0; i < c->families_n; i++) {
		const struct bmp_family_count *f = &c->families[i];
		uint64_t n = which == 0 ? f->announced : which == 1 ? f->withdrawn : f->end_of_rib;

		snprintf(name, sizeof(name), "%u/%u", f->family.afi, f->family.safi);
		if (n > 0)
			jw_uint(j, name, n);
	}
	jw_end_object(j);
}

void
decode_summary_print(const struct bmp_counters *c, uint64_t tail, const char *file)
{
	struct sbuf out = sbuf_of(1 << 20);
	struct jw j = jw_to(&out);

	jw_object(&j, NULL);
	if (file != NULL)
		jw_string(&j, "file", file);
	jw_uint(&j, "bytes", c->bytes + tail);
	jw_object(&j, "messages");
	for (unsigned i = 0; i <= BMP_TYPES; i++)
		jw_uint(&j, bmp_type_name(i), c->messages[i]);
	jw_end_object(&j);
	put_families(&j, "announced", c, 0);
	put_families(&j, "withdrawn", c, 1);
	put_families(&j, "end_of_rib", c, 2);
	jw_object(&j, "faults");
	for (int i = 0; i < FAULT_CODES; i++)
		if (c->faults[i] > 0)
			jw_uint(&j, fault_name((enum fault_code)i), c->faults[i]);
	jw_end_object(&j);
	jw_object(&j, "quirks");
	for (int i = 0; i < BMP_QUIRKS; i++)
		if (c->quirks[i] > 0)
			jw_uint(&j, bmp_quirk_name((enum bmp_quirk)i), c->quirks[i]);
	jw_end_object(&j);
	jw_uint(&j, "incomplete_tail_bytes", tail);
	jw_end_object(&j);
	puts(sbuf_text(&out));
	sbuf_free(&out);
}
