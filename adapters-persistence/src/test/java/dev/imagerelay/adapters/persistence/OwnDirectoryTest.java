package dev.imagerelay.adapters.persistence;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** A directory belongs to one process, for as long as that lives. */
class OwnDirectoryTest {

    @TempDir
    Path temporary;

    private Path directory;

    @BeforeEach
    void nameOne() {
        directory = temporary.resolve("not").resolve("there");
    }

    /** Another process: takes the directory, says so, and waits to be killed. */
    static final class Other {
        public static void main(String[] arguments) throws IOException {
            try (OwnDirectory taken = OwnDirectory.take(Path.of(arguments[0]))) {
                System.out.println("taken " + taken.path());
                System.in.read();
            }
        }
    }

    @Test
    void anotherProcessKeepsItUntilItIsKilled() throws Exception {
        Process other = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp", System.getProperty("java.class.path"), Other.class.getName(), directory.toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try (BufferedReader said = new BufferedReader(
                new InputStreamReader(other.getInputStream(), StandardCharsets.UTF_8))) {
            assertEquals("taken " + directory, said.readLine());

            DatabaseUnusable refusal = assertThrows(DatabaseUnusable.class, () -> OwnDirectory.take(directory));
            assertEquals(
                    "another process uses the directory " + directory
                            + "; stop it, or give this one another directory",
                    refusal.getMessage());
        } finally {
            other.destroyForcibly().waitFor();
        }
        OwnDirectory.take(directory).close();
    }

    @Test
    void thisProcessTakesItOnceAtATime() {
        OwnDirectory first = OwnDirectory.take(directory);
        assertThrows(DatabaseUnusable.class, () -> OwnDirectory.take(directory));

        first.close();

        OwnDirectory.take(directory).close();
    }

    @Test
    void aFileIsNoDirectory() throws IOException {
        Files.createDirectories(directory.getParent());
        Files.createFile(directory);

        DatabaseUnusable refusal = assertThrows(DatabaseUnusable.class, () -> OwnDirectory.take(directory));

        assertTrue(refusal.getMessage().startsWith("the directory " + directory + " cannot be used: "),
                refusal.getMessage());
    }

    @Test
    @DisabledOnOs(OS.WINDOWS)
    void oneThatIsMadeIsForItsOwnerOnlyAndOneThatIsThereStaysAsItIs() throws IOException {
        OwnDirectory.take(directory).close();
        assertEquals("rwx------", modes(directory));

        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-x---"));
        OwnDirectory.take(directory).close();
        assertEquals("rwxr-x---", modes(directory));
    }

    private static String modes(Path path) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
    }
}
