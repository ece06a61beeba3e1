package dev.imagerelay.application.port.out;

/** The fake keeps the same contract as the real stores. */
class InMemoryResultsTest extends ResultsContract {

    private final InMemoryResults results = new InMemoryResults();

    @Override
    protected Results results() {
        return results;
    }

    @Override
    protected void letAllGrowOld() {
        results.forgetAll();
    }
}
