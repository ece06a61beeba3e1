package dev.imagerelay.adapters.persistence;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** A new database in a new store for every test; when the test is over its books must balance. */
final class FreshDatabase implements BeforeEachCallback, AfterEachCallback {

    private final Store.Kind kind;
    private Store store;
    private Database database;

    FreshDatabase(Store.Kind kind) {
        this.kind = kind;
    }

    @Override
    public void beforeEach(ExtensionContext context) {
        store = kind.make();
        database = store.open();
    }

    @Override
    public void afterEach(ExtensionContext context) {
        try {
            assertEquals(List.of(), database.books().offenders());
        } finally {
            database.close();
            store.close();
        }
    }

    Store store() {
        return store;
    }

    Database database() {
        return database;
    }

    /** Closes the database and opens it again. */
    void reopen() {
        database.close();
        database = store.open();
    }
}
