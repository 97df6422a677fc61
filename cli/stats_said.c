#include "cli/stats_said.h"

#include <stdio.h>

#include "cli/control_rows.h"
#include "proto/record.h"

const char *
stats_incidents(const json_t *stats, char *buf, size_t size)
{
	return incidents_said(buf, size, row_number(stats, "incidents_open"),
	    row_number(stats, "incidents_unknown"), row_number(stats, "incidents_critical"));
}

const char *
stats_rpki(const json_t *stats, char *buf, size_t size)
{
	if (row_number(stats, "rpki_sources") == 0)
		snprintf(buf, size, "no RPKI source");
	else
		snprintf(buf, size, "RPKI data %s", row_text(stats, "rpki_state"));
	return buf;
}

const char *
stats_kafka(const json_t *stats, char *buf, size_t size)
{
	if (json_array_size(json_object_get(stats, "kafka_topics")) == 0)
		snprintf(buf, size, "Kafka not configured");
	else
		snprintf(buf, size, "Kafka %llu behind", row_number(stats, "kafka_lag"));
	return buf;
}
