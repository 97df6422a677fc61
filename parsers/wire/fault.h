/*
 * fault: what is wrong with octets, as data: a code, the item it is about, and the offset. A parser
 * notes a fault and goes on; who called it decides by `action`, the strongest of all faults of the
 * message.
 *
 * A code carries its name, what RFC 7606 asks for, and a text. A message may have more faults than
 * a list has room for: FAULTS_MAX are kept, one of the strongest always among them. All are
 * counted, and faults_have() knows each code that was noted.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Strongest last: the action of a message is the maximum over its faults (RFC 7606 3 h). */
enum fault_action {
	FAULT_IGNORE,		 /* understood anyway */
	FAULT_ATTRIBUTE_DISCARD, /* the attribute is dropped, the routes stand */
	FAULT_TREAT_AS_WITHDRAW, /* the routes of the message are withdrawn */
	/* what cannot be parsed is dropped, where a BGP speaker would reset the session */
	FAULT_DROP_REST,
	FAULT_DROP_MESSAGE, /* the BMP message is skipped, framing holds */
	FAULT_CLOSE,	    /* framing is lost: the stream cannot go on */
};

/*      code                    name                       action                   text
 * Those from FAULT_ATTR_OVERRUN to FAULT_MP_NEXT_HOP are of attributes: keep them together. */
