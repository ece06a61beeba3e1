package dev.imagerelay.adapters.persistence;

import java.sql.SQLException;
import java.util.Optional;
import java.util.Set;
import org.jdbi.v3.core.JdbiException;

/** What can be done about a transaction that has failed, by the SQL standard's classes of errors. */
final class Failure {

    private static final String DATA = "22";
    private static final String INTEGRITY = "23";

    /** A serialization failure, a deadlock, and a key that another process has taken at the same time. */
    private static final Set<String> CONFLICTS = Set.of("40001", "40P01", "23505");

    private Failure() {}

    /** Whether one change of several was at fault, so that the others may go well without it. */
    static boolean isOfOneChange(RuntimeException failure) {
        String state = state(failure);
        return !(failure instanceof JdbiException) || state.startsWith(DATA) || state.startsWith(INTEGRITY);
    }

    /** Whether others were at fault who did something at the same time, so that the same may go well now. */
    static boolean isConflict(RuntimeException failure) {
        return CONFLICTS.contains(state(failure));
    }

    /** What the database said, without the statement that it said it of. */
    static String words(Throwable failure) {
        return sqlException(failure).map(SQLException::getMessage).orElseGet(failure::toString);
    }

    private static String state(RuntimeException failure) {
        return sqlException(failure).map(SQLException::getSQLState).orElse("");
    }

    private static Optional<SQLException> sqlException(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof SQLException said) {
                return Optional.of(said);
            }
        }
        return Optional.empty();
    }
}
