/*
 * The table of path attributes: a row per code with its flags, its lengths, what RFC 7606 asks for
 * when they are wrong, the check of its value and how it is dissected. Most of RFC 7606 is data
 * here.
 */
#include "parsers/bgp/attr/attr.h"

enum {
	W = ATTR_TRANSITIVE,		      /* well-known */
	O = ATTR_OPTIONAL,		      /* optional non-transitive */
	OT = ATTR_OPTIONAL | ATTR_TRANSITIVE, /* optional transitive */
	ANY = ATTR_FLAGS_ANY,
	IN = ATTR_RULE_INTERNAL,
	DF = ATTR_RULE_DISCARD_FLAGS,
	A2 = ATTR_RULE_AS2,
};

/* What a wrong length means. */
enum {
	WITHDRAW = FAULT_ATTR_LENGTH,
	DISCARD = FAULT_ATTR_DISCARD,
	RESET = FAULT_MP_SHORT,
	KEEP = FAULT_NONE,
};

enum { MAX = 65535 };

#define ROW(name, document, field, flags, rules, min, max, step, on_length, check, dissect)        \
	{                                                                                          \
		name "\0" document, check, min, max, step, flags, rules, on_length, #field,        \
		    #field "_flags", #field "_octets", dissect                                     \
	}
#define RAW(name, document, field)                                                                 \
	ROW(name, document, field, ANY, 0, 0, MAX, 0, KEEP, NULL, attr_dissect_hex)

