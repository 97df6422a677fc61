/* Looking after the journal's file: it is damaged, deleted, replaced, too large, too old. */
#include <string.h>
#include <sys/stat.h>

#include "base/clock.h"
#include "base/pure/text.h"
#include "sinks/journal_writer_private.h"

enum {
	RENEW_MS = 10000,
	RETAIN_MS = 60000,
	RETAIN_STEPS = 4, /* of deletion, between two batches */
	ROOM_PART = 16,
};

void
writer_note_change(struct journal_writer *w, const struct journal_change *c)
{
	static const char *const words[] = { "sound", "damaged", "deleted", "replaced" };

	log_error("journal", "path=%s was %s: reason=\"%s\" aside=%s records_kept=%llu last=%llu",
	    w->path, words[c->fate], c->reason, c->aside[0] != '\0' ? c->aside : "-",
	    (unsigned long long)c->records, (unsigned long long)w->seq);
	pthread_mutex_lock(&w->lock);
	w->change = *c;
	w->changed = true;
	w->stats.lost[0] = w->stats.error[0] = '\0';
	pthread_mutex_unlock(&w->lock);
}

static void
renew(struct journal_writer *w, enum journal_fate fate)
{
	struct journal_change change;
	struct journal *j;
	char error[256];

	if (clock_mono_us() - w->renewed_us < RENEW_MS * 1000 && w->renewed_us != 0)
		return;
	w->renewed_us = clock_mono_us();
	j = journal_renew(w->journal, fate, w->memory, w->seq, &change, error, sizeof(error));
	w->damage_seen = journal_damage_seen();
	if (j == NULL) {
		log_error(
		    "journal", "path=%s is lost and has no successor yet: %s", w->path, error);
		pthread_mutex_lock(&w->lock);
		text_copy(w->stats.lost, sizeof(w->stats.lost), error);
		pthread_mutex_unlock(&w->lock);
		return;
	}
	w->journal = j;
	journal_files_note(&w->files, w->path);
	writer_note_change(w, &change);
	w->config.written(w->config.ctx); /* there is something to tell */
}

/* A reader has found damage: what does the file look like to somebody who opens it now? */
static bool
is_damaged(struct journal_writer *w)
{
	bool damaged = false;
	char error[256];
	struct journal *j = journal_open_file(w->path, false, &damaged, error, sizeof(error));

	if (j != NULL) {
		damaged = !journal_check(j) && j->damaged;
		text_copy(error, sizeof(error), journal_error(j));
		journal_close(j);
	} else if (w->size == 0) {
		damaged = true;
		text_copy(error, sizeof(error), "the file is empty");
	}
	if (damaged)
		journal_refuse(w->journal, error);
	return damaged;
}

/* It was cut off, for all one can see from outside. Where retention has done it, nothing is wrong.
 */
static bool
has_shrunk(struct journal_writer *w)
{
	off_t before = w->size;
	struct stat st;

	if (stat(w->path, &st) != 0)
		return false;
	w->size = st.st_size;
	return st.st_size < before / 4 * 3;
}

void
writer_look_after_file(struct journal_writer *w)
{
	enum journal_fate fate;

	if (clock_mono_us() - w->looked_us < LOOK_MS * 1000 && !w->journal->damaged)
		return;
	w->looked_us = clock_mono_us();
	fate = journal_files_look(&w->files, w->path);
	if (fate == JOURNAL_SOUND && w->journal->damaged)
		fate = JOURNAL_DAMAGED;
	if (fate == JOURNAL_SOUND && (has_shrunk(w) || journal_damage_seen() != w->damage_seen)) {
		w->damage_seen = journal_damage_seen();
		fate = is_damaged(w) ? JOURNAL_DAMAGED : JOURNAL_SOUND;
	}
	if (fate != JOURNAL_SOUND)
		renew(w, fate);
}

/* The limits: that of size all the time, that of age once a minute. Then the size is brought well
 * below its limit, too, so that what comes next finds room. */
void
writer_retain(struct journal_writer *w)
{
	int64_t now = clock_mono_us(), trusted = clock_trust_now(&w->clock, clock_wall_us(), now);
	int64_t before = 0;
	uint64_t max = w->config.retain_octets;
	struct journal_cost cost = { .held = w->stats.held };
	bool more = true;

	if (now - w->retained_us >= RETAIN_MS * 1000) {
		w->retained_us = now;
		w->round = true;
	}
	if (w->round) {
		max -= max / ROOM_PART;
		if (w->config.retain_days > 0 && trusted > 0)
			before = trusted - (int64_t)w->config.retain_days * 86400 * 1000000;
	}
	for (int steps = 0; steps < RETAIN_STEPS && more; steps++)
		more = journal_retain(w->journal, before, max, &cost);
	w->round = w->round && more;
	pthread_mutex_lock(&w->lock);
	w->deleting = more;
	w->stats.unread += cost.unread;
	w->stats.held = cost.held;
	pthread_mutex_unlock(&w->lock);
}

void
writer_keep_readers(struct journal_writer *w)
{
	const char *names[JOURNAL_READERS_MAX];
	char copy[JOURNAL_READERS_MAX][RECORD_NAME_MAX];
	struct journal_retired retired;
	size_t n;

	pthread_mutex_lock(&w->lock);
	n = w->readers_new ? w->readers_n : SIZE_MAX;
	memcpy(copy, w->readers, sizeof(copy));
	pthread_mutex_unlock(&w->lock);
	if (n == SIZE_MAX)
		return;
	for (size_t i = 0; i < n; i++)
		names[i] = copy[i];
	if (!journal_keep_readers(w->journal, names, n, &retired))
		return; /* it is asked again */
	pthread_mutex_lock(&w->lock);
	w->readers_new = false;
	w->has_retired = w->has_retired || retired.readers > 0;
	if (retired.readers > 0)
		w->retired = retired;
	pthread_mutex_unlock(&w->lock);
}
