package dev.imagerelay.bootstrap;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import dev.imagerelay.bootstrap.tree.Tree;
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

    private static final YAMLFactory YAML =
            YAMLFactory.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build();

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
        try (JsonParser yaml = YAML.createParser(in)) {
            if (yaml.nextToken() == null || yaml.currentToken() == JsonToken.VALUE_NULL) {
                return empty(name, environment);
            }
            if (!(Tree.read(yaml) instanceof ObjectNode mapping)) {
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
        return Section.root(name, JsonNodeFactory.instance.objectNode(), environment);
    }
}
