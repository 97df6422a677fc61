-- From Kafka into what clickhouse.sql makes; a server with the Kafka engine.
CREATE TABLE IF NOT EXISTS bellman.queue (record String) ENGINE = Kafka
SETTINGS kafka_broker_list = 'broker1:9092', kafka_topic_list = 'bmp.alerts.v1', kafka_group_name = 'clickhouse',
         kafka_format = 'JSONAsString', kafka_num_consumers = 1;

CREATE MATERIALIZED VIEW IF NOT EXISTS bellman.from_queue TO bellman.incoming AS SELECT record FROM bellman.queue;
