#include "base/ring.h"

#include <assert.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

/*
 * A record is an 8-octet length word and its octets, padded to 8. A record never wraps: when it
 * does not fit before the end of the memory, a length word WRAP fills the rest.
 */
enum { ALIGN = 8 };
#define WRAP UINT64_MAX

struct ring {
	uint8_t *data;
	size_t size; /* power of two */
	/* positions only grow; on lines of their own, so that the two threads do not share one */
	_Alignas(64) _Atomic size_t head; /* next to read */
	_Alignas(64) _Atomic size_t tail; /* next to write */
	size_t head_seen;		  /* producer's copy of head: most puts need not look */
};

static size_t
padded(size_t len)
{
	return sizeof(uint64_t) + ((len + ALIGN - 1) & ~(size_t)(ALIGN - 1));
}

struct ring *
ring_new(size_t octets)
{
	struct ring *r = aligned_alloc(64, (sizeof(*r) + 63) & ~(size_t)63);
	size_t size = 4096;

	if (r == NULL)
		return NULL;
	while (size < octets)
		size *= 2;
	memset(r, 0, sizeof(*r));
	r->size = size;
	r->data = aligned_alloc(64, size);
	if (r->data == NULL) {
		free(r);
		return NULL;
	}
	return r;
}

void
ring_free(struct ring *r)
{
	if (r == NULL)
		return;
	free(r->data);
	free(r);
}

bool
ring_put(struct ring *r, const void *data, size_t len)
{
	size_t tail = atomic_load_explicit(&r->tail, memory_order_relaxed);
	size_t at = tail & (r->size - 1), need = padded(len), skip = 0;
	uint64_t word = len;

	assert(need <= r->size / 2);
	if (at + need > r->size)
		skip = r->size - at;
	if (tail + skip + need - r->head_seen > r->size) {
		r->head_seen = atomic_load_explicit(&r->head, memory_order_acquire);
		if (tail + skip + need - r->head_seen > r->size)
			return false;
	}
	if (skip > 0) {
		uint64_t wrap = WRAP;

		memcpy(r->data + at, &wrap, sizeof(wrap));
		at = 0;
	}
	memcpy(r->data + at, &word, sizeof(word));
	if (len > 0)
		memcpy(r->data + at + sizeof(word), data, len);
	atomic_store_explicit(&r->tail, tail + skip + need, memory_order_release);
	return true;
}

const void *
ring_peek(struct ring *r, size_t *len)
{
	size_t head = atomic_load_explicit(&r->head, memory_order_relaxed);
	size_t tail = atomic_load_explicit(&r->tail, memory_order_acquire);
	size_t at = head & (r->size - 1);
	uint64_t word;

	if (head == tail)
		return NULL;
	memcpy(&word, r->data + at, sizeof(word));
	if (word == WRAP) {
		head += r->size - at;
		atomic_store_explicit(&r->head, head, memory_order_release);
		if (head == tail)
			return NULL;
		at = 0;
		memcpy(&word, r->data, sizeof(word));
	}
	*len = (size_t)word;
	return r->data + at + sizeof(word);
}

void
ring_done(struct ring *r)
{
	size_t head = atomic_load_explicit(&r->head, memory_order_relaxed);
	uint64_t word;

	memcpy(&word, r->data + (head & (r->size - 1)), sizeof(word));
	atomic_store_explicit(&r->head, head + padded((size_t)word), memory_order_release);
}

size_t
ring_used(const struct ring *r)
{
	size_t head = atomic_load_explicit(&r->head, memory_order_acquire);

	return atomic_load_explicit(&r->tail, memory_order_acquire) - head;
}

size_t
ring_capacity(const struct ring *r)
{
	return r->size;
}
