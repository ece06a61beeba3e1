package dev.imagerelay.adapters.upstream;

import java.io.IOException;

/** What arrived cannot be used, however well the connection works. */
final class UnusableAnswer extends IOException {

    UnusableAnswer(String why) {
        super(why);
    }
}
