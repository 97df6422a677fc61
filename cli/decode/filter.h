/* Which messages of a stream are shown: by type, peer, prefix, or because something is wrong. */
#pragma once

#include <stdbool.h>

#include "base/pure/ip.h"
#include "parsers/bgp/nlri/nlri.h"
#include "collector/bmp_stream/bmp_stream.h"
#include "parsers/bgp/rd.h"

struct decode_filter {
	uint32_t types;	   /* bit per enum bmp_type, bit BMP_TYPES: unknown ones */
	uint32_t mirrored; /* bit per enum bgp_type: messages that mirror one; both 0: all */
	bool problems;	   /* only with a fault or a quirk */
	bool has_peer;
	struct ip_addr peer;
	bool has_as;
	uint32_t as;
	char distinguisher[BGP_RD_TEXT_MAX]; /* "" any */
	bool has_prefix;
	bool covering; /* routes that cover `prefix`, not those inside */
	struct ip_prefix prefix;
};

/* These return false, and say why on stderr, when the text is not valid. */

/* "route_monitoring,peer_up"; "open" and the like are types of mirrored messages. */
bool decode_filter_types(struct decode_filter *, const char *names);
/* An address, "AS64500", "64500", or a distinguisher as it is shown ("64500:100",
 * "192.0.2.1:100", "0x" and 16 digits). */
bool decode_filter_peer(struct decode_filter *, const char *text);
bool decode_filter_peer_given(const struct decode_filter *);
/* A prefix: routes for it, and for prefixes inside it. An address: routes that cover it. */
bool decode_filter_prefix(struct decode_filter *, const char *text);

/* Is something of a message asked for: its type, its peer, a prefix in it? */
bool decode_filter_chooses(const struct decode_filter *);

/* Does an UPDATE have a route that matches? True when no prefix was asked for. */
bool decode_filter_update(const struct decode_filter *, const struct bmp_update *);
/* The same of one NLRI. */
bool decode_filter_nlri(const struct decode_filter *, const struct bgp_nlri *);
/* Is it the peer that was asked for? */
bool decode_filter_is_peer(const struct decode_filter *, const struct ip_addr *, uint32_t as,
    const uint8_t distinguisher[8]);
/* Do type and peer match? mirrored: a bit per enum bgp_type that the message mirrors. */
bool decode_filter_message(const struct decode_filter *, const struct bmp_msg *, uint32_t mirrored);
