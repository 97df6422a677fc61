/*
 * How to read an UPDATE. The A flag and the OPENs tell the width of AS numbers and the presence of
 * path ids, but several exporters do otherwise than they say. What is said is tried first; when the
 * bytes do not read that way and do read the other way, and what is read so looks like routes, the
 * bytes are right, the deviation gets its name, and is remembered.
 *
 * What is remembered is a number that each message moves that reads one way only, above 0 for the
 * one, below for the other. Only two messages that deviate, with none between them that does not,
 * decide how others are read: one may be damaged. A message that reads either way is read as
 * proved, else as said, and then the doubt is said aloud, and remembered, too: once the truth is
 * proved, what was read in doubt is taken back.
 */
#include "collector/bmp_stream/stream_private.h"
#include "parsers/bgp/nlri/nlri.h"

enum { PROOFS_MAX = 2 };

/* Enough messages without path ids to be certain of the others. */
enum { CERTAIN = 4 };

static void
prove(int8_t *proofs, bool yes)
{
	if (yes && *proofs < PROOFS_MAX)
		++*proofs;
	else if (!yes && *proofs > -PROOFS_MAX)
		--*proofs;
}

/* Mirrored messages are as they were on the wire, routes are as the router writes them: what the
 * ones prove says nothing of the others. */
static unsigned
memory_of(const struct bmp_update *u)
{
	if (!u->mirrored)
		return u->view;
	return BMP_VIEWS + (u->view == BMP_VIEW_OUT_POST);
}

/* A quirk is of who was heard saying otherwise: of a recorded session nobody was. */
static void
deviation(struct bmp_stream *s, struct bmp_peer *p, const struct bmp_update *u, enum bmp_quirk q)
{
	if (!u->mirrored || stream_peer(p)->opens != 0)
		stream_quirk(s, p, q);
}

/* --- path ids: what is said */

static bool
open_known(const struct bgp_open *o)
{
	return o->version != 0 && !o->empty;
}

/* RFC 7911 4: ids are there when the sender can send and the receiver can receive them. Of a
 * mirrored session one OPEN may be all that was seen: then the other side is believed to agree. */
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

/* What the OPENs, or the message's own TLVs, say of path ids. */
static bool
path_ids_negotiated(const struct bmp_peer *p, const struct bmp_update *u, struct bgp_family family)
{
	if (u->v4 != NULL && u->v4->stateless)
		return bmp_v4_addpath(u->v4, family);
	return (p->sent.addpaths_n | p->received.addpaths_n) != 0 && negotiated(p, u, family);
}

/* --- path ids: what was proved */

/* What is remembered; NULL when nothing is, or there is no room to make a place for it. */
static struct path_ids_memory *
seen_of(struct bmp_peer *p, const struct bmp_update *u, struct bgp_family family, bool make)
{
	struct encoding_memory *known = &stream_peer(p)->encoding;
	unsigned memory = memory_of(u), i = 0;

	if (u->v4 != NULL && u->v4->stateless) /* what a message says of itself needs no memory */
		return NULL;
	while (i < known->path_ids_n && !(known->path_ids[i].view == memory &&
					    bgp_family_equal(known->path_ids[i].family, family)))
		i++;
	if (i < known->path_ids_n)
		return &known->path_ids[i];
	if (!make || i == ENCODING_FAMILIES_MAX) /* no room: each message is looked at anew */
		return NULL;
	known->path_ids_n++;
	known->path_ids[i] = (struct path_ids_memory){ .view = (uint8_t)memory,
		.family = family,
		.proofs = known->without_ids[memory] == CERTAIN ? -PROOFS_MAX : 0 };
	return &known->path_ids[i];
}

/* This message reads one way only. */
static void
proved(struct bmp_stream *s, struct bmp_peer *p, const struct bmp_update *u,
    struct bgp_family family, bool path_ids)
{
	struct path_ids_memory *seen = seen_of(p, u, family, true);

	if (seen == NULL)
		return;
	prove(&seen->proofs, path_ids);
	if (!seen->doubtful || seen->proofs != (path_ids ? PROOFS_MAX : -PROOFS_MAX))
		return;
	seen->doubtful = false;
	if (s->ops->encoding_proved != NULL)
		s->ops->encoding_proved(s->ctx, s, p, u, family, path_ids);
}

/* This message may have been meant otherwise than it was read. */
static void
doubted(struct bmp_peer *p, const struct bmp_update *u, struct bgp_family family)
{
	struct path_ids_memory *seen = seen_of(p, u, family, true);

	if (seen != NULL)
		seen->doubtful = true;
}

