/* Times that routers put into their messages. */
#include "collector/bmp_stream/stream_private.h"

/* A time that is more than a day off is not used. */
static const int64_t clock_off_us = (int64_t)86400 * 1000000;
/* There was no BMP before 2000: such times count from the router's start. */
static const uint32_t year_2000 = 946684800;

int64_t
stream_time(struct bmp_stream *s, struct bmp_peer *p, const struct bmp_peer_header *h)
{
	int64_t us = (int64_t)h->sec * 1000000 + h->usec;

	if (us == 0) {
		stream_quirk(s, p, QUIRK_TIMESTAMP_ZERO);
		return 0;
	}
	if (h->usec_over)
		stream_quirk(s, p, QUIRK_TIMESTAMP_MICROS);
	if (h->sec < year_2000) {
		stream_quirk(s, p, QUIRK_TIMESTAMP_ANCIENT);
		return 0;
	}
	if (s->now_us != 0 && (us > s->now_us + clock_off_us || us < s->now_us - clock_off_us)) {
		stream_quirk(s, p, QUIRK_TIMESTAMP_OFF);
		return 0;
	}
	return us;
}
