/* BGP_LS attribute: what its files have in common. attr/ls.c knows all, attr/ls_policy.c and
 * attr/ls_leaves.c know what is inside. */
#pragma once

#include "parsers/wire/tlv.h"

/* TLVs that have none inside. */
extern const struct tlv_table ls_leaves;
/* The same as a list: the sub-TLVs of any other, which are of the same registry. */
tlv_dissect_fn ls_dissect_sub_tlvs;

/* Reads `size` octets and gives them as "neighbor": 4 are an OSPF router, 6 an IS-IS system. */
void ls_dissect_neighbor(struct field_sink *, struct cursor *, size_t size);

/* The fields of a candidate path (RFC 9857 5). */
tlv_dissect_fn ls_dissect_binding_sid;	    /* 1201 */
tlv_dissect_fn ls_dissect_path_state;	    /* 1202 */
tlv_dissect_fn ls_dissect_constraints;	    /* 1204 */
tlv_dissect_fn ls_dissect_segment_list;	    /* 1205 */
tlv_dissect_fn ls_dissect_srv6_binding_sid; /* 1212 */

/* The field of a TLV that others are in. */
#define SUB_TLVS                                                                                   \
	{                                                                                          \
		"sub_tlvs", TLV_REST, ls_dissect_sub_tlvs                                          \
	}
