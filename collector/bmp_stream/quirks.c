/*
 * The names of all quirks, and the detectors that compare a message with earlier ones of its peer
 * or with a registry. The other quirks are counted where the octets are read. docs/QUIRKS.md says
 * which routers have a quirk and how it is handled.
 */
#include "collector/bmp_stream/stream_private.h"
#include "parsers/bgp/nlri/nlri.h"

static const struct {
	const char *name, *text;
} names[BMP_QUIRKS] = {
#define QUIRK_ROW(code, name, text) [code] = { name, text },
	BMP_QUIRK_MAP(QUIRK_ROW)
#undef QUIRK_ROW
};

const char *
bmp_quirk_name(enum bmp_quirk q)
{
	return (unsigned)q < BMP_QUIRKS ? names[q].name : "unknown";
}

const char *
bmp_quirk_text(enum bmp_quirk q)
{
	return (unsigned)q < BMP_QUIRKS ? names[q].text : "unknown quirk";
}

/* So many withdrawals in a view that never announced anything show the quirk. FRR without
 * soft-reconfiguration sends each announcement as a withdrawal. */
enum { WITHDRAWALS_ONLY_AFTER = 100 };

static bool
has_capabilities(const struct bgp_open *o)
{
	for (int i = 0; i < 8; i++)
		if (o->caps_seen[i] != 0)
			return true;
	return false;
}

void
quirks_of_peer_up(struct bmp_stream *s, struct bmp_peer *p, const struct bmp_peer_header *h,
    const struct bmp_peer_up *up)
{
	bool loc_rib = h->type == BMP_PEER_LOC_RIB;

	stream_peer(p)->quirks.up_flags |= flag_bit(h);
	if (up->sent.empty || up->received.empty)
		stream_quirk(s, p, QUIRK_OPEN_EMPTY);
	else if (cur_left(&up->received_pdu) > 0 &&
		 has_capabilities(&up->sent) != has_capabilities(&up->received))
		stream_quirk(s, p, QUIRK_OPEN_NO_CAPABILITIES);
	if (loc_rib && (h->as == 0 || is_zero(h->bgp_id, 4)))
		stream_quirk(s, p, QUIRK_LOC_RIB_NULL_ID);
	if (loc_rib && p->table_name[0] == '\0')
		stream_quirk(s, p, QUIRK_TABLE_NAME_ABSENT);
	if (h->type == BMP_PEER_GLOBAL && is_zero(p->key.octets, 16))
		stream_quirk(s, p, QUIRK_PEER_TYPE_0_NULL);
}

void
quirks_of_statistics(
    struct bmp_stream *s, struct bmp_peer *p, const struct bmp_msg *m, struct faults *f)
{
	struct bmp_stats all;
	struct bmp_stat one;

	bmp_stats_begin(m, &all, f);
	while (bmp_stats_next(m, &all, &one, f)) {
		const struct bmp_stat_info *info = bmp_stat_info(one.type);

		if (one.enterprise)
			continue;
		if (bmp_stat_private(one.type))
			stream_quirk(s, p, QUIRK_STAT_PRIVATE);
		else if (info == NULL)
			stream_quirk(s, p, QUIRK_STAT_UNKNOWN);
		else if (cur_left(&one.raw) != info->len)
			stream_quirk(s, p, QUIRK_STAT_LENGTH);
	}
}

/* Counted once per session of the peer and value of the flag: a flag shows how a router is
 * configured. */
static void
quirks_of_flags(struct bmp_stream *s, struct bmp_peer *p, const struct bmp_peer_header *h)
{
	struct quirk_memory *known = &stream_peer(p)->quirks;
	uint8_t bit = flag_bit(h);

	if (known->up_flags == 0 || ((known->up_flags | known->flags_noted) & bit))
		return;
	known->flags_noted |= bit;
	stream_quirk(s, p, QUIRK_FLAGS_DIFFER);
}

static void
quirks_of_withdrawals(struct bmp_stream *s, struct bmp_peer *p, const struct bmp_update *u)
{
	struct quirk_memory *known = &stream_peer(p)->quirks;
	const struct bgp_update *b = u->bgp;

	if (known->views_announcing >> u->view & 1)
		return;
	if (cur_left(&b->nlri) > 0 || b->reach.present)
		known->views_announcing |= (uint8_t)(1U << u->view);
	else if (++known->only_withdrawn[u->view] == WITHDRAWALS_ONLY_AFTER)
		stream_quirk(s, p, QUIRK_WITHDRAWALS_ONLY);
	else if (known->only_withdrawn[u->view] > WITHDRAWALS_ONLY_AFTER)
		known->only_withdrawn[u->view]--; /* counted once: the counter must not wrap */
}

void
quirks_of_routes(struct bmp_stream *s, struct bmp_peer *p, const struct bmp_peer_header *h,
    const struct bmp_update *u)
{
	quirks_of_flags(s, p, h);
	quirks_of_withdrawals(s, p, u);
}

/* All NLRI of the UPDATE, malformed ones, too; false when they cannot be counted. */
static bool
count_all(const struct bmp_update *u, unsigned *n)
{
	struct bgp_nlri_field fields[BGP_UPDATE_FIELDS];
	unsigned fields_n = bgp_update_fields(u->bgp, &u->context.encoding, fields);
	struct faults ignored = { .n = 0 };
	struct bgp_nlri nlri;

	*n = 0;
	for (unsigned i = 0; i < fields_n; i++) {
		struct bgp_nlri_field *f = &fields[i];

		if (cur_left(&f->nlri) == 0)
			continue;
		while (
		    bgp_nlri_next(&f->nlri, f->family, f->encoding, f->nlri.pos, &nlri, &ignored))
			++*n;
		if (f->nlri.failed || bgp_family_row(f->family) == NULL)
			return false;
	}
	return true;
}

void
quirks_of_v4(struct bmp_stream *s, struct bmp_peer *p, const struct bmp_update *u)
{
	const struct bmp_v4 *v = u->v4;
	unsigned n;

	if (v->revision_proved && s->v4_revision != v->revision &&
	    v->revision != BMP_V4_REVISION_21)
		stream_quirk(s, p, QUIRK_V4_CODE_POINTS);
	if (v->update_inline)
		stream_quirk(s, p, QUIRK_V4_UPDATE_INLINE);
	if (v->unknown_n > 0)
		stream_quirk(s, p, QUIRK_V4_TLV_UNKNOWN);
	/* where the NLRI cannot all be read, nobody knows which is the n-th
	 * (draft-ietf-grow-bmp-tlv 4.3) */
	if (v->indexed_n > 0 && count_all(u, &n) && bmp_v4_bad_indexes(v, n) > 0)
		stream_quirk(s, p, QUIRK_V4_INDEX);
}
