/*
 * Dissects a BMP message field by field, without the BGP messages in it: a caller who wants those
 * gets them from the parsed structs (pdu, sent_pdu, message). Nothing is left out: what is not
 * understood is shown in hex.
 */
#pragma once

#include "parsers/bmp/bmp.h"
#include "parsers/bmp/v4.h"
#include "parsers/wire/dissect.h"

/* The TLVs around the UPDATE of a version 4 Route Monitoring message, with their index; of the BGP
 * message only its length. */
void bmp_v4_tlvs_dissect(struct field_sink *, const struct bmp_v4 *);

/* What is known of a session beside the message that is dissected. */
struct bmp_dissect_context {
	/* what its version 4 messages proved (bmp/v4.h) */
	enum bmp_v4_revision v4_revision;
};

/*
 * A message of any type: a group "peer" with type, flags by name,
 * distinguisher, address, AS, BGP ID and time (RFC 7854 4.2), then the body without BGP messages. A
 * message of an unknown type, or one that bmp_parse refused, is shown in hex. The view of a version
 * 4 Route Monitoring message is by its Extended Flags TLV, where it has one. context: NULL: what
 * the message itself says is enough.
 */
void bmp_message_dissect(
    struct field_sink *, const struct bmp_msg *, const struct bmp_dissect_context *);
