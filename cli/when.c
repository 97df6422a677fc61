#include "cli/when.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/clock.h"

double
cli_duration(const char *text)
{
	static const struct {
		char unit;
		double seconds;
	} units[] = { { 'w', 604800 }, { 'd', 86400 }, { 'h', 3600 }, { 'm', 60 }, { 's', 1 } };
	double sum = 0;
	size_t at = 0;

	if (*text == '\0')
		return -1;
	while (*text != '\0') {
		char *end;
		double v = strtod(text, &end);

		if (end == text || !(v >= 0) || v > 1e12 ||
		    (*text != '.' && (*text < '0' || *text > '9')))
			return -1;
		if (*end == '\0' && sum == 0)
			return v;
		while (at < 5 && units[at].unit != *end)
			at++;
		if (at == 5)
			return -1;
		sum += v * units[at++].seconds; /* each unit once, the larger first */
		text = end + 1;
	}
	return sum;
}

/* "Z" or "+01:00", in seconds east of UTC; nothing is UTC. false: neither. */
static bool
read_zone(const char *text, long *seconds)
{
	unsigned hours, minutes;
	int used = 0;

	*seconds = 0;
	if (*text == '\0' || strcmp(text, "Z") == 0 || strcmp(text, "z") == 0)
		return true;
	if (sscanf(text, "%*1[+-]%2u:%2u%n", &hours, &minutes, &used) != 2 || text[used] != '\0' ||
	    hours > 14 || minutes > 59)
		return false;
	*seconds = (long)(hours * 3600 + minutes * 60) * (*text == '-' ? -1 : 1);
	return true;
}

bool
cli_time(const char *text, double *at)
{
	struct tm tm = { 0 }, was;
	const char *end = strptime(text, "%Y-%m-%d", &tm), *fraction;
	long zone;
	time_t t;

	if (end == NULL)
		return false;
	if (*end == 'T' || *end == 't' || *end == ' ') {
		end = strptime(end + 1, "%H:%M", &tm);
		if (end != NULL && *end == ':')
			end = strptime(end + 1, "%S", &tm);
		fraction = end;
		if (end != NULL && *end == '.')
			end += 1 + strspn(end + 1, "0123456789");
		if (end == NULL || (*fraction == '.' && end == fraction + 1))
			return false;
	}
	if (!read_zone(end, &zone))
		return false;
	was = tm;
	t = timegm(&tm);
	*at = (double)(t - zone);
	return tm.tm_mday == was.tm_mday; /* there is no 31st of June */
}

/* The last time that it was so late. */
static bool
time_of_day(const char *text, double now, double *at)
{
	unsigned h, m, s = 0;
	int used = 0;
	double day = now - (double)((long long)now % 86400) - (now - (double)(long long)now);

	if (sscanf(text, "%2u:%2u%n", &h, &m, &used) != 2)
		return false;
	if (text[used] == ':' && sscanf(text + used, ":%2u", &s) == 1)
		used += (int)(1 + strspn(text + used + 1, "0123456789"));
	if (text[used] == 'Z')
		used++;
	if (text[used] != '\0' || h > 23 || m > 59 || s > 59)
		return false;
	*at = day + h * 3600 + m * 60 + s;
	if (*at > now)
		*at -= 86400;
	return true;
}

bool
cli_moment(const char *text, double *at)
{
	double now = (double)clock_wall_us() / 1e6, ago = cli_duration(text);

	if (ago >= 0)
		*at = now - ago;
	return ago >= 0 || time_of_day(text, now, at) || cli_time(text, at);
}
