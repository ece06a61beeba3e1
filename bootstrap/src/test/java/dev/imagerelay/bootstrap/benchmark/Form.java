package dev.imagerelay.bootstrap.benchmark;

/**
 * How thoroughly things are measured.
 *
 * @param rounds  how often everybody has a turn
 * @param seconds of one turn
 * @param warmUp  seconds before the first one: it takes the JVM that long to compile everything
 * @param calls   how many calls are in flight at once where there are to be many
 * @param millis  how long the upstream takes over them
 */
record Form(int rounds, double seconds, double warmUp, int calls, int millis) {

    static final Form SHORT = new Form(3, 0.7, 15, 1_000, 5_000);
    static final Form FULL = new Form(5, 3, 40, 5_000, 10_000);
}
