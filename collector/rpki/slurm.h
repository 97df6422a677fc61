/*
 * slurm: local exceptions to the RPKI (RFC 8416): filters that take VRPs out, assertions that add
 * some, and the same of ASPAs (draft-ietf-sidrops-aspa-slurm). First all filters, then all
 * assertions, which are never filtered (section 4.1). BGPsec keys have to be of the right form, and
 * are of no use to a monitor of origins.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "collector/rpki/aspa.h"
#include "collector/rpki/vrp.h"

/* Matches a VRP that equals it in what it has: AS number, and prefix or more specific (3.3.1). */
struct slurm_filter {
	bool has_prefix, has_asn;
	struct ip_prefix prefix;
	uint32_t asn;
};

struct slurm {
	struct slurm_filter *filters;
	size_t filters_n, filters_cap;
	struct vrp_list assertions; /* sorted, unique */
	uint32_t *customers;	    /* whose ASPAs are filtered */
	size_t customers_n, customers_cap;
	struct aspa_list aspas; /* asserted; sorted, unique */
	size_t keys;		/* filters and assertions of BGPsec */
};

/*
 * Parse a file. Strict, as RFC 8416 section 3 wants it: members that it does not know, or that are
 * missing or there twice, make the whole file invalid. false with what, where and what would be
 * right in error; then *out is empty. Yours to free.
 */
bool slurm_parse(const char *text, size_t len, struct slurm *out, char *error, size_t size);
void slurm_free(struct slurm *);

/* Take the filtered out of the list; the order stays. */
void slurm_filter(const struct slurm *, struct vrp_list *);

/* The same of ASPAs, by customer. */
void slurm_filter_aspas(const struct slurm *, struct aspa_list *);

/* Do two files speak of the same addresses (a prefix of one covers one of the other)? Then neither
 * may be used (4.2), and error names both prefixes. */
bool slurm_overlap(const struct slurm *a, const struct slurm *b, char *error, size_t size);
