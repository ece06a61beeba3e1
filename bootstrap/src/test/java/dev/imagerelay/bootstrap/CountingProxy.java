package dev.imagerelay.bootstrap;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Stands before a server, passes bytes on both ways, and counts the requests that went through. Breaks connections when
 * it is told to.
 */
final class CountingProxy implements AutoCloseable {

    private static final int NOWHERE = Integer.MAX_VALUE;
    private static final Pattern REQUEST = Pattern.compile("(GET|POST) /\\S* HTTP/1.1\r\n");

    private final ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    private final int target;
    private final AtomicInteger requests = new AtomicInteger();
    private final AtomicInteger cut = new AtomicInteger(NOWHERE);
    private final Set<Socket> clients = ConcurrentHashMap.newKeySet();

    CountingProxy(int target) throws IOException {
        this.target = target;
        inBackground(() -> {
            while (true) {
                Socket client = server.accept();
                clients.add(client);
                Socket upstream = new Socket(InetAddress.getLoopbackAddress(), this.target);
                inBackground(() -> passRequests(client, upstream));
                inBackground(() -> passAnswers(upstream, client));
            }
        });
    }

    private interface Task {
        void run() throws IOException;
    }

    private static void inBackground(Task task) {
        Thread thread = new Thread(() -> {
            try {
                task.run();
            } catch (IOException e) {
                // one side has hung up
            }
        });
        thread.setDaemon(true);
        thread.start();
    }

    private void passRequests(Socket client, Socket server) throws IOException {
        try (client; server) {
            InputStream in = client.getInputStream();
            OutputStream out = server.getOutputStream();
            byte[] buffer = new byte[64 << 10];
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                count(new String(buffer, 0, read, StandardCharsets.ISO_8859_1));
                out.write(buffer, 0, read);
            }
        }
    }

    private void passAnswers(Socket server, Socket client) throws IOException {
        try (client; server) {
            InputStream in = server.getInputStream();
            OutputStream out = client.getOutputStream();
            byte[] buffer = new byte[64 << 10];
            int left = NOWHERE;
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                left = left == NOWHERE ? cut.getAndSet(NOWHERE) : left;
                out.write(buffer, 0, Math.min(read, left));
                if (read >= left) {
                    client.setSoLinger(true, 0);
                    return;
                }
                left -= left == NOWHERE ? 0 : read;
            }
        }
    }

    private void count(String bytes) {
        for (Matcher found = REQUEST.matcher(bytes); found.find(); ) {
            requests.incrementAndGet();
        }
    }

    int port() {
        return server.getLocalPort();
    }

    int requests() {
        return requests.get();
    }

    /** Breaks the connection of the next answer behind so many of its bytes, of which there are more. */
    void cutNextAnswerAfter(int bytes) {
        cut.set(bytes);
    }

    /** Breaks every connection. */
    void cut() throws IOException {
        for (Socket client : clients) {
            if (!client.isClosed()) {
                client.setSoLinger(true, 0);
                client.close();
            }
        }
    }

    @Override
    public void close() throws IOException {
        server.close();
    }
}
