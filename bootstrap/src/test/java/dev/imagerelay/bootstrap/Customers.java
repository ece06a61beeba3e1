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
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Eight customers who order one thing after the other and write down what they were answered. Every other order has an
 * Idempotency-Key; such a one is given again with its key if its connection broke or the server could not take it, and
 * sometimes although it was answered.
 */
final class Customers implements AutoCloseable {

    private static final int MANY = 8;
    private static final int PATIENCE_SECONDS = 120;
    private static final long PAUSE_MILLIS = 20;

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
    private final Queue<Answer> answers = new ConcurrentLinkedQueue<>();
    private final AtomicInteger broken = new AtomicInteger();
    private final List<Future<?>> visits = new ArrayList<>();
    private volatile boolean called;

    private interface Visit {
        void begin(int customer) throws InterruptedException;
    }

    /**
     * Lets them order, each from the next of these servers, and from another when a connection to it breaks, until none
     * of them runs any more or they are called home.
     *
     * @param servers whose elements may be replaced meanwhile
     */
    void orderFrom(List<ServerProcess> servers) {
        called = false;
        visit(customer -> {
            int at = customer;
            while (!called && servers.stream().anyMatch(ServerProcess::isRunning)) {
                ServerProcess server = servers.get(at % servers.size());
                if (!server.isRunning() || !ordered(server, next())) {
                    at++;
                }
            }
        });
    }

    /** Lets them give again what they have to, and nothing else, until all of it has been answered. */
    void finishAt(ServerProcess server) throws InterruptedException, ExecutionException, TimeoutException {
        visit(customer -> {
            for (Order order = again.poll(); order != null && server.isRunning(); order = again.poll()) {
                ordered(server, order);
            }
        });
        awaitHome();
    }

    private void visit(Visit visit) {
        for (int i = 0; i < MANY; i++) {
            int customer = i;
            visits.add(threads.submit(() -> {
                visit.begin(customer);
                return null;
            }));
        }
    }

    /** Ends their visit after the order that each of them is about to give or waits for. */
    void callHome() throws InterruptedException, ExecutionException, TimeoutException {
        called = true;
        awaitHome();
    }

    /** Waits for the end of a visit. */
    void awaitHome() throws InterruptedException, ExecutionException, TimeoutException {
        for (Future<?> visit : visits) {
            visit.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        }
        visits.clear();
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

    /** Gives an order; false if the connection broke. */
    private boolean ordered(ServerProcess server, Order order) throws InterruptedException {
        HttpRequest.Builder request = server.request(order.json()).timeout(Duration.ofSeconds(30));
        if (order.keyed()) {
            request.header("Idempotency-Key", "order-" + order.number());
        }
        try {
            note(order, client.send(request.build(), BodyHandlers.ofString()));
            return true;
        } catch (IOException e) {
            broken.incrementAndGet();
            if (order.keyed()) {
                again.add(order);
            }
            return false;
        }
    }

    private void note(Order order, HttpResponse<String> response) throws InterruptedException {
        String id = response.headers().firstValue("x-request-id").orElseThrow();
        Answer answer = new Answer(
                order, id, response.headers().firstValue("x-original-request-id").orElse(id),
                response.statusCode(), response.body());
        answers.add(answer);
        boolean onceMore = answer.status() == 200 && !answer.isReplayed() && order.number() % 3 == 0;
        if (order.keyed() && (onceMore || answer.status() == 503)) {
            again.add(order);
        }
        if (answer.status() == 503) {
            Thread.sleep(PAUSE_MILLIS);
        }
    }

    /** Every whole answer so far. */
    List<Answer> answers() {
        return List.copyOf(answers);
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