/* clang-format off */
const struct attr_row attr_table[256] = {
	/* name, document, field name, flags, rules, min, max, step, on wrong length, check, dissect */

	[ATTR_ORIGIN] = ROW("ORIGIN", "RFC 7606 7.1", origin,
	    W, 0, 1, 1, 0, WITHDRAW, attr_check_origin, attr_dissect_origin),
	[ATTR_AS_PATH] = ROW("AS_PATH", "RFC 7606 7.2", as_path,
	    W, 0, 0, MAX, 0, WITHDRAW, attr_check_as_path, attr_dissect_as_path),
	[ATTR_NEXT_HOP] = ROW("NEXT_HOP", "RFC 7606 7.3", next_hop,
	    W, 0, 4, 4, 0, WITHDRAW, NULL, attr_dissect_address),
	[ATTR_MED] = ROW("MULTI_EXIT_DISC", "RFC 7606 7.4", multi_exit_disc,
	    O, 0, 4, 4, 0, WITHDRAW, NULL, attr_dissect_number),
	[ATTR_LOCAL_PREF] = ROW("LOCAL_PREF", "RFC 7606 7.5", local_pref,
	    W, IN, 4, 4, 0, WITHDRAW, NULL, attr_dissect_number),
	[ATTR_ATOMIC_AGGREGATE] = ROW("ATOMIC_AGGREGATE", "RFC 7606 7.6", atomic_aggregate,
	    W, 0, 0, 0, 0, DISCARD, NULL, attr_dissect_set),
	[ATTR_AGGREGATOR] = ROW("AGGREGATOR", "RFC 7606 7.7", aggregator,
	    OT, 0, 6, 8, 0, DISCARD, attr_check_aggregator, attr_dissect_aggregator),
	[ATTR_COMMUNITIES] = ROW("COMMUNITIES", "RFC 7606 7.8", communities,
	    OT, 0, 4, MAX, 4, WITHDRAW, NULL, attr_dissect_communities),
	[ATTR_ORIGINATOR_ID] = ROW("ORIGINATOR_ID", "RFC 7606 7.9", originator_id,
	    O, IN, 4, 4, 0, WITHDRAW, NULL, attr_dissect_address),
	[ATTR_CLUSTER_LIST] = ROW("CLUSTER_LIST", "RFC 7606 7.10", cluster_list,
	    O, IN, 4, MAX, 4, WITHDRAW, NULL, attr_dissect_addresses),
	[11] = RAW("DPA", "RFC 6938", dpa),
	[12] = RAW("ADVERTISER", "RFC 6938", advertiser),
	[13] = RAW("RCID_PATH", "RFC 6938", rcid_path),
	[ATTR_MP_REACH] = ROW("MP_REACH_NLRI", "RFC 7606 7.11", mp_reach_nlri,
	    O, 0, 5, MAX, 0, RESET, NULL, attr_dissect_mp_reach),
	[ATTR_MP_UNREACH] = ROW("MP_UNREACH_NLRI", "RFC 7606 7.12", mp_unreach_nlri,
	    O, 0, 3, MAX, 0, RESET, NULL, attr_dissect_mp_unreach),
	[ATTR_EXT_COMMUNITIES] = ROW("EXTENDED_COMMUNITIES", "RFC 7606 7.14", extended_communities,
	    OT, 0, 8, MAX, 8, WITHDRAW, NULL, attr_dissect_ext_communities),
	[ATTR_AS4_PATH] = ROW("AS4_PATH", "RFC 6793 6", as4_path,
	    OT, A2, 6, MAX, 2, DISCARD, attr_check_as4_path, attr_dissect_as4_path),
	[ATTR_AS4_AGGREGATOR] = ROW("AS4_AGGREGATOR", "RFC 6793 6", as4_aggregator,
	    OT, A2, 8, 8, 0, DISCARD, attr_check_as4_aggregator, attr_dissect_as4_aggregator),
	[19] = RAW("SSA", "", ssa),
	[20] = RAW("CONNECTOR", "", connector),
	[21] = RAW("AS_PATHLIMIT", "", as_pathlimit),
	[22] = ROW("PMSI_TUNNEL", "RFC 6514 5", pmsi_tunnel,
	    OT, 0, 5, MAX, 0, WITHDRAW, attr_check_pmsi, attr_dissect_pmsi),
	[23] = ROW("TUNNEL_ENCAP", "RFC 9012 13", tunnel_encapsulation,
	    OT, 0, 4, MAX, 0, WITHDRAW, attr_check_tunnel, attr_dissect_tunnel),
	[24] = ROW("TRAFFIC_ENGINEERING", "RFC 5543 3", traffic_engineering,
	    O, 0, 36, MAX, 0, WITHDRAW, NULL, attr_dissect_te),
	[25] = ROW("IPV6_EXT_COMMUNITIES", "RFC 7606 7.15", ipv6_extended_communities,
	    OT, 0, 20, MAX, 20, WITHDRAW, NULL, attr_dissect_ipv6_ext_communities),
	[26] = ROW("AIGP", "RFC 7311 3", aigp,
	    O, DF, 3, MAX, 0, DISCARD, attr_check_aigp, attr_dissect_aigp),
	[27] = ROW("PE_DISTINGUISHER_LABELS", "RFC 6514 8", pe_distinguisher_labels,
	    OT, 0, 7, MAX, 0, WITHDRAW, attr_check_pe_labels, attr_dissect_pe_labels),
	[28] = RAW("ENTROPY_LABEL_CAPABILITY", "RFC 7447", entropy_label_capability),
	[29] = ROW("BGP_LS", "RFC 9552 8.2.2", bgp_ls,
	    O, 0, 0, MAX, 0, DISCARD, attr_check_ls, attr_dissect_ls),
	[30] = RAW("DEPRECATED_30", "RFC 8093", deprecated_30),
	[31] = RAW("DEPRECATED_31", "RFC 8093", deprecated_31),
	[ATTR_LARGE_COMMUNITIES] = ROW("LARGE_COMMUNITY", "RFC 8092 6", large_communities,
	    OT, 0, 12, MAX, 12, WITHDRAW, NULL, attr_dissect_large_communities),
	[ATTR_BGPSEC_PATH] = ROW("BGPSEC_PATH", "RFC 8205 5.2", bgpsec_path,
	    O, 0, 4, MAX, 0, WITHDRAW, attr_check_bgpsec, attr_dissect_bgpsec),
	[34] = RAW("COMMUNITY_CONTAINER", "draft-ietf-idr-wide-bgp-communities", community_container),
	[ATTR_OTC] = ROW("ONLY_TO_CUSTOMER", "RFC 9234 5", only_to_customer,
	    OT, 0, 4, 4, 0, WITHDRAW, NULL, attr_dissect_number),
	[36] = ROW("D_PATH", "RFC 10039 4", domain_path,
	    OT, 0, 8, MAX, 0, WITHDRAW, attr_check_d_path, attr_dissect_d_path),
	[37] = ROW("SFP", "RFC 9015 3.2.1", sfp,
	    OT, 0, 3, MAX, 0, WITHDRAW, attr_check_sfp, attr_dissect_sfp),
	[38] = ROW("BFD_DISCRIMINATOR", "RFC 9026 3.1.6", bfd_discriminator,
	    OT, 0, 5, MAX, 0, DISCARD, attr_check_bfd, attr_dissect_bfd),
	[39] = RAW("NEXT_HOP_CHARACTERISTICS", "draft-ietf-idr-nhc", next_hop_characteristics),
	[40] = ROW("PREFIX_SID", "RFC 8669 6, RFC 9252 7", prefix_sid,
	    OT, 0, 3, MAX, 0, DISCARD, attr_check_prefix_sid, attr_dissect_prefix_sid),
	[41] = ROW("BIER", "RFC 9793 4", bier,
	    OT, 0, 4, MAX, 0, DISCARD, attr_check_bier, attr_dissect_bier),
	[128] = ROW("ATTR_SET", "RFC 7606 7.16", attr_set,
	    OT, 0, 4, MAX, 0, WITHDRAW, attr_check_set_of, attr_dissect_set_of),
	[129] = RAW("DEPRECATED_129", "RFC 8093", deprecated_129),
	[241] = RAW("DEPRECATED_241", "RFC 8093", deprecated_241),
	[242] = RAW("DEPRECATED_242", "RFC 8093", deprecated_242),
	[243] = RAW("DEPRECATED_243", "RFC 8093", deprecated_243),
	[255] = RAW("DEVELOPMENT", "RFC 2042", development),
};
/* clang-format on */

const char *
bgp_attr_name(uint8_t code)
{
	return attr_table[code].name;
}

const char *
bgp_attr_document(uint8_t code)
{
	const char *name = attr_table[code].name, *document;

	if (name == NULL)
		return NULL;
	document = name + strlen(name) + 1;
	return *document != '\0' ? document : NULL;
}
