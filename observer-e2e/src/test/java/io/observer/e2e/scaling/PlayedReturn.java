package io.observer.e2e.scaling;

import java.util.Arrays;
import java.util.Random;

/**
 * What happens when a node is lost, one reader at a time: each waits for its own while, comes to any other node, and is
 * served in its turn.
 *
 * @param allBackAfter when the last reader was back, in seconds
 * @param arrivalsPerSecond the most that came to one node in a second
 * @param longestWait the most that one waited for its turn, in seconds
 * @param mostMissed events that the last one had missed
 * @param fromRedis readers that had missed more than their node remembers
 */
record NodeLoss(double allBackAfter, double arrivalsPerSecond, double longestWait, double mostMissed, int fromRedis) {

    static NodeLoss of(Fleet fleet, long seed) {
        Random random = new Random(seed);
        int lost = fleet.readers() / fleet.nodes();
        double[] arrivals = random.doubles(lost, Fleet.SHORTEST_RETRY, Fleet.LONGEST_RETRY)
                .sorted()
                .toArray();
        double[] freeAt = new double[fleet.nodes() - 1];
        int[][] perTenth = new int[freeAt.length][(int) (Fleet.LONGEST_RETRY * 10) + 1];
        double last = 0;
        double wait = 0;
        int fromRedis = 0;
        for (double arrival : arrivals) {
            int node = random.nextInt(freeAt.length);
            perTenth[node][(int) (arrival * 10)]++;
            double back = Math.max(arrival, freeAt[node]) + 1 / fleet.connectsPerSecond();
            freeAt[node] = back;
            last = Math.max(last, back);
            wait = Math.max(wait, back - arrival);
            fromRedis += back * fleet.eventsPerSecond() > fleet.remembered() ? 1 : 0;
        }
        return new NodeLoss(last, most(perTenth), wait, last * fleet.eventsPerSecond(), fromRedis);
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
