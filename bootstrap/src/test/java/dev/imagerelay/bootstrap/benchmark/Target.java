package dev.imagerelay.bootstrap.benchmark;

/**
 * Somebody who answers orders.
 *
 * @param name    how it is called in what is printed
 * @param process what does the work
 * @param key     what has to be shown to it
 */
record Target(String name, Running process, int port, String key) implements AutoCloseable {

    @Override
    public void close() {
        process.close();
    }
}