#define FAULT_MAP(X)                                                                               \
	X(FAULT_NONE, "none", FAULT_IGNORE, "no fault")                                            \
	X(FAULT_BMP_VERSION, "bmp-version", FAULT_CLOSE,                                           \
	    "BMP version is not 3 or 4 (RFC 7854 4.1)")                                            \
	X(FAULT_BMP_LENGTH, "bmp-length", FAULT_CLOSE,                                             \
	    "BMP length below the header or above the limit (RFC 7854 4.1)")                       \
	X(FAULT_BMP_TYPE, "bmp-type-unknown", FAULT_DROP_MESSAGE,                                  \
	    "unknown BMP message type (RFC 7854 4.1)")                                             \
	X(FAULT_BMP_SHORT, "bmp-short", FAULT_DROP_MESSAGE, "BMP message ends inside a field")     \
	X(FAULT_BMP_PEER_TYPE, "bmp-peer-type", FAULT_DROP_MESSAGE,                                \
	    "unknown peer type (RFC 7854 4.2)")                                                    \
	X(FAULT_BMP_TLV, "bmp-tlv", FAULT_DROP_REST, "TLV runs past the message (RFC 7854 4.4)")   \
	X(FAULT_BMP_STATS, "bmp-stats", FAULT_DROP_REST,                                           \
	    "statistics count and TLVs disagree (RFC 7854 4.8)")                                   \
	X(FAULT_BMP_TRAILING, "bmp-trailing", FAULT_IGNORE, "octets left after the BGP message")   \
	X(FAULT_BMP_NO_MESSAGE, "bmp-no-bgp-message", FAULT_DROP_MESSAGE,                          \
	    "no BGP Message TLV in Route Monitoring (draft-ietf-grow-bmp-tlv 5.2)")                \
	X(FAULT_BMP_EVENT, "bmp-event", FAULT_DROP_REST,                                           \
	    "Peer Down ends before its event of the state machine (RFC 7854 4.9)")                 \
	X(FAULT_BMP_REASON, "bmp-reason", FAULT_IGNORE,                                            \
	    "Termination reason is not two octets, taken as unspecified (RFC 7854 4.5)")           \
	X(FAULT_BMP_SECOND_MESSAGE, "bmp-second-bgp-message", FAULT_DROP_REST,                     \
	    "further BGP Message TLV, its routes are not read (draft-ietf-grow-bmp-tlv 5.2)")      \
	X(FAULT_PDU_MARKER, "pdu-marker", FAULT_DROP_REST,                                         \
	    "marker of the OPEN or NOTIFICATION is not all ones (RFC 4271 4.1)")                   \
	X(FAULT_PDU_LENGTH, "pdu-length", FAULT_DROP_REST,                                         \
	    "length of the OPEN or NOTIFICATION below the minimum or past the end (RFC 4271 4.1)") \
	X(FAULT_PDU_TYPE, "pdu-type", FAULT_DROP_REST,                                             \
	    "not an OPEN where one is expected (RFC 7854 4.10)")                                   \
	X(FAULT_BGP_MARKER, "bgp-marker", FAULT_DROP_MESSAGE,                                      \
	    "BGP marker is not all ones (RFC 4271 4.1)")                                           \
	X(FAULT_BGP_LENGTH, "bgp-length", FAULT_DROP_MESSAGE,                                      \
	    "BGP length below the minimum or past the end (RFC 4271 4.1)")                         \
	X(FAULT_BGP_TYPE, "bgp-type", FAULT_DROP_MESSAGE,                                          \
	    "not the BGP message type expected here")                                              \
	X(FAULT_OPEN, "bgp-open", FAULT_DROP_REST,                                                 \
	    "OPEN parameters malformed (RFC 4271 4.2, RFC 9072)")                                  \
	X(FAULT_CAPABILITY, "bgp-capability", FAULT_IGNORE,                                        \
	    "capability value malformed, capability ignored (RFC 5492)")                           \
	X(FAULT_NOTIFICATION, "bgp-notification", FAULT_IGNORE,                                    \
	    "NOTIFICATION malformed (RFC 4271 4.5)")                                               \
	X(FAULT_SHUTDOWN, "bgp-shutdown-communication", FAULT_IGNORE,                              \
	    "shutdown communication runs past the NOTIFICATION (RFC 9003 2)")                      \
	X(FAULT_KEEPALIVE, "bgp-keepalive", FAULT_DROP_REST,                                       \
	    "KEEPALIVE has more than its header (RFC 4271 4.4)")                                   \
	X(FAULT_REFRESH, "bgp-route-refresh", FAULT_DROP_REST,                                     \
	    "ROUTE-REFRESH is not of 23 octets, or its filters overrun (RFC 2918 3, RFC 5291 4, "  \
	    "RFC 7313 5)")                                                                         \
	X(FAULT_UPDATE_LENGTH, "update-length", FAULT_DROP_REST,                                   \
	    "withdrawn or attribute length past the UPDATE (RFC 4271 6.3)")                        \
	X(FAULT_NO_NLRI, "update-no-nlri", FAULT_DROP_REST,                                        \
	    "attributes wrong, and no route announced that could be withdrawn (RFC 7606 5.2)")     \
	X(FAULT_ATTR_OVERRUN, "attr-overrun", FAULT_TREAT_AS_WITHDRAW,                             \
	    "attribute runs past the attribute field (RFC 7606 4)")                                \
	X(FAULT_ATTR_FLAGS, "attr-flags", FAULT_TREAT_AS_WITHDRAW,                                 \
	    "optional or transitive bit wrong (RFC 7606 3 c)")                                     \
	X(FAULT_ATTR_FLAGS_DISCARD, "attr-flags-discard", FAULT_ATTRIBUTE_DISCARD,                 \
	    "optional or transitive bit wrong (RFC 7311 3)")                                       \
	X(FAULT_ATTR_LENGTH, "attr-length", FAULT_TREAT_AS_WITHDRAW,                               \
	    "attribute length wrong (RFC 4271 6.3, RFC 7606 2)")                                   \
	X(FAULT_ATTR_DISCARD, "attr-discard", FAULT_ATTRIBUTE_DISCARD,                             \
	    "attribute malformed and discarded (RFC 7606 2)")                                      \
	X(FAULT_ATTR_EXTERNAL, "attr-external", FAULT_ATTRIBUTE_DISCARD,                           \
	    "attribute of internal sessions from an external peer (RFC 7606 7.5, 7.9, 7.10)")      \
	X(FAULT_ATTR_AS4, "attr-as4", FAULT_ATTRIBUTE_DISCARD,                                     \
	    "attribute of sessions with 2-octet AS numbers on one with 4 (RFC 6793 4.1)")          \
	X(FAULT_ATTR_AS_ZERO, "attr-as-zero", FAULT_ATTRIBUTE_DISCARD,                             \
	    "AS 0 in an attribute that a route can do without (RFC 7607 2)")                       \
	X(FAULT_ATTR_LIMIT, "attr-limit", FAULT_ATTRIBUTE_DISCARD,                                 \
	    "more attributes than are kept")                                                       \
	X(FAULT_ATTR_VALUE, "attr-value", FAULT_TREAT_AS_WITHDRAW,                                 \
	    "attribute value not allowed (RFC 4271 6.3, RFC 7606 2)")                              \
	X(FAULT_ATTR_DUPLICATE, "attr-duplicate", FAULT_ATTRIBUTE_DISCARD,                         \
	    "attribute repeated, first one kept (RFC 7606 3 g)")                                   \
	X(FAULT_ATTR_MISSING, "attr-missing", FAULT_TREAT_AS_WITHDRAW,                             \
	    "well-known mandatory attribute missing (RFC 7606 3 d)")                               \
	X(FAULT_ATTR_WELL_KNOWN, "attr-well-known-unknown", FAULT_DROP_REST,                       \
	    "unknown well-known attribute (RFC 4271 6.3)")                                         \
	X(FAULT_AS_PATH, "as-path", FAULT_TREAT_AS_WITHDRAW,                                       \
	    "AS_PATH segments malformed (RFC 7606 7.2)")                                           \
	X(FAULT_AS_ZERO, "as-zero", FAULT_TREAT_AS_WITHDRAW, "AS 0 in the path (RFC 7607 2)")      \
	X(FAULT_MP_DUPLICATE, "mp-duplicate", FAULT_DROP_REST,                                     \
	    "MP_REACH_NLRI or MP_UNREACH_NLRI twice (RFC 7606 3 g)")                               \
	X(FAULT_MP_SHORT, "mp-short", FAULT_DROP_REST,                                             \
	    "MP attribute ends inside its header (RFC 7606 7.11)")                                 \
	X(FAULT_MP_NEXT_HOP, "mp-next-hop", FAULT_DROP_REST,                                       \
	    "next hop length not valid for the family (RFC 7606 7.11)")                            \
	X(FAULT_NLRI_LENGTH, "nlri-length", FAULT_DROP_REST,                                       \
	    "prefix length that the family cannot have (RFC 7606 5.3)")                            \
	X(FAULT_NLRI_OVERRUN, "nlri-overrun", FAULT_DROP_REST,                                     \
	    "prefix runs past the field (RFC 7606 5.3)")                                           \
	X(FAULT_NLRI_MALFORMED, "nlri-malformed", FAULT_IGNORE,                                    \
	    "one NLRI malformed inside its length, that route ignored (RFC 7606 5.4)")             \
	X(FAULT_RTR_VERSION, "rtr-version", FAULT_CLOSE, "unexpected RTR version (RFC 8210 7)")    \
	X(FAULT_RTR_LENGTH, "rtr-length", FAULT_CLOSE,                                             \
	    "RTR length wrong for the PDU type (RFC 8210 5)")                                      \
	X(FAULT_RTR_TYPE, "rtr-type", FAULT_CLOSE, "unknown RTR PDU type (RFC 8210 5)")            \
	X(FAULT_RTR_PROVIDERS, "rtr-providers", FAULT_CLOSE,                                       \
	    "providers of an ASPA not allowed (draft-ietf-sidrops-8210bis 5.12)")                  \
	X(FAULT_RTR_VALUE, "rtr-value", FAULT_CLOSE, "RTR payload not allowed (RFC 8210 5.6)")     \
	X(FAULT_MRT_LENGTH, "mrt-length", FAULT_CLOSE,                                             \
	    "MRT length above the limit: records cannot be found any more (RFC 6396 2)")           \
	X(FAULT_MRT_TYPE, "mrt-type-unknown", FAULT_DROP_MESSAGE,                                  \
	    "MRT type or subtype not known, or of no BGP (RFC 6396 4)")                            \
	X(FAULT_MRT_CUT, "mrt-cut", FAULT_DROP_REST,                                               \
	    "MRT record ends before its length, and is read as far as it goes (RFC 6396 2)")       \
	X(FAULT_MRT_LOST, "mrt-lost", FAULT_DROP_MESSAGE,                                          \
	    "octets between MRT records that belong to none (RFC 6396 2)")                         \
	X(FAULT_MRT_MESSAGE, "mrt-message-cut", FAULT_DROP_REST,                                   \
	    "BGP message is longer than its MRT record, and is read as far as it goes (RFC 6396 "  \
	    "4.4.2)")                                                                              \
	X(FAULT_MRT_ENTRY_LONG, "mrt-entry-long", FAULT_DROP_REST,                                 \
	    "RIB entry has more attributes than an UPDATE can carry (RFC 8654 3)")                 \
	X(FAULT_MRT_PEER, "mrt-peer-index", FAULT_IGNORE,                                          \
	    "RIB entry of a peer that no index table has (RFC 6396 4.3.4)")                        \
	X(FAULT_MRT_SHORT, "mrt-short", FAULT_DROP_MESSAGE, "MRT record ends inside a field")      \
	X(FAULT_MRT_FAMILY, "mrt-family", FAULT_DROP_MESSAGE,                                      \
	    "MRT address family is neither IPv4 nor IPv6 (RFC 6396 4.4.1)")                        \
	X(FAULT_MRT_RIB_FAMILY, "mrt-rib-family", FAULT_DROP_MESSAGE,                              \
	    "RIB of an address family that is not known: its entries cannot be found (RFC 6396 "   \
	    "4.3.3)")                                                                              \
	X(FAULT_MRT_ENTRY, "mrt-entry", FAULT_DROP_REST,                                           \
	    "peer or RIB entries end before their count (RFC 6396 4.3)")                           \
	X(FAULT_MRT_TRAILING, "mrt-trailing", FAULT_IGNORE, "octets left after the MRT record")    \
	X(FAULT_OPENBMP_HEADER, "openbmp-header", FAULT_CLOSE,                                     \
	    "no OpenBMP header of a known version, or its lengths disagree")                       \
	X(FAULT_OPENBMP_OBJECT, "openbmp-object", FAULT_DROP_MESSAGE,                              \
	    "OpenBMP object is not raw BMP of a router")

