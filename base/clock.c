#include "base/clock.h"

#include <stdio.h>
#include <time.h>

static int64_t
read_us(clockid_t id)
{
	struct timespec ts;

	clock_gettime(id, &ts);
	return (int64_t)ts.tv_sec * 1000000 + ts.tv_nsec / 1000;
}

int64_t
clock_wall_us(void)
{
	return read_us(CLOCK_REALTIME);
}

int64_t
clock_mono_us(void)
{
	return read_us(CLOCK_MONOTONIC);
}

int64_t
clock_cpu_us(void)
{
	return read_us(CLOCK_PROCESS_CPUTIME_ID);
}

const char *
clock_format_us(int64_t us, int decimals, char *buf)
{
	int64_t sec = us / 1000000, frac = us % 1000000;
	time_t t;
	struct tm tm;
	size_t n;

	if (frac < 0) {
		frac += 1000000;
		sec--;
	}
	t = (time_t)sec;
	gmtime_r(&t, &tm);
	n = strftime(buf, CLOCK_TEXT_MAX, "%Y-%m-%dT%H:%M:%S", &tm);
	if (decimals == 6)
		n += (size_t)snprintf(buf + n, CLOCK_TEXT_MAX - n, ".%06d", (int)frac);
	else if (decimals == 3)
		n += (size_t)snprintf(buf + n, CLOCK_TEXT_MAX - n, ".%03d", (int)(frac / 1000));
	snprintf(buf + n, CLOCK_TEXT_MAX - n, "Z");
	return buf;
}
