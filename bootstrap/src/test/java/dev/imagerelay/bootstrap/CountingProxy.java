package dev.imagerelay.bootstrap;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Stands before a server, passes bytes on both ways, and counts the requests that went through. */
final class CountingProxy implements AutoCloseable {

    private static final Pattern REQUEST = Pattern.compile("(GET|POST) /\\S* HTTP/1.1\r\n");

    private final ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    private final int target;
    private final AtomicInteger requests = new AtomicInteger();

    CountingProxy(int target) throws IOException {
        this.target = target;
        inBackground(() -> {
            while (true) {
                Socket client = server.accept();
                Socket upstream = new Socket(InetAddress.getLoopbackAddress(), this.target);
                inBackground(() -> pass(client, upstream, true));
                inBackground(() -> pass(upstream, client, false));
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

    private void pass(Socket from, Socket to, boolean counted) throws IOException {
        try (from; to) {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            byte[] buffer = new byte[64 << 10];
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                if (counted) {
                    count(new String(buffer, 0, read, StandardCharsets.ISO_8859_1));
                }
                out.write(buffer, 0, read);
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

    @Override
    public void close() throws IOException {
        server.close();
    }
}
