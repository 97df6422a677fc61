/* BGP_LS attribute, between the file of the table (attr/ls.c) and that of SR policies
 * (attr/ls_policy.c). */
#pragma once

#include "parsers/wire/tlv.h"

/* TLVs that have none inside, as a list. */
tlv_tell_fn ls_tell_sub_tlvs;

/* What is told of a candidate path (RFC 9857 5). */
tlv_tell_fn ls_tell_binding_sid;      /* 1201 */
tlv_tell_fn ls_tell_path_state;	      /* 1202 */
tlv_tell_fn ls_tell_constraints;      /* 1204 */
tlv_tell_fn ls_tell_segment_list;     /* 1205 */
tlv_tell_fn ls_tell_srv6_binding_sid; /* 1212 */
