#include "cli/decode_summary.h"

#include <stdio.h>

#include "base/jw.h"
#include "parsers/nlri.h"

/* --- counting
 * --------------------------------------------------------------------------------------------------------
 */

static bool
plain(struct bgp_family f)
{
	return (f.afi == AFI_IPV4 || f.afi == AFI_IPV6) &&
	       (f.safi == SAFI_UNICAST || f.safi == SAFI_MULTICAST);
}

static uint64_t
walk_plain(struct rd field, uint16_t afi, bool addpath, const struct bmp_update *u)
{
	struct bgp_nlri n;
	uint64_t count = 0;

	while (bgp_nlri_next(&field, afi, addpath, u->bgp->start, &n, u->faults))
		count++;
	return count;
}

static void
walk_mp(struct bmp_stream *s, struct bmp_peer *p, const struct bgp_mp *mp, bool addpath,
    bool withdraw, const struct bmp_update *u)
{
	struct rd field = mp->nlri;
	struct bgp_nlri_any any;
	uint64_t n;

	if (!mp->present)
		return;
	if (plain(mp->family)) {
		n = walk_plain(field, mp->family.afi, addpath, u);
		bmp_stream_count(s, p, mp->family, withdraw ? 0 : n, withdraw ? n : 0);
		return;
	}
	while (bgp_nlri_any_next(
	    &field, mp->family, addpath, withdraw, u->bgp->start, &any, u->faults))
		continue;
}

void
decode_count_update(struct bmp_stream *s, struct bmp_peer *p, struct bmp_update *u)
{
	static const struct bgp_family v4 = { AFI_IPV4, SAFI_UNICAST };
	const struct bgp_update *b = u->bgp;

	if (rd_left(&b->withdrawn) > 0)
		bmp_stream_count(
		    s, p, v4, 0, walk_plain(b->withdrawn, AFI_IPV4, u->addpath_classic, u));
	walk_mp(s, p, &b->unreach, u->addpath_unreach, true, u);
	walk_mp(s, p, &b->reach, u->addpath_reach, false, u);
	if (rd_left(&b->nlri) > 0)
		bmp_stream_count(s, p, v4, walk_plain(b->nlri, AFI_IPV4, u->addpath_classic, u), 0);
}

/* --- the object
 * ------------------------------------------------------------------------------------------------------
 */

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
