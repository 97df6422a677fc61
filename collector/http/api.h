/* api: /api/v1, a row for each resource. What can be asked for is a row here, and its path in
 * files/openapi.json, which a test holds to this table. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

enum { API_PARAMETERS_MAX = 8 };

enum api_shape {
	API_LIST,   /* rows, in pages or as lines */
	API_ONE,    /* the first row */
	API_EVENTS, /* server-sent events */
	API_DOCUMENT
};

struct api_resource {
	const char *path; /* below /api/v1/; "{id}" is any one segment */
	enum api_shape shape;
	const char *verb; /* of the request on the control socket; NULL: show */
	const char *what; /* what is shown (proto/show_verbs.h); NULL: nothing */
	/* Words of the request with the value they always have: "prefixes=100". */
	const char *fixed;
	const char *id; /* the word that "{id}" is the value of; NULL: a member to look for */
	const char *id_member;
	/* Parameters that become words of the same name; those with "!" behind are needed. */
	const char *words[API_PARAMETERS_MAX];
	/* Parameters that are looked for in the rows: members. */
	const char *where[API_PARAMETERS_MAX];
};

extern const struct api_resource api_resources[];
extern const size_t api_resources_n;
/* files/openapi.json */
extern const char api_document[], api_document_end[];
