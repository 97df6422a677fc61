/* Figures as people read them. */
#include <stdio.h>
#include <string.h>

#include "cli/manrs/manrs_private.h"

const char *
words_halves(unsigned long long halves, char *buf)
{
	snprintf(buf, WORDS_MAX, "%llu%s", halves / 2, halves % 2 ? ".5" : "");
	return buf;
}

const char *
words_seconds(unsigned long long s, char *buf)
{
	if (s < 120)
		snprintf(buf, WORDS_MAX, "%llu s", s);
	else if (s < 7200)
		snprintf(buf, WORDS_MAX, "%llu min", s / 60);
	else if (s < 2 * 86400)
		snprintf(buf, WORDS_MAX, "%llu h %llu min", s / 3600, s / 60 % 60);
	else
		snprintf(buf, WORDS_MAX, "%llu d %llu h", s / 86400, s / 3600 % 24);
	return buf;
}

const char *
words_percent(unsigned long long part, unsigned long long of, char *buf)
{
	double percent;

	if (of == 0) {
		snprintf(buf, WORDS_MAX, "-");
		return buf;
	}
	part = part > of ? of : part; /* a clock is not that exact */
	percent = 100.0 * (double)part / (double)of;
	if (part > 0 && percent < 0.1)
		snprintf(buf, WORDS_MAX, "< 0.1 %%");
	else if (part < of && percent > 99.9)
		snprintf(buf, WORDS_MAX, "> 99.9 %%");
	else
		snprintf(buf, WORDS_MAX, "%.*f %%", part == 0 || part == of ? 0 : 1, percent);
	return buf;
}

/* Thousands apart. */
static void
grouped(unsigned long long v, char *out, size_t size)
{
	char plain[32];
	size_t n = (size_t)snprintf(plain, sizeof(plain), "%llu", v), used = 0;

	for (size_t i = 0; i < n && used + 2 < size; i++) {
		if (i > 0 && (n - i) % 3 == 0)
			out[used++] = ',';
		out[used++] = plain[i];
	}
	out[used] = '\0';
}

const char *
words_mean(unsigned long long x100, char *buf)
{
	if (x100 == 0)
		snprintf(buf, WORDS_MAX, "0");
	else if (x100 < 1000)
		snprintf(buf, WORDS_MAX, "%llu.%02llu", x100 / 100, x100 % 100);
	else
		grouped((x100 + 50) / 100, buf, WORDS_MAX);
	return buf;
}
