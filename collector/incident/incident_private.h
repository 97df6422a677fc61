/* What the files of the incident table share; nobody else includes it. */
#pragma once

#include "base/ptrmap.h"
#include "collector/incident/incident.h"

struct member {
	struct ip_prefix prefix; /* family 0: empty slot */
	uint16_t n[VIEWS];	 /* routes per view, over all routers and peers */
};

struct feed_share {
	uint32_t router;
	uint32_t n; /* member routes from it */
};

struct incident {
	struct record_incident rec; /* as of now */
	uint8_t rule;
	bool published, unknown;
	bool restored; /* from the journal: until its feed is complete, silence is no evidence */
	char awaiting[RECORD_NAME_MAX];	    /* router whose evidence is outstanding; "" none */
	uint8_t relation;		    /* of the first neighbour */
	bool only_customers;		    /* outbound members go to customers only */
	uint32_t members_max, members_used; /* open addressing */
	struct member *members;
	uint32_t routes; /* member routes */
	struct feed_share *feeds;
	uint32_t feeds_n, feeds_max;
	int64_t hold_until_us, close_at_us, settle_at_us, restored_us, published_us;
	uint8_t published_severity, published_views;
	uint8_t seen_views; /* since it began: an opening that comes after the end reports them */
	uint64_t published_n;
	uint8_t close_reason;  /* enum reason */
	struct incident *next; /* of the list */
};

struct feed {
	char name[RECORD_NAME_MAX];
	uint8_t state; /* enum feed_state */
	uint8_t views_monitored;
	bool known;
	int64_t lost_us;
};

struct incidents {
	struct incident_config config;
	char collector[RECORD_NAME_MAX];
	void (*emit)(void *ctx, const struct record *);
	void *ctx;
	struct incident *list, *last;
	struct ptrmap by_id;
	uint32_t n;
	struct feed *feeds;
	uint32_t feeds_n;
	uint64_t opened, updated, closed, refused, members;
};

/* members.c */
bool members_add(struct incidents *, struct incident *, const struct finding *);
/* false when the route was not among them. */
bool members_remove(struct incidents *, struct incident *, const struct finding *);
void members_free(struct incident *);

/* incident_text.c */
void incident_id(const struct finding *, char id[RECORD_ID_MAX]);
/* The facts of the member that opened it, or that raised its severity. */
void incident_describe(struct incident *, const struct finding *);
void incident_summarise(struct incident *);
uint8_t incident_severity(const struct incident *);
