package dev.imagerelay.bootstrap;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.JsonTokenId;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.util.JsonParserDelegate;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/**
 * Reads a YAML file whose top level is a mapping. Keys that come twice are refused. Numbers stay as they are written:
 * YAML itself would take {@code 010} for eight.
 */
final class YamlFile {

    private static final ObjectMapper YAML = new ObjectMapper(
            YAMLFactory.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build());

    private YamlFile() {}

    /** Reads a file; with environment variables, they go before what it says. */
    static Section read(Path file, Map<String, String> environment) {
        try (InputStream in = Files.newInputStream(file)) {
            return read(file.toString(), in, environment);
        } catch (IOException e) {
            throw new ConfigurationError("cannot read " + file + ": " + e.getMessage(), e);
        }
    }

    static Section read(String name, InputStream in, Map<String, String> environment) {
        try {
            JsonNode root = YAML.readTree(new AsWritten(YAML.createParser(in)));
            if (root == null || root.isMissingNode() || root.isNull()) {
                return empty(name, environment);
            }
            if (!(root instanceof ObjectNode mapping)) {
                throw new ConfigurationError(name + ": the top level must be a mapping of keys to values");
            }
            return Section.root(name, mapping, environment);
        } catch (JsonProcessingException e) {
            throw new ConfigurationError(
                    name + ", line " + e.getLocation().getLineNr() + ": " + e.getOriginalMessage(), e);
        } catch (IOException e) {
            throw new ConfigurationError("cannot read " + name + ": " + e.getMessage(), e);
        }
    }

    /** What a file would be that says nothing. */
    static Section empty(String name, Map<String, String> environment) {
        return Section.root(name, YAML.createObjectNode(), environment);
    }

    /** Passes numbers off as texts. */
    private static final class AsWritten extends JsonParserDelegate {

        private AsWritten(JsonParser yaml) {
            super(yaml);
        }

        @Override
        public JsonToken nextToken() throws IOException {
            super.nextToken();
            return currentToken();
        }

        @Override
        public JsonToken currentToken() {
            JsonToken token = super.currentToken();
            return token != null && token.isNumeric() ? JsonToken.VALUE_STRING : token;
        }

        @Override
        public int currentTokenId() {
            JsonToken token = currentToken();
            return token == null ? JsonTokenId.ID_NO_TOKEN : token.id();
        }
    }
}
