/* What is another between two lists of one customer. */
#include "collector/sav/sav.h"

/* The first in the list that lies behind it; those within it come next. */
static size_t
behind(const struct ip_prefix *list, size_t n, const struct ip_prefix *p)
{
	size_t low = 0, high = n;

	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (ip_prefix_cmp(&list[mid], p) <= 0)
			low = mid + 1;
		else
			high = mid;
	}
	return low;
}

/* Of the addresses of its family. */
static double
share_of(const struct ip_prefix *p)
{
	double share = 1;

	for (unsigned i = 0; i < p->len; i++)
		share /= 2;
	return share;
}

/* How much of it the list has. */
static double
kept_of(const struct ip_prefix *list, size_t n, const struct ip_prefix *p)
{
	double kept = 0;

	if (sav_permits(list, n, p))
		return share_of(p);
	for (size_t i = behind(list, n, p); i < n && ip_prefix_covers(p, &list[i]); i++)
		kept += share_of(&list[i]);
	return kept;
}

static double
lost_of(const struct ip_prefix *before, size_t before_n, const struct ip_prefix *now, size_t now_n,
    uint8_t family)
{
	double was = 0, kept = 0;

	for (size_t i = 0; i < before_n; i++) {
		if (before[i].family != family)
			continue;
		was += share_of(&before[i]);
		kept += kept_of(now, now_n, &before[i]);
	}
	return was > 0 ? 1 - kept / was : 0;
}

/* Prefixes of the one list that the other does not have wholly. */
static size_t
missing_in(const struct ip_prefix *other, size_t other_n, const struct ip_prefix *list, size_t n,
    struct ip_prefix first[SAV_NAMED])
{
	size_t missing = 0;

	for (size_t i = 0; i < n; i++) {
		if (sav_permits(other, other_n, &list[i]))
			continue;
		if (missing < SAV_NAMED)
			first[missing] = list[i];
		missing++;
	}
	return missing;
}

void
sav_compare(const struct ip_prefix *before, size_t before_n, const struct ip_prefix *now,
    size_t now_n, struct sav_difference *d)
{
	double v4 = lost_of(before, before_n, now, now_n, IP_V4),
	       v6 = lost_of(before, before_n, now, now_n, IP_V6);

	*d = (struct sav_difference){ .lost = v4 > v6 ? v4 : v6 };
	d->gone = missing_in(now, now_n, before, before_n, d->gone_first);
	d->come = missing_in(before, before_n, now, now_n, d->come_first);
}
