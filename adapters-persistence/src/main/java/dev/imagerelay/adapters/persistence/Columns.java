package dev.imagerelay.adapters.persistence;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.StringJoiner;
import java.util.function.Function;
import java.util.function.ToLongFunction;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Query;
import org.jdbi.v3.core.statement.SqlStatement;
import org.jdbi.v3.core.statement.Update;

/**
 * Many rows for one statement, as an array for each column: it is run once, and its text is the same whatever their
 * number. (PostgreSQL takes a third of the time that a JDBC batch of single rows would take.)
 */
final class Columns<T> {

    private final Collection<T> items;
    private final List<Column> columns = new ArrayList<>();

    private Columns(Collection<T> items) {
        this.items = items;
    }

    /** Begins with a row for each item, and no column yet. */
    static <T> Columns<T> of(Collection<T> items) {
        return new Columns<>(items);
    }

    /** Adds a column of texts, which may be null. */
    Columns<T> text(String name, Function<T, String> value) {
        return column(name, "VARCHAR", String.class, value);
    }

    /** Adds a column of times, which may be null. */
    Columns<T> time(String name, Function<T, Instant> value) {
        return column(name, "TIMESTAMP WITH TIME ZONE", String.class, value.andThen(
                time -> time == null ? null : time.toString()));
    }

    /** Adds a column of whole numbers. */
    Columns<T> number(String name, ToLongFunction<T> value) {
        return column(name, "BIGINT", Long.class, value::applyAsLong);
    }

    private <V> Columns<T> column(String name, String sqlType, Class<V> type, Function<T, V> value) {
        columns.add(new Column(name, sqlType, type, items.stream().map(value).toList()));
        return this;
    }

    /** A statement on the rows: a {@code %s} in it is where it takes them as a table. */
    Statement in(String sql) {
        return new Statement(sql, items.isEmpty(), List.copyOf(columns));
    }

    /** What a query finds that has a {@code %s} where it takes the rows as a table. */
    Query query(Handle handle, String sql) {
        Statement statement = in(sql);
        Query query = handle.createQuery(statement.text(""));
        statement.bind(query, "");
        return query;
    }

    /**
     * A statement with all its rows. They are a table {@code v}, whose last column, {@code place}, says in which order
     * they came.
     */
    record Statement(String sql, boolean isEmpty, List<Column> columns) {

        /** Runs all of them, one after the other, on one way to the database and back. */
        static void execute(Handle handle, List<Statement> statements) {
            StringJoiner texts = new StringJoiner(";\n");
            for (int i = 0; i < statements.size(); i++) {
                texts.add(statements.get(i).text("s" + i + "_"));
            }
            try (Update update = handle.createUpdate(texts.toString())) {
                for (int i = 0; i < statements.size(); i++) {
                    statements.get(i).bind(update, "s" + i + "_");
                }
                update.execute();
            }
        }

        private String text(String prefix) {
            String arrays = columns.stream().map(column -> column.array(prefix)).collect(Collectors.joining(", "));
            String names = columns.stream().map(Column::name).collect(Collectors.joining(", "));
            return sql.formatted("UNNEST(" + arrays + ") WITH ORDINALITY AS v (" + names + ", place)");
        }

        private void bind(SqlStatement<?> statement, String prefix) {
            columns.forEach(column -> statement.bindArray(prefix + column.name, column.type, column.values));
        }
    }

    private record Column(String name, String sqlType, Class<?> type, List<?> values) {

        String array(String prefix) {
            return "CAST(:" + prefix + name + " AS " + sqlType + " ARRAY)";
        }
    }
}
