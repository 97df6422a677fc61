/*
 * journal_inspector: reads the journal through, again and again, on a thread of its own, so that
 * damage is found while the collector still knows what was in there, and not at the next start.
 * What it finds it tells by journal_damage_seen().
 */
#pragma once

struct journal_inspector;

enum { JOURNAL_INSPECT_S = 60 };

/* path: copied. pause_s: from the end of a reading to the next, at least; a large file is left in
 * peace for longer. NULL when there is no thread to be had. */
struct journal_inspector *journal_inspector_start(const char *path, int pause_s);
/* Does not wait for a reading to end. NULL is fine. */
void journal_inspector_stop(struct journal_inspector *);
