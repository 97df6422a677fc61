/* BGP_LS attribute, between the file of the table (attr/ls.c) and that of SR policies
 * (attr/ls_policy.c). */
#pragma once

#include "parsers/wire/tlv.h"

/* TLVs that have none inside, as a list. */
tlv_dissect_fn ls_dissect_sub_tlvs;

/* The fields of a candidate path (RFC 9857 5). */
tlv_dissect_fn ls_dissect_binding_sid;	    /* 1201 */
tlv_dissect_fn ls_dissect_path_state;	    /* 1202 */
tlv_dissect_fn ls_dissect_constraints;	    /* 1204 */
tlv_dissect_fn ls_dissect_segment_list;	    /* 1205 */
tlv_dissect_fn ls_dissect_srv6_binding_sid; /* 1212 */
