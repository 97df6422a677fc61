/*
 * Are there path ids in front of the NLRI of an UPDATE (RFC 7911)?
 *
 *   expected   what the OPENs, or the message's own TLVs, say
 *   proved     what earlier UPDATEs of the same view and family have shown
 *   the octets whether the field reads with path ids, without them, or both ways
 *
 * One proof for what is expected decides how later UPDATEs are read; against it two are needed,
 * with none for it in between. While nothing is decided, an UPDATE that reads both ways is read as
 * expected and counted as ambiguous, and the memory notes the doubt. Once the proofs are certain,
 * encoding_proved is called, and the owner drops what was read the wrong way.
 */
#include "collector/bmp_stream/encoding_private.h"
#include "parsers/bgp/nlri/nlri.h"

/* Where no OPEN offers path ids, so many UPDATEs that cannot have any make it certain that the
 * others have none. */
enum { CERTAIN = 4 };

/* --- what is expected */

/* RFC 7911 4: path ids are there when the sender can send and the receiver can receive them. Where
 * only one OPEN of a mirrored session was seen, the other side is taken to agree. */
static bool
agreed(const struct bgp_open *sender, const struct bgp_open *receiver, struct bgp_family family,
    bool mirrored)
{
	bool sends = bgp_open_addpath(sender, family) & BGP_ADDPATH_SEND,
	     receives = bgp_open_addpath(receiver, family) & BGP_ADDPATH_RECEIVE;

	if (mirrored && open_known(sender) != open_known(receiver))
		return sends || receives;
	return sends && receives;
}

static bool
negotiated(const struct bmp_peer *p, const struct bmp_update *u, struct bgp_family family)
{
	if (u->view == BMP_VIEW_LOC_RIB) /* fabricated: presence alone counts (RFC 9069 5.2) */
		return bgp_open_addpath(&p->sent, family) != 0 ||
		       bgp_open_addpath(&p->received, family) != 0;
	if (u->view == BMP_VIEW_OUT_PRE || u->view == BMP_VIEW_OUT_POST)
		return agreed(&p->sent, &p->received, family, u->mirrored);
	return agreed(&p->received, &p->sent, family, u->mirrored);
}

/* Does the message itself say how it is encoded? Then it is believed, and proves nothing. */
static bool
is_stateless(const struct bmp_update *u)
{
	return u->v4 != NULL && u->v4->stateless;
}

/* Does an OPEN offer path ids in any family? */
static bool
opens_speak(const struct bmp_peer *p)
{
	return (p->sent.addpaths_n | p->received.addpaths_n) != 0;
}

static bool
path_ids_expected(const struct bmp_peer *p, const struct bmp_update *u, struct bgp_family family)
{
	if (is_stateless(u))
		return bmp_v4_addpath(u->v4, family);
	return opens_speak(p) && negotiated(p, u, family);
}

/* --- what was proved */

/* What is remembered of this view and family; NULL when nothing is. make: begin to remember, if
 * there is room. Without room each message is looked at on its own. */
static struct path_ids_memory *
memory_of(struct bmp_peer *p, const struct bmp_update *u, struct bgp_family family, bool make)
{
	struct encoding_memory *e = &stream_peer(p)->encoding;
	unsigned view = encoding_view(u), i = 0;

	if (is_stateless(u))
		return NULL;
	while (i < e->path_ids_n &&
	       !(e->path_ids[i].view == view && bgp_family_equal(e->path_ids[i].family, family)))
		i++;
	if (i < e->path_ids_n)
		return &e->path_ids[i];
	if (!make || i == ENCODING_FAMILIES_MAX)
		return NULL;
	e->path_ids_n++;
	e->path_ids[i] = (struct path_ids_memory){ .view = (uint8_t)view,
		.family = family,
		.proofs = e->without_ids[view] == CERTAIN ? -PROOFS_MAX : 0 };
	return &e->path_ids[i];
}

static bool
is_certain(const struct path_ids_memory *m)
{
	return m->proofs == PROOFS_MAX || m->proofs == -PROOFS_MAX;
}

