/*
 * What encoding.c asks of as_width.c, path_ids.c and labels.c, and what they share.
 *
 * All of them work alike. The A flag, the OPENs or the message's own TLVs say how an UPDATE is
 * encoded: that is what is expected. Several exporters do otherwise, so the octets are examined,
 * too. An UPDATE that reads one way only is a proof for that way. Proofs are counted, per peer and
 * view, in a small number: each moves it up (it is so) or down (it is not).
 */
#pragma once

#include "collector/bmp_stream/stream_private.h"

/* So many proofs are certainty: one message may be damaged, two in a row are not. */
enum { PROOFS_MAX = 2 };

static inline void
proofs_add(int8_t *proofs, bool yes)
{
	if (yes && *proofs < PROOFS_MAX)
		++*proofs;
	else if (!yes && *proofs > -PROOFS_MAX)
		--*proofs;
}

/* Whose proofs count for this UPDATE. A mirrored one is as it was on the wire of the session, one
 * of Route Monitoring is as the router writes it: neither proves anything of the other. */
static inline unsigned
encoding_view(const struct bmp_update *u)
{
	if (!u->mirrored)
		return u->view;
	return BMP_VIEWS + (u->view == BMP_VIEW_OUT_POST);
}

/* Count a quirk only where a Peer Up said otherwise; a recorded session has none. */
static inline void
encoding_quirk(
    struct bmp_stream *s, struct bmp_peer *p, const struct bmp_update *u, enum bmp_quirk q)
{
	if (!u->mirrored || stream_peer(p)->opens != 0)
		stream_quirk(s, p, q);
}

/* Was this OPEN seen, and is it more than a bare header? */
static inline bool
open_known(const struct bgp_open *o)
{
	return o->version != 0 && !o->empty;
}

/* as_width.c: are AS numbers four octets wide? path: the AS_PATH, or NULL. */
bool as_width_is_four(struct bmp_stream *, struct bmp_peer *, const struct bmp_update *,
    const struct bgp_attr *path, bool expected);

/* The NLRI of one family in an UPDATE. Those of IPv4 unicast outside of MP_REACH_NLRI and
 * MP_UNREACH_NLRI may be both announced and withdrawn. */
struct nlri_field {
	struct bgp_family family;
	struct cursor announced, withdrawn;
	uint8_t labels; /* as in struct bgp_nlri_encoding */
};

/* labels.c: how many labels are in front of the NLRI, as far as that is known before they are read:
 * into the context. */
void labels_decide(struct bmp_peer *, struct bmp_update *);

/* path_ids.c: are there path ids in the field (RFC 7911 3)? */
bool path_ids_present(
    struct bmp_stream *, struct bmp_peer *, const struct bmp_update *, const struct nlri_field *);
