/*
 * What the files of `bellman report` share:
 *
 *   command   its options, what it asks the daemon for, and which form it writes
 *   message   what is said: subject and text
 *   mail      the message as mail (RFC 5322), alone or with a report for machines in it
 *   xarf      that report: an object of XARF 4
 *   base64    what is not plain
 */
#pragma once

#include <jansson.h>
#include <stdbool.h>

#include "base/sbuf.h"

enum { REPORT_SUBJECT_MAX = 200, REPORT_TIME_MAX = 40, REPORT_UUID_MAX = 37 };

/* A report to be written. All is borrowed. */
struct report {
	const json_t *record;	    /* the newest of the incident */
	const json_t *routes;	    /* of it, as they are now, the newest first; or NULL */
	const json_t *call;	    /* whom it goes to, of the record's */
	const json_t *us;	    /* whom others call at ours */
	char now[REPORT_TIME_MAX];  /* "2026-11-28T01:02:03Z" */
	char date[REPORT_TIME_MAX]; /* the same as mail has it */
	char uuid[REPORT_UUID_MAX]; /* of this report, and of no other */
};

/* Has the network this role, "neighbor", "origin" or "victim"? */
bool report_has_role(const json_t *call, const char *role);
/* What we are called: by the configuration, else by the AS number. */
const char *report_our_name(const struct report *, char *buf, size_t size);

/* --- base64.c */

/* lines: folded as mail wants it, with CR LF. */
void report_base64(struct sbuf *out, const char *text, bool lines);

/* --- message.c */

void report_subject(const struct report *, char out[REPORT_SUBJECT_MAX]);
/* Lines of at most 76 characters with a newline behind each, where words let it be; nothing in it
 * is a control character. */
void report_text(const struct report *, struct sbuf *out);

/* --- mail.c */

/* xarf: with it as the second part of a multipart/report. */
void report_mail(const struct report *, bool xarf, struct sbuf *out);

/* --- xarf.c */

/* Yours to json_decref. text: the message, its evidence. */
json_t *report_xarf(const struct report *, const char *text);