/* This UPDATE reads one way only. */
static void
note_proof(struct bmp_stream *s, struct bmp_peer *p, const struct bmp_update *u,
    struct bgp_family family, bool present)
{
	struct path_ids_memory *m = memory_of(p, u, family, true);

	if (m == NULL)
		return;
	proofs_add(&m->proofs, present);
	if (!m->doubtful || m->proofs != (present ? PROOFS_MAX : -PROOFS_MAX))
		return;
	m->doubtful = false;
	if (s->ops->encoding_proved != NULL)
		s->ops->encoding_proved(s->ctx, s, p, u, family, present);
}

/* This UPDATE is ambiguous: its routes may turn out to be wrong. */
static void
note_doubt(struct bmp_peer *p, const struct bmp_update *u, struct bgp_family family)
{
	struct path_ids_memory *m = memory_of(p, u, family, true);

	if (m != NULL)
		m->doubtful = true;
}

/* Do the proofs decide? */
static bool
decides(const struct path_ids_memory *m, bool expected)
{
	return m != NULL && m->proofs != 0 && ((m->proofs > 0) == expected || is_certain(m));
}

/* Have too few UPDATEs shown that they cannot have path ids? */
static bool
may_have_ids(const struct bmp_peer *p, const struct bmp_update *u)
{
	return stream_peer(p)->encoding.without_ids[encoding_view(u)] < CERTAIN;
}

/* --- what the octets allow */

static bool
part_fits(struct cursor part, struct bgp_family family, struct bgp_nlri_encoding encoding)
{
	if (cur_left(&part) == 0)
		return true;
	return bgp_family_is_plain(family) ? bgp_prefixes_fit(part, family.afi, encoding.path_ids)
					   : bgp_nlri_fits(part, family, encoding);
}

static bool
fits(const struct nlri_field *f, bool path_ids)
{
	struct bgp_nlri_encoding announced = { .path_ids = path_ids, .labels = f->labels },
				 withdrawn = { path_ids, true, f->labels };

	return part_fits(f->announced, f->family, announced) &&
	       part_fits(f->withdrawn, f->family, withdrawn);
}

/* Properties of the prefixes of a plain field, read with or without path ids. */
struct look {
	unsigned defaults;   /* 0/0, but for further ones that have a path id of their own */
	uint32_t default_id; /* of the last of them */
	unsigned shortest;   /* bits, of the other routes */
	bool unclean;	     /* bits are set behind a prefix */
};

static void
look_at_part(struct cursor r, bool path_ids, struct look *l)
{
	while (cur_left(&r) > 0) {
		uint32_t id = path_ids ? cur_u32(&r) : 0;
		uint8_t len = cur_u8(&r);
		const uint8_t *at = cur_take(&r, (len + 7U) / 8);

		if (len == 0 && (l->defaults == 0 || id == l->default_id))
			l->defaults++;
		if (len == 0)
			l->default_id = id;
		else if (len < l->shortest)
			l->shortest = len;
		if (at != NULL && len % 8 != 0 && (at[len / 8] & (0xff >> len % 8)) != 0)
			l->unclean = true;
	}
}

static struct look
look_at(const struct nlri_field *f, bool path_ids)
{
	struct look l = { .shortest = UINT8_MAX };

	look_at_part(f->announced, path_ids, &l);
	look_at_part(f->withdrawn, path_ids, &l);
	return l;
}

/* No router sends a prefix twice in a field, or sets bits behind a prefix. Where 0/0 is repeated,
 * or bits are set, path ids were read as prefixes. */
static bool
looks_clean(const struct look *l)
{
	return !l->unclean && l->defaults <= 1;
}

/*
 * Is the field good enough to be a proof against what is expected? One damaged prefix can make a
 * field read with path ids, and then it yields a route for everything, or for a good part of it. So
 * with path ids there must be none.
 */
static bool
convinces(const struct nlri_field *f, bool path_ids)
{
	struct look l;

	if (!fits(f, path_ids))
		return false;
	if (!bgp_family_is_plain(f->family)) /* many rules hold: that is no accident */
		return true;
	l = look_at(f, path_ids);
	return looks_clean(&l) && (!path_ids || (l.defaults == 0 && l.shortest >= 8));
}

