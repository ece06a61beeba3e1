package dev.imagerelay.bootstrap;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/**
 * A server that dies at any point, under eight customers, has lost and invented nothing once it is back: not in its
 * books, and not by what its customers and its upstream have written down. Two installations at a time go through every
 * crash point once each and then through as many random kills as one says; it takes some minutes, and is left out
 * otherwise:
 *
 * <pre>
 * mvn -pl bootstrap -am test -Dtest=KillCampaignTest -Dsurefire.failIfNoSpecifiedTests=false \
 *     -DkillCampaign=500</pre>
 */
@EnabledIfSystemProperty(named = "killCampaign", matches = "[0-9]+")
class KillCampaignTest {

    private static final int RANDOM_KILLS = Integer.getInteger("killCampaign", 20);
    private static final int RANDOM_KILLS_OF_ONE_INSTALLATION = 25;
    private static final long FIRST_SEED = 4;

    @TempDir
    Path directory;

    @Test
    @Timeout(value = 1, unit = TimeUnit.HOURS)
    void whereverAndWheneverTheServerDiesNothingIsLostOrInvented() throws Exception {
        long begun = System.nanoTime();
        List<Callable<KillCampaign>> plan = plan();
        ExecutorService threads = Executors.newFixedThreadPool(2);
        KillCampaign.Tally tally = new KillCampaign.Tally();
        List<String> violations = new ArrayList<>();
        for (Future<KillCampaign> done : threads.invokeAll(plan)) {
            tally.add(done.get().tally());
            violations.addAll(done.get().violations());
        }
        threads.shutdown();
        System.out.printf("kill campaign, seeds %d to %d, %d s: %s; %d violations%n",
                FIRST_SEED, FIRST_SEED + plan.size() - 1, TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - begun),
                tally, violations.size());
        violations.stream().limit(20).forEach(System.out::println);

        assertEquals(List.of(), violations);
        assertEquals(2 * CrashPoint.values().length, tally.points());
        assertEquals(RANDOM_KILLS, tally.kills());
        assertTrue(tally.acknowledged() > 100, "the customers got pictures: " + tally.acknowledged());
    }

    private List<Callable<KillCampaign>> plan() {
        List<Callable<KillCampaign>> plan = new ArrayList<>();
        int left = RANDOM_KILLS;
        while (left > 0 || plan.size() < 2) {
            int kills = plan.size() < 2
                    ? Math.min((left + 1 - plan.size()) / (2 - plan.size()), RANDOM_KILLS_OF_ONE_INSTALLATION)
                    : Math.min(left, RANDOM_KILLS_OF_ONE_INSTALLATION);
            left -= kills;
            List<CrashPoint> points = plan.size() < 2 ? List.of(CrashPoint.values()) : List.of();
            long seed = FIRST_SEED + plan.size();
            plan.add(() -> run(seed, points, kills));
        }
        return plan;
    }

    private KillCampaign run(long seed, List<CrashPoint> points, int kills) throws Exception {
        Path installation = Files.createDirectory(directory.resolve("seed-" + seed));
        try (KillCampaign campaign = new KillCampaign(installation, seed)) {
            for (CrashPoint point : points) {
                campaign.crashAt(point);
            }
            for (int i = 0; i < kills; i++) {
                campaign.killAtRandom();
            }
            campaign.finish();
            return campaign;
        }
    }
}
