package dev.imagerelay.adapters.http;

import com.fasterxml.jackson.databind.JsonNode;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Iterator;
import java.util.List;
import java.util.StringJoiner;
import java.util.regex.Pattern;

/** Flat JSON objects of one shape as a table by RFC 4180, with their members' names in the first line. */
record Csv(List<? extends JsonNode> rows) implements Answer {

    private static final Pattern QUOTED = Pattern.compile("[\",\r\n]");

    /** What a spreadsheet would take for a formula. */
    private static final Pattern FORMULA = Pattern.compile("^[=+@\t\r\n-]");

    @Override
    public void send(HttpServletResponse response) throws IOException {
        StringBuilder text = new StringBuilder();
        if (!rows.isEmpty()) {
            StringJoiner names = new StringJoiner(",");
            rows.get(0).fieldNames().forEachRemaining(names::add);
            text.append(names).append("\r\n");
        }
        for (JsonNode row : rows) {
            StringJoiner cells = new StringJoiner(",");
            for (Iterator<JsonNode> values = row.elements(); values.hasNext(); ) {
                cells.add(cell(values.next()));
            }
            text.append(cells).append("\r\n");
        }
        byte[] bytes = text.toString().getBytes(StandardCharsets.UTF_8);
        response.setContentType("text/csv; charset=utf-8; header=present");
        response.setContentLength(bytes.length);
        response.getOutputStream().write(bytes);
    }

    private static String cell(JsonNode value) {
        if (value.isNull()) {
            return "";
        }
        if (value.isNumber()) {
            return value.decimalValue().toPlainString();
        }
        String text = value.asText();
        String plain = FORMULA.matcher(text).find() ? "'" + text : text;
        return QUOTED.matcher(plain).find() ? '"' + plain.replace("\"", "\"\"") + '"' : plain;
    }
}
