/*
 * What the fuzz targets share: octets at whose end reading stops, and a sink that checks the
 * fields that are dissected to it and keeps a hash of them.
 *
 * A target is built in two flavours. With AddressSanitizer the octets lie in a block of exactly
 * their size. Without it, where a hundred million runs are wanted, they end where an unreadable
 * page begins: one octet too far is a crash at no cost.
 */
#pragma once

#include <assert.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "parsers/wire/dissect.h"

#if defined(__has_feature)
#if __has_feature(address_sanitizer)
#define FUZZ_ASAN 1
#endif
#elif defined(__SANITIZE_ADDRESS__)
#define FUZZ_ASAN 1
#endif

#ifdef NDEBUG
#error "asserts are what a fuzz target is for"
#endif

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* --- octets that end where reading must end */

enum { FUZZ_PAGE = 4096, FUZZ_ROOM = 1 << 20 };

/* A copy of n octets, valid until fuzz_exact_free; one at a time. */
static inline uint8_t *
fuzz_exact(const uint8_t *data, size_t n)
{
	uint8_t *exact;
#ifdef FUZZ_ASAN
	exact = malloc(n > 0 ? n : 1);
	assert(exact != NULL);
#else
	static uint8_t *room;

	if (room == NULL) {
		room = mmap(NULL, FUZZ_ROOM + FUZZ_PAGE, PROT_READ | PROT_WRITE,
		    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
		assert(room != MAP_FAILED);
		assert(mprotect(room + FUZZ_ROOM, FUZZ_PAGE, PROT_NONE) == 0);
	}
	assert(n <= FUZZ_ROOM);
	exact = room + FUZZ_ROOM - n;
#endif
	if (n > 0)
		memcpy(exact, data, n);
	return exact;
}

static inline void
fuzz_exact_free(uint8_t *exact)
{
#ifdef FUZZ_ASAN
	free(exact);
#else
	(void)exact;
#endif
}

/* --- a sink that checks its fields */

enum { FUZZ_DEPTH_MAX = 40 };

/*
 * Groups and lists close as they opened, in a list there are no names and elsewhere there are, text
 * can be shown, hex lies within the octets: each is asserted. The hash is of all of them.
 */
struct fuzz_sink {
	struct field_sink sink;
	uint64_t hash;
	unsigned depth;
	char closes[FUZZ_DEPTH_MAX];
	const uint8_t *start, *end; /* where hex has to lie; NULL: anywhere */
};

static inline void
fuzz_mix(struct fuzz_sink *l, char what, const void *data, size_t n)
{
	const uint8_t *p = data;

	l->hash = (l->hash ^ (uint8_t)what) * 0x100000001b3;
	for (; n >= 8; n -= 8, p += 8) {
		uint64_t word;

		memcpy(&word, p, 8);
		l->hash = (l->hash ^ word) * 0x9e3779b97f4a7c15;
		l->hash ^= l->hash >> 29;
	}
	for (size_t i = 0; i < n; i++)
		l->hash = (l->hash ^ p[i]) * 0x100000001b3;
}

static inline struct fuzz_sink *
fuzz_named(struct field_sink *to, char what, const char *name)
{
	struct fuzz_sink *l = (struct fuzz_sink *)to;
	bool in_list = l->depth > 0 && l->closes[l->depth - 1] == ']';

	assert((name == NULL) == in_list);
	fuzz_mix(l, what, name, name != NULL ? strlen(name) : 0);
	return l;
}

static inline void
fuzz_down(struct field_sink *to, const char *name, char close)
{
	struct fuzz_sink *l = fuzz_named(to, close, name);

	assert(l->depth < FUZZ_DEPTH_MAX);
	l->closes[l->depth++] = close;
}

static inline void
fuzz_up(struct field_sink *to, char close)
{
	struct fuzz_sink *l = (struct fuzz_sink *)to;

	assert(l->depth > 0 && l->closes[l->depth - 1] == close);
	l->depth--;
	fuzz_mix(l, '^', NULL, 0);
}

static inline void
fuzz_open(struct field_sink *to, const char *name)
{
	fuzz_down(to, name, '}');
}

static inline void
fuzz_close(struct field_sink *to)
{
	fuzz_up(to, '}');
}

static inline void
fuzz_list(struct field_sink *to, const char *name)
{
	fuzz_down(to, name, ']');
}

static inline void
fuzz_list_end(struct field_sink *to)
{
	fuzz_up(to, ']');
}

static inline void
fuzz_text(struct field_sink *to, const char *name, const char *value)
{
	struct fuzz_sink *l = fuzz_named(to, 't', name);
	size_t n = strlen(value);

	for (size_t i = 0; i < n; i++)
		assert((unsigned char)value[i] >= 0x20 && value[i] != 0x7f);
	fuzz_mix(l, 't', value, n);
}

static inline void
fuzz_number(struct field_sink *to, const char *name, uint64_t value)
{
	fuzz_mix(fuzz_named(to, 'n', name), 'n', &value, sizeof(value));
}

static inline void
fuzz_hex(struct field_sink *to, const char *name, struct cursor octets)
{
	struct fuzz_sink *l = fuzz_named(to, 'x', name);

	assert(octets.pos <= octets.end);
	assert(cur_left(&octets) == 0 || l->start == NULL ||
	       (octets.pos >= l->start && octets.end <= l->end));
	fuzz_mix(l, 'x', octets.pos, cur_left(&octets));
}

static inline struct fuzz_sink
fuzz_sink(void)
{
	return (struct fuzz_sink){ .sink = { fuzz_open, fuzz_close, fuzz_list, fuzz_list_end,
				       fuzz_text, fuzz_number, fuzz_hex },
		.hash = 0xcbf29ce484222325 };
}
