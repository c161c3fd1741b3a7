package io.observer.e2e.scaling;

import java.util.Arrays;
import java.util.PriorityQueue;
import java.util.Random;

/**
 * A return, one reader at a time: each waits for its own while, comes to any node, and is served in its turn, or is told
 * to come again later when the node is full.
 *
 * @param allBackAfter when the last reader that was taken was back, in seconds
 * @param arrivalsPerSecond the most that came to one node in a second, for the first time
 * @param longestWait the most that one waited for its turn, in seconds
 * @param mostMissed events that the last one had missed
 * @param fromRedis readers that had missed more than their node remembers
 * @param sentAway times that a reader came to a node that was full
 * @param leftOut readers that had found no room when this was given up
 */
record PlayedReturn(
        double allBackAfter,
        double arrivalsPerSecond,
        double longestWait,
        double mostMissed,
        int fromRedis,
        int sentAway,
        int leftOut) {

    private static final double GIVEN_UP_AFTER = 300;

    static PlayedReturn of(Return comers, long seed) {
        Random random = new Random(seed);
        Fleet fleet = comers.fleet();
        PriorityQueue<Double> arrivals = new PriorityQueue<>();
        random.doubles(comers.comers(), Return.SHORTEST_RETRY, Return.LONGEST_RETRY)
                .forEach(arrivals::add);
        double[] freeAt = new double[comers.nodes()];
        int[] readers = new int[comers.nodes()];
        Arrays.fill(readers, comers.staying());
        int[][] perTenth = new int[comers.nodes()][(int) (Return.LONGEST_RETRY * 10) + 1];
        double last = 0;
        double wait = 0;
        int fromRedis = 0;
        int sentAway = 0;
        while (!arrivals.isEmpty() && arrivals.peek() < GIVEN_UP_AFTER) {
            double arrival = arrivals.remove();
            int node = random.nextInt(readers.length);
            if (arrival < Return.LONGEST_RETRY) {
                perTenth[node][(int) (arrival * 10)]++;
            }
            if (readers[node] == fleet.maxStreams()) {
                sentAway++;
                arrivals.add(arrival + random.nextDouble(Return.SHORTEST_BUSY_RETRY, Return.LONGEST_BUSY_RETRY));
                continue;
            }
            readers[node]++;
            double back = Math.max(arrival, freeAt[node]) + 1 / fleet.connectsPerSecond();
            freeAt[node] = back;
            last = Math.max(last, back);
            wait = Math.max(wait, back - arrival);
            fromRedis += back * fleet.eventsPerSecond() > fleet.remembered() ? 1 : 0;
        }
        return new PlayedReturn(
                last, most(perTenth), wait, last * fleet.eventsPerSecond(), fromRedis, sentAway, arrivals.size());
    }

    /** Over half seconds, so that chance counts for little. */
    private static double most(int[][] perTenth) {
        int most = 0;
        for (int[] node : perTenth) {
            for (int from = 0; from + 5 <= node.length; from++) {
                most = Math.max(most, Arrays.stream(node, from, from + 5).sum());
            }
        }
        return 2.0 * most;
    }
}
