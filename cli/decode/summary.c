#include "cli/decode/summary.h"

#include <stdio.h>

#include "base/jw.h"
#include "parsers/bgp/nlri/nlri.h"

/* --- counting */

/* Counts the NLRI of a field; adds what is wrong with them to the faults of the UPDATE. */
static uint64_t
count(const struct bmp_update *u, const struct bgp_nlri_field *f)
{
	struct cursor r = f->nlri;
	struct bgp_prefix p;
	uint64_t n = 0;

	if (!bgp_family_is_plain(f->family))
		return bgp_nlri_count(r, f->family, f->encoding, u->bgp->start, u->faults);
	while (
	    bgp_prefix_next(&r, f->family.afi, f->encoding.path_ids, u->bgp->start, &p, u->faults))
		n++;
	return n;
}

void
decode_count_update(
    struct bmp_stream *s, struct bmp_peer *p, struct bmp_update *u, enum decode_count which)
{
	struct bgp_nlri_field fields[BGP_UPDATE_FIELDS];
	unsigned fields_n;

	if (u->is_end_of_rib) {
		if (which == DECODE_COUNT_ALL)
			bmp_stream_count_end_of_rib(s, u->end_of_rib);
		return;
	}
	fields_n = bgp_update_fields(u->bgp, &u->context.encoding, fields);
	for (unsigned i = 0; i < fields_n; i++) {
		const struct bgp_nlri_field *f = &fields[i];
		uint64_t n = count(u, f);
		bool withdrawn = f->encoding.withdrawn;

		if (which == DECODE_COUNT_ALL ||
		    (which == DECODE_COUNT_PLAIN && bgp_family_is_plain(f->family)))
			bmp_stream_count(s, p, f->family, withdrawn ? 0 : n, withdrawn ? n : 0);
	}
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
