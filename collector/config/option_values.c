/* Values where they lie: in the member that the row of an option names. */
#include "collector/config/options.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>

uint64_t
option_number(const struct option *o, const void *filled)
{
	const char *at = (const char *)filled + o->at;
	uint8_t v8;
	uint16_t v16;
	uint32_t v32;
	uint64_t v64;

	switch (o->size) {
	case sizeof(v8):
		memcpy(&v8, at, sizeof(v8));
		return v8;
	case sizeof(v16):
		memcpy(&v16, at, sizeof(v16));
		return v16;
	case sizeof(v32):
		memcpy(&v32, at, sizeof(v32));
		return v32;
	default:
		memcpy(&v64, at, sizeof(v64));
		return v64;
	}
}

void
option_set_number(const struct option *o, void *filled, uint64_t value)
{
	char *at = (char *)filled + o->at;
	uint8_t v8 = (uint8_t)value;
	uint16_t v16 = (uint16_t)value;
	uint32_t v32 = (uint32_t)value;

	switch (o->size) {
	case sizeof(v8):
		memcpy(at, &v8, sizeof(v8));
		break;
	case sizeof(v16):
		memcpy(at, &v16, sizeof(v16));
		break;
	case sizeof(v32):
		memcpy(at, &v32, sizeof(v32));
		break;
	default:
		memcpy(at, &value, sizeof(value));
	}
}

const void *
option_pointer(const struct option *o, const void *filled)
{
	const void *v;

	memcpy(&v, (const char *)filled + o->at, sizeof(v));
	return v;
}

void
option_set_pointer(const struct option *o, void *filled, const void *value)
{
	memcpy((char *)filled + o->at, &value, sizeof(value));
}

size_t
option_count(const struct option *o, const void *filled)
{
	size_t n;

	memcpy(&n, (const char *)filled + o->count, sizeof(n));
	return n;
}

void
option_set_count(const struct option *o, void *filled, size_t n)
{
	memcpy((char *)filled + o->count, &n, sizeof(n));
}

const char *
option_path(const char *path, const struct option *o, char buf[OPTION_PATH_MAX])
{
	snprintf(buf, OPTION_PATH_MAX, "%s%s%s", path, path[0] != '\0' ? "." : "", o->name);
	return buf;
}