enum fault_code {
#define FAULT_X(code, name, action, text) code,
	FAULT_MAP(FAULT_X)
#undef FAULT_X
	    FAULT_CODES
};

struct fault {
	uint8_t code; /* enum fault_code */
	/* what the code is about: an attribute code, TLV type, capability code, message type */
	uint16_t item;
	uint32_t nth;	 /* how many were noted before it */
	uint32_t offset; /* octets from the start of the message given to the parser */
};

enum { FAULTS_MAX = 8 };

/* The faults of a message. To begin with, n and action are 0; nobody looks at the rest before the
 * first fault. */
struct faults {
	/* the first ones; a stronger one takes the place of a weaker one */
	struct fault v[FAULTS_MAX];
	uint32_t n;	/* all that were noted, kept in v or not */
	uint8_t action; /* enum fault_action: the strongest of all */
	/* a bit for each code that was noted: ask faults_have() */
	uint32_t codes[FAULT_CODES / 32 + 1];
};

/* Begins a list without faults. An initialiser would clear all of it, which the hot path cannot
 * afford. */
static inline void
faults_begin(struct faults *f)
{
	f->n = 0;
	f->action = FAULT_IGNORE;
}

/* "attr-length": a constant string, also of metrics and events. */
const char *fault_name(enum fault_code);
/* A sentence for people, with the section of the RFC. */
const char *fault_text(enum fault_code);
enum fault_action fault_action(enum fault_code);
/* Is the fault in a path attribute, so that its item is the attribute's code? */
bool fault_of_attribute(enum fault_code);
/* Does the fault withdraw the routes that its UPDATE announces (RFC 7606)? If an MP attribute ends
 * inside its header, only its own routes are lost. */
bool fault_withdraws(enum fault_code);

/* Notes a fault. */
void fault_add(struct faults *, enum fault_code, unsigned item, size_t offset);
/* Was a fault of this code noted, kept in v or not? */
bool faults_have(const struct faults *, enum fault_code);
/* Was a fault noted that withdraws the routes? */
bool faults_withdraw(const struct faults *);
/* The faults from number `from` on were found in a part of the message, which begins after `by`
 * octets: lets their offsets count from the start of the message. */
void faults_shift(struct faults *, uint32_t from, size_t by);
/* Adds the faults of another list behind those of the first. Faults that the other list does not
 * keep are counted. */
void faults_join(struct faults *, const struct faults *);
