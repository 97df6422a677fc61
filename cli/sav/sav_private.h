/* What the files of `bellman sav` share. */
#pragma once

#include <jansson.h>
#include <stdbool.h>
#include <stdio.h>

/* A permit list as the daemon made it. */
struct permit_list {
	unsigned long long asn;
	const char *method, *name; /* of the list in a router's configuration */
	const json_t *head;
	const json_t *rows; /* objects with a member "prefix" and others, which are to be ignored */
};

/* The next prefix of the list from *at on, as text; family: 4, 6, or 0 for both. NULL: no more. */
const char *permit_next(const struct permit_list *, size_t *at, int family);

/* Is there a way to write it of that name ("list", "nftables", "frr" ...)? */
bool permit_has_syntax(const char *format);
/* Write it that way, which there is. */
void permit_write(const struct permit_list *, const char *format, FILE *);

/* What is said of one prefix, as text. */
void explain_permit(const json_t *rows, const char *whom);
