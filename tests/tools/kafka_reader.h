/*
 * kafka_reader: a consumer that keeps accounts of what the sink delivered: every record, in order
 * per key, a second copy only with the id of the first. Shared by the Kafka suite and sink_probe.
 */
#pragma once

#include <librdkafka/rdkafka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/pure/text.h"
#include "proto/record.h"

enum { READER_SEQ_MAX = 4000000, READER_KEYS_MAX = 4096 };

struct kafka_reader {
	rd_kafka_t *rk;
	uint64_t last_seq; /* records 1..last_seq are expected */
	uint64_t *at_us;   /* by seq: time in the id of the first copy, 0 when none came */
	uint64_t messages, records, duplicates;
	uint64_t disorder, foreign,
	    bad; /* out of order in a key; not ours; id, key or headers wrong */
	bool (*wanted)(const struct record *); /* NULL: all are expected */
	struct {
		char key[RECORD_NAME_MAX];
		uint64_t seq; /* highest seen */
	} keys[READER_KEYS_MAX];
	unsigned keys_n;
};

static inline bool
reader_header(const rd_kafka_message_t *m, const char *name, char *out, size_t size)
{
	rd_kafka_headers_t *headers;
	const void *value;
	size_t len;

	if (rd_kafka_message_headers(m, &headers) != RD_KAFKA_RESP_ERR_NO_ERROR ||
	    rd_kafka_header_get_last(headers, name, &value, &len) != RD_KAFKA_RESP_ERR_NO_ERROR ||
	    len >= size)
		return false;
	memcpy(out, value, len);
	out[len] = '\0';
	return true;
}

/* Highest number so far of this key; one table for both topics: no id is a router's name. */
static inline uint64_t *
reader_key(struct kafka_reader *r, const char *key)
{
	unsigned k = 0;

	while (k < r->keys_n && strcmp(r->keys[k].key, key) != 0)
		k++;
	if (k == r->keys_n) {
		if (k == READER_KEYS_MAX)
			abort();
		text_copy(r->keys[k].key, sizeof(r->keys[k].key), key);
		r->keys_n++;
	}
	return &r->keys[k].seq;
}

static inline void
reader_take(struct kafka_reader *r, const rd_kafka_message_t *m)
{
	struct record rec;
	char id[160] = "", uid[160], key[RECORD_NAME_MAX], type[64] = "", schema[64] = "";
	uint64_t *highest;
	bool incident;

	r->messages++;
	reader_header(m, "id", id, sizeof(id));
	reader_header(m, "content-type", type, sizeof(type));
	reader_header(m, "schema", schema, sizeof(schema));
	incident = strcmp(schema, "bellman.v1.Incident") == 0;
	if (strcmp(type, "application/x-protobuf") != 0 ||
	    !record_from_pb(incident ? RECORD_INCIDENT : RECORD_EVENT, m->payload, m->len, &rec) ||
	    rec.seq == 0 || rec.seq > r->last_seq) {
		r->foreign++;
		return;
	}
	record_key(&rec, key, sizeof(key));
	if (strcmp(record_uid(&rec, uid, sizeof(uid)), id) != 0 || m->key_len != strlen(key) ||
	    memcmp(m->key, key, m->key_len) != 0)
		r->bad++;
	if (r->at_us[rec.seq] != 0) {
		r->duplicates++;
		if (r->at_us[rec.seq] != (uint64_t)rec.at_us)
			r->bad++;
		return;
	}
	r->at_us[rec.seq] = (uint64_t)rec.at_us;
	r->records++;
	highest = reader_key(r, key);
	if (rec.seq < *highest)
		r->disorder++;
	else
		*highest = rec.seq;
}

/* All partitions of the topics, from the beginning. false when the broker does not answer. */
static inline bool
reader_assign(struct kafka_reader *r, const char *const *topics, size_t n)
{
	rd_kafka_topic_partition_list_t *list = rd_kafka_topic_partition_list_new(16);
	const struct rd_kafka_metadata *md;
	bool ok = true;

	for (size_t i = 0; i < n && ok; i++) {
		rd_kafka_topic_t *t = rd_kafka_topic_new(r->rk, topics[i], NULL);

		ok = rd_kafka_metadata(r->rk, 0, t, &md, 10000) == RD_KAFKA_RESP_ERR_NO_ERROR;
		for (int p = 0; ok && p < md->topics[0].partition_cnt; p++)
			rd_kafka_topic_partition_list_add(list, topics[i], p)->offset =
			    RD_KAFKA_OFFSET_BEGINNING;
		if (ok)
			rd_kafka_metadata_destroy(md);
		rd_kafka_topic_destroy(t);
	}
	ok = ok && rd_kafka_assign(r->rk, list) == RD_KAFKA_RESP_ERR_NO_ERROR;
	rd_kafka_topic_partition_list_destroy(list);
	return ok;
}

static inline bool
reader_open(struct kafka_reader *r, const char *brokers, const char *const *topics, size_t n,
    uint64_t last_seq)
{
	rd_kafka_conf_t *conf = rd_kafka_conf_new();
	char error[256];

	memset(r, 0, sizeof(*r));
	if (last_seq > READER_SEQ_MAX)
		return false;
	r->last_seq = last_seq;
	r->at_us = calloc((size_t)last_seq + 1, sizeof(*r->at_us));
	rd_kafka_conf_set(conf, "bootstrap.servers", brokers, error, sizeof(error));
	rd_kafka_conf_set(conf, "group.id", "reader", error, sizeof(error));
	rd_kafka_conf_set(conf, "enable.auto.commit", "false", error, sizeof(error));
	rd_kafka_conf_set(conf, "enable.partition.eof", "false", error, sizeof(error));
	rd_kafka_conf_set(conf, "fetch.wait.max.ms", "100", error, sizeof(error));
	rd_kafka_conf_set(conf, "log_level", "2", error, sizeof(error));
	r->rk = rd_kafka_new(RD_KAFKA_CONSUMER, conf, error, sizeof(error));
	return r->rk != NULL && r->at_us != NULL && reader_assign(r, topics, n);
}

/* Read until `records` different ones came or the time is over, then for another `more_ms` what
 * nobody expects. */
static inline void
reader_read(struct kafka_reader *r, uint64_t records, int timeout_ms, int more_ms)
{
	int64_t end = clock_mono_us() + (int64_t)timeout_ms * 1000;
	bool all = false;

	while (clock_mono_us() < end) {
		rd_kafka_message_t *m = rd_kafka_consumer_poll(r->rk, 100);

		if (m != NULL && m->err == RD_KAFKA_RESP_ERR_NO_ERROR)
			reader_take(r, m);
		if (m != NULL)
			rd_kafka_message_destroy(m);
		if (!all && r->records >= records) {
			all = true;
			end = clock_mono_us() + (int64_t)more_ms * 1000;
		}
	}
}

static inline void
reader_close(struct kafka_reader *r)
{
	if (r->rk != NULL) {
		rd_kafka_consumer_close(r->rk);
		rd_kafka_destroy(r->rk);
	}
	free(r->at_us);
}
