/* Incidents that are not open, for commands that take the front of an id. */
#pragma once

#include <jansson.h>

/*
 * What the journal has last of the incident whose id begins so, in dry-run or not: *record is yours
 * to json_decref, NULL when there is none. Of several it is CLI_USAGE and of none CLI_NOTHING, with
 * a message of the command on stderr; path: the control socket.
 */
int past_incident(const char *command, const char *path, const char *id, json_t **record);
/* Say on stderr that it is the front of the ids of these records. CLI_USAGE. */
int past_incident_ambiguous(const char *command, const char *id, const json_t *records);
