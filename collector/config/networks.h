/*
 * networks: what is known of networks of others unless the configuration says it, as of November
 * 2026. Only options.c includes it.
 *
 * Sources: the NLNOG BGP filter guide for those without providers; for siblings the names in public
 * registries; for who gives and sells transit the relations that public routing tables show.
 */
#pragma once

#include "collector/config/config.h"

/* Networks that buy transit from nobody (NLNOG filter guide); peerlock's default. Those of one
 * organisation that buy from it only are as such. */
static const uint32_t provider_free_default[] = { 174, 701, 702, 703, 1299, 2914, 3257, 3320, 3356,
	3491, 4134, 5511, 6453, 6461, 6762, 6830, 7018 };

/* Content networks that give transit to nobody else; not those that announce what is their
 * customers' with their customers' AS behind theirs (Amazon, Akamai, Cloudflare). */
static const uint32_t no_transit_default[] = { 8075, 15169, 32934 };

/* Large networks that may sell to those, and buy themselves. */
static const uint32_t carriers_default[] = { 1221, 1273, 2516, 3216, 4637, 4755, 4826, 5617, 6939,
	7473, 9002, 9498, 12956, 37100 };

/* The networks of one organisation, where one of them is in a list above. */
static const uint32_t lumen[] = { 209, 3356, 3549, 3561 }, verizon[] = { 701, 702, 703 },
		      ntt[] = { 2914, 4713 }, china_telecom[] = { 4134, 4809, 23764 },
		      google[] = { 15169, 16550, 16591, 19527, 22577, 36040, 36384, 36385, 36492,
			      36561, 41264, 43515, 45566, 139070, 139190, 394507, 394725, 395973,
			      396982 },
		      microsoft[] = { 3598, 6584, 8068, 8069, 8070, 8071, 8072, 8073, 8074, 8075,
			      12076, 20046, 23468, 35106, 40066, 45139, 58862, 59067, 63314,
			      198097 },
		      meta[] = { 32934, 34825, 54115, 63293, 149642 };
static const struct detect_siblings siblings_default[] = { { lumen, 4 }, { verizon, 3 }, { ntt, 2 },
	{ china_telecom, 3 }, { google, sizeof(google) / sizeof(*google) },
	{ microsoft, sizeof(microsoft) / sizeof(*microsoft) }, { meta, 5 } };
