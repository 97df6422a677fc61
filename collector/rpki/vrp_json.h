/*
 * VRP files as validators export them, and the ASPAs in them: rpki-client, Routinator (json,
 * jsonext), RTRTR, StayRTR. The home of jansson in the daemon. Reads element by element, and the
 * text piece by piece, so that memory does not grow with the file.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "collector/rpki/aspa.h"
#include "collector/rpki/vrp.h"
#include "collector/rpki/vrp_expiry.h"

struct vrp_file_stats {
	size_t roas, rejected; /* rejected: entries that are no VRP (bad prefix, max length, ASN, a
				  key twice) */
	size_t expired;	       /* left out, since their time was over */
	size_t aspas;	       /* ASPAs, as they stand there */
	size_t keys;	       /* of BGPsec: seen, of no use here */
	char first_rejected[160]; /* what was wrong with the first one, "" when none */
	struct vrp_tas tas;
	int64_t built_s;  /* `buildtime` or `generated`, Unix time; 0: not told */
	int64_t lapses_s; /* when a tenth of the entries is past its `expires`; 0: not told */
};

/* How a file is read. */
struct vrp_json_how {
	const _Atomic bool *stop; /* may be set by another thread; NULL for never */
	/* An entry whose `expires` is before this is left out, unless that is more than one and a
	 * tenth of all: then it is the file that is old. Unix time; 0: whatever they say. */
	int64_t now_s;
	/* Where ASPAs go (appended, not sorted); NULL: they are only counted. Some that are no
	 * ASPA are rejected, and cost themselves only. */
	struct aspa_list *aspas;
	bool aspas_alone; /* "aspas" without "roas" will do */
	/* Where the text comes from: up to n octets of it into `to`; 0: no more, -1: it cannot be
	 * read. NULL: all of it is given at once. */
	ssize_t (*read)(void *ctx, void *to, size_t n);
	void *ctx;
	/* Where goes which of the VRPs expire soon after now_s; sorted. NULL: not wanted. */
	struct vrp_expiries *expiring;
};

/*
 * Parse the text into `out` (appended, not sorted). false when the file as a whole is no VRP JSON
 * (syntax, something behind the end, no "roas" array, more than one entry and a tenth of all
 * rejected) or when *stop became true; error says what and at which line. Then `out` is as before.
 * how: NULL for whole and at any time; when it has `read`, text is not looked at.
 */
bool vrp_json_parse(const char *text, size_t len, const struct vrp_json_how *, struct vrp_list *out,
    struct vrp_file_stats *, char *error, size_t size);
