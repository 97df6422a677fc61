/*
 * networks: what is known of networks of others unless the configuration says it, as of November
 * 2026 (NETWORKS_DAY in networks.c). Only options.c includes it.
 *
 * Sources: the NLNOG BGP filter guide for those without providers; for siblings the names in public
 * registries; for who gives and sells transit the relations that public routing tables show.
 */
#pragma once

#include "collector/config/config.h"

/* Networks that buy transit from nobody (NLNOG filter guide); the default of rules.provider_free.
 * Those of one organisation that buy from it only are as such. */
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
		      google[] = { 1026, 6432, 11344, 13949, 15169, 16550, 16591, 19425, 19448,
			      19527, 22577, 22859, 26684, 26910, 32381, 33410, 33715, 36039, 36040,
			      36190, 36383, 36384, 36385, 36411, 36492, 36520, 36561, 36987, 40873,
			      41264, 43515, 45566, 54125, 55023, 139070, 139190, 151231, 209504,
			      209519, 209539, 214609, 214611, 394089, 394507, 394639, 394725,
			      395973, 396178, 396982 },
		      microsoft[] = { 3598, 5761, 6182, 6194, 6291, 6584, 8068, 8069, 8070, 8071,
			      8072, 8073, 8074, 8075, 12076, 13399, 13443, 13811, 14413, 14588,
			      14719, 14783, 17144, 17345, 18733, 20046, 20049, 20366, 22692, 23468,
			      24221, 25796, 26222, 30135, 30427, 30520, 30575, 31792, 32163, 32476,
			      35106, 36006, 36459, 40066, 40551, 40793, 45139, 46182, 53587, 54396,
			      54947, 55163, 55497, 57976, 58593, 58862, 59067, 63245, 63314, 132348,
			      132466, 134235, 137709, 198072, 198097, 200517, 202167, 202745,
			      395496, 395524, 395851, 396463, 397096, 397466, 397996, 398575,
			      398656, 398657, 398658, 398659, 398660, 398661, 398961, 400572,
			      400573, 400574, 400575, 400576, 400577, 400578, 400579, 400580,
			      400581, 400582, 400884 },
		      meta[] = { 11917, 32934, 34825, 54115, 63293, 149642 };
static const struct detect_siblings siblings_default[] = { { lumen, 4 }, { verizon, 3 }, { ntt, 2 },
	{ china_telecom, 3 }, { google, sizeof(google) / sizeof(*google) },
	{ microsoft, sizeof(microsoft) / sizeof(*microsoft) }, { meta, 6 } };
