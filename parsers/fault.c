#include "parsers/fault.h"

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

void
fault_add(struct faults *f, enum fault_code code, unsigned item, size_t offset)
{
	if (f->n < FAULTS_MAX)
		f->v[f->n] = (struct fault){
			.code = (uint8_t)code, .item = (uint16_t)item, .offset = (uint32_t)offset
		};
	f->n++;
	if (map[code].action > f->action)
		f->action = (uint8_t)map[code].action;
}

void
faults_shift(struct faults *f, uint32_t from, size_t by)
{
	for (uint32_t i = from; i < f->n && i < FAULTS_MAX; i++)
		f->v[i].offset += (uint32_t)by;
}
