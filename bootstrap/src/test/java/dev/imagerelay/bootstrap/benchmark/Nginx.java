package dev.imagerelay.bootstrap.benchmark;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** nginx as a plain reverse proxy that has nothing to decide and nothing to write down. */
final class Nginx {

    private static final Path PROGRAM = Path.of("/usr/sbin/nginx");

    private static final String SETTINGS = """
            daemon off;
            worker_processes auto;
            worker_rlimit_nofile 20000;
            pid %1$s/pid;
            error_log %1$s/error.log;
            events { worker_connections 8192; }
            http {
              access_log off;
              client_body_temp_path %1$s;
              proxy_temp_path %1$s;
              fastcgi_temp_path %1$s;
              scgi_temp_path %1$s;
              uwsgi_temp_path %1$s;
              keepalive_requests 100000000;
              upstream images { server 127.0.0.1:%2$d; keepalive 256; keepalive_requests 100000000; }
              server {
                listen 127.0.0.1:%3$d backlog=4096;
                location / {
                  proxy_pass http://images;
                  proxy_http_version 1.1;
                  proxy_set_header Connection "";
                  proxy_buffers 64 64k;
                  proxy_buffer_size 64k;
                  proxy_busy_buffers_size 128k;
                  proxy_max_temp_file_size 0;
                }
              }
            }
            """;

    private Nginx() {}

    /** Starts it before an upstream; empty if it is not installed. */
    static Optional<Target> start(int upstream) throws IOException, InterruptedException {
        if (!Files.exists(PROGRAM)) {
            return Optional.empty();
        }
        Path directory = Scratch.directory("nginx");
        int port = freePort();
        Path settings = Files.writeString(
                directory.resolve("nginx.conf"), SETTINGS.formatted(directory, upstream, port));
        Running process = Running.start(new ProcessBuilder(
                        PROGRAM.toString(), "-p", directory.toString(), "-c", settings.toString())
                .redirectError(directory.resolve("error.log").toFile()));
        awaitListening(port);
        return Optional.of(new Target("nginx", process, port, "none"));
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private static void awaitListening(int port) throws IOException, InterruptedException {
        for (int tries = 1; ; tries++) {
            try {
                new Socket(InetAddress.getLoopbackAddress(), port).close();
                return;
            } catch (IOException e) {
                if (tries == 100) {
                    throw e;
                }
                Thread.sleep(50);
            }
        }
    }
}
