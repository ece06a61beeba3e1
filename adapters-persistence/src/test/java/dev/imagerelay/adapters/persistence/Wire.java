package dev.imagerelay.adapters.persistence;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A wire to a server, which can be interrupted: bytes are then neither passed nor refused, as when a switch has died.
 * Connections that were made stay as they are.
 */
public final class Wire implements AutoCloseable {

    private final ServerSocket entry = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    private final int target;
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
    private boolean interrupted;

    /** A wire to a port of this machine. */
    public Wire(int target) throws IOException {
        this.target = target;
        inBackground(() -> {
            while (true) {
                Socket client = entry.accept();
                inBackground(() -> connect(client));
            }
        });
    }

    private interface Task {
        void run() throws IOException, InterruptedException;
    }

    private static void inBackground(Task task) {
        Thread thread = new Thread(() -> {
            try {
                task.run();
            } catch (IOException | InterruptedException e) {
                // one end has hung up
            }
        });
        thread.setDaemon(true);
        thread.start();
    }

    private void connect(Socket client) throws IOException {
        try {
            Socket server = new Socket(InetAddress.getLoopbackAddress(), target);
            inBackground(() -> pass(client, server));
            inBackground(() -> pass(server, client));
        } catch (IOException e) {
            client.close();
        }
    }

    private void pass(Socket from, Socket to) throws IOException, InterruptedException {
        sockets.add(from);
        from.setTcpNoDelay(true);
        try (from; to) {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            byte[] buffer = new byte[64 << 10];
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                awaitRepair();
                out.write(buffer, 0, read);
            }
        } finally {
            sockets.remove(from);
        }
    }

    private synchronized void awaitRepair() throws InterruptedException {
        while (interrupted) {
            wait();
        }
    }

    /** Where it is entered. */
    public int port() {
        return entry.getLocalPort();
    }

    /** From now on nothing gets through, in either direction. */
    public synchronized void interrupt() {
        interrupted = true;
    }

    /** What has waited, and everything that comes, gets through again. */
    public synchronized void repair() {
        interrupted = false;
        notifyAll();
    }

    @Override
    public void close() throws IOException {
        entry.close();
        for (Socket socket : sockets) {
            socket.close();
        }
    }
}
