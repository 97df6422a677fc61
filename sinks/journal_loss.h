/*
 * journal_loss: a note beside the journal of what waits in memory because the disk takes nothing,
 * so that the next collector can tell what was lost should this one end before it was written. Its
 * octets are there from the start on and written over, for which a full disk has room.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

struct journal_loss {
	uint64_t records;	   /* 0: nothing waits */
	int64_t from_us, until_us; /* wall clock: of the first and the last */
};

/* journal_path: of the journal it lies beside, as "unwritten". What was noted last; zeros when that
 * is nothing, or cannot be read. */
struct journal_loss journal_loss_read(const char *journal_path);
/* On the disk when it returns. false with errno. */
bool journal_loss_note(const char *journal_path, const struct journal_loss *);
