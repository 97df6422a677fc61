/* What the files of the configuration share: a YAML document with places, and complaints about it.
 */
#pragma once

#include <yaml.h>

#include "collector/config/config.h"

struct loader {
	yaml_document_t doc;
	const char *name; /* of the file */
	struct sbuf *errors;
	bool failed;
	struct config *config;
};

/* "FILE:LINE:COLUMN: what" */
void loader_error(struct loader *, const yaml_node_t *at, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));
yaml_node_t *loader_node(struct loader *, int id);
/* Text of a scalar; NULL, with an error, when it is something else. what: for the words. */
const char *loader_scalar(struct loader *, const yaml_node_t *, const char *what);

bool loader_uint(struct loader *, const yaml_node_t *, const char *what, uint64_t min, uint64_t max,
    uint64_t *out);
bool loader_asn(struct loader *, const yaml_node_t *, const char *what, uint32_t *out);
bool loader_address(struct loader *, const yaml_node_t *, const char *what, struct ip_addr *out);
bool loader_prefix(struct loader *, const yaml_node_t *, const char *what, struct ip_prefix *out);
bool loader_text(struct loader *, const yaml_node_t *, const char *what, char *out, size_t size);

/* A mapping's keys: each may come once, and only those known. */
struct key {
	const char *name;
	/* value: of the key; at: what it is filled into; data: the caller's */
	void (*take)(struct loader *, const char *name, yaml_node_t *value, void *at);
};
/* false when the node is no mapping. */
bool loader_mapping(
    struct loader *, yaml_node_t *, const char *what, const struct key *keys, size_t n, void *at);
/* Call take for each item of a sequence. */
void loader_sequence(struct loader *, yaml_node_t *, const char *what,
    void (*take)(struct loader *, const char *what, yaml_node_t *, void *at), void *at);
/* Room for one more in a list of the configuration, zeroed; exits when out of memory. */
void *loader_grow(void *list, size_t *n, size_t size);

/* --- config/numbers.c: options that are one number */

void config_numbers_default(struct config *);
/* section: "" at the top. A name that is none is not taken. */
void config_number_read(struct loader *, const char *section, const char *name, yaml_node_t *);
void config_numbers_dump(const struct config *, const char *section, struct sbuf *out);
/* Names of those that differ and are read at start only, one a line. */
void config_numbers_differ(const struct config *, const struct config *, struct sbuf *names);
