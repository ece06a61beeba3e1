package dev.imagerelay.bootstrap.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** One request to the gateway, and its answer in tables, or as it came. */
@Command(mixinStandardHelpOptions = true)
abstract class AdminCommand implements Callable<Integer> {

    @Mixin
    private AdminOptions admin;

    @Spec
    private CommandSpec command;

    abstract AdminRequest request();

    /** Tells people what the answer says. */
    abstract void show(JsonNode answer, Page page);

    /** Whether it went well, as far as the answer says. */
    boolean isWell(JsonNode answer) {
        return true;
    }

    /** Whether the answer is printed as the table in CSV that it is. */
    boolean isCsv() {
        return false;
    }

    @Override
    public final Integer call() {
        if (isCsv() && admin.isJson()) {
            throw nonsense("--csv and --json exclude each other");
        }
        AdminRequest request = request().asCsv(isCsv());
        Page page = new Page(command.commandLine().getOut(), command.commandLine().getErr());
        try {
            String answer = admin.api().send(request);
            if (isCsv()) {
                page.print(answer);
                return ExitCode.OK;
            }
            JsonNode json = read(answer);
            if (admin.isJson()) {
                page.print(answer + System.lineSeparator());
            } else {
                show(json, page);
            }
            return isWell(json) ? ExitCode.OK : ExitCode.SOFTWARE;
        } catch (Refused e) {
            page.say("image-relay: " + e.getMessage());
            return ExitCode.SOFTWARE;
        } finally {
            page.flush();
        }
    }

    private static JsonNode read(String answer) throws Refused {
        try {
            return Json.read(answer);
        } catch (IOException e) {
            throw new Refused("the gateway's answer is no JSON");
        }
    }

    /** A command line that makes no sense, although each of its options does. */
    final ParameterException nonsense(String why) {
        return new ParameterException(command.commandLine(), why);
    }
}
