/*
 * The table of path attributes: a row per code with its flags, its lengths, what RFC 7606 asks for
 * when they are wrong, the check of its value and how it is told. Most of RFC 7606 is data here.
 */
#include "parsers/attr.h"

enum {
	W = ATTR_TRANSITIVE,		      /* well-known */
	O = ATTR_OPTIONAL,		      /* optional non-transitive */
	OT = ATTR_OPTIONAL | ATTR_TRANSITIVE, /* optional transitive */
	ANY = ATTR_FLAGS_ANY,
	IN = ATTR_RULE_INTERNAL,
	DF = ATTR_RULE_DISCARD_FLAGS,
};

/* What a wrong length means. */
enum {
	WITHDRAW = FAULT_ATTR_LENGTH,
	DISCARD = FAULT_ATTR_DISCARD,
	RESET = FAULT_MP_SHORT,
	KEEP = FAULT_NONE,
};

enum { MAX = 65535 };

#define ROW(name, told, flags, rules, min, max, step, on_length, check, tell)                      \
	{                                                                                          \
		name, check, min, max, step, flags, rules, on_length, #told, #told "_flags",       \
		    #told "_octets", tell                                                          \
	}
#define RAW(name, told) ROW(name, told, ANY, 0, 0, MAX, 0, KEEP, NULL, attr_tell_hex)

