/*
 * rpki_state: what the RPKI data as a whole is worth. What a source does (not there, lost, slow,
 * broken) is never taken for what a ROA says: judgement asks this first.
 */
#pragma once

enum rpki_state {
	RPKI_NONE,    /* no source is configured, or nothing is in force yet: no verdict */
	RPKI_PARTIAL, /* in force, but a source never answered in the time it was given */
	RPKI_WHOLE,   /* all sources have answered; what is lost since is within its time */
	RPKI_STALE,   /* a source whose data is in force is past its time: verdicts stay as they are
		       */
};

/* "no-data", "partial", "whole", "stale". */
const char *rpki_state_name(enum rpki_state);