/* Does what was proved decide? That it is as said, one message proves. */
static bool
decides(const struct path_ids_memory *seen, bool said)
{
	return seen != NULL && seen->proofs != 0 &&
	       ((seen->proofs > 0) == said || seen->proofs == PROOFS_MAX ||
		   seen->proofs == -PROOFS_MAX);
}

/* --- path ids: what the bytes allow */

/* The field of a family in an UPDATE; the classic one may be in two parts. */
struct field {
	struct bgp_family family;
	struct cursor announced, withdrawn;
	uint8_t labels; /* in front of what is announced */
};

static bool
part_fits(struct cursor part, struct bgp_family family, struct bgp_nlri_encoding encoding)
{
	if (cur_left(&part) == 0)
		return true;
	return bgp_family_is_plain(family) ? bgp_prefixes_fit(part, family.afi, encoding.path_ids)
					   : bgp_nlri_fits(part, family, encoding);
}

static bool
fits(const struct field *f, bool path_ids)
{
	struct bgp_nlri_encoding announced = { .path_ids = path_ids, .labels = f->labels },
				 withdrawn = { .path_ids = path_ids, .withdrawn = true };

	return part_fits(f->announced, f->family, announced) &&
	       part_fits(f->withdrawn, f->family, withdrawn);
}

/* What a plain field looks like when it is read so. */
struct look {
	unsigned defaults;   /* for 0/0; further ones with path ids of their own are not counted */
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
look_at(const struct field *f, bool path_ids)
{
	struct look l = { .shortest = UINT8_MAX };

	look_at_part(f->announced, path_ids, &l);
	look_at_part(f->withdrawn, path_ids, &l);
	return l;
}

/* A prefix is not twice in a field, and nothing is behind it: a run of 0/0, or bits behind
 * prefixes, are path ids read as prefixes. */
static bool
looks_clean(const struct look *l)
{
	return !l->unclean && l->defaults <= 1;
}

/* Good enough to be believed against what is said: with path ids no route for everything, which is
 * what comes of one damaged prefix, nor for a good part of it. */
static bool
convinces(const struct field *f, bool path_ids)
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
first_octet(const struct field *f)
{
	return cur_left(&f->announced) > 0 ? f->announced.pos[0] : f->withdrawn.pos[0];
}

/* A plain field that reads either way, of a peer that proved nothing yet. */
static bool
either_way(struct bmp_stream *s, struct bmp_peer *p, const struct bmp_update *u,
    const struct field *f, bool decided, bool said)
{
	struct look with = look_at(f, true), without = look_at(f, false);

	if (looks_clean(&with) != looks_clean(&without)) {
		proved(s, p, u, f->family, looks_clean(&with));
		return looks_clean(&with);
	}
	/* a path id that nobody speaks of is a small number */
	if (!decided && (said || first_octet(f) == 0)) {
		deviation(s, p, u, QUIRK_ADDPATH_AMBIGUOUS);
		if (said || stream_peer(p)->encoding.without_ids[memory_of(u)] < CERTAIN)
			doubted(p, u, f->family);
	}
	return said;
}

/* A field that does not read as it should. */
static bool
other_way(struct bmp_stream *s, struct bmp_peer *p, const struct bmp_update *u,
    const struct field *f, bool path_ids, bool said)
{
	const struct path_ids_memory *seen = seen_of(p, u, f->family, false);
	bool before = seen != NULL && seen->proofs > 0, there = path_ids;

	if (!fits(f, path_ids))
		return !path_ids; /* malformed: the parser will say where */
	if (!convinces(f, path_ids)) {
		there = !path_ids;
	} else {
		proved(s, p, u, f->family, path_ids);
		/* A path id that begins as a prefix or a route type does, and nobody spoke of:
		 * rather a damaged route, unless it comes again. */
		if (path_ids && !said && !before && first_octet(f) != 0)
			there = false;
	}
	/* read as malformed: some routes may be made of it all the same */
	if (there != path_ids && stream_peer(p)->encoding.without_ids[memory_of(u)] < CERTAIN)
		doubted(p, u, f->family);
	return there;
}

/* What is said, what was proved, what the bytes allow. */
static bool
decide_path_ids(struct bmp_stream *s, struct bmp_peer *p, const struct bmp_update *u,
    const struct field *f, bool said)
{
	const struct path_ids_memory *seen = seen_of(p, u, f->family, false);
	bool decided = decides(seen, said), try = decided ? seen->proofs > 0 : said;

	if (!fits(f, try))
		return other_way(s, p, u, f, !try, said);
	if (!bgp_family_is_plain(f->family) || (u->v4 != NULL && u->v4->stateless))
		return try;
	if (decided && (seen->proofs == PROOFS_MAX || seen->proofs == -PROOFS_MAX)) {
		if (try != said && fits(f, !try))
			doubted(p, u, f->family);
		return try;
	}
	if (fits(f, !try))
		return either_way(s, p, u, f, decided, said);
	if (said || seen != NULL || (p->sent.addpaths_n | p->received.addpaths_n) != 0)
		proved(s, p, u, f->family, try);
	return try;
}

/* The common case: nobody speaks of path ids, the field reads without them, and does not start as a
 * small path id would. The first ones that cannot be read with path ids are counted. */
static bool
plainly_without(struct bmp_peer *p, const struct bmp_update *u, const struct field *f)
{
	uint8_t *certain = &stream_peer(p)->encoding.without_ids[memory_of(u)];

	if ((p->sent.addpaths_n | p->received.addpaths_n | stream_peer(p)->encoding.path_ids_n) !=
		0 ||
	    u->v4 != NULL || (first_octet(f) == 0 && bgp_family_is_plain(f->family)) ||
	    !fits(f, false))
		return false;
	if (*certain < CERTAIN && !fits(f, true))
		++*certain;
	return true;
}

static bool
path_ids(struct bmp_stream *s, struct bmp_peer *p, const struct bmp_update *u,
    struct bgp_family family, struct cursor announced, struct cursor withdrawn)
{
	const struct field f = { family, announced, withdrawn, u->context.encoding.labels };
	bool said, there;

