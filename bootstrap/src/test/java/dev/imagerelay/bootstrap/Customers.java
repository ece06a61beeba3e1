package dev.imagerelay.bootstrap;

import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Eight customers who order one thing after the other and write down what they were answered. Every other order has an
 * Idempotency-Key; such a one is given again with its key if its connection broke
 * or the server could not take it, and sometimes although it was answered.
 */
final class Customers implements AutoCloseable {

    private static final int MANY = 8;

    /** Something ordered. */
    record Order(int number, boolean keyed) {

        String json() {
            return "{\"model\":\"gpt-image-2\",\"prompt\":\"order " + number + "\",\"n\":" + (number % 3 + 1)
                    + ",\"size\":\"1024x1024\"}";
        }
    }

    /**
     * A whole answer.
     *
     * @param request the name of the request
     * @param relay   what the answer came from: the same, or the original if it is a replay
     */
    record Answer(Order order, String request, String relay, int status, String body) {

        boolean isReplayed() {
            return !request.equals(relay);
        }

        int pictures() {
            return body.split("b64_json", -1).length - 1;
        }
    }

    private final ExecutorService threads = Executors.newFixedThreadPool(MANY);
    private final HttpClient client = HttpClient.newHttpClient();
    private final AtomicInteger orders = new AtomicInteger();
    private final Queue<Order> again = new ConcurrentLinkedQueue<>();
    private final List<Answer> answers = new CopyOnWriteArrayList<>();
    private final AtomicInteger broken = new AtomicInteger();

    private interface Visit {
        void to(ServerProcess server) throws IOException, InterruptedException;
    }

    /** Lets all of them order until the server is gone; the futures end then. */
    List<Future<?>> orderFrom(ServerProcess server) {
        return all(server, at -> {
            while (true) {
                order(at, next());
            }
        });
    }

    /** Lets them give again what they have to, and nothing else. */
    List<Future<?>> finishAt(ServerProcess server) {
        return all(server, at -> {
            for (Order order = again.poll(); order != null; order = again.poll()) {
                order(at, order);
            }
        });
    }

    private List<Future<?>> all(ServerProcess server, Visit visit) {
        List<Future<?>> visits = new ArrayList<>();
        for (int i = 0; i < MANY; i++) {
            visits.add(threads.submit(() -> {
                try {
                    visit.to(server);
                } catch (IOException e) {
                    broken.incrementAndGet();
                }
                return null;
            }));
        }
        return visits;
    }

    private Order next() {
        int number = orders.incrementAndGet();
        Order given = number % 2 == 0 ? again.poll() : null;
        if (given != null) {
            return given;
        }
        Order order = new Order(number, number / 2 % 2 == 0);
        if (order.keyed() && number % 16 == 0) {
            again.add(order); // a double click
        }
        return order;
    }

    private void order(ServerProcess server, Order order) throws IOException, InterruptedException {
        HttpRequest.Builder request = server.request(order.json()).timeout(Duration.ofSeconds(30));
        if (order.keyed()) {
            request.header("Idempotency-Key", "order-" + order.number());
        }
        HttpResponse<String> response;
        try {
            response = client.send(request.build(), BodyHandlers.ofString());
        } catch (IOException e) {
            if (order.keyed()) {
                again.add(order);
            }
            throw e;
        }
        String id = response.headers().firstValue("x-request-id").orElseThrow();
        Answer answer = new Answer(
                order, id, response.headers().firstValue("x-original-request-id").orElse(id),
                response.statusCode(), response.body());
        answers.add(answer);
        boolean onceMore = answer.status() == 200 && !answer.isReplayed() && order.number() % 3 == 0;
        if (order.keyed() && (onceMore || answer.status() == 503)) {
            again.add(order);
        }
    }

    /** Every whole answer. */
    List<Answer> answers() {
        return answers;
    }

    /** How many were cut off. */
    int broken() {
        return broken.get();
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }
}
