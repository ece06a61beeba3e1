package dev.imagerelay.bootstrap.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/** The administration of a running gateway, over HTTP. */
final class AdminApi {

    private static final Duration CONNECTING = Duration.ofSeconds(10);
    /** The books of a large business take a while to be verified. */
    private static final Duration ANSWERING = Duration.ofMinutes(10);

    private final URI gateway;
    private final String token;
    private final String name;

    AdminApi(URI gateway, String token, String name) {
        this.gateway = gateway;
        this.token = token;
        this.name = name;
    }

    /** Asks, and returns the answer's body in the form that was asked for. */
    String send(AdminRequest request) throws Refused {
        HttpResponse<String> answer = exchange(request);
        String form = answer.headers().firstValue("Content-Type").orElse("");
        if (answer.statusCode() < 300 && form.startsWith(request.form())) {
            return answer.body();
        }
        if (answer.statusCode() == 401) {
            throw new Refused(gateway + " does not know this token: is it the one that the gateway was started with?");
        }
        if (form.startsWith("application/problem+json")) {
            throw new Refused(detail(answer.body()));
        }
        throw new Refused(gateway + " answers " + answer.statusCode()
                + ", and not as the administration does: --admin needs the port of the setting admin.port");
    }

    private HttpResponse<String> exchange(AdminRequest request) throws Refused {
        HttpClient client = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(CONNECTING)
                .build();
        HttpRequest.Builder http = HttpRequest.newBuilder(URI.create(gateway + "/admin" + request.target()))
                .timeout(ANSWERING)
                .header("Authorization", "Bearer " + token)
                .header("X-Admin-Name", name)
                .header("Accept", request.form());
        if (request.changesNothing()) {
            http.GET();
        } else {
            http.header("Content-Type", "application/json")
                    .method(request.method(), BodyPublishers.ofString(request.body()));
        }
        try {
            return client.send(http.build(), BodyHandlers.ofString(StandardCharsets.UTF_8));
        } catch (ConnectException | HttpConnectTimeoutException e) {
            throw new Refused("nobody answers at " + gateway
                    + ": is the gateway running, with an administrator's token set, and is --admin right?");
        } catch (IOException e) {
            throw new Refused(gateway + " broke off: " + Refused.reason(e) + (request.changesNothing()
                    ? "" : "; look whether it was done before you do it again"));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Refused("interrupted");
        }
    }

    private static String detail(String problem) {
        try {
            JsonNode json = Json.read(problem);
            return json.path("detail").asText(problem);
        } catch (IOException e) {
            return problem;
        }
    }
}
