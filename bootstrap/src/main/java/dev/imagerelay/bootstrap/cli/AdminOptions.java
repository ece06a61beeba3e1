package dev.imagerelay.bootstrap.cli;

import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Which gateway is asked, by whom, and in what form it is told. */
final class AdminOptions {

    private static final String TOKEN = "IMAGE_RELAY_ADMIN_TOKEN";

    @Spec(Spec.Target.MIXEE)
    private CommandSpec command;

    @Option(names = "--admin", paramLabel = "URL", description = "Where the gateway listens to administrators; default"
            + " $IMAGE_RELAY_ADMIN_URL, or http://127.0.0.1:8081.",
            defaultValue = "${env:IMAGE_RELAY_ADMIN_URL:-http://127.0.0.1:8081}",
            showDefaultValue = picocli.CommandLine.Help.Visibility.NEVER)
    private String url;

    @Option(names = "--token-file", paramLabel = "FILE", description = "The file with the administrator's token;"
            + " default $IMAGE_RELAY_ADMIN_TOKEN itself, or the file that $IMAGE_RELAY_ADMIN_TOKEN_FILE names.")
    private Path tokenFile;

    @Option(names = "--as", paramLabel = "NAME", description = "Who you are, for the record; default admin.")
    private String name = "admin";

    @Option(names = "--json", description = "Print the gateway's JSON unchanged.")
    private boolean json;

    boolean isJson() {
        return json;
    }

    AdminApi api() throws Refused {
        if (!name.matches("[ -~&&[^\"]]{1,100}") || name.isBlank()) {
            throw new ParameterException(command.commandLine(), "--as is 1 to 100 printable ASCII characters");
        }
        return new AdminApi(uri(), token(), name);
    }

    private URI uri() {
        try {
            URI uri = new URI(url.replaceAll("/+$", ""));
            if (uri.getHost() != null && uri.getRawQuery() == null && uri.getScheme().matches("https?")) {
                return uri;
            }
        } catch (URISyntaxException e) {
            // told below
        }
        throw new ParameterException(
                command.commandLine(), "--admin is a URL such as http://127.0.0.1:8081, not '" + url + "'");
    }

    /** Never from the command line, where everybody on the machine can read it. */
    private String token() throws Refused {
        String token = tokenFile == null ? System.getenv(TOKEN) : read(tokenFile);
        if (token == null && System.getenv(TOKEN + "_FILE") != null) {
            token = read(Path.of(System.getenv(TOKEN + "_FILE")));
        }
        if (token == null) {
            throw new Refused("set " + TOKEN + ", or name a file that has the token with --token-file");
        }
        if (!token.matches("[!-~]+")) {
            throw new Refused("the token is not one: it has visible ASCII characters and no others");
        }
        return token;
    }

    private static String read(Path file) throws Refused {
        try {
            return Files.readString(file).strip();
        } catch (IOException e) {
            throw new Refused("the token cannot be read from " + file + ": " + Refused.reason(e));
        }
    }
}
