package dev.imagerelay.bootstrap.benchmark;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** A process of ours, and what Linux knows of it and of its children. */
final class Running implements AutoCloseable {

    private static final double TICKS_A_SECOND = 100;

    private final Process process;
    private final BufferedReader out;
    private final long started = System.nanoTime();
    private String found = "";

    private Running(Process process) {
        this.process = process;
        this.out = process.inputReader();
    }

    static Running start(ProcessBuilder command) throws IOException {
        return new Running(command.start());
    }

    /** The same Java that runs this. */
    static Running java(String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(thisJava().resolve("bin/java").toString()));
        command.addAll(List.of(arguments));
        return start(new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT));
    }

    static Path thisJava() {
        return Path.of(System.getProperty("java.home"));
    }

    /** Waits until it prints this, with a port number, and keeps that; tells how long after the start it came. */
    double await(Pattern wanted) throws IOException {
        for (String line = out.readLine(); line != null; line = out.readLine()) {
            Matcher matcher = wanted.matcher(line);
            if (matcher.find()) {
                found = matcher.group(1);
                return (System.nanoTime() - started) / 1e9;
            }
        }
        throw new IOException("it ended before it printed " + wanted);
    }

    /** Waits until it has ended well. */
    void awaitEnd() throws IOException, InterruptedException {
        if (process.waitFor() != 0) {
            throw new IOException("process " + pid() + " failed");
        }
    }

    int port() {
        return Integer.parseInt(found);
    }

    long pid() {
        return process.pid();
    }

    /** Processor time so far, in seconds. */
    double cpu() {
        return all().mapToLong(Running::ticks).sum() / TICKS_A_SECOND;
    }

    /** Resident memory now, in MiB. */
    long resident() {
        return all().mapToLong(pid -> status(pid, "VmRSS") >> 10).sum();
    }

    /** The most resident memory that there has been, in MiB. */
    long peak() {
        return all().mapToLong(pid -> status(pid, "VmHWM") >> 10).sum();
    }

    long threads() {
        return status(process.pid(), "Threads");
    }

    long openFiles() throws IOException {
        try (Stream<Path> files = Files.list(proc(process.pid(), "fd"))) {
            return files.count();
        }
    }

    private Stream<Long> all() {
        return Stream.concat(Stream.of(process.toHandle()), process.descendants()).map(ProcessHandle::pid);
    }

    private static long ticks(long pid) {
        return read(pid, "stat").map(stat -> {
            String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
            return Long.parseLong(fields[11]) + Long.parseLong(fields[12]);
        }).orElse(0L);
    }

    private static long status(long pid, String name) {
        Matcher line = Pattern.compile(name + ":\\s+(\\d+)").matcher(read(pid, "status").orElse(""));
        return line.find() ? Long.parseLong(line.group(1)) : 0;
    }

    private static Optional<String> read(long pid, String name) {
        try {
            return Optional.of(Files.readString(proc(pid, name)));
        } catch (IOException e) {
            return Optional.empty(); // it has ended
        }
    }

    private static Path proc(long pid, String name) {
        return Path.of("/proc", String.valueOf(pid), name);
    }

    /** Asks it to stop, and waits for that. */
    void stop() throws InterruptedException {
        process.destroy();
        if (!process.waitFor(30, TimeUnit.SECONDS)) {
            throw new IllegalStateException("process " + pid() + " does not stop");
        }
    }

    @Override
    public void close() {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly().onExit().join();
    }
}
