/* Parts that the dissectors of both versions share. */
#include "parsers/bmp/dissect_parts.h"

#include "base/pure/text.h"

/* Days since 1970 as a date of the Gregorian calendar; eras of 400 years begin in March. */
static void
put_date(struct txt *t, uint32_t days)
{
	uint32_t z = days + 719468, era = z / 146097, day_of_era = z % 146097;
	uint32_t year_of_era =
	    (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
	uint32_t day = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
	uint32_t month = (5 * day + 2) / 153;

	txt_putf(t, "%04u-%02u-%02u", year_of_era + era * 400 + (month >= 10),
	    month < 10 ? month + 3 : month - 9, day - (153 * month + 2) / 5 + 1);
}

void
bmp_dissect_time(struct field_sink *to, const char *name, uint32_t sec, uint32_t usec)
{
	char buf[48];
	struct txt text = txt_of(buf, sizeof(buf));
	uint32_t of_day = sec % 86400;

	put_date(&text, sec / 86400);
	txt_putf(
	    &text, "T%02u:%02u:%02u.%06uZ", of_day / 3600, of_day / 60 % 60, of_day % 60, usec);
	field_text(to, name, buf);
}

void
bmp_dissect_string(struct field_sink *to, const char *name, struct cursor value)
{
	char buf[FIELD_TEXT_MAX];
	struct txt text = txt_of(buf, sizeof(buf));

	txt_string(&text, value);
	field_text(to, name, buf);
	if (text.cut) /* too long to be shown as text: whole */
		field_hex(to, "octets", value);
}

bool
bmp_dissect_next(
    struct cursor *r, unsigned version, bool indexed, struct bmp_v4_tlv *out, struct cursor *left)
{
	struct faults ignored = { .n = 0 };
	struct cursor here = *r;
	struct bmp_tlv tlv;

	*left = cur_of(r->end, 0);
	if (cur_left(r) == 0)
		return false;
	if (version >= 4 && bmp_v4_tlv_next(r, r->pos, indexed, out, &ignored))
		return true;
	if (version < 4 && bmp_tlv_next(r, r->pos, &tlv, &ignored)) {
		*out = (struct bmp_v4_tlv){ .type = tlv.type, .value = tlv.value };
		return true;
	}
	*left = here;
	return false;
}
