# The unit suite of the sink, with the real broker in place of the mock cluster.
set -eu
"$BUILD"/tests/unit/sinks/test_kafka_mock