	if (plainly_without(p, u, &f))
		return false;
	said = path_ids_negotiated(p, u, family);
	there = decide_path_ids(s, p, u, &f, said);
	if (there != said)
		deviation(s, p, u, said ? QUIRK_ADDPATH_ABSENT : QUIRK_ADDPATH_UNEXPECTED);
	return there;
}

/* RFC 8277 2.1: several labels, when both can; nothing is known of a Loc-RIB's neighbours. */
static uint8_t
labels_negotiated(const struct bmp_peer *p, const struct bmp_update *u, struct bgp_family family)
{
	if (u->view == BMP_VIEW_LOC_RIB || !open_known(&p->sent) || !open_known(&p->received))
		return BGP_LABELS_UNKNOWN;
	return bgp_open_labels(&p->sent, family) > 1 && bgp_open_labels(&p->received, family) > 1
		   ? BGP_LABELS_STACK
		   : 1;
}

static void
decide_nlri(struct bmp_stream *s, struct bmp_peer *p, struct bmp_update *u)
{
	static const struct bgp_family classic = { AFI_IPV4, SAFI_UNICAST };
	const struct cursor none = { .pos = NULL };
	const struct bgp_update *b = u->bgp;
	struct bgp_encoding *e = &u->context.encoding;

	if (b->reach.present && !bgp_family_is_plain(b->reach.family))
		e->labels = labels_negotiated(p, u, b->reach.family);
	if (cur_left(&b->nlri) > 0 || cur_left(&b->withdrawn) > 0)
		e->path_ids_classic = path_ids(s, p, u, classic, b->nlri, b->withdrawn);
	if (b->reach.present && cur_left(&b->reach.nlri) > 0)
		e->path_ids_reach = path_ids(s, p, u, b->reach.family, b->reach.nlri, none);
	if (b->unreach.present && cur_left(&b->unreach.nlri) > 0)
		e->path_ids_unreach = path_ids(s, p, u, b->unreach.family, none, b->unreach.nlri);
}

/* --- AS numbers */

/* Is the router's own AS in front of the peer's, in what came from the peer? BGP would have refused
 * such a path; FRR's BMP prepends it to what it reports. */
static bool
own_as_first(const struct bmp_peer *p, enum bmp_view view, struct cursor path, unsigned width)
{
	uint8_t type = cur_u8(&path), count = cur_u8(&path);

	/* nearly always the first AS is the peer's, and that is all there is to do */
	if ((width == 4 ? cur_u32(&path) : cur_u16(&path)) != p->local_as || p->local_as == 0)
		return false;
	return view <= BMP_VIEW_IN_POST && p->as != p->local_as && type == AS_SEQUENCE &&
	       count >= 2 && (width == 4 ? cur_u32(&path) : cur_u16(&path)) == p->as &&
	       !path.failed;
}

/* Nothing in the path, or no path: an AGGREGATOR is 6 or 8 octets long. */
static bool
width_of_aggregator(const struct bmp_update *u, bool said)
{
	const struct bgp_attr *a = bgp_update_attr(u->bgp, ATTR_AGGREGATOR);

	return a != NULL && (a->len == 6 || a->len == 8) ? a->len == 8 : said;
}

/* Does a path that reads with the one width read with the other? A first look decides nearly
 * always, for it is asked of every path: is there another segment, or the end, behind the first
 * one? That the path reads at all says that its first two octets are there. */
static inline bool
fits_as_well(struct cursor path, unsigned width)
{
	size_t n = cur_left(&path), next = 2 + (size_t)path.pos[1] * width;

	return (next == n ||
		   (next < n && path.pos[next] >= AS_SET && path.pos[next] <= AS_CONFED_SET)) &&
	       as_path_fits(path, width);
}

/* Are AS numbers four octets wide? said: by the A flag or the OPENs. path: AS_PATH, or NULL. */
static bool
four_octet_as(struct bmp_stream *s, struct bmp_peer *p, const struct bmp_update *u,
    const struct bgp_attr *path, bool said)
{
	int8_t *otherwise = &stream_peer(p)->encoding.as_otherwise[memory_of(u)];
	bool four = *otherwise > 0 ? !said : said;
	struct cursor value;

	if (path == NULL || path->len == 0) {
		four = width_of_aggregator(u, said);
	} else {
		value = cur_of(path->value, path->len);
		if (!as_path_fits(value, four ? 4 : 2)) {
			if (as_path_fits(value, four ? 2 : 4)) {
				four = !four;
				prove(otherwise, four != said);
			}
		} else if (*otherwise == 0 && fits_as_well(value, four ? 2 : 4)) {
			deviation(s, p, u, QUIRK_AS_AMBIGUOUS);
		}
		if (!u->mirrored && own_as_first(p, u->view, value, four ? 4 : 2))
			stream_quirk(s, p, QUIRK_OWN_AS_FIRST);
	}
	if (four != said)
		deviation(s, p, u, said ? QUIRK_AS2_UNFLAGGED : QUIRK_AS4_FLAGGED);
	return four;
}

/* From a neighbour in another AS, that is not one of our confederation (RFC 5065): such a path
 * begins with a segment of the confederation. */
static bool
external(const struct bmp_peer *p, const struct bmp_update *u, const struct bgp_attr *path)
{
	if (p->key.type == BMP_PEER_LOC_RIB || p->local_as == 0 || p->as == 0 ||
	    p->as == p->local_as || u->view == BMP_VIEW_OUT_PRE || u->view == BMP_VIEW_IN_POST)
		return false;
	return path == NULL || path->len == 0 ||
	       (path->value[0] != AS_CONFED_SEQUENCE && path->value[0] != AS_CONFED_SET);
}

/* --- both */

void
encoding_decide(struct bmp_stream *s, struct bmp_peer *p, struct bmp_update *u, uint8_t flags)
{
	struct bgp_update *b = u->bgp;
	const struct bgp_attr *path = bgp_update_attr(b, ATTR_AS_PATH);
	/* Loc-RIB has no A flag: always four (RFC 9069 4.2) */
	bool four = p->key.type == BMP_PEER_LOC_RIB || !(flags & BMP_FLAG_A) ||
		    (u->v4 != NULL && u->v4->stateless_as4);

	u->context.encoding.as4 = four_octet_as(s, p, u, path, four);
	u->context.ebgp = external(p, u, path);
	u->context.lenient_missing = u->view == BMP_VIEW_OUT_PRE;
	u->context.lenient_next_hop = u->view != BMP_VIEW_IN_PRE;
	if (cur_left(&b->nlri) > 0 && u->context.lenient_next_hop &&
	    !(b->known >> ATTR_NEXT_HOP & 1))
		stream_quirk(s, p, QUIRK_NEXT_HOP_ABSENT);
	decide_nlri(s, p, u);
}

void
encoding_decide_mirrored(struct bmp_stream *s, struct bmp_peer *p, struct bmp_update *u)
{
	const struct bgp_attr *path = bgp_update_attr(u->bgp, ATTR_AS_PATH);
	/* RFC 6793 4.1: four octets when both can; who was not heard is believed to agree */
	bool four = (p->sent.as4 || !open_known(&p->sent)) &&
		    (p->received.as4 || !open_known(&p->received));

	u->context.encoding.as4 = four_octet_as(s, p, u, path, four);
	u->context.ebgp = external(p, u, path);
	decide_nlri(s, p, u);
}
