/*
 * How many labels are in front of a prefix (RFC 8277)? As the OPENs say it: one, or a stack where
 * both sides have capability 8; one in a withdrawal. Speakers do otherwise, and the parser takes
 * another number where the octets allow no other. What it took is counted here as proof: where it
 * was otherwise twice, and not as said in between, the next ones are expected to be.
 */
#include "collector/bmp_stream/encoding_private.h"
#include "parsers/bgp/nlri/nlri.h"

static bool
has_labels(struct bgp_family family)
{
	const struct bgp_family_row *row = bgp_family_row(family);

	return row != NULL && (row->nlri == BGP_NLRI_LABELLED || row->nlri == BGP_NLRI_VPN);
}

/* RFC 8277 2.1: there may be several labels when both sides can. The neighbours behind a Loc-RIB
 * are not known. */
static uint8_t
negotiated(const struct bmp_peer *p, const struct bmp_update *u, struct bgp_family family)
{
	if (u->view == BMP_VIEW_LOC_RIB || !open_known(&p->sent) || !open_known(&p->received))
		return BGP_LABELS_UNKNOWN;
	return bgp_open_labels(&p->sent, family) > 1 && bgp_open_labels(&p->received, family) > 1
		   ? BGP_LABELS_STACK
		   : BGP_LABELS_ONE;
}

/* What is remembered of this view and family; NULL when nothing is, and make is not set or there is
 * no room. */
static struct labels_memory *
memory_of(struct bmp_peer *p, const struct bmp_update *u, struct bgp_family family, bool make)
{
	struct encoding_memory *e = &stream_peer(p)->encoding;
	unsigned view = encoding_view(u), i = 0;

	while (i < e->labels_n &&
	       !(e->labels[i].view == view && bgp_family_equal(e->labels[i].family, family)))
		i++;
	if (i < e->labels_n)
		return &e->labels[i];
	if (!make || i == LABELS_FAMILIES_MAX)
		return NULL;
	e->labels_n++;
	e->labels[i] = (struct labels_memory){ .view = (uint8_t)view, .family = family };
	return &e->labels[i];
}

static bool
is_otherwise(int8_t proofs)
{
	return proofs == PROOFS_MAX;
}

void
labels_decide(struct bmp_peer *p, struct bmp_update *u)
{
	const struct bgp_mp *reach = &u->bgp->reach, *unreach = &u->bgp->unreach;
	struct bgp_encoding *e = &u->context.encoding;
	const struct labels_memory *m;

	if (reach->present && !bgp_family_is_plain(reach->family)) {
		e->labels = negotiated(p, u, reach->family);
		m = memory_of(p, u, reach->family, false);
		if (m != NULL && is_otherwise(m->announced))
			e->labels = e->labels == BGP_LABELS_ONE ? BGP_LABELS_STACK : BGP_LABELS_ONE;
	}
	if (unreach->present && !bgp_family_is_plain(unreach->family)) {
		m = memory_of(p, u, unreach->family, false);
		if (m != NULL && (m->stacks || is_otherwise(m->withdrawn)))
			e->labels_withdrawn = BGP_LABELS_STACK;
	}
}

/* What the labels in front of one prefix show. */
struct shown {
	bool stack;    /* more than one */
	bool bottom;   /* the last one has the bottom-of-stack bit */
	bool doubtful; /* there may be another number of them */
	bool open_end; /* the first one has not, and is no field of RFC 8277 2.4 */
};

static struct shown
show(const struct bgp_nlri *n, bool withdrawn)
{
	uint32_t first = n->labels[0], last = n->labels[n->labels_n - 1U];

	return (struct shown){ .stack = n->labels_n > 1,
		.bottom = last & 1,
		.doubtful = n->labels_doubtful,
		.open_end = !(first & 1) && !(withdrawn && (first == 0x800000 || first == 0)) };
}

/* One prefix announced, its first label not the bottom: the rest says how it is meant. */
static void
note_announced(struct bmp_stream *s, struct bmp_peer *p, const struct bmp_update *u,
    struct labels_memory *m, const struct shown *l)
{
	uint8_t said = negotiated(p, u, m->family);

	m->stacks |= l->stack && l->bottom;
	if (said == BGP_LABELS_UNKNOWN)
		return;
	if (!l->doubtful)
		proofs_add(&m->announced, said == BGP_LABELS_ONE ? l->stack : !l->bottom);
	if (said == BGP_LABELS_ONE && l->stack)
		encoding_quirk(s, p, u, QUIRK_LABEL_STACK_UNEXPECTED);
	else if (said == BGP_LABELS_STACK && !l->bottom)
		encoding_quirk(s, p, u, QUIRK_LABEL_BOTTOM_MISSING);
}

static void
note_withdrawn(struct bmp_stream *s, struct bmp_peer *p, const struct bmp_update *u,
    struct labels_memory *m, const struct shown *l)
{
	if (!l->doubtful)
		proofs_add(&m->withdrawn, l->stack);
	if (l->stack)
		encoding_quirk(s, p, u, QUIRK_LABEL_STACK_WITHDRAWN);
}

size_t
labels_count(struct bmp_stream *s, struct bmp_peer *p, const struct bmp_update *u,
    const struct bgp_mp *mp, struct bgp_nlri_encoding encoding)
{
	struct faults ignored = { .n = 0 };
	struct cursor r = mp->nlri;
	struct labels_memory *m = NULL;
	struct bgp_nlri n;
	size_t count = 0;
	bool noted = false;

	if (!has_labels(mp->family))
		return bgp_nlri_count(r, mp->family, encoding, NULL, NULL);
	while (bgp_nlri_next(&r, mp->family, encoding, mp->nlri.pos, &n, &ignored)) {
		struct shown l;

		count += !n.malformed;
		if (noted || n.malformed || n.labels_n == 0)
			continue;
		l = show(&n, encoding.withdrawn);
		if (!l.open_end || (m = memory_of(p, u, mp->family, true)) == NULL)
			continue;
		noted = true; /* a quirk counts messages */
		if (encoding.withdrawn)
			note_withdrawn(s, p, u, m, &l);
		else
			note_announced(s, p, u, m, &l);
	}
	return count;
}
