/*
 * Dissects a BMP message field by field, without the BGP messages in it: a caller who wants those
 * gets them from the parsed structs (pdu, sent_pdu, message). Nothing is left out: what is not
 * understood is shown in hex.
 */
#pragma once

#include "parsers/bmp/bmp.h"
#include "parsers/bmp/v4.h"
#include "parsers/wire/dissect.h"

/* A list of TLVs: number, name where it has one, value as text where it is text. version: of the
 * message; in 4 the type has an enterprise bit. Nothing when there are none. */
void bmp_tlvs_dissect(struct field_sink *, struct cursor tlvs, enum bmp_registry, unsigned version);

/* Local address and ports, then the TLVs; what could not be read as an OPEN (RFC 7854 4.10). */
void bmp_peer_up_dissect(struct field_sink *, const struct bmp_msg *, const struct bmp_peer_up *);

/* Reason and what goes with it, but for the NOTIFICATION (RFC 7854 4.9); in version 4, and with
 * reason 6, the TLVs. */
void bmp_peer_down_dissect(
    struct field_sink *, const struct bmp_msg *, const struct bmp_peer_down *);

/* A list "statistics": type, name, unit, family, value; and what version 4 adds. */
void bmp_stats_dissect(struct field_sink *, const struct bmp_msg *);

/* TLVs of Route Mirroring; of the mirrored message only its length (RFC 7854 4.7). */
void bmp_mirror_dissect(struct field_sink *, const struct bmp_msg *);

/* The TLVs around the UPDATE of a version 4 Route Monitoring message, with their index; of the BGP
 * message only its length. */
void bmp_v4_tlvs_dissect(struct field_sink *, const struct bmp_v4 *);

/* Path Status and reason: a group of that name, as in bmp_v4_tlvs_dissect. */
void bmp_path_status_dissect(struct field_sink *, const char *name, const struct bmp_path_status *);

/* What is known of a session beside the message that is dissected. */
struct bmp_dissect_context {
	/* what its version 4 messages proved (bmp/v4.h) */
	enum bmp_v4_revision v4_revision;
};

/*
 * Whatever message it is, all of the above as it fits: a group "peer" with type, flags by name,
 * distinguisher, address, AS, BGP ID and time (RFC 7854 4.2), then the body without BGP messages. A
 * message of an unknown type, or one that bmp_parse refused, is shown in hex. The view of a version
 * 4 Route Monitoring message is by its Extended Flags TLV, where it has one. context: NULL: what
 * the message itself says is enough.
 */
void bmp_message_dissect(
    struct field_sink *, const struct bmp_msg *, const struct bmp_dissect_context *);
