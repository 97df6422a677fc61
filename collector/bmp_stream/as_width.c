/* Are the AS numbers of an UPDATE two or four octets wide (RFC 6793, RFC 7854 4.2)? */
#include "collector/bmp_stream/encoding_private.h"

/* Without a path, the AGGREGATOR shows the width: it is 6 or 8 octets long. */
static bool
width_of_aggregator(const struct bmp_update *u, bool expected)
{
	const struct bgp_attr *a = bgp_update_attr(u->bgp, ATTR_AGGREGATOR);

	return a != NULL && (a->len == 6 || a->len == 8) ? a->len == 8 : expected;
}

/*
 * Does a path that reads with one width read with this one, too? A first look decides nearly
 * always: behind the first segment there must be another one, or the end.
 * The path's first two octets are there, since it reads at all.
 */
static inline bool
fits_as_well(struct cursor path, unsigned width)
{
	size_t n = cur_left(&path), next = 2 + (size_t)path.pos[1] * width;

	return (next == n ||
		   (next < n && path.pos[next] >= AS_SET && path.pos[next] <= AS_CONFED_SET)) &&
	       as_path_fits(path, width);
}

bool
as_width_is_four(struct bmp_stream *s, struct bmp_peer *p, const struct bmp_update *u,
    const struct bgp_attr *path, bool expected)
{
	int8_t *otherwise = &stream_peer(p)->encoding.as_otherwise[encoding_view(u)];
	bool four = *otherwise > 0 ? !expected : expected;
	struct cursor value;

	if (path == NULL || path->len == 0) {
		four = width_of_aggregator(u, expected);
	} else {
		value = cur_of(path->value, path->len);
		if (!as_path_fits(value, four ? 4 : 2)) {
			if (as_path_fits(value, four ? 2 : 4)) {
				four = !four;
				proofs_add(otherwise, four != expected);
			}
		} else if (*otherwise == 0) {
			/* in doubt until the first path that reads in one way only */
			if (fits_as_well(value, four ? 2 : 4))
				encoding_quirk(s, p, u, QUIRK_AS_AMBIGUOUS);
			else
				proofs_add(otherwise, false);
		}
	}
	if (four != expected)
		encoding_quirk(s, p, u, expected ? QUIRK_AS2_UNFLAGGED : QUIRK_AS4_FLAGGED);
	return four;
}
