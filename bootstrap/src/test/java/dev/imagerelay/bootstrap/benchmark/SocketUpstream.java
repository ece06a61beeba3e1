package dev.imagerelay.bootstrap.benchmark;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;

/** An upstream in this process, so that it can say when it has sent what; a thread for each connection. */
final class SocketUpstream implements AutoCloseable {

    private final ServerSocket server = new ServerSocket(0, 1024, InetAddress.getLoopbackAddress());
    private final Answer answer;

    /** Everything that an upstream sends in answer to an order. */
    interface Answer {
        void send(OutputStream out) throws IOException;
    }

    SocketUpstream(Answer answer) throws IOException {
        this.answer = answer;
        daemon(() -> {
            while (true) {
                Socket socket = server.accept();
                daemon(() -> serve(socket));
            }
        });
    }

    private interface Task {
        void run() throws IOException;
    }

    private static void daemon(Task task) {
        Thread thread = new Thread(() -> {
            try {
                task.run();
            } catch (IOException e) {
                // the caller or the benchmark has ended
            }
        });
        thread.setDaemon(true);
        thread.start();
    }

    private void serve(Socket socket) throws IOException {
        socket.setTcpNoDelay(true);
        InputStream in = socket.getInputStream();
        Incoming incoming = new Incoming();
        byte[] buffer = new byte[8192];
        for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
            if (incoming.take(ByteBuffer.wrap(buffer, 0, count))) {
                incoming.next();
                answer.send(socket.getOutputStream());
            }
        }
    }

    int port() {
        return server.getLocalPort();
    }

    @Override
    public void close() throws IOException {
        server.close();
    }
}