/* clang-format off */
const struct attr_row attr_table[256] = {
	/* name, told name, flags, rules, min, max, step, on wrong length, check, tell */

	[ATTR_ORIGIN] = ROW("ORIGIN", origin, W, 0, 1, 1, 0, WITHDRAW,		/* RFC 7606 7.1 */
	    attr_check_origin, attr_tell_origin),
	[ATTR_AS_PATH] = ROW("AS_PATH", as_path, W, 0, 0, MAX, 0, WITHDRAW,	/* 7.2 */
	    attr_check_as_path, attr_tell_as_path),
	[ATTR_NEXT_HOP] = ROW("NEXT_HOP", next_hop, W, 0, 4, 4, 0, WITHDRAW,	/* 7.3 */
	    NULL, attr_tell_address),
	[ATTR_MED] = ROW("MULTI_EXIT_DISC", multi_exit_disc, O, 0, 4, 4, 0, WITHDRAW, /* 7.4 */
	    NULL, attr_tell_number),
	[ATTR_LOCAL_PREF] = ROW("LOCAL_PREF", local_pref, W, IN, 4, 4, 0, WITHDRAW, /* 7.5 */
	    NULL, attr_tell_number),
	[ATTR_ATOMIC_AGGREGATE] = ROW("ATOMIC_AGGREGATE", atomic_aggregate, W, 0, 0, 0, 0,
	    DISCARD, NULL, attr_tell_set),					/* 7.6 */
	[ATTR_AGGREGATOR] = ROW("AGGREGATOR", aggregator, OT, 0, 6, 8, 0, DISCARD, /* 7.7 */
	    attr_check_aggregator, attr_tell_aggregator),
	[ATTR_COMMUNITIES] = ROW("COMMUNITIES", communities, OT, 0, 4, MAX, 4, WITHDRAW, /* 7.8 */
	    NULL, attr_tell_communities),
	[ATTR_ORIGINATOR_ID] = ROW("ORIGINATOR_ID", originator_id, O, IN, 4, 4, 0, WITHDRAW, /* 7.9 */
	    NULL, attr_tell_address),
	[ATTR_CLUSTER_LIST] = ROW("CLUSTER_LIST", cluster_list, O, IN, 4, MAX, 4, WITHDRAW, /* 7.10 */
	    NULL, attr_tell_addresses),
	[11] = RAW("DPA", dpa),							/* deprecated */
	[12] = RAW("ADVERTISER", advertiser),					/* deprecated */
	[13] = RAW("RCID_PATH", rcid_path),					/* deprecated */
	[ATTR_MP_REACH] = ROW("MP_REACH_NLRI", mp_reach_nlri, O, 0, 5, MAX, 0, RESET, /* 7.11 */
	    NULL, attr_tell_mp_reach),
	[ATTR_MP_UNREACH] = ROW("MP_UNREACH_NLRI", mp_unreach_nlri, O, 0, 3, MAX, 0, RESET, /* 7.12 */
	    NULL, attr_tell_mp_unreach),
	[ATTR_EXT_COMMUNITIES] = ROW("EXTENDED_COMMUNITIES", extended_communities, OT, 0, 8, MAX, 8,
	    WITHDRAW, NULL, attr_tell_ext_communities),				/* 7.14 */
	[ATTR_AS4_PATH] = ROW("AS4_PATH", as4_path, OT, 0, 6, MAX, 2, DISCARD,	/* RFC 6793 6 */
	    attr_check_as4_path, attr_tell_as4_path),
	[ATTR_AS4_AGGREGATOR] = ROW("AS4_AGGREGATOR", as4_aggregator, OT, 0, 8, 8, 0, DISCARD,
	    attr_check_as4_aggregator, attr_tell_as4_aggregator),		/* RFC 6793 6 */
	[19] = RAW("SSA", ssa),							/* deprecated */
	[20] = RAW("CONNECTOR", connector),					/* deprecated */
	[21] = RAW("AS_PATHLIMIT", as_pathlimit),				/* deprecated */
	[22] = ROW("PMSI_TUNNEL", pmsi_tunnel, OT, 0, 5, MAX, 0, WITHDRAW,	/* RFC 6514 5 */
	    attr_check_pmsi, attr_tell_pmsi),
	[23] = ROW("TUNNEL_ENCAP", tunnel_encapsulation, OT, 0, 4, MAX, 0, WITHDRAW, /* RFC 9012 13 */
	    attr_check_tunnel, attr_tell_tunnel),
	[24] = ROW("TRAFFIC_ENGINEERING", traffic_engineering, O, 0, 36, MAX, 0, WITHDRAW, /* RFC 5543 3 */
	    NULL, attr_tell_te),
	[25] = ROW("IPV6_EXT_COMMUNITIES", ipv6_extended_communities, OT, 0, 20, MAX, 20, WITHDRAW,
	    NULL, attr_tell_ipv6_ext_communities),				/* RFC 7606 7.15 */
	[26] = ROW("AIGP", aigp, O, DF, 3, MAX, 0, DISCARD,			/* RFC 7311 3 */
	    attr_check_aigp, attr_tell_aigp),
	[27] = ROW("PE_DISTINGUISHER_LABELS", pe_distinguisher_labels, OT, 0, 7, MAX, 0, WITHDRAW,
	    attr_check_pe_labels, attr_tell_pe_labels),				/* RFC 6514 8 */
	[28] = RAW("ENTROPY_LABEL_CAPABILITY", entropy_label_capability),	/* deprecated, RFC 7447 */
	[29] = ROW("BGP_LS", bgp_ls, O, 0, 0, MAX, 0, DISCARD,			/* RFC 9552 8.2.2 */
	    attr_check_ls, attr_tell_ls),
	[30] = RAW("DEPRECATED_30", deprecated_30),				/* RFC 8093 */
	[31] = RAW("DEPRECATED_31", deprecated_31),				/* RFC 8093 */
	[ATTR_LARGE_COMMUNITIES] = ROW("LARGE_COMMUNITY", large_communities, OT, 0, 12, MAX, 12,
	    WITHDRAW, NULL, attr_tell_large_communities),			/* RFC 8092 6 */
	[33] = ROW("BGPSEC_PATH", bgpsec_path, O, 0, 4, MAX, 0, WITHDRAW,	/* RFC 8205 5.2 */
	    attr_check_bgpsec, attr_tell_bgpsec),
	[34] = RAW("COMMUNITY_CONTAINER", community_container), /* draft-ietf-idr-wide-bgp-communities */
	[ATTR_OTC] = ROW("ONLY_TO_CUSTOMER", only_to_customer, OT, 0, 4, 4, 0, WITHDRAW, /* RFC 9234 5 */
	    NULL, attr_tell_number),
	[36] = ROW("D_PATH", domain_path, OT, 0, 8, MAX, 0, WITHDRAW,		/* RFC 10039 4 */
	    attr_check_d_path, attr_tell_d_path),
	[37] = ROW("SFP", sfp, OT, 0, 3, MAX, 0, WITHDRAW,			/* RFC 9015 3.2.1 */
	    attr_check_sfp, attr_tell_sfp),
	[38] = ROW("BFD_DISCRIMINATOR", bfd_discriminator, OT, 0, 5, MAX, 0, DISCARD, /* RFC 9026 3.1.6 */
	    attr_check_bfd, attr_tell_bfd),
	[39] = RAW("NEXT_HOP_CHARACTERISTICS", next_hop_characteristics),	/* draft-ietf-idr-nhc */
	[40] = ROW("PREFIX_SID", prefix_sid, OT, 0, 3, MAX, 0, DISCARD,		/* RFC 8669 6 */
	    attr_check_prefix_sid, attr_tell_prefix_sid),
	[41] = ROW("BIER", bier, OT, 0, 4, MAX, 0, DISCARD,			/* RFC 9793 4 */
	    attr_check_bier, attr_tell_bier),
	[128] = ROW("ATTR_SET", attr_set, OT, 0, 4, MAX, 0, WITHDRAW,		/* RFC 7606 7.16 */
	    attr_check_set_of, attr_tell_set_of),
	[129] = RAW("DEPRECATED_129", deprecated_129),				/* RFC 8093 */
	[241] = RAW("DEPRECATED_241", deprecated_241),				/* RFC 8093 */
	[242] = RAW("DEPRECATED_242", deprecated_242),				/* RFC 8093 */
	[243] = RAW("DEPRECATED_243", deprecated_243),				/* RFC 8093 */
	[255] = RAW("DEVELOPMENT", development),				/* RFC 2042 */
};
/* clang-format on */

const char *
bgp_attr_name(uint8_t code)
{
	return attr_table[code].name;
}
