#include "parsers/wire/fault.h"

#include <string.h>

static const struct {
	const char *name, *text;
	enum fault_action action;
} map[FAULT_CODES] = {
#define FAULT_ROW(code, name, action, text) [code] = { name, text, action },
	FAULT_MAP(FAULT_ROW)
#undef FAULT_ROW
};

const char *
fault_name(enum fault_code code)
{
	return (unsigned)code < FAULT_CODES ? map[code].name : "unknown";
}

const char *
fault_text(enum fault_code code)
{
	return (unsigned)code < FAULT_CODES ? map[code].text : "unknown fault";
}

enum fault_action
fault_action(enum fault_code code)
{
	return (unsigned)code < FAULT_CODES ? map[code].action : FAULT_IGNORE;
}

bool
fault_of_attribute(enum fault_code code)
{
	return code >= FAULT_ATTR_OVERRUN && code <= FAULT_MP_NEXT_HOP;
}

bool
fault_withdraws(enum fault_code code)
{
	return fault_of_attribute(code) && code != FAULT_MP_SHORT &&
	       map[code].action >= FAULT_TREAT_AS_WITHDRAW;
}

/* Where a fault of that action goes: behind the others, or when the list is full in the place of
 * the last of the weakest; NULL when none is weaker. */
static struct fault *
room_for(struct faults *f, enum fault_action action)
{
	struct fault *weakest = NULL;

	if (f->n < FAULTS_MAX)
		return &f->v[f->n];
	for (unsigned i = 0; i < FAULTS_MAX; i++) {
		enum fault_action of = map[f->v[i].code].action;

		if (of < action || (weakest != NULL && of == action)) {
			weakest = &f->v[i];
			action = of;
		}
	}
	return weakest;
}

void
fault_add(struct faults *f, enum fault_code code, unsigned item, size_t offset)
{
	struct fault *room = room_for(f, map[code].action);

	if (room != NULL)
		*room = (struct fault){ .code = (uint8_t)code,
			.item = (uint16_t)item,
			.nth = f->n,
			.offset = (uint32_t)offset };
	if (f->n == 0) /* most messages have no fault: it is cleared only now */
		memset(f->codes, 0, sizeof(f->codes));
	f->n++;
	f->codes[code / 32] |= 1U << (code % 32);
	if (map[code].action > f->action)
		f->action = (uint8_t)map[code].action;
}

bool
faults_have(const struct faults *f, enum fault_code code)
{
	return f->n > 0 && (unsigned)code < FAULT_CODES && f->codes[code / 32] >> (code % 32) & 1;
}

void
faults_shift(struct faults *f, uint32_t from, size_t by)
{
	for (uint32_t i = 0; i < f->n && i < FAULTS_MAX; i++)
		if (f->v[i].nth >= from)
			f->v[i].offset += (uint32_t)by;
}

void
faults_join(struct faults *f, const struct faults *more)
{
	for (uint32_t i = 0; i < more->n && i < FAULTS_MAX; i++)
		fault_add(f, (enum fault_code)more->v[i].code, more->v[i].item, more->v[i].offset);
	if (more->n <= FAULTS_MAX)
		return;
	/* what is not in its list */
	f->n += more->n - FAULTS_MAX;
	for (size_t i = 0; i < sizeof(f->codes) / sizeof(f->codes[0]); i++)
		f->codes[i] |= more->codes[i];
}

bool
faults_withdraw(const struct faults *f)
{
	if (f->action < FAULT_TREAT_AS_WITHDRAW)
		return false;
	for (int c = 0; c < FAULT_CODES; c++)
		if (fault_withdraws((enum fault_code)c) && faults_have(f, (enum fault_code)c))
			return true;
	return false;
}