static uint8_t
first_octet(const struct nlri_field *f)
{
	return cur_left(&f->announced) > 0 ? f->announced.pos[0] : f->withdrawn.pos[0];
}

/* --- the decision */

/* A plain field that reads both ways, of a peer of which nothing is certain. decided: the proofs
 * agree with what is expected. */
static bool
decide_ambiguous(struct bmp_stream *s, struct bmp_peer *p, const struct bmp_update *u,
    const struct nlri_field *f, bool decided, bool expected)
{
	struct look with = look_at(f, true), without = look_at(f, false);

	if (looks_clean(&with) != looks_clean(&without)) {
		note_proof(s, p, u, f->family, looks_clean(&with));
		return looks_clean(&with);
	}
	/* Path ids that no OPEN offered are small numbers: the first octet is 0. */
	if (!decided && (expected || first_octet(f) == 0)) {
		encoding_quirk(s, p, u, QUIRK_ADDPATH_AMBIGUOUS);
		if (expected || may_have_ids(p, u))
			note_doubt(p, u, f->family);
	}
	return expected;
}

/* A field that does not read as assumed. other: the other way. */
static bool
decide_other_way(struct bmp_stream *s, struct bmp_peer *p, const struct bmp_update *u,
    const struct nlri_field *f, bool other, bool expected)
{
	const struct path_ids_memory *m = memory_of(p, u, f->family, false);
	bool proved_before = m != NULL && m->proofs > 0, present = other;

	if (!fits(f, other))
		return !other; /* malformed either way: the parser notes the fault */
	if (!convinces(f, other)) {
		present = !other;
	} else {
		note_proof(s, p, u, f->family, other);
		/* No OPEN offered path ids, and the field begins as a prefix or a route type does.
		 * This is rather a damaged route, unless it comes again. */
		if (other && !expected && !proved_before && first_octet(f) != 0)
			present = false;
	}
	/* It is read as malformed. The parser may make some routes of it all the same. */
	if (present != other && may_have_ids(p, u))
		note_doubt(p, u, f->family);
	return present;
}

static bool
decide(struct bmp_stream *s, struct bmp_peer *p, const struct bmp_update *u,
    const struct nlri_field *f, bool expected)
{
	const struct path_ids_memory *m = memory_of(p, u, f->family, false);
	bool decided = decides(m, expected), assumed = decided ? m->proofs > 0 : expected;

	if (!fits(f, assumed))
		return decide_other_way(s, p, u, f, !assumed, expected);
	if (!bgp_family_is_plain(f->family) || is_stateless(u))
		return assumed;
	if (decided && is_certain(m)) {
		if (assumed != expected && fits(f, !assumed))
			note_doubt(p, u, f->family);
		return assumed;
	}
	if (fits(f, !assumed))
		return decide_ambiguous(s, p, u, f, decided, expected);
	if (expected || m != NULL || opens_speak(p))
		note_proof(s, p, u, f->family, assumed);
	return assumed;
}

/* The common case: no OPEN offers path ids, the field reads without them, and its first octet is
 * not that of a small path id. Here the first UPDATEs that cannot have path ids are counted. */
static bool
plainly_without(struct bmp_peer *p, const struct bmp_update *u, const struct nlri_field *f)
{
	struct encoding_memory *e = &stream_peer(p)->encoding;
	uint8_t *without = &e->without_ids[encoding_view(u)];

	if (opens_speak(p) || e->path_ids_n != 0 || u->v4 != NULL ||
	    (first_octet(f) == 0 && bgp_family_is_plain(f->family)) || !fits(f, false))
		return false;
	if (*without < CERTAIN && !fits(f, true))
		++*without;
	return true;
}

bool
path_ids_present(struct bmp_stream *s, struct bmp_peer *p, const struct bmp_update *u,
    const struct nlri_field *f)
{
	bool expected, present;

	if (plainly_without(p, u, f))
		return false;
	expected = path_ids_expected(p, u, f->family);
	present = decide(s, p, u, f, expected);
	if (present != expected)
		encoding_quirk(s, p, u, expected ? QUIRK_ADDPATH_ABSENT : QUIRK_ADDPATH_UNEXPECTED);
	return present;
}
