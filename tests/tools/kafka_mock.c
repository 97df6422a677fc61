/*
 * kafka_mock: librdkafka's mock cluster as a process of its own, so that several programs can use
 * it as their broker. It prints the bootstrap servers on the first line of standard output and
 * lives until SIGTERM or SIGINT, or for SECONDS, whichever comes first. It remembers in memory,
 * about 5 MB per partition.
 *
 * usage: kafka_mock [-b BROKERS] [-p PARTITIONS] [-s SECONDS] [TOPIC...]
 *   topics that are not named are made on first use with four partitions
 */
#include <librdkafka/rdkafka.h>
#include <librdkafka/rdkafka_mock.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

enum { SECONDS_MAX = 3600 };

static void
quiet(const rd_kafka_t *rk, int level, const char *facility, const char *text)
{
	(void)rk;
	if (level < 4)
		fprintf(stderr, "kafka_mock: %s: %s\n", facility, text);
}

/* Wait for a signal that ends the process, or for the time to be over. */
static void
wait_for_the_end(long seconds)
{
	struct timespec left = { .tv_sec = seconds };
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGINT);
	sigtimedwait(&set, NULL, &left);
}

int
main(int argc, char **argv)
{
	int brokers = 1, partitions = 4, option;
	long seconds = 300;
	char error[256];
	rd_kafka_conf_t *conf = rd_kafka_conf_new();
	rd_kafka_mock_cluster_t *cluster;
	rd_kafka_t *rk;
	sigset_t set;

	while ((option = getopt(argc, argv, "b:p:s:")) != -1) {
		if (option == 'b')
			brokers = (int)strtol(optarg, NULL, 10);
		else if (option == 'p')
			partitions = (int)strtol(optarg, NULL, 10);
		else if (option == 's')
			seconds = strtol(optarg, NULL, 10);
		else
			return 2;
	}
	if (brokers < 1 || brokers > 9 || partitions < 1 || seconds < 1 || seconds > SECONDS_MAX) {
		fputs("usage: kafka_mock [-b BROKERS] [-p PARTITIONS] [-s SECONDS] [TOPIC...]\n",
		    stderr);
		return 2;
	}
	/* before librdkafka makes its threads, so that they inherit it */
	sigemptyset(&set);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGINT);
	sigprocmask(SIG_BLOCK, &set, NULL);

	rd_kafka_conf_set_log_cb(conf, quiet);
	rk = rd_kafka_new(RD_KAFKA_PRODUCER, conf, error, sizeof error);
	if (rk == NULL) {
		fprintf(stderr, "kafka_mock: %s\n", error);
		return 1;
	}
	cluster = rd_kafka_mock_cluster_new(rk, brokers);
	if (cluster == NULL) {
		fputs("kafka_mock: no cluster\n", stderr);
		return 1;
	}
	for (int i = optind; i < argc; i++)
		if (rd_kafka_mock_topic_create(cluster, argv[i], partitions, brokers > 1 ? 2 : 1) !=
		    0)
			fprintf(stderr, "kafka_mock: no topic %s\n", argv[i]);
	puts(rd_kafka_mock_cluster_bootstraps(cluster));
	fflush(stdout);
	wait_for_the_end(seconds);
	rd_kafka_mock_cluster_destroy(cluster);
	rd_kafka_destroy(rk);
	return 0;
}
