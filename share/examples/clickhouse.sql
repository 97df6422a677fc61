-- Records of Bellman in ClickHouse, of the topics in JSON (kafka.format: json). Members that are not named are left out;
-- `record` has all of it.
CREATE DATABASE IF NOT EXISTS bellman;

CREATE TABLE IF NOT EXISTS bellman.incidents
(
    id           String,
    occurrence   UInt32,
    revision     UInt32,
    transition   LowCardinality(String),
    severity     LowCardinality(String),
    kind         LowCardinality(String),
    summary      String,
    at           DateTime64(6, 'UTC'),
    first_seen   DateTime64(6, 'UTC'),
    collector    LowCardinality(String),
    router       LowCardinality(String),
    peer         String,
    peer_as      UInt32,
    origin       Nullable(UInt32),
    prefix_count UInt64,
    prefixes     Array(String),
    muted        Bool,
    test         Bool,
    record       String
)
-- what is delivered twice is one row
ENGINE = ReplacingMergeTree
PARTITION BY toYYYYMM(at)
ORDER BY (kind, id, collector, revision);

CREATE TABLE IF NOT EXISTS bellman.incoming (record String) ENGINE = Null;

CREATE MATERIALIZED VIEW IF NOT EXISTS bellman.incoming_incidents TO bellman.incidents AS
SELECT
    JSONExtractString(record, 'id')          AS id,
    JSONExtractUInt(record, 'occurrence')    AS occurrence,
    JSONExtractUInt(record, 'revision')      AS revision,
    JSONExtractString(record, 'transition')  AS transition,
    JSONExtractString(record, 'severity')    AS severity,
    JSONExtractString(record, 'kind')        AS kind,
    JSONExtractString(record, 'summary')     AS summary,
    parseDateTime64BestEffort(JSONExtractString(record, 'at'), 6, 'UTC')         AS at,
    parseDateTime64BestEffort(JSONExtractString(record, 'first_seen'), 6, 'UTC') AS first_seen,
    JSONExtractString(record, 'collector')   AS collector,
    JSONExtractString(record, 'router')      AS router,
    JSONExtractString(record, 'peer')        AS peer,
    JSONExtractUInt(record, 'peer_as')       AS peer_as,
    JSONExtract(record, 'origin', 'Nullable(UInt32)')              AS origin,
    JSONExtractUInt(record, 'prefixes', 'count')                   AS prefix_count,
    JSONExtract(record, 'prefixes', 'examples', 'Array(String)')   AS prefixes,
    JSONExtractBool(record, 'muted')         AS muted,
    JSONExtractBool(record, 'test')          AS test,
    record
FROM bellman.incoming
WHERE JSONHas(record, 'id');

-- What is open now, one row an incident.
CREATE VIEW IF NOT EXISTS bellman.open AS
SELECT * FROM
(
    SELECT * FROM bellman.incidents FINAL ORDER BY id, collector, revision DESC LIMIT 1 BY id, collector
)
WHERE transition != 'closed';
