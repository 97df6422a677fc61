/*
 * The path attributes, a row for each code. Most of RFC 7606 is data here. attr/table.c makes of a
 * row what a check needs, attr/dissect_table.c what is needed to show the attribute.
 *
 * A new attribute is a row here, the declarations of its functions in attr/attr.h, and the file
 * that knows its value.
 */
#pragma once

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

/* clang-format off */
/* code, name, document, field name,
 * flags, rules, octets at least, at most, in steps of (0: any), on wrong length, check, dissect */
#define ATTR_ROWS(ROW) \
	ROW(ATTR_ORIGIN, "ORIGIN", "RFC 7606 7.1", origin, \
	    W, 0, 1, 1, 0, WITHDRAW, attr_check_origin, attr_dissect_origin) \
	ROW(ATTR_AS_PATH, "AS_PATH", "RFC 7606 7.2", as_path, \
	    W, 0, 0, MAX, 0, WITHDRAW, attr_check_as_path, attr_dissect_as_path) \
	ROW(ATTR_NEXT_HOP, "NEXT_HOP", "RFC 7606 7.3", next_hop, \
	    W, 0, 4, 4, 0, WITHDRAW, NULL, attr_dissect_address) \
	ROW(ATTR_MED, "MULTI_EXIT_DISC", "RFC 7606 7.4", multi_exit_disc, \
	    O, 0, 4, 4, 0, WITHDRAW, NULL, attr_dissect_number) \
	ROW(ATTR_LOCAL_PREF, "LOCAL_PREF", "RFC 7606 7.5", local_pref, \
	    W, IN, 4, 4, 0, WITHDRAW, NULL, attr_dissect_number) \
	ROW(ATTR_ATOMIC_AGGREGATE, "ATOMIC_AGGREGATE", "RFC 7606 7.6", atomic_aggregate, \
	    W, 0, 0, 0, 0, DISCARD, NULL, attr_dissect_set) \
	ROW(ATTR_AGGREGATOR, "AGGREGATOR", "RFC 7606 7.7", aggregator, \
	    OT, 0, 6, 8, 0, DISCARD, attr_check_aggregator, attr_dissect_aggregator) \
	ROW(ATTR_COMMUNITIES, "COMMUNITIES", "RFC 7606 7.8", communities, \
	    OT, 0, 4, MAX, 4, WITHDRAW, NULL, attr_dissect_communities) \
	ROW(ATTR_ORIGINATOR_ID, "ORIGINATOR_ID", "RFC 7606 7.9", originator_id, \
	    O, IN, 4, 4, 0, WITHDRAW, NULL, attr_dissect_address) \
	ROW(ATTR_CLUSTER_LIST, "CLUSTER_LIST", "RFC 7606 7.10", cluster_list, \
	    O, IN, 4, MAX, 4, WITHDRAW, NULL, attr_dissect_addresses) \
	ROW(11, "DPA", "RFC 6938", dpa, \
	    ANY, 0, 0, MAX, 0, KEEP, NULL, attr_dissect_hex) \
	ROW(12, "ADVERTISER", "RFC 6938", advertiser, \
	    ANY, 0, 0, MAX, 0, KEEP, NULL, attr_dissect_hex) \
	ROW(13, "RCID_PATH", "RFC 6938", rcid_path, \
	    ANY, 0, 0, MAX, 0, KEEP, NULL, attr_dissect_hex) \
	ROW(ATTR_MP_REACH, "MP_REACH_NLRI", "RFC 7606 7.11", mp_reach_nlri, \
	    O, 0, 5, MAX, 0, RESET, NULL, attr_dissect_mp_reach) \
	ROW(ATTR_MP_UNREACH, "MP_UNREACH_NLRI", "RFC 7606 7.12", mp_unreach_nlri, \
	    O, 0, 3, MAX, 0, RESET, NULL, attr_dissect_mp_unreach) \
	ROW(ATTR_EXT_COMMUNITIES, "EXTENDED_COMMUNITIES", "RFC 7606 7.14", extended_communities, \
	    OT, 0, 8, MAX, 8, WITHDRAW, NULL, attr_dissect_ext_communities) \
	ROW(ATTR_AS4_PATH, "AS4_PATH", "RFC 6793 6", as4_path, \
	    OT, A2, 6, MAX, 2, DISCARD, attr_check_as4_path, attr_dissect_as4_path) \
	ROW(ATTR_AS4_AGGREGATOR, "AS4_AGGREGATOR", "RFC 6793 6", as4_aggregator, \
	    OT, A2, 8, 8, 0, DISCARD, attr_check_as4_aggregator, attr_dissect_as4_aggregator) \
	ROW(19, "SSA", NULL, ssa, \
	    ANY, 0, 0, MAX, 0, KEEP, NULL, attr_dissect_hex) \
	ROW(20, "CONNECTOR", NULL, connector, \
	    ANY, 0, 0, MAX, 0, KEEP, NULL, attr_dissect_hex) \
	ROW(21, "AS_PATHLIMIT", NULL, as_pathlimit, \
	    ANY, 0, 0, MAX, 0, KEEP, NULL, attr_dissect_hex) \
	ROW(22, "PMSI_TUNNEL", "RFC 6514 5", pmsi_tunnel, \
	    OT, 0, 5, MAX, 0, WITHDRAW, attr_check_pmsi, attr_dissect_pmsi) \
	ROW(23, "TUNNEL_ENCAP", "RFC 9012 13", tunnel_encapsulation, \
	    OT, 0, 4, MAX, 0, WITHDRAW, attr_check_tunnel, attr_dissect_tunnel) \
	ROW(24, "TRAFFIC_ENGINEERING", "RFC 5543 3", traffic_engineering, \
	    O, 0, 36, MAX, 0, WITHDRAW, NULL, attr_dissect_te) \
	ROW(25, "IPV6_EXT_COMMUNITIES", "RFC 7606 7.15", ipv6_extended_communities, \
	    OT, 0, 20, MAX, 20, WITHDRAW, NULL, attr_dissect_ipv6_ext_communities) \
	ROW(26, "AIGP", "RFC 7311 3", aigp, \
	    O, DF, 3, MAX, 0, DISCARD, attr_check_aigp, attr_dissect_aigp) \
	ROW(27, "PE_DISTINGUISHER_LABELS", "RFC 6514 8", pe_distinguisher_labels, \
	    OT, 0, 7, MAX, 0, WITHDRAW, attr_check_pe_labels, attr_dissect_pe_labels) \
	ROW(28, "ENTROPY_LABEL_CAPABILITY", "RFC 7447", entropy_label_capability, \
	    ANY, 0, 0, MAX, 0, KEEP, NULL, attr_dissect_hex) \
	ROW(29, "BGP_LS", "RFC 9552 8.2.2", bgp_ls, \
	    O, 0, 0, MAX, 0, DISCARD, attr_check_ls, attr_dissect_ls) \
	ROW(30, "DEPRECATED_30", "RFC 8093", deprecated_30, \
	    ANY, 0, 0, MAX, 0, KEEP, NULL, attr_dissect_hex) \
	ROW(31, "DEPRECATED_31", "RFC 8093", deprecated_31, \
	    ANY, 0, 0, MAX, 0, KEEP, NULL, attr_dissect_hex) \
	ROW(ATTR_LARGE_COMMUNITIES, "LARGE_COMMUNITY", "RFC 8092 6", large_communities, \
	    OT, 0, 12, MAX, 12, WITHDRAW, NULL, attr_dissect_large_communities) \
	ROW(ATTR_BGPSEC_PATH, "BGPSEC_PATH", "RFC 8205 5.2", bgpsec_path, \
	    O, 0, 4, MAX, 0, WITHDRAW, attr_check_bgpsec, attr_dissect_bgpsec) \
	ROW(34, "COMMUNITY_CONTAINER", "draft-ietf-idr-wide-bgp-communities", community_container, \
	    ANY, 0, 0, MAX, 0, KEEP, NULL, attr_dissect_hex) \
	ROW(ATTR_OTC, "ONLY_TO_CUSTOMER", "RFC 9234 5", only_to_customer, \
	    OT, 0, 4, 4, 0, WITHDRAW, NULL, attr_dissect_number) \
	ROW(36, "D_PATH", "RFC 10039 4", domain_path, \
	    OT, 0, 8, MAX, 0, WITHDRAW, attr_check_d_path, attr_dissect_d_path) \
	ROW(37, "SFP", "RFC 9015 3.2.1", sfp, \
	    OT, 0, 3, MAX, 0, WITHDRAW, attr_check_sfp, attr_dissect_sfp) \
	ROW(38, "BFD_DISCRIMINATOR", "RFC 9026 3.1.6", bfd_discriminator, \
	    OT, 0, 5, MAX, 0, DISCARD, attr_check_bfd, attr_dissect_bfd) \
	ROW(39, "NEXT_HOP_CHARACTERISTICS", "draft-ietf-idr-nhc", next_hop_characteristics, \
	    ANY, 0, 0, MAX, 0, KEEP, NULL, attr_dissect_hex) \
	ROW(40, "PREFIX_SID", "RFC 8669 6, RFC 9252 7", prefix_sid, \
	    OT, 0, 3, MAX, 0, DISCARD, attr_check_prefix_sid, attr_dissect_prefix_sid) \
	ROW(41, "BIER", "RFC 9793 4", bier, \
	    OT, 0, 4, MAX, 0, DISCARD, attr_check_bier, attr_dissect_bier) \
	ROW(128, "ATTR_SET", "RFC 7606 7.16", attr_set, \
	    OT, 0, 4, MAX, 0, WITHDRAW, attr_check_set_of, attr_dissect_set_of) \
	ROW(129, "DEPRECATED_129", "RFC 8093", deprecated_129, \
	    ANY, 0, 0, MAX, 0, KEEP, NULL, attr_dissect_hex) \
	ROW(241, "DEPRECATED_241", "RFC 8093", deprecated_241, \
	    ANY, 0, 0, MAX, 0, KEEP, NULL, attr_dissect_hex) \
	ROW(242, "DEPRECATED_242", "RFC 8093", deprecated_242, \
	    ANY, 0, 0, MAX, 0, KEEP, NULL, attr_dissect_hex) \
	ROW(243, "DEPRECATED_243", "RFC 8093", deprecated_243, \
	    ANY, 0, 0, MAX, 0, KEEP, NULL, attr_dissect_hex) \
	ROW(255, "DEVELOPMENT", "RFC 2042", development, \
	    ANY, 0, 0, MAX, 0, KEEP, NULL, attr_dissect_hex)
/* clang-format on */
